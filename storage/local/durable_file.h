// Small files that are whole or absent: written beside, synced, renamed, folder synced. POSIX.
#pragma once

#include "models/base/error.h"

#include <QByteArray>
#include <QString>

namespace holdfast::local {

// 0600. The old file stays if anything fails.
[[nodiscard]] Status writeDurably(const QString& file, const QByteArray& bytes);
// Makes the folder and its parents, and sets 0700 on the folder itself.
[[nodiscard]] Status makePrivateFolder(const QString& folder);
// tooLarge above `most` bytes: the file may be anything.
[[nodiscard]] Result<QByteArray> readSmallFile(const QString& file, qint64 most);

} // namespace holdfast::local

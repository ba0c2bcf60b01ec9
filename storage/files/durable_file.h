// Small files that are whole or absent, also after a power cut. POSIX. Errors name the file, never its contents.
#pragma once

#include "models/base/error.h"

#include <QByteArray>
#include <QString>

namespace holdfast::files {

// Written beside, synced, renamed, folder synced; 0600. The old file stays if anything fails. When this returns well,
// the new one survives a power cut.
[[nodiscard]] Status writeDurably(const QString& file, const QByteArray& bytes);
// The same for a file that must not exist yet: conflict when it does, and its bytes stay as they are.
[[nodiscard]] Status createDurably(const QString& file, const QByteArray& bytes);
// Makes the folder and its parents, sets 0700 on the folder itself, and syncs every folder that a new name went into.
[[nodiscard]] Status makePrivateFolder(const QString& folder);
// tooLarge above `most` bytes: the file may be anything.
[[nodiscard]] Result<QByteArray> readSmallFile(const QString& file, qint64 most);

} // namespace holdfast::files

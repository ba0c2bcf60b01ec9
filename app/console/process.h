// What the console does to its own process: nothing of it may be dumped, and its files are the person's alone.
#pragma once

#include "models/base/error.h"

#include <QString>
#include <QStringList>

namespace holdfast::console {

// No core files, no tracing by other processes of the same person, new files for this person only.
void harden();

// Makes the data folder (0700) and in it a folder for temporary files, which becomes TMPDIR. Before the application.
[[nodiscard]] Status prepareFolders(const QString& dataDir);

// Replaces this process by a fresh one, so that nothing of the old memory remains. Returns only when that failed: why.
[[nodiscard]] QString execAgain(const QStringList& arguments);

// Messages of Qt and ours to standard error: time, weight, words. They never carry content.
void installLog();

} // namespace holdfast::console

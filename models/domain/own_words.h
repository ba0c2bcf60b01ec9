// What of a draft is its author's own: for drafts that outlive the conversation they were begun in.
#pragma once

#include <QString>
#include <QStringList>

namespace holdfast::domain {

// The draft without what it repeats of `others`' texts: whole lines of theirs, also behind quote marks, and longer
// lines of theirs wherever they stand. Empty when nothing of the author's own remains.
[[nodiscard]] QString ownWords(const QString& draft, const QStringList& others);

} // namespace holdfast::domain

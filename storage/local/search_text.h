// Words of a search and where they stand in a text. Folds as the index does: case and accents do not matter.
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <utility>

namespace holdfast::local {

// Runs of letters and digits, as typed; at most 16.
[[nodiscard]] QStringList searchWords(const QString& query);
// FTS5 MATCH: every word, each as a prefix. Words are quoted, so nothing in them is syntax.
[[nodiscard]] QString matchExpression(const QStringList& words);

[[nodiscard]] QString folded(const QString& word); // lower case, without accents

struct Excerpt
{
    QString text;
    QList<std::pair<int, int>> marks; // start and length in UTF-16
};

// About 160 characters around the first hit, on one line; marks every word that begins with one of `words`, and every
// stretch that holds one of the normalised `identifiers`.
[[nodiscard]] Excerpt excerptOf(const QString& text, const QStringList& words, const QStringList& identifiers);

} // namespace holdfast::local

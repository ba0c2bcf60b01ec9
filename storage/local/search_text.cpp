#include "storage/local/search_text.h"

#include "models/domain/identifier.h"

#include <algorithm>

namespace holdfast::local {
namespace {

constexpr qsizetype mostWords = 16;
constexpr qsizetype longestWord = 64;
constexpr int excerptLength = 160;
constexpr int leadIn = 40; // characters before the first mark
constexpr qsizetype longestIdentifierRun = 32;

bool isMark(QChar character)
{
    return character.category() == QChar::Mark_NonSpacing || character.category() == QChar::Mark_SpacingCombining ||
           character.category() == QChar::Mark_Enclosing;
}

// Surrogates belong to words: the index decides about letters beyond the basic plane.
bool isWordPart(QChar character)
{
    return character.isLetterOrNumber() || character.isSurrogate() || isMark(character) ||
           character.category() == QChar::Other_PrivateUse;
}

struct Run
{
    int start = 0;
    int length = 0;
};

QList<Run> runsOf(const QString& text)
{
    QList<Run> runs;
    const int size = static_cast<int>(text.size());
    for (int i = 0; i < size;) {
        if (!isWordPart(text[i])) {
            ++i;
            continue;
        }
        const int start = i;
        while (i < size && isWordPart(text[i]))
            ++i;
        runs.append({start, i - start});
    }
    return runs;
}

void markIdentifiers(const QString& text, const QList<Run>& runs, const QStringList& identifiers,
                     QList<std::pair<int, int>>& marks)
{
    for (qsizetype first = 0; first < runs.size(); ++first) {
        for (qsizetype last = first; last < runs.size(); ++last) {
            const int start = runs[first].start;
            const int length = runs[last].start + runs[last].length - start;
            if (length > longestIdentifierRun)
                break;
            const QString stretch = text.mid(start, length);
            const bool hits = identifiers.contains(domain::normalisedIdentifier(stretch)) ||
                              identifiers.contains(domain::normalisedPhone(stretch));
            if (hits && std::none_of(marks.begin(), marks.end(), [&](const auto& mark) { return mark.first == start; }))
                marks.append({start, length});
        }
    }
}

} // namespace

QStringList searchWords(const QString& query)
{
    QStringList words;
    const QList<Run> runs = runsOf(query);
    for (const Run& run : runs) {
        if (words.size() < mostWords)
            words.append(query.mid(run.start, qMin<qsizetype>(run.length, longestWord)));
    }
    return words;
}

QString matchExpression(const QStringList& words)
{
    QStringList terms;
    for (const QString& word : words)
        terms.append(u'"' + word + QStringLiteral("\"*"));
    return terms.join(u' ');
}

QString folded(const QString& word)
{
    QString plain;
    const QString decomposed = word.normalized(QString::NormalizationForm_D);
    for (const QChar character : decomposed) {
        if (!isMark(character))
            plain += character;
    }
    return plain.toCaseFolded();
}

Excerpt excerptOf(const QString& text, const QStringList& words, const QStringList& identifiers)
{
    QStringList wanted;
    for (const QString& word : words)
        wanted.append(folded(word));
    const QList<Run> runs = runsOf(text);
    QList<std::pair<int, int>> marks;
    for (const Run& run : runs) {
        const QString word = folded(text.mid(run.start, run.length));
        const auto begins = [&word](const QString& prefix) { return !prefix.isEmpty() && word.startsWith(prefix); };
        if (std::any_of(wanted.begin(), wanted.end(), begins))
            marks.append({run.start, run.length});
    }
    if (!identifiers.isEmpty())
        markIdentifiers(text, runs, identifiers, marks);
    std::sort(marks.begin(), marks.end());
    const int firstMark = marks.isEmpty() ? 0 : marks.first().first;
    int start = qMax(0, firstMark - leadIn);
    // Begins at a word, not inside one.
    while (start > 0 && start < firstMark && isWordPart(text[start - 1]))
        ++start;
    Excerpt excerpt;
    excerpt.text = text.mid(start, excerptLength);
    std::replace_if(
        excerpt.text.begin(), excerpt.text.end(), [](QChar character) { return character.isSpace(); }, QChar(u' '));
    const QString lead = start > 0 ? QStringLiteral("\u2026") : QString();
    for (const auto& [at, length] : std::as_const(marks)) {
        const int from = at - start;
        const int shown = qMin(length, static_cast<int>(excerpt.text.size()) - from);
        if (from >= 0 && shown > 0)
            excerpt.marks.append({from + static_cast<int>(lead.size()), shown});
    }
    excerpt.text.prepend(lead);
    return excerpt;
}

} // namespace holdfast::local

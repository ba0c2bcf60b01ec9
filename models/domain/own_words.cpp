#include "models/domain/own_words.h"

#include <QSet>

namespace holdfast::domain {
namespace {

// A shorter line of somebody else's ("yes", "thank you") inside a sentence is more likely a coincidence than a quote.
constexpr qsizetype shortestQuote = 12;

// A line as it is compared: without quote marks, spaces at the ends and letter case.
QString bare(QStringView line)
{
    const auto isMark = [](QChar c) {
        return c.isSpace() || QStringView(u">|*_~\"'\u201c\u201d\u2018\u2019\u00ab\u00bb").contains(c);
    };
    while (!line.isEmpty() && isMark(line.front()))
        line = line.sliced(1);
    while (!line.isEmpty() && isMark(line.back()))
        line.chop(1);
    return line.toString().simplified().toCaseFolded();
}

} // namespace

QString ownWords(const QString& draft, const QStringList& others)
{
    QSet<QString> lines;
    QStringList quotes;
    for (const QString& other : others) {
        const QStringList parts = other.split(u'\n');
        for (const QString& part : parts) {
            lines.insert(bare(part));
            if (const QString line = part.trimmed(); line.size() >= shortestQuote)
                quotes.append(line);
        }
    }
    lines.remove(QString());
    QString text = draft;
    for (const QString& quote : std::as_const(quotes))
        text.remove(quote, Qt::CaseInsensitive);
    QStringList kept;
    const QStringList rows = text.split(u'\n');
    for (const QString& row : rows) {
        const QString compared = bare(row);
        const bool onlyMarks = compared.isEmpty() && !row.trimmed().isEmpty();
        if (!onlyMarks && !lines.contains(compared))
            kept.append(row.trimmed());
    }
    return kept.join(u'\n').trimmed();
}

} // namespace holdfast::domain

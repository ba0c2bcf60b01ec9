#include "models/domain/file_name.h"

namespace holdfast::domain {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr qsizetype longestStem = 100;
constexpr qsizetype longestEnding = 8;

bool isDirectionMark(char32_t c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

// Also what cannot be seen and makes two names look alike.
bool isDropped(char32_t c)
{
    const bool invisible = (c >= 0x200B && c <= 0x200D) || c == 0x2060 || c == 0xFEFF || c == 0x00AD;
    const QChar::Category category = QChar::category(c);
    return isDirectionMark(c) || invisible || category == QChar::Other_Control || category == QChar::Other_Surrogate ||
           category == QChar::Other_NotAssigned;
}

bool isForbidden(char32_t c)
{
    return c < 0x80 && QLatin1StringView("/\\:*?\"<>|").contains(QLatin1Char(static_cast<char>(c)));
}

// A leading dot hides a file; some systems cut off dots and spaces at the end.
QString trimmedName(QString name)
{
    const auto isTrimmed = [](QChar c) { return c == u'.' || c == u' '; };
    while (!name.isEmpty() && isTrimmed(name.front()))
        name.remove(0, 1);
    while (!name.isEmpty() && isTrimmed(name.back()))
        name.chop(1);
    return name;
}

QString plainName(const QString& name)
{
    QString plain;
    for (const char32_t c : name.toUcs4()) {
        if (isForbidden(c))
            plain += u'_';
        else if (QChar::isSpace(c))
            plain += u' ';
        else if (!isDropped(c))
            plain += QStringView(QChar::fromUcs4(c));
    }
    return trimmedName(plain.simplified());
}

// Windows takes these, with any ending, for devices.
bool isDeviceName(const QString& stem)
{
    static const QStringList devices{u"con"_s, u"prn"_s, u"aux"_s, u"nul"_s};
    const QString first = stem.section(u'.', 0, 0).trimmed().toLower();
    const bool isPort = first.size() == 4 && (first.startsWith("com"_L1) || first.startsWith("lpt"_L1));
    return devices.contains(first) || (isPort && first.back().isDigit());
}

QString endingFor(const QString& own, QStringView mime, TypeCheck check)
{
    if (check == TypeCheck::differs)
        return u"bin"_s;
    const QStringList endings = endingsOf(mime);
    if (endings.isEmpty())
        return isKnownEnding(own) ? own : u"bin"_s;
    return endings.contains(own) ? own : endings.first();
}

} // namespace

QString safeFileName(const QString& name, QStringView mime, TypeCheck check)
{
    QString stem = plainName(name);
    QString own;
    const qsizetype dot = stem.lastIndexOf(u'.');
    if (dot > 0 && stem.size() - dot - 1 <= longestEnding) {
        own = stem.sliced(dot + 1).toLower();
        stem.truncate(dot);
    }
    const QString ending = endingFor(own, mime, check);
    if (ending != own && !own.isEmpty())
        stem += u'.' + own; // what the sender called it stays readable
    if (stem.size() > longestStem)
        stem.truncate(stem.at(longestStem - 1).isHighSurrogate() ? longestStem - 1 : longestStem);
    stem = trimmedName(stem);
    if (stem.isEmpty())
        stem = u"document"_s;
    if (isDeviceName(stem))
        stem.prepend(u'_');
    return stem + u'.' + ending;
}

} // namespace holdfast::domain

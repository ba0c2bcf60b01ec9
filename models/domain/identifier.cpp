#include "models/domain/identifier.h"

#include <QList>
#include <QSet>

#include <algorithm>

namespace holdfast::domain {
namespace {

constexpr qsizetype leastDigits = 4; // of an identifier worth finding
constexpr qsizetype longestIdentifier = 40;
constexpr qsizetype longestPhone = 15; // E.164, without "+"
constexpr qsizetype shortestPhone = 8;
constexpr qsizetype atomsOfAPhone = 6; // "+27 (0) 82 555 01 43"

bool isJoiner(QChar character)
{
    return character == u'-' || character == u'/' || character == u'.' || character == u'\u2011' ||
           character == u'\u2013';
}

// Spaces, brackets and invisible marks, as contact lists and phones write them into numbers.
bool isPhoneFiller(QChar character)
{
    return character.isSpace() || isJoiner(character) || character == u'(' || character == u')' ||
           character.category() == QChar::Other_Format;
}

QChar plainDigit(QChar digit)
{
    return QChar(u'0' + digit.digitValue());
}

qsizetype digitsIn(QStringView text)
{
    return std::count_if(text.begin(), text.end(), [](QChar character) { return character.isDigit(); });
}

// South African numbers have nine digits after the country code; of other plans only the bounds are known.
bool fitsCountry(qsizetype digits, QStringView country)
{
    return country == u"27" ? digits == 9 : digits >= 6 && digits + country.size() <= longestPhone;
}

struct Atom
{
    QStringView text; // letters and digits only
    bool hasPlus = false;
    QStringView before; // what stands between the atom before and this one, "+" left out
    [[nodiscard]] bool isDigits() const { return digitsIn(text) == text.size(); }
};

QList<Atom> atomsOf(QStringView text)
{
    QList<Atom> atoms;
    qsizetype end = 0; // of the atom before
    for (qsizetype i = 0; i < text.size();) {
        if (!text[i].isLetterOrNumber()) {
            ++i;
            continue;
        }
        const qsizetype start = i;
        while (i < text.size() && text[i].isLetterOrNumber())
            ++i;
        const bool hasPlus = start > end && text[start - 1] == u'+';
        const qsizetype gapEnd = hasPlus ? start - 1 : start;
        atoms.append({text.mid(start, i - start), hasPlus, text.mid(end, gapEnd - end)});
        end = i;
    }
    return atoms;
}

bool joinsIdentifier(const Atom& atom)
{
    return !atom.hasPlus && atom.before.size() == 1 && isJoiner(atom.before[0]);
}

bool joinsPhone(const Atom& atom)
{
    return atom.isDigits() && !atom.hasPlus && !atom.before.isEmpty() && atom.before.size() <= 3 &&
           std::all_of(atom.before.begin(), atom.before.end(), isPhoneFiller) && !atom.before.contains(u'\n');
}

class Collector
{
public:
    void add(const QString& identifier)
    {
        if (digitsIn(identifier) >= leastDigits && identifier.size() <= longestIdentifier &&
            !seen_.contains(identifier)) {
            seen_.insert(identifier);
            found_.append(identifier);
        }
    }
    void addPhone(QStringView text)
    {
        const QString phone = normalisedPhone(text);
        if (phone.isEmpty())
            return;
        add(phone);
        if (phone.startsWith(u"+27"))
            add(u'0' + phone.sliced(3));
    }
    [[nodiscard]] QStringList take() { return std::move(found_); }

private:
    QStringList found_;
    QSet<QString> seen_;
};

// "HL-204-118-7": everything that joiners hold together is one identifier.
void collectJoined(const QList<Atom>& atoms, Collector& collector)
{
    for (qsizetype i = 0; i < atoms.size();) {
        QString joined = atoms[i].text.toString();
        collector.add(normalisedIdentifier(atoms[i].text));
        for (++i; i < atoms.size() && joinsIdentifier(atoms[i]); ++i) {
            collector.add(normalisedIdentifier(atoms[i].text));
            if (joined.size() <= longestIdentifier)
                joined += atoms[i].text;
        }
        collector.add(normalisedIdentifier(joined));
    }
}

// "HL 204 118 7": a short upper-case prefix before digits that spaces hold together.
bool isPrefixOf(const Atom& prefix, const Atom& next)
{
    const auto isCapital = [](QChar character) { return character.isUpper(); };
    return prefix.text.size() <= 3 && std::all_of(prefix.text.begin(), prefix.text.end(), isCapital) &&
           next.before.size() == 1 && next.before[0].isSpace();
}

// Digits in groups. A phone may stand beside other numbers ("2024 082 555 0143"), so every stretch of groups is tried.
void collectDigitRuns(const QList<Atom>& atoms, Collector& collector)
{
    for (qsizetype first = 0; first < atoms.size(); ++first) {
        if (!atoms[first].isDigits())
            continue;
        QString spelled = atoms[first].hasPlus ? QStringLiteral("+") : QString();
        spelled += atoms[first].text;
        QString digits = normalisedIdentifier(atoms[first].text);
        collector.addPhone(spelled);
        const qsizetype limit = std::min(atoms.size(), first + atomsOfAPhone);
        for (qsizetype next = first + 1; next < limit && joinsPhone(atoms[next]); ++next) {
            spelled += atoms[next].before;
            spelled += atoms[next].text;
            digits += normalisedIdentifier(atoms[next].text);
            if (digits.size() > longestPhone + 2)
                break;
            collector.addPhone(spelled);
            const bool isWholeRun = next + 1 >= limit || !joinsPhone(atoms[next + 1]);
            const bool startsRun = first == 0 || !atoms[first - 1].isDigits() || !joinsPhone(atoms[first]);
            if (isWholeRun && startsRun)
                collector.add(digits);
        }
        if (first > 0 && isPrefixOf(atoms[first - 1], atoms[first]))
            collector.add(normalisedIdentifier(atoms[first - 1].text) + digits);
    }
}

} // namespace

QString normalisedPhone(QStringView text, QStringView country)
{
    if (text.size() > 4 * longestPhone)
        return {};
    const QString home = country.toString();
    QString digits;
    bool hasPlus = false;
    for (const QChar character : text) {
        if (character.isDigit())
            digits += plainDigit(character);
        else if (character == u'+' && digits.isEmpty() && !hasPlus)
            hasPlus = true;
        else if (!isPhoneFiller(character))
            return {};
    }
    if (!hasPlus && digits.startsWith(u"00")) {
        hasPlus = true;
        digits.remove(0, 2);
    }
    // "+27 (0)82 ...": the trunk zero is only dialled inside the country.
    if (hasPlus && digits.startsWith(home + u'0'))
        digits.remove(country.size(), 1);
    if (!hasPlus && digits.startsWith(u'0') && fitsCountry(digits.size() - 1, country))
        return u'+' + home + digits.sliced(1);
    const bool isHome = digits.startsWith(country);
    if (isHome && !fitsCountry(digits.size() - country.size(), country))
        return {};
    if (!isHome && !hasPlus)
        return {};
    if (digits.size() < shortestPhone || digits.size() > longestPhone || digits.startsWith(u'0'))
        return {};
    return u'+' + digits;
}

QString normalisedIdentifier(QStringView text)
{
    QString out;
    out.reserve(text.size());
    for (const QChar character : text) {
        if (character.isDigit())
            out += plainDigit(character);
        else if (character.isLetterOrNumber())
            out += character.toUpper();
    }
    return out;
}

QStringList identifiersIn(QStringView text)
{
    const QList<Atom> atoms = atomsOf(text);
    Collector collector;
    collectJoined(atoms, collector);
    collectDigitRuns(atoms, collector);
    return collector.take();
}

} // namespace holdfast::domain

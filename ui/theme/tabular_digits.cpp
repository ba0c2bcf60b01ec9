#include "ui/theme/tabular_digits.h"

#include <QHash>
#include <QList>
#include <QMap>
#include <QtEndian>

#include <optional>

namespace holdfast::ui {
namespace {

// Reads big-endian numbers; anything outside of the bytes reads as 0, and tables are small.
class Reader
{
public:
    explicit Reader(QByteArrayView bytes) : bytes_(bytes) {}
    [[nodiscard]] quint32 u16(qsizetype at) const
    {
        return inside(at, 2) ? qFromBigEndian<quint16>(bytes_.data() + at) : 0;
    }
    [[nodiscard]] quint32 u32(qsizetype at) const
    {
        return inside(at, 4) ? qFromBigEndian<quint32>(bytes_.data() + at) : 0;
    }
    [[nodiscard]] qsizetype size() const { return bytes_.size(); }
    [[nodiscard]] Reader from(qsizetype at) const
    {
        return Reader(at >= 0 && at <= bytes_.size() ? bytes_.sliced(at) : QByteArrayView());
    }
    [[nodiscard]] bool tagAt(qsizetype at, const char* tag) const
    {
        return inside(at, 4) && bytes_.sliced(at, 4) == QByteArrayView(tag, 4);
    }

private:
    [[nodiscard]] bool inside(qsizetype at, qsizetype count) const { return at >= 0 && at + count <= bytes_.size(); }
    QByteArrayView bytes_;
};

using GlyphOf = QMap<quint32, quint32>; // character -> glyph
constexpr qsizetype maxMapped = 70'000; // a damaged table must not keep us busy

// The font must not answer to the name of an Inter that the system has: same length, so that nothing moves.
const QByteArray systemName("\0I\0n\0t\0e\0r", 10);
const QByteArray ownName("\0H\0f\0I\0n\0t", 10);

std::optional<qsizetype> directoryEntry(const Reader& font, const char* tag)
{
    const quint32 tables = font.u16(4);
    for (quint32 i = 0; i < tables; ++i) {
        const qsizetype at = 12 + 16 * static_cast<qsizetype>(i);
        if (font.tagAt(at, tag))
            return at;
    }
    return std::nullopt;
}

void readSegments(const Reader& table, GlyphOf& glyphs) // format 4
{
    const qsizetype doubled = table.u16(6);
    for (qsizetype i = 0; i < doubled; i += 2) {
        const quint32 end = table.u16(14 + i);
        const quint32 start = table.u16(16 + doubled + i);
        const quint32 delta = table.u16(16 + 2 * doubled + i);
        const qsizetype offsetAt = 16 + 3 * doubled + i;
        const quint32 offset = table.u16(offsetAt);
        for (quint32 c = start; c <= end && c != 0xffff && glyphs.size() < maxMapped; ++c) {
            quint32 glyph = c;
            if (offset != 0)
                glyph = table.u16(offsetAt + offset + 2 * static_cast<qsizetype>(c - start));
            if (offset == 0 || glyph != 0)
                glyph = (glyph + delta) & 0xffff;
            if (glyph != 0)
                glyphs.insert(c, glyph);
        }
    }
}

void readGroups(const Reader& table, GlyphOf& glyphs) // format 12
{
    const quint32 groups = std::min(table.u32(12), quint32(20'000));
    for (quint32 i = 0; i < groups; ++i) {
        const qsizetype at = 16 + 12 * static_cast<qsizetype>(i);
        const quint32 start = table.u32(at);
        const quint32 end = std::min(table.u32(at + 4), start + 0xffff);
        for (quint32 c = start; c <= end && glyphs.size() < maxMapped; ++c)
            glyphs.insert(c, table.u32(at + 8) + (c - start));
    }
}

GlyphOf readCharacters(const Reader& cmap)
{
    GlyphOf glyphs;
    const quint32 tables = std::min(cmap.u16(2), quint32(16));
    for (quint32 i = 0; i < tables; ++i) {
        const Reader table = cmap.from(cmap.u32(4 + 8 * static_cast<qsizetype>(i) + 4));
        if (table.u16(0) == 4)
            readSegments(table, glyphs);
        else if (table.u16(0) == 12)
            readGroups(table, glyphs);
    }
    return glyphs;
}

QList<quint32> coverage(const Reader& table)
{
    QList<quint32> glyphs;
    const quint32 count = table.u16(2);
    for (quint32 i = 0; i < count; ++i) {
        if (table.u16(0) == 1) {
            glyphs.append(table.u16(4 + 2 * static_cast<qsizetype>(i)));
            continue;
        }
        const qsizetype at = 4 + 6 * static_cast<qsizetype>(i);
        for (quint32 glyph = table.u16(at); glyph <= table.u16(at + 2) && glyphs.size() < maxMapped; ++glyph)
            glyphs.append(glyph);
    }
    return glyphs;
}

void readSubstitutions(const Reader& subtable, QHash<quint32, quint32>& result)
{
    const QList<quint32> covered = coverage(subtable.from(subtable.u16(2)));
    for (qsizetype i = 0; i < covered.size(); ++i) {
        const quint32 glyph = covered[i];
        const quint32 other = subtable.u16(0) == 2 ? subtable.u16(6 + 2 * i) : (glyph + subtable.u16(4)) & 0xffff;
        result.insert(glyph, other);
    }
}

// Single substitutions (type 1, also behind an extension, type 7) of every `tnum` feature.
QHash<quint32, quint32> tabularGlyphs(const Reader& gsub)
{
    QHash<quint32, quint32> result;
    const Reader features = gsub.from(gsub.u16(6));
    const Reader lookups = gsub.from(gsub.u16(8));
    const quint32 featureCount = std::min(features.u16(0), quint32(1'000));
    for (quint32 i = 0; i < featureCount && result.size() < maxMapped; ++i) {
        const qsizetype at = 2 + 6 * static_cast<qsizetype>(i);
        if (!features.tagAt(at, "tnum"))
            continue;
        const Reader feature = features.from(features.u16(at + 4));
        for (quint32 l = 0; l < std::min(feature.u16(2), quint32(8)); ++l) {
            const Reader lookup = lookups.from(lookups.u16(2 + 2 * static_cast<qsizetype>(feature.u16(4 + 2 * l))));
            for (quint32 s = 0; s < std::min(lookup.u16(4), quint32(8)); ++s) {
                Reader subtable = lookup.from(lookup.u16(6 + 2 * static_cast<qsizetype>(s)));
                const bool extension = lookup.u16(0) == 7;
                if (extension ? subtable.u16(2) != 1 : lookup.u16(0) != 1)
                    continue;
                readSubstitutions(extension ? subtable.from(subtable.u32(4)) : subtable, result);
            }
        }
    }
    return result;
}

void put(QByteArray& out, quint32 value, int bytes)
{
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        out.append(static_cast<char>((value >> shift) & 0xff));
}

QByteArray characterTable(const GlyphOf& glyphs)
{
    QByteArray groups;
    quint32 count = 0;
    for (auto it = glyphs.cbegin(); it != glyphs.cend();) {
        const quint32 start = it.key();
        const quint32 glyph = it.value();
        quint32 length = 0;
        for (; it != glyphs.cend() && it.key() == start + length && it.value() == glyph + length; ++it)
            ++length;
        put(groups, start, 4);
        put(groups, start + length - 1, 4);
        put(groups, glyph, 4);
        ++count;
    }
    QByteArray table;
    put(table, 0, 2); // version
    put(table, 2, 2); // two records, one subtable
    for (const auto& [platform, encoding] : {std::pair(0U, 4U), std::pair(3U, 10U)}) {
        put(table, platform, 2);
        put(table, encoding, 2);
        put(table, 20, 4);
    }
    put(table, 12, 2); // format
    put(table, 0, 2);
    put(table, 16 + 12 * count, 4);
    put(table, 0, 4); // language
    put(table, count, 4);
    return table + groups;
}

} // namespace

QByteArray withTabularDigits(const QByteArray& font)
{
    const Reader reader{QByteArrayView(font)};
    const auto cmapEntry = directoryEntry(reader, "cmap");
    const auto gsubEntry = directoryEntry(reader, "GSUB");
    if (!cmapEntry || !gsubEntry)
        return font;
    GlyphOf glyphs = readCharacters(reader.from(reader.u32(*cmapEntry + 8)));
    const QHash<quint32, quint32> tabular = tabularGlyphs(reader.from(reader.u32(*gsubEntry + 8)));
    bool replaced = false;
    for (quint32 digit = '0'; digit <= '9'; ++digit) {
        const auto it = tabular.constFind(glyphs.value(digit));
        if (it == tabular.cend())
            continue;
        glyphs.insert(digit, *it);
        replaced = true;
    }
    if (!replaced)
        return font;
    QByteArray result = font;
    result.append(QByteArray((4 - result.size() % 4) % 4, '\0'));
    const QByteArray table = characterTable(glyphs);
    const qsizetype offset = result.size();
    result.append(table);
    QByteArray place;
    put(place, static_cast<quint32>(offset), 4);
    put(place, static_cast<quint32>(table.size()), 4);
    result.replace(*cmapEntry + 8, 8, place);
    if (const auto nameEntry = directoryEntry(reader, "name")) {
        const qsizetype start = reader.u32(*nameEntry + 8);
        const qsizetype length = reader.u32(*nameEntry + 12);
        if (start + length <= font.size()) {
            QByteArray names = result.mid(start, length);
            result.replace(start, length, names.replace(systemName, ownName));
        }
    }
    return result;
}

} // namespace holdfast::ui

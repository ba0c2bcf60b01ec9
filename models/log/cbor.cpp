#include "models/log/cbor.h"

namespace holdfast::log {
namespace {

// Additional information 24..27 says that 1, 2, 4 or 8 bytes follow (RFC 8949 3).
constexpr unsigned oneByteFollows = 24;
constexpr unsigned eightBytesFollow = 27;

unsigned shortestForm(quint64 value)
{
    if (value < oneByteFollows)
        return static_cast<unsigned>(value);
    if (value <= 0xff)
        return oneByteFollows;
    if (value <= 0xffff)
        return oneByteFollows + 1;
    return value <= 0xffffffff ? oneByteFollows + 2 : eightBytesFollow;
}

} // namespace

void CborWriter::head(unsigned major, quint64 value)
{
    const unsigned information = shortestForm(value);
    out_.append(static_cast<char>(major << 5 | information));
    if (information < oneByteFollows)
        return;
    for (int shift = 8 * ((1 << (information - oneByteFollows)) - 1); shift >= 0; shift -= 8)
        out_.append(static_cast<char>(value >> shift));
}

void CborWriter::bytes(QByteArrayView value)
{
    head(2, static_cast<quint64>(value.size()));
    out_.append(value);
}

std::optional<quint64> CborReader::head(unsigned major)
{
    if (rest_.isEmpty())
        return std::nullopt;
    const auto first = static_cast<uint8_t>(rest_[0]);
    const unsigned information = first & 0x1fU;
    if (first >> 5 != major || information > eightBytesFollow)
        return std::nullopt;
    if (information < oneByteFollows) {
        rest_ = rest_.sliced(1);
        return information;
    }
    const qsizetype follow = qsizetype(1) << (information - oneByteFollows);
    if (rest_.size() < 1 + follow)
        return std::nullopt;
    quint64 value = 0;
    for (qsizetype i = 1; i <= follow; ++i)
        value = value << 8 | static_cast<uint8_t>(rest_[i]);
    if (shortestForm(value) != information)
        return std::nullopt;
    rest_ = rest_.sliced(1 + follow);
    return value;
}

std::optional<QByteArrayView> CborReader::bytes()
{
    const std::optional<quint64> size = head(2);
    if (!size || *size > static_cast<quint64>(rest_.size()))
        return std::nullopt;
    const QByteArrayView value = rest_.first(static_cast<qsizetype>(*size));
    rest_ = rest_.sliced(value.size());
    return value;
}

} // namespace holdfast::log

#include "storage/sql/json_rows.h"

namespace holdfast::sql {
namespace {

void appendEscaped(QByteArray& out, const QByteArray& utf8)
{
    static constexpr char hex[] = "0123456789abcdef";
    out.append('"');
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out.append('\\').append(c);
        } else if (byte < 0x20) {
            out.append("\\u00").append(hex[byte >> 4]).append(hex[byte & 15]);
        } else {
            out.append(c);
        }
    }
    out.append('"');
}

} // namespace

JsonRows& JsonRows::row()
{
    text_.append(count_ == 0 ? "[[" : "],[");
    ++count_;
    rowIsEmpty_ = true;
    return *this;
}

JsonRows& JsonRows::add(qint64 value)
{
    separate();
    text_.append(QByteArray::number(value));
    return *this;
}

JsonRows& JsonRows::add(const QString& text)
{
    separate();
    appendEscaped(text_, text.toUtf8());
    return *this;
}

JsonRows& JsonRows::addBytes(QByteArrayView bytes)
{
    separate();
    text_.append('"').append(QByteArray::fromRawData(bytes.data(), bytes.size()).toHex()).append('"');
    return *this;
}

JsonRows& JsonRows::addNull()
{
    separate();
    text_.append("null");
    return *this;
}

JsonRows& JsonRows::add(const Digest& digest)
{
    return addBytes({reinterpret_cast<const char*>(digest.bytes.data()), qsizetype(digest.bytes.size())});
}

void JsonRows::clear()
{
    text_.clear();
    count_ = 0;
    rowIsEmpty_ = true;
}

QByteArray JsonRows::json() const
{
    return count_ == 0 ? QByteArrayLiteral("[]") : text_ + "]]";
}

void JsonRows::separate()
{
    if (!rowIsEmpty_)
        text_.append(',');
    rowIsEmpty_ = false;
}

} // namespace holdfast::sql

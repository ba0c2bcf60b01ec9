// Deterministic CBOR (RFC 8949 4.2.1), only what headers need: unsigned integers, byte strings, definite arrays.
#pragma once

#include <QByteArray>

#include <optional>

namespace holdfast::log {

class CborWriter
{
public:
    void array(quint64 count) { head(4, count); }
    void uint(quint64 value) { head(0, value); }
    void bytes(QByteArrayView value);
    [[nodiscard]] QByteArray take() { return std::move(out_); }

private:
    void head(unsigned major, quint64 value);
    QByteArray out_;
};

// Every call gives nothing on the first deviation: wrong type, a longer form than needed, or too few bytes.
class CborReader
{
public:
    explicit CborReader(QByteArrayView bytes) : rest_(bytes) {}
    [[nodiscard]] bool array(quint64 count) { return head(4) == count; }
    [[nodiscard]] std::optional<quint64> uint() { return head(0); }
    [[nodiscard]] std::optional<QByteArrayView> bytes(); // a view into the input
    [[nodiscard]] bool atEnd() const { return rest_.isEmpty(); }

private:
    std::optional<quint64> head(unsigned major);
    QByteArrayView rest_;
};

} // namespace holdfast::log

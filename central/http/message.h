// HTTP messages as plain values: what handlers get and give.
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>
#include <utility>
#include <vector>

namespace holdfast::http {

// Header fields in order; names compare without case. A field with a control character in name or value is not taken,
// so that no handler can be talked into splitting a response.
class Fields
{
public:
    struct Field
    {
        QByteArray name;
        QByteArray value;
    };

    Fields() = default;
    Fields(std::initializer_list<Field> fields);

    void set(QByteArrayView name, QByteArrayView value); // replaces all of that name
    void add(QByteArrayView name, QByteArrayView value);
    void remove(QByteArrayView name);
    [[nodiscard]] bool contains(QByteArrayView name) const;
    [[nodiscard]] QByteArray value(QByteArrayView name) const; // the first one; empty when absent

    [[nodiscard]] auto begin() const { return fields_.cbegin(); }
    [[nodiscard]] auto end() const { return fields_.cend(); }
    [[nodiscard]] bool empty() const { return fields_.empty(); }

private:
    std::vector<Field> fields_;
};

struct Request
{
    QByteArray method; // as sent, e.g. "GET"
    QByteArray path;   // as sent, without the query; starts with '/'
    QByteArray query;  // as sent, without the '?'
    Fields headers;
    QByteArray body;
    QByteArray peer;                                           // address of the other side, without its port
    std::vector<std::pair<QByteArray, QByteArray>> parameters; // of the route's {param} segments, percent-decoded

    [[nodiscard]] QByteArray parameter(QByteArrayView name) const; // empty when absent
    [[nodiscard]] std::optional<QByteArray>
    queryValue(QByteArrayView name) const; // percent-decoded, first of that name
    [[nodiscard]] QByteArray
    bearerToken() const; // of `Authorization: Bearer TOKEN`; empty when absent or of another form
};

struct Response
{
    int status = 200;
    Fields headers;
    QByteArray body;

    [[nodiscard]] static Response json(int status, QByteArray body);
    [[nodiscard]] static Response text(int status, QByteArray body);
    [[nodiscard]] static Response empty(int status);
    // `{"error": {"code": CODE, "text": TEXT}}` of docs/api.md.
    [[nodiscard]] static Response error(int status, QByteArrayView code, const QString& text);
};

// RFC 3986 percent-encoding; decoding answers nothing for broken escapes and for an encoded NUL.
[[nodiscard]] std::optional<QByteArray> percentDecoded(QByteArrayView encoded, bool plusIsSpace = false);
[[nodiscard]] QByteArray reasonPhrase(int status);

} // namespace holdfast::http

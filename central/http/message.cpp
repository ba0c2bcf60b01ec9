#include "central/http/message.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <algorithm>

namespace holdfast::http {
namespace {

bool sameName(QByteArrayView left, QByteArrayView right)
{
    return left.compare(right, Qt::CaseInsensitive) == 0;
}

bool hasControl(QByteArrayView bytes)
{
    return std::any_of(bytes.begin(), bytes.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && byte != '\t') || byte == 0x7f;
    });
}

bool isToken(QByteArrayView name) // RFC 9110 5.6.2
{
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > 0x20 && byte < 0x7f && !QByteArrayView("\"(),/:;<=>?@[\\]{}").contains(c);
    });
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

} // namespace

Fields::Fields(std::initializer_list<Field> fields)
{
    for (const Field& field : fields)
        add(field.name, field.value);
}

void Fields::set(QByteArrayView name, QByteArrayView value)
{
    remove(name);
    add(name, value);
}

void Fields::add(QByteArrayView name, QByteArrayView value)
{
    if (isToken(name) && !hasControl(value))
        fields_.push_back({name.toByteArray(), value.toByteArray()});
}

void Fields::remove(QByteArrayView name)
{
    std::erase_if(fields_, [name](const Field& field) { return sameName(field.name, name); });
}

bool Fields::contains(QByteArrayView name) const
{
    return std::any_of(fields_.begin(), fields_.end(),
                       [name](const Field& field) { return sameName(field.name, name); });
}

QByteArray Fields::value(QByteArrayView name) const
{
    for (const Field& field : fields_) {
        if (sameName(field.name, name))
            return field.value;
    }
    return {};
}

QByteArray Request::parameter(QByteArrayView name) const
{
    for (const auto& [key, value] : parameters) {
        if (key == name)
            return value;
    }
    return {};
}

std::optional<QByteArray> Request::queryValue(QByteArrayView name) const
{
    const QList<QByteArray> pairs = query.split('&');
    for (const QByteArray& pair : pairs) {
        const qsizetype equals = pair.indexOf('=');
        const auto key = percentDecoded(equals < 0 ? QByteArrayView(pair) : QByteArrayView(pair).first(equals), true);
        if (key && *key == name)
            return percentDecoded(equals < 0 ? QByteArrayView() : QByteArrayView(pair).sliced(equals + 1), true);
    }
    return std::nullopt;
}

QByteArray Request::bearerToken() const
{
    const QByteArray value = headers.value("Authorization");
    if (value.size() < 8 || QByteArrayView(value).first(7).compare("Bearer ", Qt::CaseInsensitive) != 0)
        return {};
    return value.mid(7).trimmed();
}

Response Response::json(int status, QByteArray body)
{
    return {status, {{"Content-Type", "application/json"}}, std::move(body)};
}

Response Response::text(int status, QByteArray body)
{
    return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(body)};
}

Response Response::empty(int status)
{
    return {status, {}, {}};
}

Response Response::error(int status, QByteArrayView code, const QString& text)
{
    const QJsonObject inner{{QStringLiteral("code"), QString::fromUtf8(code.data(), code.size())},
                            {QStringLiteral("text"), text}};
    return json(status, QJsonDocument(QJsonObject{{QStringLiteral("error"), inner}}).toJson(QJsonDocument::Compact));
}

std::optional<QByteArray> percentDecoded(QByteArrayView encoded, bool plusIsSpace)
{
    QByteArray out;
    out.reserve(encoded.size());
    for (qsizetype i = 0; i < encoded.size(); ++i) {
        const char c = encoded[i];
        if (c == '+' && plusIsSpace) {
            out.append(' ');
            continue;
        }
        if (c != '%') {
            out.append(c);
            continue;
        }
        if (i + 2 >= encoded.size())
            return std::nullopt;
        const int high = hexValue(encoded[i + 1]);
        const int low = hexValue(encoded[i + 2]);
        if (high < 0 || low < 0 || (high == 0 && low == 0))
            return std::nullopt;
        out.append(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return out;
}

QByteArray reasonPhrase(int status)
{
    static constexpr std::pair<int, const char*> phrases[] = {{100, "Continue"},
                                                              {200, "OK"},
                                                              {201, "Created"},
                                                              {202, "Accepted"},
                                                              {204, "No Content"},
                                                              {206, "Partial Content"},
                                                              {301, "Moved Permanently"},
                                                              {302, "Found"},
                                                              {304, "Not Modified"},
                                                              {307, "Temporary Redirect"},
                                                              {400, "Bad Request"},
                                                              {401, "Unauthorized"},
                                                              {403, "Forbidden"},
                                                              {404, "Not Found"},
                                                              {405, "Method Not Allowed"},
                                                              {408, "Request Timeout"},
                                                              {409, "Conflict"},
                                                              {411, "Length Required"},
                                                              {413, "Content Too Large"},
                                                              {416, "Range Not Satisfiable"},
                                                              {422, "Unprocessable Content"},
                                                              {429, "Too Many Requests"},
                                                              {431, "Request Header Fields Too Large"},
                                                              {500, "Internal Server Error"},
                                                              {503, "Service Unavailable"}};
    for (const auto& [code, phrase] : phrases) {
        if (code == status)
            return phrase;
    }
    return "Status";
}

} // namespace holdfast::http

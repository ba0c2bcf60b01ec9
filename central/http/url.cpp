#include "central/http/url.h"

#include <QUrl>

#include <algorithm>

namespace holdfast::http {
namespace {

constexpr qsizetype maxUrl = 8192;

bool plainAscii(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

quint16 defaultPort(const QByteArray& scheme)
{
    return scheme == "https" ? 443 : 80;
}

bool goodHost(QByteArrayView host, bool bracketed)
{
    return !host.isEmpty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [bracketed](char c) {
        const bool common = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.';
        return common || (bracketed ? c == ':' : (c == '-' || c == '_'));
    });
}

std::optional<quint16> parsePort(QByteArrayView text, quint16 whenEmpty)
{
    if (text.isEmpty())
        return whenEmpty;
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    bool good = false;
    const quint16 port = text.toByteArray().toUShort(&good);
    return good && port != 0 ? std::optional(port) : std::nullopt;
}

} // namespace

QByteArray Url::hostField() const
{
    QByteArray field = origin.host.contains(':') ? '[' + origin.host + ']' : origin.host;
    if (origin.port != defaultPort(origin.scheme))
        field += ':' + QByteArray::number(origin.port);
    return field;
}

QByteArray Url::text() const
{
    return origin.scheme + "://" + hostField() + target;
}

std::optional<Url> parseUrl(QByteArrayView text)
{
    if (text.size() > maxUrl || !plainAscii(text))
        return std::nullopt;
    const QByteArray all = text.toByteArray();
    const qsizetype schemeEnd = all.indexOf("://");
    Url url;
    url.origin.scheme = all.left(std::max<qsizetype>(schemeEnd, 0)).toLower();
    if (url.origin.scheme != "http" && url.origin.scheme != "https")
        return std::nullopt;
    const qsizetype start = schemeEnd + 3;
    qsizetype end = start;
    while (end < all.size() && !QByteArrayView("/?#").contains(all[end]))
        ++end;
    const QByteArray authority = all.mid(start, end - start).toLower();
    const bool bracketed = authority.startsWith('[');
    const qsizetype hostEnd = bracketed ? authority.indexOf(']') : authority.indexOf(':');
    if (bracketed && hostEnd < 0)
        return std::nullopt;
    url.origin.host = bracketed ? authority.mid(1, hostEnd - 1) : authority.mid(0, hostEnd); // mid: -1 is all
    const QByteArray rest = hostEnd < 0 ? QByteArray() : authority.mid(bracketed ? hostEnd + 1 : hostEnd);
    const auto port = parsePort(QByteArrayView(rest).sliced(rest.isEmpty() ? 0 : 1), defaultPort(url.origin.scheme));
    if (!goodHost(url.origin.host, bracketed) || !port || (!rest.isEmpty() && rest[0] != ':'))
        return std::nullopt;
    url.origin.port = *port;
    url.target = all.mid(end, all.indexOf('#', end) < 0 ? -1 : all.indexOf('#', end) - end);
    if (!url.target.startsWith('/'))
        url.target.prepend('/');
    return url;
}

std::optional<Url> resolveLocation(const Url& base, QByteArrayView location)
{
    if (location.size() > maxUrl || !plainAscii(location))
        return std::nullopt;
    if (location.toByteArray().contains("://")) {
        if (auto absolute = parseUrl(location))
            return absolute;
    }
    const QUrl relative = QUrl::fromEncoded(location.toByteArray(), QUrl::StrictMode);
    if (!relative.isValid() || !relative.isRelative())
        return std::nullopt;
    return parseUrl(QUrl::fromEncoded(base.text(), QUrl::StrictMode).resolved(relative).toEncoded());
}

} // namespace holdfast::http

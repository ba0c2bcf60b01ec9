// Absolute http(s) addresses, taken apart without changing a byte of the target (signed addresses depend on it).
#pragma once

#include "central/http/client.h"

#include <optional>

namespace holdfast::http {

struct Url
{
    Origin origin;
    QByteArray target; // path and query, as given; starts with '/'

    [[nodiscard]] QByteArray hostField() const; // for `Host`: brackets around IPv6, port when it is not the scheme's
    [[nodiscard]] QByteArray text() const;
};

// Refuses user info, control characters, spaces, non-ASCII bytes and other schemes. A fragment is dropped.
[[nodiscard]] std::optional<Url> parseUrl(QByteArrayView text);
// A `Location` value, absolute or relative to `base` (RFC 3986 5.2).
[[nodiscard]] std::optional<Url> resolveLocation(const Url& base, QByteArrayView location);

} // namespace holdfast::http

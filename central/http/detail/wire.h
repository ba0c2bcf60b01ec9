// Inside http only (includes Boost): one request and its answer on an open connection.
#pragma once

#include "central/http/client.h"
#include "central/http/detail/transport.h"

#include <tl/expected.hpp>

namespace holdfast::http {

struct Received
{
    ClientResponse response; // without its url
    bool reusable = false;   // the connection may carry another request
};

enum class WireFault { lost, tooLarge, malformed };

// Writes `request` and reads one whole answer. `headOnly`: the answer has no body whatever its fields say.
[[nodiscard]] asio::awaitable<tl::expected<Received, WireFault>>
roundTrip(Transport& transport, QByteArray request, bool headOnly, qint64 maxBody, BodySink sink);

} // namespace holdfast::http

#include "central/http/detail/wire.h"

#include <boost/asio/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>

namespace holdfast::http {
namespace {

namespace beast = boost::beast;
using Parser = beast::http::response_parser<beast::http::string_body>;

constexpr std::uint32_t maxResponseHeader = 32 * 1024;
constexpr int maxInterim = 4; // 1xx answers before the real one
constexpr size_t readPiece = 16 * 1024;

QByteArrayView viewOf(beast::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

ClientResponse taken(const Parser& parser)
{
    ClientResponse response;
    response.status = static_cast<int>(parser.get().result_int());
    for (const auto& field : parser.get())
        response.headers.add(viewOf(field.name_string()), viewOf(field.value()));
    const std::string& body = parser.get().body();
    response.body = QByteArray(body.data(), static_cast<qsizetype>(body.size()));
    return response;
}

// Hands on what came of the body of a good answer; false: its taker has enough.
bool handOver(Parser& parser, const BodySink& sink)
{
    if (!sink || !parser.is_header_done() || parser.get().result_int() / 100 != 2)
        return true;
    std::string& body = parser.get().body();
    const bool goOn = body.empty() || sink(QByteArrayView(body.data(), static_cast<qsizetype>(body.size())));
    body.clear();
    return goOn;
}

asio::awaitable<std::optional<WireFault>> readMessage(Transport& transport, beast::flat_buffer& buffer, Parser& parser,
                                                      const BodySink& sink)
{
    while (!parser.is_done()) {
        error_code ec = beast::http::error::need_more;
        if (buffer.size() > 0)
            buffer.consume(parser.put(buffer.data(), ec));
        if (ec == beast::http::error::body_limit || ec == beast::http::error::header_limit)
            co_return WireFault::tooLarge;
        if (ec && ec != beast::http::error::need_more)
            co_return WireFault::malformed;
        if (!handOver(parser, sink))
            co_return WireFault::lost;
        if (!ec && (parser.is_done() || buffer.size() > 0))
            continue;
        const auto [readError, size] = co_await readSome(transport, buffer.prepare(readPiece));
        buffer.commit(size);
        if (!readError || size > 0)
            continue;
        // Only a clean end (with TLS: close_notify) completes a body without a length; all else is a truncated answer.
        if (!parser.is_header_done() || !parser.need_eof() || readError != asio::error::eof)
            co_return WireFault::lost;
        parser.put_eof(ec);
        if (ec)
            co_return WireFault::lost;
    }
    co_return std::nullopt;
}

} // namespace

asio::awaitable<tl::expected<Received, WireFault>> roundTrip(Transport& transport, QByteArray request, bool headOnly,
                                                             qint64 maxBody, BodySink sink)
{
    // A server may answer and close before it read a long body (413), so after a failed write the answer is still read.
    const error_code writeError =
        co_await transport.write(asio::buffer(request.constData(), static_cast<size_t>(request.size())));
    beast::flat_buffer buffer;
    std::optional<Parser> parser;
    for (int interim = 0; interim <= maxInterim; ++interim) {
        parser.emplace();
        parser->header_limit(maxResponseHeader);
        parser->body_limit(static_cast<std::uint64_t>(maxBody));
        parser->eager(true);
        parser->skip(headOnly);
        if (const auto fault = co_await readMessage(transport, buffer, *parser, sink))
            co_return tl::unexpected(*fault);
        if (parser->get().result_int() >= 200)
            break;
    }
    const bool reusable = parser->keep_alive() && !parser->need_eof() && buffer.size() == 0 && !writeError;
    co_return Received{taken(*parser), reusable};
}

} // namespace holdfast::http

#include "central/http/detail/transport.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace holdfast::http {
namespace {

using asio::ip::tcp;
constexpr auto awaitTuple = asio::as_tuple(asio::use_awaitable);

class PlainTransport : public Transport
{
public:
    explicit PlainTransport(tcp::socket socket) : socket_(std::move(socket)) {}

    tcp::socket& socket() override { return socket_; }
    asio::awaitable<error_code> handshake() override { co_return error_code(); }
    asio::awaitable<error_code> write(asio::const_buffer bytes) override
    {
        const auto [ec, written] = co_await asio::async_write(socket_, bytes, awaitTuple);
        co_return ec;
    }
    void read(asio::mutable_buffer into, ReadDone done) override { socket_.async_read_some(into, std::move(done)); }

private:
    tcp::socket socket_;
};

class TlsTransport : public Transport
{
public:
    TlsTransport(tcp::socket socket, asio::ssl::context& context, asio::ssl::stream_base::handshake_type side)
        : stream_(std::move(socket), context), side_(side)
    {
        // Idle connections are the many: OpenSSL gives its buffers back between records.
        SSL_set_mode(stream_.native_handle(), SSL_MODE_RELEASE_BUFFERS);
    }

    bool expectHost(const std::string& host)
    {
        error_code ec;
        asio::ip::make_address(host, ec);
        const bool isName = static_cast<bool>(ec);
        // SSL_ctrl by hand, because OpenSSL's macro for it is an old-style cast.
        if (isName && SSL_ctrl(stream_.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                               const_cast<char*>(host.c_str())) != 1)
            return false;
        stream_.set_verify_mode(asio::ssl::verify_peer, ec);
        stream_.set_verify_callback(asio::ssl::host_name_verification(host), ec);
        return !ec;
    }

    tcp::socket& socket() override { return stream_.next_layer(); }
    asio::awaitable<error_code> handshake() override
    {
        const auto [ec] = co_await stream_.async_handshake(side_, awaitTuple);
        co_return ec;
    }
    asio::awaitable<error_code> write(asio::const_buffer bytes) override
    {
        const auto [ec, written] = co_await asio::async_write(stream_, bytes, awaitTuple);
        co_return ec;
    }
    void read(asio::mutable_buffer into, ReadDone done) override { stream_.async_read_some(into, std::move(done)); }

private:
    asio::ssl::stream<tcp::socket> stream_;
    asio::ssl::stream_base::handshake_type side_;
};

} // namespace

std::unique_ptr<Transport> plainTransport(tcp::socket socket)
{
    return std::make_unique<PlainTransport>(std::move(socket));
}

std::unique_ptr<Transport> tlsServerTransport(tcp::socket socket, asio::ssl::context& context)
{
    return std::make_unique<TlsTransport>(std::move(socket), context, asio::ssl::stream_base::server);
}

std::unique_ptr<Transport> tlsClientTransport(tcp::socket socket, asio::ssl::context& context, const std::string& host)
{
    auto transport = std::make_unique<TlsTransport>(std::move(socket), context, asio::ssl::stream_base::client);
    if (!transport->expectHost(host))
        return nullptr;
    return transport;
}

asio::awaitable<std::pair<error_code, std::size_t>> readSome(Transport& transport, asio::mutable_buffer into)
{
    auto start = [&transport, into](auto handler) {
        // A copyable holder, because std::function wants one and completion handlers only move.
        auto held = std::make_shared<decltype(handler)>(std::move(handler));
        transport.read(into, [held](error_code ec, std::size_t size) { std::move (*held)(ec, size); });
    };
    const auto [ec, size] = co_await asio::async_initiate<decltype(awaitTuple), void(error_code, std::size_t)>(
        std::move(start), awaitTuple);
    co_return std::pair(ec, size);
}

void Deadline::arm(std::chrono::milliseconds time, std::function<void()> onExpiry)
{
    timer_.expires_after(time);
    timer_.async_wait([generation = generation_, mine = ++*generation_, onExpiry = std::move(onExpiry)](error_code ec) {
        if (!ec && *generation == mine)
            onExpiry();
    });
}

void Deadline::disarm()
{
    ++*generation_;
    timer_.cancel();
}

Event::Event(const asio::any_io_executor& executor) : timer_(executor)
{
    timer_.expires_at(asio::steady_timer::time_point::max());
}

asio::awaitable<void> Event::wait()
{
    co_await timer_.async_wait(awaitTuple);
}

} // namespace holdfast::http

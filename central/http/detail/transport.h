// Inside http only (includes Boost): a socket with or without TLS behind one interface, for one thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <string>

namespace holdfast::http {

namespace asio = boost::asio;
using boost::system::error_code;

class Transport
{
public:
    using ReadDone = std::function<void(error_code, std::size_t)>;

    virtual ~Transport() = default;
    virtual asio::ip::tcp::socket& socket() = 0;
    [[nodiscard]] virtual asio::awaitable<error_code> handshake() = 0;
    [[nodiscard]] virtual asio::awaitable<error_code> write(asio::const_buffer bytes) = 0; // all of it
    // One read may be under way while a write is. The caller keeps `into` and this alive until `done` ran.
    virtual void read(asio::mutable_buffer into, ReadDone done) = 0;

    void close()
    {
        error_code ignored;
        socket().close(ignored);
    }
};

[[nodiscard]] std::unique_ptr<Transport> plainTransport(asio::ip::tcp::socket socket);
[[nodiscard]] std::unique_ptr<Transport> tlsServerTransport(asio::ip::tcp::socket socket, asio::ssl::context& context);
// Verifies that the certificate is for `host`, and names it (SNI) unless it is an address.
[[nodiscard]] std::unique_ptr<Transport> tlsClientTransport(asio::ip::tcp::socket socket, asio::ssl::context& context,
                                                            const std::string& host);

// A read as an awaitable.
[[nodiscard]] asio::awaitable<std::pair<error_code, std::size_t>> readSome(Transport& transport,
                                                                           asio::mutable_buffer into);

// Runs `onExpiry` once unless disarmed, moved or destroyed before.
class Deadline
{
public:
    explicit Deadline(const asio::any_io_executor& executor) : timer_(executor) {}
    ~Deadline() { ++*generation_; }
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;
    void arm(std::chrono::milliseconds time, std::function<void()> onExpiry);
    void disarm();

private:
    asio::steady_timer timer_;
    // A timer's handler may already be queued when it is moved or destroyed; the generation tells it that it is late.
    std::shared_ptr<unsigned> generation_ = std::make_shared<unsigned>(0);
};

// Wakes one waiting coroutine of the same thread. Waiters re-check their condition in a loop.
class Event
{
public:
    explicit Event(const asio::any_io_executor& executor);
    [[nodiscard]] asio::awaitable<void> wait();
    void wake() { timer_.cancel(); }

private:
    asio::steady_timer timer_;
};

} // namespace holdfast::http

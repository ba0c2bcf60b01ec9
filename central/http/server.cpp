#include "central/http/server.h"

#include "central/http/detail/connection.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/socket.h>

#include <thread>
#include <unordered_set>

namespace holdfast::http {
namespace {

using asio::ip::tcp;
using namespace std::chrono_literals;

// Several acceptors share the port and the kernel spreads connections over them (SO_REUSEPORT, socket(7)).
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr auto acceptBackOff = 100ms;

// One customer of a provider has a whole /64 of IPv6 addresses (RFC 6177), so they share one place in the caps.
QByteArray capsKey(const asio::ip::address& address)
{
    if (!address.is_v6())
        return QByteArray::fromStdString(address.to_string());
    const auto bytes = address.to_v6().to_bytes();
    return QByteArray(reinterpret_cast<const char*>(bytes.data()), 8);
}

// Outlives its io_context: Responders may be kept for longer than the server.
class ContextGate : public Gate
{
public:
    explicit ContextGate(asio::io_context& context) : context_(&context) {}

    bool post(std::function<void()> work) override
    {
        const std::lock_guard lock(mutex_);
        if (!context_)
            return false;
        asio::post(*context_, std::move(work));
        return true;
    }
    void close()
    {
        const std::lock_guard lock(mutex_);
        context_ = nullptr;
    }

private:
    std::mutex mutex_;
    asio::io_context* context_;
};

// One thread, its io_context, its acceptor and its connections. No socket is ever touched by two threads.
class IoThread
{
public:
    IoThread(ServerCore& core, asio::ssl::context* tls) : core_(core), tls_(tls) {}
    ~IoThread() { gate_->close(); }

    [[nodiscard]] error_code listen(const tcp::endpoint& endpoint)
    {
        error_code ec;
        acceptor_.open(endpoint.protocol(), ec);
        if (!ec)
            acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
        if (!ec)
            acceptor_.set_option(ReusePort(true), ec);
        if (!ec)
            acceptor_.bind(endpoint, ec);
        if (!ec)
            acceptor_.listen(4096, ec);
        return ec;
    }
    [[nodiscard]] quint16 port() const
    {
        error_code ignored;
        return acceptor_.local_endpoint(ignored).port();
    }

    void start()
    {
        asio::co_spawn(context_, acceptLoop(), asio::detached);
        thread_ = std::thread([this] { context_.run(); });
    }
    // The io_context runs out of work, and the thread ends, when the last connection has ended.
    void beginStop()
    {
        asio::post(context_, [this] {
            if (draining_)
                return;
            error_code ignored;
            acceptor_.close(ignored);
            pause_.cancel();
            drainLimit_.arm(core_.limits.drain, [this] { abortAll(); });
            draining_ = true;
            for (const auto& connection : snapshot())
                connection->drain();
            endIfEmpty();
        });
    }
    void join()
    {
        if (thread_.joinable())
            thread_.join();
        gate_->close();
    }

private:
    [[nodiscard]] asio::awaitable<void> acceptLoop();
    [[nodiscard]] asio::awaitable<void> serve(std::shared_ptr<Connection> connection, QByteArray key);
    void accepted(tcp::socket socket);

    // A copy, because draining and aborting end connections.
    [[nodiscard]] std::vector<std::shared_ptr<Connection>> snapshot() const
    {
        return {connections_.begin(), connections_.end()};
    }
    void abortAll()
    {
        for (const auto& connection : snapshot())
            connection->abort();
    }
    void endIfEmpty()
    {
        if (draining_ && connections_.empty()) {
            drainLimit_.disarm();
            work_.reset();
        }
    }

    ServerCore& core_;
    asio::ssl::context* const tls_;
    asio::io_context context_{1};
    std::shared_ptr<ContextGate> gate_ = std::make_shared<ContextGate>(context_);
    asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(context_);
    tcp::acceptor acceptor_{context_};
    asio::steady_timer pause_{context_};
    Deadline drainLimit_{context_.get_executor()};
    std::unordered_set<std::shared_ptr<Connection>> connections_;
    bool draining_ = false;
    std::thread thread_;
};

asio::awaitable<void> IoThread::acceptLoop()
{
    while (acceptor_.is_open()) {
        error_code ec;
        tcp::socket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, ec));
        if (!acceptor_.is_open())
            co_return;
        if (!ec) {
            accepted(std::move(socket));
            continue;
        }
        // Out of file descriptors or memory: the connection stays in the kernel's queue, so wait instead of spinning.
        ++core_.acceptErrors;
        pause_.expires_after(acceptBackOff);
        co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    }
}

void IoThread::accepted(tcp::socket socket)
{
    error_code ec;
    const tcp::endpoint remote = socket.remote_endpoint(ec);
    if (ec)
        return;
    const QByteArray address = QByteArray::fromStdString(remote.address().to_string());
    const QByteArray key = capsKey(remote.address());
    if (!core_.caps.enter(key)) {
        ++core_.refusedByCap;
        return;
    }
    ++core_.accepted;
    socket.set_option(tcp::no_delay(true), ec);
    try {
        auto transport = tls_ ? tlsServerTransport(std::move(socket), *tls_) : plainTransport(std::move(socket));
        auto connection = std::make_shared<Connection>(core_, gate_, std::move(transport), address);
        connections_.insert(connection);
        asio::co_spawn(context_, serve(std::move(connection), key), asio::detached);
    } catch (const std::exception&) {
        ++core_.acceptErrors; // no memory for one more connection must not end the accept loop
        core_.caps.leave(key);
    }
}

asio::awaitable<void> IoThread::serve(std::shared_ptr<Connection> connection, QByteArray key)
{
    try {
        co_await connection->run();
    } catch (const std::exception&) {
        connection->abort(); // out of memory in one connection must not end the service
    }
    connections_.erase(connection);
    core_.caps.leave(key);
    endIfEmpty();
}

Result<std::unique_ptr<asio::ssl::context>> makeTls(const TlsFiles& files)
{
    auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
    SSL_CTX* const native = context->native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    if (SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1)
        return fail(ErrorCode::internal, QStringLiteral("TLS cannot be set up with this OpenSSL."));
    error_code ec;
    context->use_certificate_chain_file(files.certificate.toStdString(), ec);
    if (ec)
        return fail(ErrorCode::invalidInput, QStringLiteral("The TLS certificate file cannot be read as PEM."));
    context->use_private_key_file(files.key.toStdString(), asio::ssl::context::pem, ec);
    if (ec || SSL_CTX_check_private_key(native) != 1)
        return fail(ErrorCode::invalidInput,
                    QStringLiteral("The TLS key file cannot be read as PEM, or does not belong to the certificate."));
    return context;
}

// With SO_REUSEPORT a second server of the same user would silently share the port; a bind without it tells.
error_code probePort(const tcp::endpoint& endpoint, asio::io_context& context)
{
    error_code ec;
    tcp::acceptor probe(context);
    probe.open(endpoint.protocol(), ec);
    if (!ec)
        probe.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec)
        probe.bind(endpoint, ec);
    return ec;
}

} // namespace

class Server::Impl
{
public:
    Impl(ServerOptions options, Router router) : options_(std::move(options)), core_(options_.limits, std::move(router))
    {}

    [[nodiscard]] Status start();
    void beginStop();
    void stop();

    const ServerOptions options_;
    ServerCore core_;
    quint16 port_ = 0;

private:
    [[nodiscard]] Status listen(const asio::ip::address& address);

    std::unique_ptr<asio::ssl::context> tls_;
    std::vector<std::unique_ptr<IoThread>> threads_;
};

Status Server::Impl::start()
{
    error_code ec;
    const asio::ip::address address = asio::ip::make_address(options_.address.toStdString(), ec);
    if (ec)
        return fail(ErrorCode::invalidInput, QStringLiteral("The address to listen on is not an IP address."));
    if (!options_.tls && !address.is_loopback())
        return fail(ErrorCode::denied,
                    QStringLiteral("Plain HTTP is served on loopback only. Give a TLS certificate and "
                                   "key, or listen on 127.0.0.1."));
    if (options_.tls) {
        auto tls = makeTls(*options_.tls);
        if (!tls)
            return tl::unexpected(tls.error());
        tls_ = std::move(*tls);
    }
    const Status listening = listen(address);
    if (!listening) {
        threads_.clear();
        return listening;
    }
    for (const auto& thread : threads_)
        thread->start();
    return {};
}

Status Server::Impl::listen(const asio::ip::address& address)
{
    tcp::endpoint endpoint(address, options_.port);
    asio::io_context probing;
    error_code ec = probePort(endpoint, probing);
    for (int i = 0; i < std::max(1, options_.threads) && !ec; ++i) {
        threads_.push_back(std::make_unique<IoThread>(core_, tls_.get()));
        ec = threads_.back()->listen(endpoint);
        port_ = threads_.back()->port();
        endpoint.port(port_);
    }
    if (ec == asio::error::address_in_use)
        return fail(ErrorCode::busy,
                    QStringLiteral("Port %1 of %2 is taken by another program: is central running already?")
                        .arg(options_.port)
                        .arg(options_.address));
    if (ec)
        return fail(ErrorCode::io, QStringLiteral("Cannot listen on port %1 of %2: %3.")
                                       .arg(options_.port)
                                       .arg(options_.address, QString::fromStdString(ec.message())));
    return {};
}

void Server::Impl::beginStop()
{
    for (const auto& thread : threads_)
        thread->beginStop();
}

void Server::Impl::stop()
{
    beginStop();
    for (const auto& thread : threads_)
        thread->join();
    threads_.clear();
}

Server::Server(ServerOptions options, Router router)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(router)))
{}

Server::~Server()
{
    stop();
}

Status Server::start()
{
    return impl_->start();
}

void Server::beginStop()
{
    impl_->beginStop();
}

void Server::stop()
{
    impl_->stop();
}

quint16 Server::port() const
{
    return impl_->port_;
}

ServerCounters Server::counters() const
{
    const ServerCore& core = impl_->core_;
    return {core.accepted, core.refusedByCap, core.acceptErrors, core.requests,
            core.timedOut, core.shed,         core.caps.open()};
}

} // namespace holdfast::http

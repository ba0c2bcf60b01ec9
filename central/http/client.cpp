#include "central/http/client.h"

#include "central/http/detail/wire.h"
#include "central/http/url.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/socket.h>

#include <deque>
#include <map>
#include <thread>
#include <unordered_set>

namespace holdfast::http {
namespace {

using asio::ip::tcp;

constexpr auto awaitTuple = asio::as_tuple(asio::use_awaitable);
constexpr size_t maxIdlePerOrigin = 16;

struct PooledConnection
{
    std::unique_ptr<Transport> transport;
    std::chrono::steady_clock::time_point idleUntil;
};

// One request from send() to its callback. On the client's thread.
struct Job
{
    Job(ClientRequest clientRequest, Client::Callback done, const asio::any_io_executor& executor)
        : request(std::move(clientRequest)), callback(std::move(done)), resolver(executor), deadline(executor)
    {}

    ClientRequest request;
    Client::Callback callback;
    tcp::resolver resolver;
    Deadline deadline;
    std::unique_ptr<Transport> transport;
    std::optional<tcp::socket> connecting;
    bool sent = false; // a byte of the request may have left
    bool timedOut = false;
    bool cancelled = false;

    void cut()
    {
        resolver.cancel();
        error_code ignored;
        if (connecting)
            connecting->close(ignored);
        if (transport)
            transport->close();
    }
};

tl::unexpected<Error> cutShort(const Job& job, ErrorCode unsent, const QString& text)
{
    if (job.cancelled)
        return fail(ErrorCode::cancelled, QStringLiteral("The request was given up because the program ends."));
    if (job.timedOut && job.sent)
        return fail(ErrorCode::timeout, QStringLiteral("The other side did not answer in time."));
    if (job.timedOut)
        return fail(ErrorCode::network, QStringLiteral("The other side could not be reached in time."));
    return fail(job.sent ? ErrorCode::unavailable : unsent, text);
}

tl::unexpected<Error> lost(const Job& job)
{
    return cutShort(job, ErrorCode::network,
                    QStringLiteral("The other side ended the connection without a full answer."));
}

bool sameOrigin(const Url& left, const Url& right)
{
    return left.origin == right.origin;
}

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// A pooled connection that the server closed meanwhile is readable with end of file; one with unasked bytes is no good.
bool stillOpen(Transport& transport)
{
    char byte = 0;
    const ssize_t got = ::recv(transport.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

QByteArray requestBytes(const ClientRequest& request, const Url& url, const Fields& headers)
{
    QByteArray out = request.method + ' ' + url.target + " HTTP/1.1\r\nHost: " + url.hostField() + "\r\n";
    for (const Fields::Field& field : headers)
        out += field.name + ": " + field.value + "\r\n";
    if (!request.body.isEmpty() || (request.method != "GET" && request.method != "HEAD"))
        out += "Content-Length: " + QByteArray::number(request.body.size()) + "\r\n";
    return out + "\r\n" + request.body;
}

bool goodMethod(const QByteArray& method)
{
    return !method.isEmpty() && method.size() <= 16 &&
           std::all_of(method.begin(), method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

} // namespace

// Everything but enqueue() and stop() runs on thread_, so there are no locks.
class Client::Impl
{
public:
    explicit Impl(ClientOptions options);
    ~Impl() = default;

    void enqueue(ClientRequest request, Callback callback);
    void stop();

private:
    using JobPtr = std::shared_ptr<Job>;

    void admit(const JobPtr& job);
    void startNext();
    void finish(const JobPtr& job, Result<ClientResponse> result);
    [[nodiscard]] asio::awaitable<void> run(JobPtr job);
    [[nodiscard]] asio::awaitable<Result<ClientResponse>> follow(Job& job);
    [[nodiscard]] asio::awaitable<Result<ClientResponse>> attempt(Job& job, const Url& url, const Fields& headers);
    [[nodiscard]] asio::awaitable<Result<ClientResponse>> exchange(Job& job, const Url& url, const Fields& headers);
    [[nodiscard]] asio::awaitable<Status> connect(Job& job, const Url& url);
    [[nodiscard]] asio::awaitable<Status> secure(Job& job, tcp::socket socket, const Url& url);
    [[nodiscard]] bool takePooled(Job& job, const Origin& origin);
    void giveBack(Job& job, const Origin& origin);

    const ClientOptions options_;
    asio::io_context context_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(context_);
    asio::ssl::context tls_{asio::ssl::context::tls_client};
    Status tlsReady_;
    std::map<Origin, std::vector<PooledConnection>> pool_;
    std::unordered_set<JobPtr> running_;
    std::deque<JobPtr> queue_;
    bool stopping_ = false;
    std::thread thread_;
};

Client::Impl::Impl(ClientOptions options) : options_(std::move(options))
{
    error_code ec;
    if (options_.caFile.isEmpty())
        tls_.set_default_verify_paths(ec);
    else
        tls_.load_verify_file(options_.caFile.toStdString(), ec);
    if (ec)
        tlsReady_ =
            fail(ErrorCode::invalidInput, QStringLiteral("The file of certificate authorities cannot be read."));
    SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_2_VERSION);
    tls_.set_verify_mode(asio::ssl::verify_peer, ec);
    thread_ = std::thread([this] { context_.run(); });
}

void Client::Impl::enqueue(ClientRequest request, Callback callback)
{
    auto job = std::make_shared<Job>(std::move(request), std::move(callback), context_.get_executor());
    asio::post(context_, [this, job] { admit(job); });
}

void Client::Impl::admit(const JobPtr& job)
{
    if (stopping_ || queue_.size() >= static_cast<size_t>(options_.maxQueued)) {
        job->callback(stopping_ ? fail(ErrorCode::cancelled, QStringLiteral("The program ends."))
                                : fail(ErrorCode::busy, QStringLiteral("Too many requests wait already.")));
        return;
    }
    queue_.push_back(job);
    startNext();
}

void Client::Impl::startNext()
{
    while (!stopping_ && !queue_.empty() && running_.size() < static_cast<size_t>(options_.maxConnections)) {
        JobPtr job = std::move(queue_.front());
        queue_.pop_front();
        running_.insert(job);
        asio::co_spawn(context_, run(std::move(job)), asio::detached);
    }
}

void Client::Impl::stop()
{
    asio::post(context_, [this] {
        stopping_ = true;
        for (const JobPtr& job : std::exchange(queue_, {}))
            job->callback(fail(ErrorCode::cancelled, QStringLiteral("The program ends.")));
        for (const JobPtr& job : running_) {
            job->cancelled = true;
            job->cut();
        }
        pool_.clear();
        work_.reset();
    });
    if (thread_.joinable())
        thread_.join();
}

asio::awaitable<void> Client::Impl::run(JobPtr job)
{
    job->deadline.arm(job->request.timeout, [weak = std::weak_ptr(job)] {
        if (const JobPtr late = weak.lock()) {
            late->timedOut = true;
            late->cut();
        }
    });
    Result<ClientResponse> result =
        fail(ErrorCode::internal, QStringLiteral("The request failed inside this program."));
    try {
        result = co_await follow(*job);
    } catch (const std::exception&) {
        job->cut();
    }
    finish(job, std::move(result));
}

void Client::Impl::finish(const JobPtr& job, Result<ClientResponse> result)
{
    job->deadline.disarm();
    running_.erase(job);
    const Callback callback = std::move(job->callback);
    callback(std::move(result));
    startNext();
}

asio::awaitable<Result<ClientResponse>> Client::Impl::follow(Job& job)
{
    auto url = parseUrl(job.request.url);
    if (!url || !goodMethod(job.request.method))
        co_return fail(ErrorCode::invalidInput, QStringLiteral("The address or method of the request is not valid."));
    const Url first = *url;
    Fields headers = job.request.headers;
    for (const char* name : {"Host", "Content-Length", "Transfer-Encoding", "Connection"})
        headers.remove(name);
    if (!headers.contains("User-Agent"))
        headers.set("User-Agent", options_.userAgent);
    const bool mayFollow = job.request.method == "GET" || job.request.method == "HEAD";
    for (int redirects = 0;; ++redirects) {
        const bool allowed = options_.hostPolicy ? options_.hostPolicy(url->origin) : sameOrigin(*url, first);
        if (!allowed)
            co_return fail(ErrorCode::denied, QStringLiteral("The address is not one that this program may contact."));
        auto response = co_await attempt(job, *url, headers);
        if (!response || !isRedirect(response->status) || !mayFollow || job.request.maxRedirects == 0)
            co_return response;
        auto next = resolveLocation(*url, response->headers.value("Location"));
        if (redirects == job.request.maxRedirects || !next ||
            (url->origin.scheme == "https" && next->origin.scheme == "http"))
            co_return fail(ErrorCode::unavailable,
                           QStringLiteral("The other side redirects in a way that is not followed."));
        if (!sameOrigin(*next, first)) {
            headers.remove("Authorization");
            headers.remove("Cookie");
        }
        url = std::move(next);
    }
}

// A pooled connection may die between the check and the write. Only what changes nothing is sent again then: a message
// that went out twice would be worse than one that is reported as uncertain.
asio::awaitable<Result<ClientResponse>> Client::Impl::attempt(Job& job, const Url& url, const Fields& headers)
{
    const bool repeatable = job.request.method == "GET" || job.request.method == "HEAD";
    if (takePooled(job, url.origin)) {
        auto response = co_await exchange(job, url, headers);
        const bool dead = !response && response.error().code == ErrorCode::unavailable;
        if (!dead || !repeatable)
            co_return response;
    }
    if (Status connected = co_await connect(job, url); !connected)
        co_return tl::unexpected(connected.error());
    co_return co_await exchange(job, url, headers);
}

bool Client::Impl::takePooled(Job& job, const Origin& origin)
{
    const auto found = pool_.find(origin);
    if (found == pool_.end())
        return false;
    auto& idle = found->second;
    const auto now = std::chrono::steady_clock::now();
    while (!idle.empty()) {
        PooledConnection candidate = std::move(idle.back());
        idle.pop_back();
        if (candidate.idleUntil > now && stillOpen(*candidate.transport)) {
            job.transport = std::move(candidate.transport);
            return true;
        }
    }
    pool_.erase(found);
    return false;
}

void Client::Impl::giveBack(Job& job, const Origin& origin)
{
    auto& idle = pool_[origin];
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(idle, [now](const PooledConnection& one) { return one.idleUntil <= now; });
    if (idle.size() < maxIdlePerOrigin && !stopping_)
        idle.push_back({std::move(job.transport), now + options_.poolIdle});
    job.transport.reset();
}

asio::awaitable<Status> Client::Impl::connect(Job& job, const Url& url)
{
    const bool secured = url.origin.scheme == "https";
    if (secured && !tlsReady_)
        co_return tlsReady_;
    const auto [resolveError, found] =
        co_await job.resolver.async_resolve(url.origin.host.toStdString(), std::to_string(url.origin.port), awaitTuple);
    if (resolveError || job.timedOut || job.cancelled)
        co_return cutShort(job, ErrorCode::network,
                           QStringLiteral("The name of the other side could not be looked up."));
    // Checked on the addresses, not the name: a name may be made to point anywhere.
    std::vector<tcp::endpoint> endpoints;
    for (const auto& entry : found) {
        if (secured || entry.endpoint().address().is_loopback())
            endpoints.push_back(entry.endpoint());
    }
    if (endpoints.empty())
        co_return fail(ErrorCode::denied,
                       QStringLiteral("Plain http is used on loopback only; give an https address."));
    tcp::socket& socket = job.connecting.emplace(context_);
    const auto [connectError, endpoint] = co_await asio::async_connect(socket, endpoints, awaitTuple);
    if (connectError || job.timedOut || job.cancelled)
        co_return cutShort(job, ErrorCode::network, QStringLiteral("The other side cannot be reached."));
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    tcp::socket connected = std::move(socket);
    job.connecting.reset();
    co_return co_await secure(job, std::move(connected), url);
}

asio::awaitable<Status> Client::Impl::secure(Job& job, tcp::socket socket, const Url& url)
{
    if (url.origin.scheme == "http")
        job.transport = plainTransport(std::move(socket));
    else
        job.transport = tlsClientTransport(std::move(socket), tls_, url.origin.host.toStdString());
    if (!job.transport)
        co_return fail(ErrorCode::internal, QStringLiteral("TLS cannot be set up for this address."));
    const error_code ec = co_await job.transport->handshake();
    if (ec)
        co_return cutShort(job, ErrorCode::network,
                           QStringLiteral("The other side has no certificate that this program trusts, or no TLS."));
    co_return Status();
}

asio::awaitable<Result<ClientResponse>> Client::Impl::exchange(Job& job, const Url& url, const Fields& headers)
{
    if (job.timedOut || job.cancelled)
        co_return lost(job);
    job.sent = true;
    auto received = co_await roundTrip(*job.transport, requestBytes(job.request, url, headers),
                                       job.request.method == "HEAD", job.request.maxBody, job.request.sink);
    if (!received) {
        job.transport->close();
        if (received.error() == WireFault::tooLarge)
            co_return fail(ErrorCode::tooLarge, QStringLiteral("The answer is larger than allowed."));
        if (received.error() == WireFault::malformed)
            co_return fail(ErrorCode::unavailable, QStringLiteral("The answer is not well-formed HTTP."));
        co_return lost(job);
    }
    if (received->reusable)
        giveBack(job, url.origin);
    else
        job.transport.reset();
    received->response.url = url.text();
    co_return std::move(received->response);
}

Client::Client(ClientOptions options) : impl_(std::make_shared<Impl>(std::move(options))) {}

Client::~Client()
{
    impl_->stop();
}

void Client::send(ClientRequest request, Callback callback)
{
    impl_->enqueue(std::move(request), std::move(callback));
}

} // namespace holdfast::http

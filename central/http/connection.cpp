#include "central/http/detail/connection.h"

#include <QString>

#include <boost/asio/error.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <exception>

namespace holdfast::http {
namespace {

namespace beast = boost::beast;
using namespace std::chrono_literals;

constexpr qsizetype bodyPiece = 64 * 1024;     // of a body, charged and timed at once
constexpr qsizetype lingerBytes = 4096 * 1024; // read and dropped, so that a refusal arrives before the reset
constexpr auto lingerTime = 2s;

QByteArray bytesOf(beast::string_view view)
{
    return {view.data(), static_cast<qsizetype>(view.size())};
}

Response badRequest()
{
    return Response::error(400, "bad_request", QStringLiteral("The request is not well formed."));
}

Response tryLater(const QString& words)
{
    Response later = Response::error(503, "unavailable", words);
    later.headers.set("Retry-After", "1");
    return later;
}

using HeadParser = beast::http::request_parser<beast::http::empty_body>;

bool splitTarget(const QByteArray& target, Request& request)
{
    const bool printable = std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7f; });
    if (!target.startsWith('/') || target.contains('#') || !printable)
        return false;
    const qsizetype mark = target.indexOf('?');
    request.path = mark < 0 ? target : target.left(mark);
    if (mark >= 0)
        request.query = target.mid(mark + 1);
    return true;
}

} // namespace

Connection::Connection(ServerCore& core, std::shared_ptr<Gate> gate, std::unique_ptr<Transport> transport,
                       QByteArray peer)
    : core_(core), gate_(std::move(gate)), transport_(std::move(transport)), peer_(std::move(peer)),
      event_(transport_->socket().get_executor()), deadline_(transport_->socket().get_executor())
{}

asio::awaitable<void> Connection::run()
{
    limitTime(core_.limits.handshake);
    const error_code failed = co_await transport_->handshake();
    if (!failed && !closed_) {
        std::chrono::milliseconds patience = core_.limits.header;
        while (co_await serveOne(patience))
            patience = core_.limits.idle;
        co_await linger();
    }
    abort();
}

void Connection::drain()
{
    closing_ = true;
    if (idle_)
        abort();
    if (slot_)
        slot_->drain();
}

void Connection::abort()
{
    closed_ = true;
    ended_ = true;
    deadline_.disarm();
    transport_->close();
    event_.wake();
}

void Connection::limitTime(std::chrono::milliseconds time)
{
    deadline_.arm(time, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) {
            ++self->core_.timedOut;
            self->abort();
        }
    });
}

std::function<void()> Connection::waker()
{
    return [weak = weak_from_this()] {
        if (const auto self = weak.lock())
            self->event_.wake();
    };
}

void Connection::startRead()
{
    if (reading_ || ended_)
        return;
    reading_ = true;
    transport_->read(asio::buffer(readPiece_), [self = shared_from_this()](error_code ec, std::size_t size) {
        self->reading_ = false;
        self->received_.append(self->readPiece_.data(), static_cast<qsizetype>(size));
        if (ec) {
            self->ended_ = true;
            // After a plain end of file the peer may still read; after anything else it cannot.
            self->closed_ = self->closed_ || ec != asio::error::eof;
        }
        self->event_.wake();
    });
}

// False when the peer sent all that it will.
asio::awaitable<bool> Connection::moreBytes()
{
    const qsizetype before = received_.size();
    while (received_.size() == before && !ended_) {
        startRead();
        co_await event_.wait();
    }
    co_return received_.size() != before;
}

// One request from its first byte to its answer; false when the connection is to end.
// Nothing but the deadline ends a wait for bytes: a cut socket completes the read under way.
asio::awaitable<bool> Connection::serveOne(std::chrono::milliseconds patience)
{
    if (closing_ && received_.isEmpty())
        co_return false; // the drain came while the last answer was written
    if (received_.isEmpty()) {
        idle_ = true;
        limitTime(patience);
        const bool more = co_await moreBytes();
        idle_ = false;
        if (!more)
            co_return false;
    }
    limitTime(core_.limits.header);
    auto head = co_await readHead();
    deadline_.disarm();
    if (!head || closed_)
        co_return false;
    ++core_.requests;
    if (head->refusal)
        co_return co_await refuse(*head, std::move(*head->refusal));
    Router::Match match = core_.router.match(head->request);
    if (!match.route)
        co_return co_await refuse(*head, std::move(match.refusal));
    co_return co_await handle(*head, *match.route);
}

asio::awaitable<std::optional<Connection::Head>> Connection::readHead()
{
    // Beast checks the grammar (RFC 9112: field names, obs-fold, differing lengths); the body is read by hand below,
    // straight into the request, because its length is always known.
    HeadParser parser;
    parser.header_limit(static_cast<std::uint32_t>(core_.limits.headerBytes));
    parser.body_limit(boost::none); // the route's limit is checked against Content-Length
    Head head;
    while (!parser.is_header_done()) {
        if (received_.isEmpty() && !co_await moreBytes())
            co_return std::nullopt;
        error_code ec;
        const auto used = parser.put(asio::buffer(received_.constData(), static_cast<size_t>(received_.size())), ec);
        received_.remove(0, static_cast<qsizetype>(used));
        if (ec == beast::http::error::need_more) {
            if (!co_await moreBytes())
                co_return std::nullopt;
        } else if (ec) {
            const bool tooLong = ec == beast::http::error::header_limit;
            head.refusal =
                tooLong ? Response::error(431, "too_large", QStringLiteral("The header is too long.")) : badRequest();
            co_return head;
        }
    }
    Request& request = head.request;
    request.method = bytesOf(parser.get().method_string());
    request.peer = peer_;
    for (const auto& field : parser.get())
        request.headers.add(bytesOf(field.name_string()), bytesOf(field.value()));
    head.version10 = parser.get().version() < 11;
    head.keepAlive = parser.get().keep_alive() && !head.version10;
    head.bodySize = static_cast<qint64>(std::min<std::uint64_t>(parser.content_length().value_or(0), 1ULL << 62));
    head.wantsContinue = request.headers.value("Expect").compare("100-continue", Qt::CaseInsensitive) == 0;
    if (request.headers.contains("Transfer-Encoding"))
        head.refusal = Response::error(411, "length_required", QStringLiteral("Send the body with Content-Length."));
    else if (!splitTarget(bytesOf(parser.get().target()), request) ||
             (!head.version10 && !request.headers.contains("Host")))
        head.refusal = badRequest();
    if (head.refusal)
        head.keepAlive = false;
    co_return head;
}

// What the peer still sends of this request is not read, so the connection cannot go on after it.
asio::awaitable<bool> Connection::refuse(const Head& head, Response response)
{
    Head last{{}, {}, 0, head.keepAlive && head.bodySize == 0, head.version10, false};
    last.request.method = head.request.method;
    co_return co_await writeResponse(last, std::move(response));
}

asio::awaitable<bool> Connection::handle(Head& head, const Route& route)
{
    if (route.options.admit) {
        if (auto refusal = route.options.admit(head.request))
            co_return co_await refuse(head, std::move(*refusal));
    }
    if (head.bodySize > route.options.bodyLimit)
        co_return co_await refuse(head, Response::error(413, "too_large", QStringLiteral("The body is too large.")));
    if (closing_)
        co_return co_await refuse(head, tryLater(QStringLiteral("The service is closing.")));
    BudgetShare share(core_.bodies, peer_);
    bool fits = true;
    if (!co_await readBody(head, share, fits))
        co_return false;
    if (!fits) {
        ++core_.shed;
        co_return co_await refuse(head, tryLater(QStringLiteral("Too much at once; try again shortly.")));
    }
    co_return co_await handOver(head, route);
}

// The memory grows with what came, not with what was claimed, and each piece has a time of its own: whoever would hold
// much must send much. `fits` is false when there is no room for more; the rest is then not read.
asio::awaitable<bool> Connection::readBody(Head& head, BudgetShare& share, bool& fits)
{
    if (head.bodySize == 0)
        co_return true;
    bool invited = !head.wantsContinue || !received_.isEmpty();
    QByteArray& body = head.request.body;
    while (body.size() < head.bodySize) {
        const auto piece = std::min<qsizetype>(bodyPiece, head.bodySize - body.size());
        fits = share.take(piece);
        if (!fits)
            co_return true;
        if (!std::exchange(invited, true) && !co_await writeAll("HTTP/1.1 100 Continue\r\n\r\n"))
            co_return false;
        limitTime(core_.limits.body);
        if (!co_await readPieceOfBody(body, body.size() + piece))
            co_return false;
        deadline_.disarm();
    }
    co_return true;
}

asio::awaitable<bool> Connection::readPieceOfBody(QByteArray& body, qsizetype upTo)
{
    // A read that began while the last request was handled may still be under way, and there is only ever one.
    while (reading_ && received_.size() < upTo - body.size())
        co_await event_.wait();
    if (closed_)
        co_return false;
    qsizetype have = body.size();
    const qsizetype ready = std::min(received_.size(), upTo - have);
    body.resize(upTo);
    std::copy_n(received_.constData(), ready, body.data() + have);
    received_.remove(0, ready);
    have += ready;
    while (have < upTo) {
        const auto room = asio::buffer(body.data() + have, static_cast<size_t>(upTo - have));
        const auto [ec, size] = co_await readSome(*transport_, room);
        have += static_cast<qsizetype>(size);
        if (ec || closed_)
            co_return false;
    }
    co_return true;
}

// While a handler has the request a read stays open: it is how a peer that goes away is noticed, and what it brings
// is the next request.
asio::awaitable<bool> Connection::handOver(Head& head, const Route& route)
{
    slot_ = std::make_shared<AnswerSlot>(gate_, waker());
    Request request = std::move(head.request);
    head.request.method = request.method;
    try {
        route.handler(std::move(request), Responder(std::make_shared<Exchange>(slot_)));
    } catch (const std::exception&) {
        slot_->complete(Response::error(500, "internal", QStringLiteral("The request failed.")));
    }
    if (closing_)
        slot_->drain();
    bool told = false;
    while (!slot_->answered() && !closed_) {
        if (received_.size() < core_.limits.headerBytes)
            startRead();
        if (ended_ && !told) {
            // A peer that only finished sending (half-close) still gets its answer, unless the handler watches for it.
            told = true;
            closed_ = closed_ || slot_->watchesGone();
            slot_->peerGone();
            continue;
        }
        co_await event_.wait();
    }
    const std::shared_ptr<AnswerSlot> slot = std::exchange(slot_, nullptr);
    if (closed_) {
        slot->abandon();
        co_return false;
    }
    auto answer = slot->take();
    if (auto* response = std::get_if<Response>(&*answer))
        co_return co_await writeResponse(head, std::move(*response));
    co_return co_await writeStream(head, std::move(std::get<StreamAnswer>(*answer)));
}

asio::awaitable<void> Connection::linger()
{
    error_code ignored;
    transport_->socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    limitTime(lingerTime);
    qsizetype dropped = 0;
    while (!ended_ && dropped < lingerBytes) {
        dropped += received_.size();
        received_.clear();
        if (!co_await moreBytes())
            break;
    }
}

} // namespace holdfast::http

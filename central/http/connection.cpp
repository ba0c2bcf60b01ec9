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

constexpr qsizetype writePiece = 64 * 1024;
constexpr qint64 slowestBody = 16 * 1024;      // bytes per second
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

QByteArray headBytes(int status, const Fields& fields)
{
    QByteArray out = "HTTP/1.1 " + QByteArray::number(status) + ' ' + reasonPhrase(status) + "\r\n";
    for (const Fields::Field& field : fields)
        out += field.name + ": " + field.value + "\r\n";
    return out += "\r\n";
}

// The fields that frame the message are the connection's own business.
void frame(Fields& fields, std::optional<qint64> size, bool keepAlive)
{
    for (const char* name : {"Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive"})
        fields.remove(name);
    if (size)
        fields.add("Content-Length", QByteArray::number(*size));
    fields.add("Connection", keepAlive ? "keep-alive" : "close");
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

asio::awaitable<bool> Connection::serveOne(std::chrono::milliseconds patience)
{
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
    if (!core_.bodies.take(head.bodySize)) {
        Response later = Response::error(503, "unavailable", QStringLiteral("Too much at once; try again shortly."));
        later.headers.set("Retry-After", "1");
        co_return co_await refuse(head, std::move(later));
    }
    bool goOn = co_await readBody(head);
    if (goOn)
        goOn = co_await handOver(head, route);
    core_.bodies.give(head.bodySize);
    co_return goOn;
}

asio::awaitable<bool> Connection::readBody(Head& head)
{
    if (head.bodySize == 0)
        co_return true;
    if (head.wantsContinue && received_.isEmpty() && !co_await writeAll("HTTP/1.1 100 Continue\r\n\r\n"))
        co_return false;
    limitTime(core_.limits.bodyBase + std::chrono::milliseconds(head.bodySize * 1000 / slowestBody));
    // A read that began while the last request was handled may still be under way, and there is only ever one.
    while (reading_ && received_.size() < head.bodySize)
        co_await event_.wait();
    if (closed_)
        co_return false;
    QByteArray& body = head.request.body;
    body = QByteArray(head.bodySize, Qt::Uninitialized);
    qsizetype have = std::min<qsizetype>(received_.size(), head.bodySize);
    std::copy_n(received_.constData(), have, body.data());
    received_.remove(0, have);
    while (have < head.bodySize) {
        const auto room = asio::buffer(body.data() + have, static_cast<size_t>(head.bodySize - have));
        const auto [ec, size] = co_await readSome(*transport_, room);
        have += static_cast<qsizetype>(size);
        if (ec || closed_)
            co_return false;
    }
    deadline_.disarm();
    co_return true;
}

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

asio::awaitable<bool> Connection::writeResponse(const Head& head, Response response)
{
    const bool keepAlive = head.keepAlive && !closing_ && !ended_;
    const bool bodiless = response.status == 204 || response.status == 304;
    frame(response.headers, bodiless ? std::nullopt : std::optional<qint64>(response.body.size()), keepAlive);
    QByteArray bytes = headBytes(response.status, response.headers);
    const bool withBody = !bodiless && head.request.method != "HEAD";
    if (withBody && response.body.size() <= writePiece) {
        bytes += response.body; // one packet for the usual small answer
        co_return co_await writeAll(std::move(bytes)) && keepAlive;
    }
    if (!co_await writeAll(std::move(bytes)))
        co_return false;
    if (withBody && !co_await writeAll(std::move(response.body)))
        co_return false;
    co_return keepAlive;
}

asio::awaitable<bool> Connection::writeStream(const Head& head, StreamAnswer answer)
{
    const bool chunked = !answer.head.size && !head.version10;
    const bool keepAlive = head.keepAlive && !closing_ && !ended_;
    Fields& fields = answer.head.headers;
    frame(fields, answer.head.size, keepAlive);
    if (chunked)
        fields.add("Transfer-Encoding", "chunked");
    if (!co_await writeAll(headBytes(answer.head.status, fields)))
        co_return false;
    if (head.request.method == "HEAD")
        co_return keepAlive;
    qint64 left = answer.head.size.value_or(std::numeric_limits<qint64>::max());
    while (true) {
        auto pulled = co_await pullChunk(answer.source);
        if (!pulled || pulled->kind == PullResult::Kind::abort)
            break;
        const bool end = pulled->kind == PullResult::Kind::end;
        left -= pulled->chunk.size();
        if (left < 0 || (end && answer.head.size && left != 0))
            break; // the source does not keep to its size: cut, so that the peer does not take it for whole
        QByteArray bytes = std::move(pulled->chunk);
        if (chunked)
            bytes = end ? QByteArray("0\r\n\r\n") : QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n";
        if (!bytes.isEmpty() && !co_await writeAll(std::move(bytes)))
            break;
        if (end)
            co_return keepAlive;
    }
    abort();
    co_return false;
}

asio::awaitable<std::optional<PullResult>> Connection::pullChunk(const ChunkSource& source)
{
    const auto slot = std::make_shared<PullSlot>(gate_, waker());
    try {
        source(ChunkSink(std::make_shared<Pull>(slot)));
    } catch (const std::exception&) {
        co_return std::nullopt;
    }
    while (!closed_) {
        if (auto result = slot->take())
            co_return result;
        if (received_.size() < core_.limits.headerBytes)
            startRead(); // so that a peer that went away ends the stream
        co_await event_.wait();
    }
    co_return std::nullopt;
}

asio::awaitable<bool> Connection::writeAll(QByteArray bytes)
{
    for (qsizetype at = 0; at < bytes.size() && !closed_; at += writePiece) {
        limitTime(core_.limits.write);
        const auto size = static_cast<size_t>(std::min(writePiece, bytes.size() - at));
        const error_code ec = co_await transport_->write(asio::buffer(bytes.constData() + at, size));
        deadline_.disarm();
        if (ec) {
            abort();
            co_return false;
        }
    }
    co_return !closed_;
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

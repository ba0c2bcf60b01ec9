// The answering half of a connection: framing, pieces with a deadline each, streams pulled one chunk at a time.
#include "central/http/detail/connection.h"

#include <QString>

#include <algorithm>
#include <exception>
#include <limits>

namespace holdfast::http {
namespace {

// A peer must take this much within ServerLimits::write, so that a slow reader is told from a dead one.
constexpr qsizetype writePiece = 64 * 1024;

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

} // namespace

asio::awaitable<bool> Connection::writeResponse(const Head& head, Response response)
{
    BudgetShare share(core_.answers, peer_);
    if (response.body.size() > writePiece && !share.take(response.body.size())) {
        ++core_.shed;
        response = Response::error(503, "unavailable", QStringLiteral("Too much at once; try again shortly."));
        response.headers.set("Retry-After", "1");
    }
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

} // namespace holdfast::http

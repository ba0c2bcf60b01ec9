// Inside http only (includes Boost): one accepted connection, a coroutine on one io thread.
#pragma once

#include "central/http/detail/transport.h"
#include "central/http/exchange.h"
#include "central/http/server_core.h"

#include <array>

namespace holdfast::http {

// Owned by its coroutine and by the operations under way. All calls on its io thread.
class Connection : public std::enable_shared_from_this<Connection>
{
public:
    Connection(ServerCore& core, std::shared_ptr<Gate> gate, std::unique_ptr<Transport> transport, QByteArray peer);

    [[nodiscard]] asio::awaitable<void> run();
    void drain(); // answers what is parked, ends after the present request
    void abort(); // cuts at once

private:
    struct Head // a request without its body
    {
        Request request;
        std::optional<Response> refusal; // set: answer this and read no more
        qint64 bodySize = 0;
        bool keepAlive = false;
        bool version10 = false;
        bool wantsContinue = false;
    };

    [[nodiscard]] asio::awaitable<bool> serveOne(std::chrono::milliseconds patience);
    [[nodiscard]] asio::awaitable<bool> moreBytes();
    [[nodiscard]] asio::awaitable<std::optional<Head>> readHead();
    [[nodiscard]] asio::awaitable<bool> readBody(Head& head, BudgetShare& share, bool& fits);
    [[nodiscard]] asio::awaitable<bool> readPieceOfBody(QByteArray& body, qsizetype upTo);
    [[nodiscard]] asio::awaitable<bool> handle(Head& head, const Route& route);
    [[nodiscard]] asio::awaitable<bool> handOver(Head& head, const Route& route);
    [[nodiscard]] asio::awaitable<bool> refuse(const Head& head, Response response);
    [[nodiscard]] asio::awaitable<bool> writeResponse(const Head& head, Response response);
    [[nodiscard]] asio::awaitable<bool> writeStream(const Head& head, StreamAnswer answer);
    [[nodiscard]] asio::awaitable<std::optional<PullResult>> pullChunk(const ChunkSource& source);
    [[nodiscard]] asio::awaitable<bool> writeAll(QByteArray bytes);
    [[nodiscard]] asio::awaitable<void> linger();
    void startRead();
    void limitTime(std::chrono::milliseconds time);
    [[nodiscard]] std::function<void()> waker();

    ServerCore& core_;
    const std::shared_ptr<Gate> gate_;
    const std::unique_ptr<Transport> transport_;
    const QByteArray peer_;
    Event event_;
    Deadline deadline_;
    QByteArray received_;                // read and not yet parsed
    std::array<char, 2048> readPiece_{}; // small, because thousands of connections wait in a read
    std::shared_ptr<AnswerSlot> slot_;   // set while a handler has the request
    bool reading_ = false;
    bool ended_ = false;   // the peer sends no more, or the socket is closed
    bool closed_ = false;  // nothing can be written any more either
    bool closing_ = false; // no further request on this connection
    bool idle_ = false;    // between requests, nothing received
};

} // namespace holdfast::http

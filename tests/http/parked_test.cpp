#include "tests/http/http_fixture.h"
#include "tests/http/raw_socket.h"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <thread>

using namespace holdfast;
using namespace holdfast::http;
using namespace holdfast::test;
using namespace std::chrono_literals;

namespace {

// Keeps every Responder that comes, as a long poll's hub does.
class Lot
{
public:
    [[nodiscard]] Handler handler()
    {
        return [this](Request, Responder responder) {
            responder.onGone([this] {
                const std::lock_guard lock(mutex_);
                ++gone_;
                changed_.notify_all();
            });
            responder.onDraining([this, responder] {
                ++drained_;
                responder.respond(Response::empty(204));
            });
            const std::lock_guard lock(mutex_);
            parked_.push_back(std::move(responder));
            changed_.notify_all();
        };
    }
    [[nodiscard]] bool waitParked(size_t count)
    {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 20s, [&] { return parked_.size() >= count; });
    }
    [[nodiscard]] bool waitGone(int count)
    {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 20s, [&] { return gone_ >= count; });
    }
    [[nodiscard]] std::vector<Responder> takeAll()
    {
        const std::lock_guard lock(mutex_);
        return std::exchange(parked_, {});
    }
    [[nodiscard]] int drained() const { return drained_; }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Responder> parked_;
    int gone_ = 0;
    std::atomic<int> drained_ = 0;
};

const QByteArray poll = "GET /poll HTTP/1.1\r\nHost: a\r\n\r\n";

Router pollRouter(Lot& lot)
{
    Router router;
    router.add("GET", "/poll", lot.handler());
    return router;
}

} // namespace

TEST_CASE("A parked request is completed from another thread, once")
{
    Lot lot;
    Server server({}, pollRouter(lot));
    REQUIRE(server.start());
    RawSocket socket = RawSocket::connectTo(server.port());
    REQUIRE(socket.send(poll));
    REQUIRE(lot.waitParked(1));
    std::thread other([&lot] {
        for (const Responder& responder : lot.takeAll()) {
            responder.respond(Response::text(200, "first"));
            responder.respond(Response::text(200, "second"));
        }
    });
    other.join();
    CHECK(socket.readUntil("first", 10s).contains("200 OK"));
    REQUIRE(socket.send(poll)); // the connection goes on
    REQUIRE(lot.waitParked(1));
    lot.takeAll().front().respond(Response::text(200, "third"));
    const QByteArray next = socket.readUntil("third", 10s);
    CHECK(next.contains("200 OK"));
    CHECK_FALSE(next.contains("second"));
}

TEST_CASE("The handler learns that a parked peer went away, by a close and by a reset")
{
    Lot lot;
    Server server({}, pollRouter(lot));
    REQUIRE(server.start());
    RawSocket closing = RawSocket::connectTo(server.port());
    REQUIRE(closing.send(poll));
    RawSocket resetting = RawSocket::connectTo(server.port());
    REQUIRE(resetting.send(poll));
    REQUIRE(lot.waitParked(2));
    closing.close();
    REQUIRE(lot.waitGone(1));
    resetting.reset();
    REQUIRE(lot.waitGone(2));
    for (const Responder& responder : lot.takeAll())
        responder.respond(Response::text(200, "nobody")); // harmless
}

TEST_CASE("A peer that only finished sending still gets its answer")
{
    Promised<Responder> kept;
    Router router;
    router.add("GET", "/poll", [&kept](Request, Responder responder) { kept.give(std::move(responder)); });
    Server server({}, std::move(router));
    REQUIRE(server.start());
    RawSocket socket = RawSocket::connectTo(server.port());
    REQUIRE(socket.send(poll));
    socket.finishSending();
    auto responder = kept.get();
    REQUIRE(responder);
    responder->respond(Response::text(200, "late"));
    CHECK(socket.readToEnd(10s).endsWith("late"));
}

TEST_CASE("A body that begins behind a parked request and ends after its answer stays in order")
{
    Lot lot;
    Router router = pollRouter(lot);
    router.add("POST", "/echo",
               [](Request request, Responder responder) { responder.respond(Response::text(200, request.body)); });
    Server server({}, std::move(router));
    REQUIRE(server.start());
    RawSocket socket = RawSocket::connectTo(server.port());
    REQUIRE(
        socket.send(poll + "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n" + QByteArray(1000, '1')));
    REQUIRE(lot.waitParked(1));
    lot.takeAll().front().respond(Response::text(200, "news"));
    REQUIRE(socket.readUntil("news", 10s).endsWith("news"));
    REQUIRE(socket.send(QByteArray(2000, '2')));
    REQUIRE(socket.send(QByteArray(2000, '3')));
    const QByteArray body = QByteArray(1000, '1') + QByteArray(2000, '2') + QByteArray(2000, '3');
    CHECK(socket.readUntil(QByteArray(2000, '3'), 10s).endsWith("\r\n\r\n" + body));
}

TEST_CASE("Two hundred polls park on two threads and all get their answer")
{
    Lot lot;
    Server server({}, pollRouter(lot));
    REQUIRE(server.start());
    std::vector<RawSocket> sockets;
    for (int i = 0; i < 200; ++i) {
        sockets.push_back(RawSocket::connectTo(server.port()));
        REQUIRE(sockets.back().send(poll));
    }
    REQUIRE(lot.waitParked(200));
    CHECK(server.counters().open == 200);
    for (const Responder& responder : lot.takeAll())
        responder.respond(Response::text(200, "news"));
    int answered = 0;
    for (RawSocket& socket : sockets)
        answered += socket.readUntil("news", 10s).endsWith("news") ? 1 : 0;
    CHECK(answered == 200);
}

TEST_CASE("Stopping drains what is parked with 204 and close, and closes what is idle")
{
    Lot lot;
    Server server({}, pollRouter(lot));
    REQUIRE(server.start());
    RawSocket parked = RawSocket::connectTo(server.port());
    REQUIRE(parked.send(poll));
    RawSocket idle = RawSocket::connectTo(server.port());
    REQUIRE(lot.waitParked(1));
    const auto start = std::chrono::steady_clock::now();
    server.stop();
    CHECK(std::chrono::steady_clock::now() - start < 4s); // not the drain limit of 5 s
    CHECK(lot.drained() == 1);
    const QByteArray answer = parked.readToEnd(5s);
    CHECK(answer.startsWith("HTTP/1.1 204"));
    CHECK(answer.contains("Connection: close"));
    CHECK(idle.closedByPeer(5s));
}

TEST_CASE("While it stops, a server answers what it has and takes nothing new")
{
    Promised<Responder> kept;
    Router router;
    std::atomic<int> handled = 0;
    router.add("GET", "/slow", [&kept](Request, Responder responder) { kept.give(std::move(responder)); });
    router.add("GET", "/new", [&handled](Request, Responder responder) {
        ++handled;
        responder.respond(Response::text(200, "new"));
    });
    ServerOptions options;
    options.threads = 1; // so that what was sent first was read first
    Server server(options, std::move(router));
    REQUIRE(server.start());
    RawSocket half = RawSocket::connectTo(server.port());
    REQUIRE(half.send("GET /new HTTP/1.1\r\n")); // a request that is not whole when the end begins
    RawSocket slow = RawSocket::connectTo(server.port());
    REQUIRE(slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /new HTTP/1.1\r\nHost: a\r\n\r\n"));
    auto responder = kept.get();
    REQUIRE(responder);
    server.beginStop();
    Promised<bool> draining;
    responder->onDraining([&draining, &responder] {
        draining.give(true);
        responder->respond(Response::text(200, "finished"));
    });
    REQUIRE(draining.get());
    REQUIRE(half.send("Host: a\r\n\r\n"));
    CHECK(half.readToEnd(5s).startsWith("HTTP/1.1 503"));
    server.stop();
    const QByteArray answers = slow.readToEnd(5s);
    CHECK(answers.startsWith("HTTP/1.1 200"));
    CHECK(answers.endsWith("finished"));
    CHECK(answers.contains("Connection: close"));
    CHECK(handled == 0);
}

TEST_CASE("Stopping cuts what is not answered in time, and late answers are harmless")
{
    ServerLimits limits;
    limits.drain = 200ms;
    ServerOptions options;
    options.limits = limits;
    Promised<Responder> kept;
    Router router;
    router.add("GET", "/poll", [&kept](Request, Responder responder) { kept.give(std::move(responder)); });
    Server server(options, std::move(router));
    REQUIRE(server.start());
    RawSocket socket = RawSocket::connectTo(server.port());
    REQUIRE(socket.send(poll));
    auto responder = kept.get();
    REQUIRE(responder);
    server.stop();
    CHECK(socket.closedByPeer(5s));
    bool told = false;
    responder->onGone([&told] { told = true; });
    CHECK(told);
    responder->respond(Response::text(200, "too late"));
}

TEST_CASE("A stream is pulled piece by piece, with its size or in chunks")
{
    std::atomic<int> pulls = 0;
    Router router;
    const auto source = [&pulls](int pieces) {
        return [&pulls, left = std::make_shared<int>(pieces)](ChunkSink sink) {
            ++pulls;
            if ((*left)-- > 0)
                std::thread([sink] { sink.send(QByteArray(100'000, 'p')); }).detach();
            else
                sink.end();
        };
    };
    router.add("GET", "/sized", [source](Request, Responder responder) {
        responder.stream({200, {{"Content-Type", "application/octet-stream"}}, 500'000}, source(5));
    });
    router.add("GET", "/chunked", [source](Request, Responder responder) { responder.stream({}, source(5)); });
    router.add("GET", "/short", [source](Request, Responder responder) {
        responder.stream({200, {}, 600'000}, source(5));
    });
    router.add("GET", "/long", [source](Request, Responder responder) {
        responder.stream({200, {}, 400'000}, source(5));
    });
    router.add("GET", "/dropped", [](Request, Responder responder) { responder.stream({}, [](ChunkSink) {}); });
    Server server({}, std::move(router));
    REQUIRE(server.start());
    Client client({});
    for (const QByteArray path : {"/sized", "/chunked"}) {
        pulls = 0;
        const auto answer = call(client, getOf(server.port(), path));
        REQUIRE(answer);
        CHECK(answer->body == QByteArray(500'000, 'p'));
        // The client has its whole body before the server comes for the end of the stream.
        const auto deadline = std::chrono::steady_clock::now() + 5s;
        while (pulls < 6 && std::chrono::steady_clock::now() < deadline)
            std::this_thread::yield();
        CHECK(pulls == 6);
    }
    // A source that does not keep to its size, or gives up, must not look like a whole answer.
    for (const QByteArray path : {"/short", "/dropped"}) {
        const auto answer = call(client, getOf(server.port(), path));
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == ErrorCode::unavailable);
    }
}

TEST_CASE("A stream never sends more than the size it announced")
{
    Router router;
    router.add("GET", "/long", [](Request, Responder responder) {
        responder.stream({200, {}, 150}, [](ChunkSink sink) { sink.send(QByteArray(100, 'p')); });
    });
    Server server({}, std::move(router));
    REQUIRE(server.start());
    RawSocket socket = RawSocket::connectTo(server.port());
    REQUIRE(socket.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n"));
    const QByteArray all = socket.readToEnd(10s);
    CHECK(all.endsWith("\r\n\r\n" + QByteArray(100, 'p')));
}

TEST_CASE("A stream is not pulled ahead of a peer that does not read")
{
    std::atomic<int> pulls = 0;
    Router router;
    router.add("GET", "/endless", [&pulls](Request, Responder responder) {
        responder.stream({}, [&pulls](ChunkSink sink) {
            ++pulls;
            sink.send(QByteArray(1'000'000, 'e'));
        });
    });
    ServerLimits limits;
    limits.write = 300ms;
    ServerOptions options;
    options.limits = limits;
    Server server(options, std::move(router));
    REQUIRE(server.start());
    RawSocket socket = RawSocket::connectTo(server.port());
    REQUIRE(socket.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n"));
    const auto due = std::chrono::steady_clock::now() + 20s;
    while (server.counters().timedOut == 0 && std::chrono::steady_clock::now() < due)
        std::this_thread::yield();
    CHECK(server.counters().timedOut == 1); // the write was cut
    CHECK(pulls < 64);                      // only what the kernel's buffers took, not without end
}

#include "central/http/server.h"
#include "tests/http/http_fixture.h"
#include "tests/http/raw_socket.h"

#include <catch2/catch_test_macros.hpp>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

using namespace holdfast;
using namespace holdfast::http;
using namespace holdfast::test;
using namespace std::chrono_literals;

namespace {

Router echoRouter()
{
    Router router;
    router.add("POST", "/echo",
               [](Request request, Responder responder) { responder.respond(Response::text(200, request.body)); });
    router.add("POST", "/small",
               [](Request request, Responder responder) { responder.respond(Response::text(200, request.body)); },
               {.bodyLimit = 10, .admit = {}});
    router.add("GET", "/things/{id}/parts/{n}", [](Request request, Responder responder) {
        responder.respond(Response::text(200, request.parameter("id") + '|' + request.parameter("n")));
    });
    router.add("GET", "/things/{id}/parts/first",
               [](Request, Responder responder) { responder.respond(Response::text(200, "the first")); });
    router.add("GET", "/throws", [](Request, Responder) { throw std::runtime_error("on purpose"); });
    router.add("GET", "/drops", [](Request, Responder) {});
    return router;
}

ServerOptions optionsWith(const ServerLimits& limits)
{
    ServerOptions options;
    options.limits = limits;
    return options;
}

QByteArray ask(quint16 port, const QByteArray& bytes)
{
    RawSocket socket = RawSocket::connectTo(port);
    REQUIRE(socket.send(bytes));
    return socket.readToEnd(10s);
}

} // namespace

TEST_CASE("A server answers, keeps the connection and says when it does not")
{
    Server server({}, echoRouter());
    REQUIRE(server.start());
    REQUIRE(server.port() != 0);
    RawSocket socket = RawSocket::connectTo(server.port());
    for (int i = 0; i < 3; ++i) {
        REQUIRE(socket.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"));
        const QByteArray answer = socket.readUntil("hello", 10s);
        CHECK(answer.startsWith("HTTP/1.1 200 OK\r\n"));
        CHECK(answer.contains("Content-Length: 5\r\n"));
        CHECK(answer.contains("Connection: keep-alive"));
    }
    REQUIRE(socket.send("POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbye"));
    const QByteArray last = socket.readToEnd(10s);
    CHECK(last.contains("Connection: close"));
    CHECK(last.endsWith("bye"));
    CHECK(server.counters().requests == 4);
    CHECK(server.counters().accepted == 1);
}

TEST_CASE("The router prefers exact segments, decodes parameters and refuses the rest")
{
    Server server({}, echoRouter());
    REQUIRE(server.start());
    const auto close = QByteArray(" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    CHECK(ask(server.port(), "GET /things/a%20b/parts/7" + close).endsWith("a b|7"));
    CHECK(ask(server.port(), "GET /things/a/parts/first" + close).endsWith("the first"));
    CHECK(ask(server.port(), "GET /things//parts/7" + close).startsWith("HTTP/1.1 404"));
    CHECK(ask(server.port(), "GET /things/%zz/parts/7" + close).startsWith("HTTP/1.1 400"));
    CHECK(ask(server.port(), "GET /things/%00/parts/7" + close).startsWith("HTTP/1.1 400"));
    CHECK(ask(server.port(), "GET /nothing" + close).startsWith("HTTP/1.1 404"));
    const QByteArray refused = ask(server.port(), "GET /echo" + close);
    CHECK(refused.startsWith("HTTP/1.1 405"));
    CHECK(refused.contains("Allow: POST"));
    const QByteArray head = ask(server.port(), "HEAD /things/a/parts/first" + close);
    CHECK(head.contains("Content-Length: 9"));
    CHECK(head.endsWith("\r\n\r\n"));
}

TEST_CASE("A handler that throws or forgets its answer is a 500, and the server goes on")
{
    Server server({}, echoRouter());
    REQUIRE(server.start());
    RawSocket socket = RawSocket::connectTo(server.port());
    for (const QByteArray path : {"/throws", "/drops", "/throws"}) {
        REQUIRE(socket.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n"));
        CHECK(socket.readUntil("\"}}", 10s).startsWith("HTTP/1.1 500"));
    }
}

TEST_CASE("Transfer-Encoding is refused with 411, also beside a length")
{
    Server server({}, echoRouter());
    REQUIRE(server.start());
    const QByteArray chunks = "5\r\nhello\r\n0\r\n\r\n";
    CHECK(ask(server.port(), "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
              .startsWith("HTTP/1.1 411"));
    const QByteArray both = ask(server.port(), "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n"
                                               "Transfer-Encoding: chunked\r\n\r\n" +
                                                   chunks);
    CHECK((both.startsWith("HTTP/1.1 411") || both.startsWith("HTTP/1.1 400")));
    CHECK(server.counters().requests <= 2);
}

TEST_CASE("A body over the route's limit is answered 413 without being read")
{
    Server server({}, echoRouter());
    REQUIRE(server.start());
    CHECK(
        ask(server.port(), "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n").startsWith("HTTP/1.1 413"));
    // The refusal arrives although the peer is still sending.
    CHECK(ask(server.port(),
              "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n" + QByteArray(900'000, 'x'))
              .startsWith("HTTP/1.1 413"));
    CHECK(ask(server.port(), "POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n")
              .startsWith("HTTP/1.1 400"));
    CHECK(ask(server.port(),
              "POST /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 10\r\n\r\n0123456789")
              .endsWith("0123456789"));
}

TEST_CASE("All bodies together stay within the server's budget")
{
    ServerLimits limits;
    limits.bodyBytesInFlight = 100;
    Router router;
    router.add("POST", "/echo",
               [](Request request, Responder responder) { responder.respond(Response::text(200, request.body)); });
    Server server(optionsWith(limits), std::move(router));
    REQUIRE(server.start());
    RawSocket first = RawSocket::connectTo(server.port());
    REQUIRE(first.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 80\r\n\r\n"));
    REQUIRE(first.readUntil("\r\n\r\n", 10s) == "HTTP/1.1 100 Continue\r\n\r\n");
    const QByteArray second = ask(server.port(), "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\n");
    CHECK(second.startsWith("HTTP/1.1 503"));
    CHECK(second.contains("Retry-After: 1"));
    REQUIRE(first.send(QByteArray(80, 'y')));
    CHECK(first.readUntil("yyy", 10s).contains("200 OK"));
    // Given back: the same size fits again.
    REQUIRE(first.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n" + QByteArray(100, 'z')));
    CHECK(first.readUntil("zzz", 10s).contains("200 OK"));
}

TEST_CASE("Claimed bodies hold no memory: many that only trickle do not keep a real one out")
{
    ServerLimits limits;
    limits.bodyBytesInFlight = 1024 * 1024;
    Router router;
    router.add("POST", "/echo",
               [](Request request, Responder responder) { responder.respond(Response::text(200, request.body)); },
               {4 * 1024 * 1024, {}});
    Server server(optionsWith(limits), std::move(router));
    REQUIRE(server.start());
    std::vector<RawSocket> claims;
    for (int i = 0; i < 10; ++i) {
        claims.push_back(RawSocket::connectTo(server.port()));
        REQUIRE(claims.back().send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\nx"));
    }
    const QByteArray body(100'000, 'r');
    const QByteArray real = ask(server.port(), "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                                               "Content-Length: 100000\r\n\r\n" +
                                                   body);
    CHECK(real.startsWith("HTTP/1.1 200"));
    CHECK(real.endsWith(body));
    // The control: what is charged is bounded by the budget, a piece for each.
    for (int i = 0; i < 6; ++i) {
        claims.push_back(RawSocket::connectTo(server.port()));
        REQUIRE(claims.back().send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\nx"));
    }
    QByteArray refused;
    for (int i = 0; i < 200 && !refused.startsWith("HTTP/1.1 503"); ++i)
        refused = ask(server.port(), "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                                     "Content-Length: 100000\r\n\r\n" +
                                         body);
    CHECK(refused.startsWith("HTTP/1.1 503"));
    CHECK(refused.contains("Retry-After"));
}

TEST_CASE("One address cannot take the whole budget of bodies")
{
    ServerLimits limits;
    limits.bodyBytesPerAddress = 100;
    Server server(optionsWith(limits), echoRouter());
    REQUIRE(server.start());
    const auto post = [&](int size) {
        return ask(server.port(), "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " +
                                      QByteArray::number(size) + "\r\n\r\n" + QByteArray(size, 'b'));
    };
    CHECK(post(50).startsWith("HTTP/1.1 200"));
    CHECK(post(101).startsWith("HTTP/1.1 503"));
    CHECK(post(50).startsWith("HTTP/1.1 200"));
}

TEST_CASE("A body whose pieces come in time is read to its end, however long it takes in all")
{
    ServerLimits limits;
    limits.body = 2s;
    Server server(optionsWith(limits), echoRouter());
    REQUIRE(server.start());
    RawSocket socket = RawSocket::connectTo(server.port());
    REQUIRE(socket.send("POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 50\r\n\r\n"));
    for (int i = 0; i < 50; ++i)
        REQUIRE(socket.send("y"));
    CHECK(socket.readToEnd(10s).endsWith(QByteArray(50, 'y')));
}

TEST_CASE("Who does not read a large answer is cut, and such answers have a budget")
{
    ServerLimits limits;
    limits.write = 300ms;
    limits.answerBytesInFlight = 40'000'000;
    Router router;
    router.add("GET", "/large", [](Request, Responder responder) {
        responder.respond(Response::text(200, QByteArray(30'000'000, 'l')));
    });
    Server server(optionsWith(limits), std::move(router));
    REQUIRE(server.start());
    const QByteArray request = "GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    RawSocket idle = RawSocket::connectTo(server.port());
    REQUIRE(idle.send(request));
    REQUIRE(idle.readUntil("llll", 10s).contains("200 OK")); // it is being written now
    CHECK(ask(server.port(), request).startsWith("HTTP/1.1 503"));
    CHECK(server.counters().shed == 1);
    const auto due = std::chrono::steady_clock::now() + 20s;
    while (server.counters().timedOut == 0 && std::chrono::steady_clock::now() < due)
        std::this_thread::yield();
    CHECK(server.counters().timedOut == 1);
    const QByteArray next = ask(server.port(), request); // its room was given back
    CHECK(next.startsWith("HTTP/1.1 200"));
    CHECK(next.endsWith("llll"));
}

TEST_CASE("A header that drips is cut, and so are a long one, a silent peer and a body that stops")
{
    ServerLimits limits;
    limits.header = 300ms;
    limits.idle = 200ms;
    limits.body = 200ms;
    Server server(optionsWith(limits), echoRouter());
    REQUIRE(server.start());

    SECTION("dripping")
    {
        RawSocket socket = RawSocket::connectTo(server.port());
        const auto start = std::chrono::steady_clock::now();
        bool cut = false;
        while (!cut && std::chrono::steady_clock::now() - start < 10s)
            cut = !socket.send("G") || socket.closedByPeer(60ms);
        CHECK(cut);
        CHECK(server.counters().timedOut == 1);
    }
    SECTION("silent")
    {
        RawSocket socket = RawSocket::connectTo(server.port());
        CHECK(socket.closedByPeer(10s));
    }
    SECTION("idle after an answer")
    {
        RawSocket socket = RawSocket::connectTo(server.port());
        REQUIRE(socket.send("GET /drops HTTP/1.1\r\nHost: a\r\n\r\n"));
        CHECK(socket.closedByPeer(10s));
        CHECK(server.counters().requests == 1);
    }
    SECTION("a body that stops")
    {
        RawSocket socket = RawSocket::connectTo(server.port());
        REQUIRE(socket.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nxx"));
        CHECK(socket.closedByPeer(10s));
        CHECK(server.counters().timedOut == 1);
    }
    SECTION("too long")
    {
        const QByteArray big = "GET /drops HTTP/1.1\r\nHost: a\r\nX-Filler: " + QByteArray(20'000, 'f') + "\r\n\r\n";
        CHECK(ask(server.port(), big).startsWith("HTTP/1.1 431"));
    }
}

TEST_CASE("Requests one behind the other are answered in order; garbage behind one ends the connection")
{
    Server server({}, echoRouter());
    REQUIRE(server.start());
    RawSocket socket = RawSocket::connectTo(server.port());
    REQUIRE(socket.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none"
                        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\ntwo\x01\x02garbage\r\n\r\n"));
    const QByteArray all = socket.readToEnd(10s);
    CHECK(all.indexOf("one") > 0);
    CHECK(all.indexOf("two") > all.indexOf("one"));
    CHECK(all.contains("HTTP/1.1 400"));
}

TEST_CASE("Malformed requests are 400")
{
    Server server({}, echoRouter());
    REQUIRE(server.start());
    for (const QByteArray bytes :
         {"GET nothing HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",
          "GET /echo HTTP/1.1\r\n\r\n", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
          "GET /a HTTP/9.9\r\nHost: a\r\n\r\n", "GET /a HTTP/1.1\r\nBad Name: x\r\n\r\n",
          "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
          "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"}) {
        INFO(bytes.toStdString());
        CHECK(ask(server.port(), bytes).startsWith("HTTP/1.1 400"));
    }
}

TEST_CASE("A handler cannot split its answer with a header")
{
    Router router;
    router.add("GET", "/x", [](Request, Responder responder) {
        Response response = Response::text(200, "ok");
        response.headers.add("X-Name", "a\r\nSet-Cookie: b");
        response.headers.add("Content-Length", "999");
        responder.respond(std::move(response));
    });
    Server server({}, std::move(router));
    REQUIRE(server.start());
    const QByteArray answer = ask(server.port(), "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    CHECK_FALSE(answer.contains("Set-Cookie"));
    CHECK(answer.contains("Content-Length: 2\r\n"));
}

TEST_CASE("Connections over the cap are closed, and a place that was left is taken again")
{
    ServerLimits limits;
    limits.connectionsPerAddress = 2;
    Server server(optionsWith(limits), echoRouter());
    REQUIRE(server.start());
    const QByteArray request = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok";
    RawSocket first = RawSocket::connectTo(server.port());
    RawSocket second = RawSocket::connectTo(server.port());
    REQUIRE(first.send(request));
    REQUIRE(second.send(request));
    REQUIRE(first.readUntil("\r\n\r\nok", 10s).contains("200 OK"));
    REQUIRE(second.readUntil("\r\n\r\nok", 10s).contains("200 OK"));
    RawSocket third = RawSocket::connectTo(server.port());
    CHECK(third.closedByPeer(10s));
    CHECK(server.counters().refusedByCap == 1);
    first.close();
    const auto due = std::chrono::steady_clock::now() + 10s;
    while (server.counters().open > 1 && std::chrono::steady_clock::now() < due)
        std::this_thread::yield();
    RawSocket fourth = RawSocket::connectTo(server.port());
    REQUIRE(fourth.send(request));
    CHECK(fourth.readUntil("\r\n\r\nok", 10s).contains("200 OK"));
}

TEST_CASE("The accept loop outlives a time without file descriptors")
{
    ServerOptions options;
    options.threads = 1;
    Server server(options, echoRouter());
    REQUIRE(server.start());
    RawSocket socket = RawSocket::unconnected();
    rlimit old{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &old) == 0);
    rlimit none = old;
    const int lowestFree = ::dup(socket.descriptor());
    ::close(lowestFree);
    none.rlim_cur = static_cast<rlim_t>(lowestFree); // all below are taken, so nothing can be opened
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    socket.connect(server.port());
    const auto due = std::chrono::steady_clock::now() + 10s;
    while (server.counters().acceptErrors == 0 && std::chrono::steady_clock::now() < due)
        std::this_thread::yield();
    CHECK(::setrlimit(RLIMIT_NOFILE, &old) == 0);
    CHECK(server.counters().acceptErrors > 0);
    CHECK(server.counters().acceptErrors < 1000); // waits between tries
    REQUIRE(socket.send("POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nback"));
    CHECK(socket.readToEnd(10s).endsWith("back"));
}

TEST_CASE("Plain HTTP is refused beyond loopback, and a taken port is said")
{
    ServerOptions open;
    open.address = QStringLiteral("0.0.0.0");
    Server refused(open, echoRouter());
    const Status status = refused.start();
    REQUIRE_FALSE(status);
    CHECK(status.error().code == ErrorCode::denied);

    ServerOptions named;
    named.address = QStringLiteral("localhost");
    CHECK_FALSE(Server(named, echoRouter()).start());

    Server first({}, echoRouter());
    REQUIRE(first.start());
    ServerOptions same;
    same.port = first.port();
    const Status taken = Server(same, echoRouter()).start();
    REQUIRE_FALSE(taken);
    CHECK(taken.error().code == ErrorCode::busy);
}

TEST_CASE("Random, flipped and truncated requests never harm the server")
{
    ServerLimits limits;
    limits.header = 200ms;
    limits.idle = 200ms;
    limits.body = 200ms;
    Server server(optionsWith(limits), echoRouter());
    REQUIRE(server.start());
    const QByteArray good =
        "POST /echo?a=b HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello";
    unsigned state = 20261123; // fixed, so that a failure repeats
    const auto next = [&state] { return state = state * 1664525U + 1013904223U; };
    for (int round = 0; round < 300; ++round) {
        QByteArray bytes = good;
        for (unsigned flips = next() % 4; flips > 0; --flips)
            bytes[static_cast<qsizetype>(next() >> 8) % bytes.size()] = static_cast<char>(next() >> 16);
        if (round % 3 == 0)
            bytes.truncate(static_cast<qsizetype>(next() >> 8) % bytes.size());
        RawSocket socket = RawSocket::connectTo(server.port());
        if (socket.send(bytes))
            socket.finishSending();
        (void)socket.readToEnd(2s);
    }
    const QByteArray answer =
        ask(server.port(), "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
    CHECK(answer.endsWith("\r\n\r\nhello"));
}

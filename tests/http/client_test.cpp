#include "tests/http/http_fixture.h"
#include "tests/http/raw_socket.h"

#include <catch2/catch_test_macros.hpp>

#include <thread>

using namespace holdfast;
using namespace holdfast::http;
using namespace holdfast::test;
using namespace std::chrono_literals;

namespace {

Router helloRouter()
{
    Router router;
    router.add("GET", "/hello", [](Request request, Responder responder) {
        responder.respond(Response::text(200, "hello " + request.headers.value("Authorization")));
    });
    router.add("POST", "/echo",
               [](Request request, Responder responder) { responder.respond(Response::text(201, request.body)); },
               {.bodyLimit = 1'000'000, .admit = {}});
    return router;
}

// Plays one answer to one connection and closes it.
Result<ClientResponse> against(const QByteArray& answer, ClientRequest request = {}, ClientOptions options = {})
{
    RawListener listener;
    std::thread peer([&] {
        RawSocket socket = listener.accept();
        (void)socket.readUntil("\r\n\r\n", 10s);
        (void)socket.send(answer);
    });
    Client client(std::move(options));
    request.url = "http://127.0.0.1:" + QByteArray::number(listener.port()) + "/";
    auto result = call(client, std::move(request));
    peer.join();
    return result;
}

} // namespace

TEST_CASE("TLS makes the round trip; strangers' certificates and old versions do not")
{
    const QTemporaryDir folder;
    const QTemporaryDir other;
    ServerOptions options;
    options.tls = makeCertificate(folder);
    const TlsFiles stranger = makeCertificate(other);
    Server server(options, helloRouter());
    REQUIRE(server.start());
    ClientRequest request;
    request.url = "https://localhost:" + QByteArray::number(server.port()) + "/hello";

    ClientOptions trusting;
    trusting.caFile = options.tls->certificate;
    Client client(trusting);
    for (int i = 0; i < 3; ++i) {
        const auto answer = call(client, request);
        REQUIRE(answer);
        CHECK(answer->body == "hello ");
    }
    CHECK(server.counters().accepted == 1); // pooled
    ClientRequest big = request;
    big.method = "POST";
    big.url = "https://127.0.0.1:" + QByteArray::number(server.port()) + "/echo";
    big.body = QByteArray(900'000, 'b');
    const auto echoed = call(client, big);
    REQUIRE(echoed);
    CHECK(echoed->status == 201);
    CHECK(echoed->body == big.body);

    ClientOptions strange;
    strange.caFile = stranger.certificate;
    Client doubting(strange);
    const auto refused = call(doubting, request);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::network);
    Client plainCas({});
    CHECK_FALSE(call(plainCas, request));

    // A certificate for another name than the one that was called.
    request.url = "https://127.0.0.2:" + QByteArray::number(server.port()) + "/hello";
    CHECK_FALSE(call(client, request));
}

TEST_CASE("A TLS server cuts a silent handshake, and keeps plain text out")
{
    const QTemporaryDir folder;
    ServerOptions options;
    options.tls = makeCertificate(folder);
    options.limits.handshake = 200ms;
    Server server(options, helloRouter());
    REQUIRE(server.start());
    RawSocket silent = RawSocket::connectTo(server.port());
    CHECK(silent.closedByPeer(10s));
    CHECK(server.counters().timedOut == 1);
    RawSocket plain = RawSocket::connectTo(server.port());
    REQUIRE(plain.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
    CHECK_FALSE(plain.readToEnd(10s).contains("hello"));
}

TEST_CASE("TLS files that do not fit are said in words")
{
    const QTemporaryDir folder;
    const QTemporaryDir other;
    ServerOptions options;
    options.tls = makeCertificate(folder);
    options.tls->key = makeCertificate(other).key;
    CHECK(Server(options, helloRouter()).start().error().code == ErrorCode::invalidInput);
    options.tls->certificate = QStringLiteral("/nowhere.pem");
    CHECK(Server(options, helloRouter()).start().error().code == ErrorCode::invalidInput);
}

TEST_CASE("Redirects are followed as far as the policy goes, and Authorization stays at home")
{
    Server target({}, helloRouter());
    REQUIRE(target.start());
    const QByteArray targetUrl = "http://127.0.0.1:" + QByteArray::number(target.port()) + "/hello";
    Router router = helloRouter();
    const auto redirectTo = [&router](const QByteArray& path, const QByteArray& location) {
        router.add("GET", path, [location](Request, Responder responder) {
            Response response = Response::empty(302);
            response.headers.set("Location", location);
            responder.respond(std::move(response));
        });
    };
    redirectTo("/home", "/hello");
    redirectTo("/relative/x", "../hello");
    redirectTo("/away", targetUrl);
    redirectTo("/loop", "/loop");
    redirectTo("/file", "file:///etc/passwd");
    redirectTo("/broken", "http://user@host/");
    Server server({}, std::move(router));
    REQUIRE(server.start());
    const auto go = [&](Client& client, const QByteArray& path) {
        ClientRequest request = getOf(server.port(), path);
        request.headers.set("Authorization", "Bearer secret");
        request.maxRedirects = 3;
        return call(client, request);
    };
    Client strict({});
    CHECK(go(strict, "/home")->body == "hello Bearer secret");
    CHECK(go(strict, "/relative/x")->body == "hello Bearer secret");
    CHECK(go(strict, "/away").error().code == ErrorCode::denied);
    for (const QByteArray path : {"/loop", "/file", "/broken"})
        CHECK(go(strict, path).error().code == ErrorCode::unavailable);

    ClientOptions wider;
    wider.hostPolicy = [](const Origin& origin) { return origin.host == "127.0.0.1"; };
    Client open(wider);
    const auto away = go(open, "/away");
    REQUIRE(away);
    CHECK(away->body == "hello ");
    CHECK(away->url == targetUrl);
    ClientRequest elsewhere = getOf(server.port(), "/hello");
    elsewhere.url.replace("127.0.0.1", "localhost");
    CHECK(call(open, elsewhere).error().code == ErrorCode::denied);

    ClientRequest unfollowed = getOf(server.port(), "/away");
    CHECK(call(strict, unfollowed)->status == 302);
}

TEST_CASE("Truncated, oversized and malformed answers are errors")
{
    CHECK(against("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")->body == "hello"); // the control
    CHECK(against("HTTP/1.1 200 OK\r\n\r\nto the end")->body == "to the end");
    CHECK(against("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")->body == "ok");
    CHECK(against("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")->body == "abc");
    for (const QByteArray cut : {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
                                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                                 "SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"}) {
        INFO(cut.toStdString());
        const auto result = against(cut);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == ErrorCode::unavailable);
    }
    ClientRequest small;
    small.maxBody = 4;
    CHECK(against("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", small).error().code == ErrorCode::tooLarge);
    CHECK(against("HTTP/1.1 200 OK\r\n\r\nhello", small).error().code == ErrorCode::tooLarge);
    CHECK(against("HTTP/1.1 200 OK\r\nX: " + QByteArray(40'000, 'x') + "\r\n\r\n").error().code == ErrorCode::tooLarge);
}

TEST_CASE("A sink gets the body of a good answer piece by piece, and may have enough of it")
{
    QByteArray body;
    ClientRequest streamed;
    streamed.sink = [&body](QByteArrayView piece) {
        body += piece;
        return true;
    };
    const QByteArray chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n";
    auto answer = against(chunked, streamed);
    REQUIRE(answer);
    CHECK(answer->body.isEmpty());
    CHECK(body == "abcdef");
    body.clear();
    REQUIRE_FALSE(against(chunked.chopped(5), streamed)); // cut off: no whole answer
    // What went wrong is for the caller, not for the sink.
    body.clear();
    answer = against("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", streamed);
    REQUIRE(answer);
    CHECK(answer->body == "no");
    CHECK(body.isEmpty());
    streamed.sink = [](QByteArrayView) { return false; };
    CHECK(against(chunked, streamed).error().code == ErrorCode::unavailable);
}

TEST_CASE("An error's code says whether the request may have been processed")
{
    quint16 unused = 0;
    {
        const RawListener listener;
        unused = listener.port();
    }
    Client client({});
    CHECK(call(client, postOf(unused, "/", "x")).error().code == ErrorCode::network);

    ClientRequest slow;
    slow.method = "POST";
    slow.timeout = 200ms;
    RawListener silent; // the kernel accepts, nobody answers
    slow.url = "http://127.0.0.1:" + QByteArray::number(silent.port()) + "/";
    CHECK(call(client, slow).error().code == ErrorCode::timeout);

    for (const QByteArray url : {"ftp://a/", "http://", "http://a@b/", "http://a:99999/", "nonsense", "http://a b/"}) {
        ClientRequest bad;
        bad.url = url;
        INFO(url.toStdString());
        CHECK(call(client, bad).error().code == ErrorCode::invalidInput);
    }
}

TEST_CASE("A pooled connection that died is replaced for GET and never repeated for POST")
{
    for (const QByteArray method : {"GET", "POST"}) {
        RawListener listener;
        int served = 0;
        std::thread peer([&] {
            RawSocket first = listener.accept();
            (void)first.readUntil("\r\n\r\n", 10s);
            (void)first.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
            (void)first.readUntil("\r\n\r\n", 10s); // takes the second request and dies without an answer
            first.reset();
            if (method == "GET") {
                RawSocket second = listener.accept();
                (void)second.readUntil("\r\n\r\n", 10s);
                (void)second.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2");
                ++served;
            }
        });
        Client client({});
        REQUIRE(call(client, getOf(listener.port(), "/"))->body == "1");
        ClientRequest again = getOf(listener.port(), "/");
        again.method = method;
        const auto result = call(client, again);
        peer.join();
        if (method == "GET") {
            REQUIRE(result);
            CHECK(result->body == "2");
            CHECK(served == 1);
        } else {
            REQUIRE_FALSE(result);
            CHECK(result.error().code == ErrorCode::unavailable);
        }
    }
}

TEST_CASE("The end of a client cancels what is under way and what waits")
{
    RawListener silent;
    Promised<Result<ClientResponse>> first;
    Promised<Result<ClientResponse>> second;
    Promised<Result<ClientResponse>> third;
    std::optional<RawSocket> taken; // outlives the client, so that it is not the peer that ends the first one
    {
        ClientOptions options;
        options.maxConnections = 1;
        options.maxQueued = 1;
        Client client(options);
        client.send(getOf(silent.port(), "/1"), [&](auto result) { first.give(std::move(result)); });
        taken.emplace(silent.accept());
        client.send(getOf(silent.port(), "/2"), [&](auto result) { second.give(std::move(result)); });
        client.send(getOf(silent.port(), "/3"), [&](auto result) { third.give(std::move(result)); });
        REQUIRE(third.get());
        CHECK(third.get()->error().code == ErrorCode::busy);
    }
    CHECK(first.get()->error().code == ErrorCode::cancelled);
    CHECK(second.get()->error().code == ErrorCode::cancelled);
}

TEST_CASE("Many requests at once over few connections all come back")
{
    Server server({}, helloRouter());
    REQUIRE(server.start());
    ClientOptions options;
    options.maxConnections = 8;
    Client client(options);
    std::mutex mutex;
    std::condition_variable done;
    int good = 0;
    int all = 0;
    for (int i = 0; i < 500; ++i) {
        const QByteArray body = QByteArray::number(i);
        client.send(postOf(server.port(), "/echo", body), [&, body](Result<ClientResponse> result) {
            const std::lock_guard lock(mutex);
            good += result && result->body == body ? 1 : 0;
            ++all;
            done.notify_all();
        });
    }
    std::unique_lock lock(mutex);
    REQUIRE(done.wait_for(lock, 60s, [&] { return all == 500; }));
    CHECK(good == 500);
    CHECK(server.counters().accepted <= 8);
}

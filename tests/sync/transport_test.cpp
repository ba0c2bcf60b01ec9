#include "storage/sync/transport.h"
#include "tests/support/string_makers.h"
#include "tests/sync/tiny_server.h"

#include <QTemporaryDir>

#include <catch2/catch_test_macros.hpp>

#include <atomic>

using namespace holdfast;
using namespace holdfast::sync;
using namespace holdfast::test;

namespace {

const QByteArray goodChanges = R"({"entries":[],"scopes":[],"cursor":"c","more":false,"head":7})";

std::unique_ptr<Transport> transportTo(const TinyServer& server)
{
    auto transport = Transport::open(server.url(), {});
    REQUIRE(transport);
    return std::move(*transport);
}

Result<HttpAnswer> ask(Transport& transport, int timeoutMs = 20'000)
{
    HttpRequest request = changesRequest("token", {}, 0);
    request.timeoutMs = timeoutMs;
    return transport.send(request).result();
}

} // namespace

TEST_CASE("An answer comes with its status, and the request carries token, body and no cookies")
{
    TinyRequest seen;
    TinyServer server([&seen](const TinyRequest& request) {
        seen = request;
        TinyReply reply = TinyReply::json(200, goodChanges);
        reply.extraHeaders = "Set-Cookie: a=b\r\n";
        return reply;
    });
    const auto transport = transportTo(server);
    CHECK(readChanges(ask(*transport))->head == 7);
    CHECK(seen.headers.value("authorization") == "Bearer token");
    CHECK(seen.body == R"({"wait":0,"windows":true})");
    CHECK(ask(*transport)->status == 200);
    CHECK_FALSE(seen.headers.contains("cookie"));
    CHECK(seen.headers.value("accept-encoding") == "identity");
}

TEST_CASE("Connections are kept alive, so that a poll costs no handshake")
{
    TinyServer server([](const TinyRequest&) { return TinyReply::json(200, goodChanges); });
    const auto transport = transportTo(server);
    CHECK(ask(*transport)->status == 200);
    CHECK(ask(*transport)->status == 200);
    CHECK(server.connections() == 1);
    transport->restart();
    CHECK(ask(*transport)->status == 200);
    CHECK(server.connections() == 2);
}

TEST_CASE("A truncated answer is no answer")
{
    TinyServer server([](const TinyRequest&) {
        TinyReply reply = TinyReply::json(200, goodChanges);
        reply.cutAfter = goodChanges.size() / 2;
        return reply;
    });
    const auto transport = transportTo(server);
    const auto answer = ask(*transport);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::network);
}

TEST_CASE("A huge answer is refused before it is held in memory")
{
    TinyServer server([](const TinyRequest&) { return TinyReply::json(200, QByteArray(8 * 1024 * 1024, ' ')); });
    const auto transport = transportTo(server);
    const auto answer = ask(*transport);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::tooLarge);
}

TEST_CASE("A hanging server ends in a time-out")
{
    TinyServer server([](const TinyRequest&) {
        TinyReply reply;
        reply.hang = true;
        return reply;
    });
    const auto transport = transportTo(server);
    const auto answer = ask(*transport, 200);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::timeout);
}

TEST_CASE("A slow answer is waited for as long as it keeps coming")
{
    TinyServer server([](const TinyRequest&) {
        TinyReply reply = TinyReply::json(200, goodChanges);
        reply.pieces = 4;
        reply.pauseMs = 600;
        return reply;
    });
    const auto transport = transportTo(server);
    CHECK(readChanges(ask(*transport, 1500))->head == 7);
}

TEST_CASE("Garbage is told apart from central's words")
{
    TinyServer server([](const TinyRequest&) { return TinyReply::json(200, "<html>Log in to the network</html>"); });
    const auto transport = transportTo(server);
    const auto changes = readChanges(ask(*transport));
    REQUIRE_FALSE(changes);
    CHECK(changes.error().error.code == ErrorCode::invalidInput);
    CHECK(changes.error().code.isEmpty());
}

TEST_CASE("Statuses keep their meaning: 401, 409, 503 with Retry-After")
{
    std::atomic<int> status = 401;
    TinyServer server([&status](const TinyRequest&) {
        TinyReply reply = TinyReply::json(status, R"({"error":{"code":"denied","text":"Sign\nin."}})");
        reply.extraHeaders = "Retry-After: 7\r\n";
        return reply;
    });
    const auto transport = transportTo(server);
    const auto denied = readChanges(ask(*transport));
    REQUIRE_FALSE(denied);
    CHECK(denied.error().status == 401);
    CHECK(denied.error().code == QStringLiteral("denied"));
    CHECK(denied.error().error.text == QStringLiteral("Sign in."));
    status = 409;
    CHECK(readPush(ask(*transport)).error().error.code == ErrorCode::conflict);
    status = 503;
    const auto busy = readChanges(ask(*transport));
    CHECK(busy.error().error.code == ErrorCode::unavailable);
    CHECK(busy.error().retryAfterMs == 7000);
}

TEST_CASE("A redirect is not followed")
{
    std::atomic<int> count = 0;
    TinyServer server([&count](const TinyRequest&) {
        ++count;
        TinyReply reply = TinyReply::json(302, {});
        reply.extraHeaders = "Location: /elsewhere\r\n";
        return reply;
    });
    const auto transport = transportTo(server);
    CHECK_FALSE(readChanges(ask(*transport)));
    CHECK(count == 1);
}

TEST_CASE("Nobody at the address is said in words")
{
    QUrl gone;
    {
        TinyServer server([](const TinyRequest&) { return TinyReply{}; });
        gone = server.url();
    }
    const auto transport = Transport::open(gone, {});
    REQUIRE(transport);
    const auto answer = ask(**transport);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::network);
    CHECK(answer.error().text.startsWith(QStringLiteral("Central does not answer")));
}

TEST_CASE("A transport that goes away leaves no future open")
{
    TinyServer server([](const TinyRequest&) {
        TinyReply reply;
        reply.hang = true;
        return reply;
    });
    auto transport = transportTo(server);
    auto future = transport->send(changesRequest("token", {}, 25));
    transport.reset();
    REQUIRE(future.isFinished());
    CHECK(future.result().error().code == ErrorCode::cancelled);
}

TEST_CASE("Only https, or http to this computer, is a server address")
{
    const auto check = [](const char* text) { return checkServer(QUrl(QString::fromLatin1(text))).has_value(); };
    CHECK(check("https://central.example.co.za"));
    CHECK(check("https://central.example.co.za:8443/"));
    CHECK(check("http://127.0.0.1:8080"));
    CHECK(check("http://localhost:8080"));
    CHECK_FALSE(check("http://central.example.co.za"));
    CHECK_FALSE(check("http://127.0.0.1.example.co.za"));
    CHECK_FALSE(check("ftp://127.0.0.1"));
    CHECK_FALSE(check("https://user@central.example.co.za"));
    CHECK_FALSE(check("https://central.example.co.za/v1"));
    CHECK_FALSE(check("central"));
    CHECK_FALSE(check(""));
}

TEST_CASE("A pinned authority that is no certificate is refused with words")
{
    const QUrl server(QStringLiteral("https://127.0.0.1:1"));
    CHECK(Transport::open(server, QStringLiteral("/nowhere/ca.pem")).error().code == ErrorCode::notFound);
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("ca.pem")));
    REQUIRE(file.open(QIODevice::WriteOnly));
    file.write("no certificate");
    file.close();
    CHECK(Transport::open(server, file.fileName()).error().code == ErrorCode::invalidInput);
}

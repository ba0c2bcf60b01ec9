#include "tests/central_api/api_fixture.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::test;

namespace {

QJsonObject credentials(const QString& login, const QString& password)
{
    return {{QStringLiteral("login"), login}, {QStringLiteral("password"), password}};
}

QJsonObject renewal(const Desk& desk, const QByteArray& refresh)
{
    return {
        {QStringLiteral("refresh"), QString::fromLatin1(refresh)},
        {QStringLiteral("proof"), QString::fromLatin1(desk.key->sign("holdfast/refresh/v1\n" + refresh).toBase64())}};
}

} // namespace

TEST_CASE("guessing passwords is slowed down, and an unknown login answers like a wrong password")
{
    ApiFixture fixture;
    fixture.addUser(QStringLiteral("lerato"));
    const Answer unknown =
        fixture.post(QStringLiteral("/v1/sign-in"), credentials(QStringLiteral("nobody"), QStringLiteral("x")));
    const Answer wrong =
        fixture.post(QStringLiteral("/v1/sign-in"), credentials(QStringLiteral("lerato"), QStringLiteral("x")));
    CHECK(unknown.status == 401);
    CHECK(unknown.raw == wrong.raw);
    int last = 0;
    for (int attempt = 0; attempt < 6; ++attempt)
        last = fixture.post(QStringLiteral("/v1/sign-in"), credentials(QStringLiteral("lerato"), QStringLiteral("x")))
                   .status;
    CHECK(last == 429);
    // The right password waits too, or the wait would tell it.
    const QJsonObject right = credentials(QStringLiteral("lerato"), QStringLiteral("correct horse battery"));
    CHECK(fixture.post(QStringLiteral("/v1/sign-in"), right).status == 429);
    fixture.clock.advance(600);
    CHECK(fixture.post(QStringLiteral("/v1/sign-in"), right).status == 200);
}

TEST_CASE("a token ends after its time; a refresh token works once and only with the device's proof")
{
    ApiFixture fixture;
    fixture.addUser(QStringLiteral("lerato"));
    const Desk desk = fixture.signIn(QStringLiteral("lerato"));
    CHECK(fixture.post(QStringLiteral("/v1/changes"), {}, desk.token).status == 200);
    fixture.clock.advance(11 * 60);
    CHECK(fixture.post(QStringLiteral("/v1/changes"), {}, desk.token).status == 401);

    QJsonObject withoutProof = renewal(desk, desk.refresh);
    withoutProof.remove(QStringLiteral("proof"));
    CHECK(fixture.post(QStringLiteral("/v1/token"), withoutProof).status == 401);
    const Answer renewed = fixture.post(QStringLiteral("/v1/token"), renewal(desk, desk.refresh));
    REQUIRE(renewed.status == 200);
    const QByteArray token = renewed.body.value(QStringLiteral("token")).toString().toLatin1();
    CHECK(fixture.post(QStringLiteral("/v1/changes"), {}, token).status == 200);

    // The answer was lost: asked again, it is the same, and no proof means no answer.
    CHECK(fixture.post(QStringLiteral("/v1/token"), withoutProof).status == 401);
    const Answer again = fixture.post(QStringLiteral("/v1/token"), renewal(desk, desk.refresh));
    REQUIRE(again.status == 200);
    CHECK(again.body.value(QStringLiteral("refresh")) == renewed.body.value(QStringLiteral("refresh")));
    CHECK(fixture.post(QStringLiteral("/v1/changes"), {}, token).status == 200);
    const QByteArray second = renewed.body.value(QStringLiteral("refresh")).toString().toLatin1();
    const Answer renewedTwice = fixture.post(QStringLiteral("/v1/token"), renewal(desk, second));
    REQUIRE(renewedTwice.status == 200);
    CHECK(renewedTwice.body.value(QStringLiteral("refresh")) != renewed.body.value(QStringLiteral("refresh")));

    // The first one once more, after its successor was used: somebody has a copy, so the whole sign-in ends.
    CHECK(fixture.post(QStringLiteral("/v1/token"), renewal(desk, desk.refresh)).status == 401);
    CHECK(fixture.post(QStringLiteral("/v1/changes"), {}, token).status == 401);
    const QByteArray third = renewedTwice.body.value(QStringLiteral("refresh")).toString().toLatin1();
    CHECK(fixture.post(QStringLiteral("/v1/token"), renewal(desk, third)).status == 401);
}

TEST_CASE("a revoked device ends its sign-in and may not come back")
{
    ApiFixture fixture;
    fixture.addUser(QStringLiteral("lerato"));
    const Desk desk = fixture.signIn(QStringLiteral("lerato"));
    const QString path = QStringLiteral("/v1/devices/%1/revoke").arg(desk.device.toHexString());
    CHECK(fixture.post(path, {}, fixture.adminToken()).status == 200);
    CHECK(fixture.post(QStringLiteral("/v1/changes"), {}, desk.token).status == 401);
    CHECK(fixture.post(QStringLiteral("/v1/token"), renewal(desk, desk.refresh)).status == 401);
}

TEST_CASE("a token is bound to a device only by the device itself")
{
    ApiFixture fixture;
    fixture.addUser(QStringLiteral("lerato"));
    const Desk desk = fixture.signIn(QStringLiteral("lerato"));

    // Somebody has the password and knows the public key of the device, which every colleague's desk holds.
    const Desk thief = fixture.signInUnbound(QStringLiteral("lerato"));
    Desk claimed = thief;
    claimed.key = desk.key;
    CHECK(fixture.enrol(claimed, *thief.key).status == 403);
    // The bytes are the ones of docs/api.md, and the proof of one token is none for another.
    const auto enrolBy = [&](const QByteArray& message) {
        return fixture
            .post(QStringLiteral("/v1/devices"),
                  {{QStringLiteral("public_key"), QString::fromLatin1(desk.key->publicKey().toHex())},
                   {QStringLiteral("name"), QStringLiteral("PC")},
                   {QStringLiteral("proof"), QString::fromLatin1(desk.key->sign(message).toBase64())}},
                  thief.token)
            .status;
    };
    CHECK(enrolBy("holdfast/device/v1\n" + desk.token) == 403);
    CHECK(fixture.post(QStringLiteral("/v1/changes"), {}, thief.token).status == 403);
    CHECK(enrolBy("holdfast/device/v1\n" + thief.token) == 200); // the device itself
    CHECK(fixture.post(QStringLiteral("/v1/changes"), {}, thief.token).status == 200);
}

TEST_CASE("every field of sign-in is checked for its type")
{
    ApiFixture fixture;
    for (const QByteArray value :
         {"{}", "[]", "null", "1", "true", "{\"$gt\":\"\"}", "[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]"}) {
        INFO(value.toStdString());
        CHECK(fixture.postRaw(QStringLiteral("/v1/sign-in"), "{\"login\":" + value + ",\"password\":\"x\"}").status ==
              400);
        CHECK(fixture.postRaw(QStringLiteral("/v1/sign-in"), "{\"login\":\"x\",\"password\":" + value + "}").status ==
              400);
        CHECK(fixture.postRaw(QStringLiteral("/v1/token"), "{\"refresh\":" + value + "}").status == 400);
        CHECK(fixture.postRaw(QStringLiteral("/v1/changes"), "{\"cursor\":" + value + "}", "any token").status == 400);
    }
    CHECK(fixture.postRaw(QStringLiteral("/v1/sign-in"), QByteArray(9000, 'x')).status == 413);
}

TEST_CASE("many guesses at once are no way around the wait")
{
    SystemClock clock;
    api::SignInThrottle throttle(clock);
    const QString login = QStringLiteral("lerato");
    int admitted = 0;
    for (int i = 0; i < 20; ++i) // none of them has been judged yet
        admitted += throttle.admit(login, "192.0.2.1") == 0 ? 1 : 0;
    CHECK(admitted == 5);
    CHECK(throttle.admit(QStringLiteral("riaan"), "192.0.2.1") == 0); // of the same office
    // What could not be judged does not count.
    api::SignInThrottle busy(clock);
    for (int i = 0; i < 20; ++i) {
        REQUIRE(busy.admit(login, "192.0.2.1") == 0);
        busy.withdrawn(login);
    }
}

TEST_CASE("texts that no store can keep as they are are refused")
{
    ApiFixture fixture;
    for (const char* name : {R"({"name":"a\u0000b"})", R"({"name":"a\ud800"})"}) {
        INFO(name);
        CHECK(fixture.postRaw(QStringLiteral("/v1/scopes"), name, fixture.adminToken()).status == 400);
    }
    CHECK(fixture.postRaw(QStringLiteral("/v1/scopes"), R"({"name":"Ünïcödé 😀"})", fixture.adminToken()).status == 200);
}

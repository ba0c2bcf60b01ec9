#include "central/api/cursor.h"
#include "tests/central_api/api_fixture.h"
#include "tests/support/string_makers.h"

#include <QSet>

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::test;

namespace {

struct Fed
{
    QSet<QByteArray> entries; // ids
    int copies = 0;           // entries that came more than once
    QStringList events;       // "opened SCOPE"
    QString cursor;
};

// Asks until there is no more.
void catchUp(ApiFixture& fixture, const Desk& desk, Fed& fed, int limit = 500)
{
    for (int round = 0; round < 1000; ++round) {
        QJsonObject body{{QStringLiteral("limit"), limit}};
        if (!fed.cursor.isEmpty())
            body.insert(QStringLiteral("cursor"), fed.cursor);
        const Answer answer = fixture.post(QStringLiteral("/v1/changes"), body, desk.token);
        REQUIRE(answer.status == 200);
        for (const QJsonValue& value : answer.body.value(QStringLiteral("entries")).toArray()) {
            const auto header = log::decodeHeader(
                QByteArray::fromBase64(value.toObject().value(QStringLiteral("header")).toString().toLatin1()));
            REQUIRE(header.has_value());
            const QByteArray id = log::decodeAuthorPart(header->authorPart)->entryId.toHex();
            fed.copies += fed.entries.contains(id) ? 1 : 0;
            fed.entries.insert(id);
        }
        for (const QJsonValue& value : answer.body.value(QStringLiteral("scopes")).toArray())
            fed.events.append(value.toObject().value(QStringLiteral("event")).toString() + u' ' +
                              value.toObject().value(QStringLiteral("scope")).toString());
        fed.cursor = answer.body.value(QStringLiteral("cursor")).toString();
        if (!answer.body.value(QStringLiteral("more")).toBool())
            return;
    }
    FAIL("the feed never ends");
}

} // namespace

TEST_CASE("a cursor survives its round trip; another's, and any changed byte, is refused")
{
    SystemRandom random;
    api::Cursor cursor;
    cursor.user = random.id<UserId>();
    cursor.device = random.id<DeviceId>();
    cursor.epoch = Epoch{3};
    cursor.upTo = 99;
    cursor.scopes = {random.id<ScopeId>(), random.id<ScopeId>()};
    cursor.toldTo = 98;
    cursor.summedAt = 97;
    cursor.openings = {{random.id<ScopeId>(), 7, random.id<ThreadId>()}};
    cursor.threads = {{random.id<ThreadId>(), ThreadSeq{8}}};
    const QByteArray key = random.bytes(32);
    const QByteArray text = api::seal(cursor, key);
    const auto opened = api::openCursor(text, key, cursor.user, cursor.device);
    REQUIRE(opened.has_value());
    CHECK(*opened == cursor);
    CHECK(api::openCursor(text, key, random.id<UserId>(), cursor.device).error().code == ErrorCode::denied);
    CHECK(api::openCursor(text, key, cursor.user, random.id<DeviceId>()).error().code == ErrorCode::denied);
    const auto options = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
    const QByteArray raw = QByteArray::fromBase64(text, options);
    for (qsizetype bit = 0; bit < raw.size() * 8; ++bit) {
        QByteArray changed = raw;
        changed[bit / 8] = static_cast<char>(changed.at(bit / 8) ^ (1 << (bit % 8)));
        CHECK_FALSE(api::openCursor(changed.toBase64(options), key, cursor.user, cursor.device).has_value());
    }
    for (qsizetype size = 0; size < text.size(); ++size)
        CHECK_FALSE(api::openCursor(text.left(size), key, cursor.user, cursor.device).has_value());
}

TEST_CASE("a desk gets its scopes, each entry once, whatever the page size; gains and losses are told")
{
    ApiFixture fixture;
    fixture.addUser(QStringLiteral("lerato"));
    fixture.addUser(QStringLiteral("fatima"));
    const ScopeId motor = fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato")});
    const ScopeId home = fixture.addTeam(QStringLiteral("home"), {QStringLiteral("fatima")});
    const ThreadId mine = fixture.addCase(motor);
    const ThreadId theirs = fixture.addCase(home);
    for (int i = 0; i < 20; ++i) {
        fixture.customerWrites(mine, QStringLiteral("mine"));
        fixture.customerWrites(theirs, QStringLiteral("theirs"));
    }
    const Desk desk = fixture.signIn(QStringLiteral("lerato"));
    Fed whole;
    catchUp(fixture, desk, whole);
    CHECK(whole.events.contains(QStringLiteral("opened ") + motor.toHexString()));
    CHECK_FALSE(whole.events.join(u' ').contains(home.toHexString()));
    CHECK(whole.copies == 0);
    Fed pieces;
    catchUp(fixture, desk, pieces, 3);
    CHECK(pieces.entries == whole.entries);
    CHECK(pieces.copies == 0);

    // Gaining a scope opens it from its beginning while the others go on.
    REQUIRE(fixture
                .post(QStringLiteral("/v1/grants"),
                      {{QStringLiteral("login"), QStringLiteral("lerato")},
                       {QStringLiteral("scope"), QStringLiteral("home")}},
                      fixture.adminToken())
                .status == 200);
    fixture.customerWrites(mine, QStringLiteral("meanwhile"));
    whole.events.clear();
    const auto before = whole.entries.size();
    catchUp(fixture, desk, whole, 5);
    CHECK(whole.events == QStringList{QStringLiteral("opened ") + home.toHexString()});
    CHECK(whole.entries.size() >= before + 22 + 1);
    CHECK(whole.copies == 0);

    const Desk other = fixture.signIn(QStringLiteral("fatima"));
    CHECK(fixture.post(QStringLiteral("/v1/changes"), {{QStringLiteral("cursor"), whole.cursor}}, other.token).status ==
          403);
}

TEST_CASE("a waiting poll is answered by the next entry of its scopes, and only by that")
{
    ApiFixture fixture;
    fixture.addUser(QStringLiteral("lerato"));
    const ScopeId motor = fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato")});
    const ThreadId mine = fixture.addCase(motor);
    const Desk desk = fixture.signIn(QStringLiteral("lerato"));
    Fed fed;
    catchUp(fixture, desk, fed);
    std::thread writer([&] {
        std::this_thread::sleep_for(
            std::chrono::milliseconds(200)); // the poll should be parked by then; either way holds
        fixture.customerWrites(mine, QStringLiteral("live"));
    });
    const Answer answer =
        fixture.post(QStringLiteral("/v1/changes"),
                     {{QStringLiteral("cursor"), fed.cursor}, {QStringLiteral("wait"), 20}}, desk.token);
    writer.join();
    REQUIRE(answer.status == 200);
    CHECK(answer.body.value(QStringLiteral("entries")).toArray().size() >= 1);
}

TEST_CASE("a cursor of another epoch is 409: the desk starts its feed again")
{
    ApiFixture fixture;
    fixture.addUser(QStringLiteral("lerato"));
    const Desk desk = fixture.signIn(QStringLiteral("lerato"));
    api::Cursor cursor;
    cursor.user = desk.user;
    cursor.device = desk.device;
    cursor.epoch = Epoch{fixture.store->organisation().epoch.value + 1};
    const auto ask = [&] {
        return fixture
            .post(
                QStringLiteral("/v1/changes"),
                {{QStringLiteral("cursor"), QString::fromLatin1(api::seal(cursor, fixture.store->keys().cursorKey()))}},
                desk.token)
            .status;
    };
    CHECK(ask() == 409);
    cursor.epoch = fixture.store->organisation().epoch;
    CHECK(ask() == 200);
}

// The feed under many desks: whom an entry wakes, what ends a poll, two centrals, closing, and a crowd that comes back.
#include "storage/sync/backoff.h"
#include "tests/central_api/api_fixture.h"
#include "tests/support/string_makers.h"

#include <QSet>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <map>
#include <thread>

using namespace holdfast;
using namespace holdfast::test;

namespace {

const QString changes = QStringLiteral("/v1/changes");

QString cursorOf(const Answer& answer)
{
    return answer.body.value(QStringLiteral("cursor")).toString();
}

qsizetype entriesOf(const Answer& answer)
{
    return answer.body.value(QStringLiteral("entries")).toArray().size();
}

// Without what central itself adds to the log.
int messagesOf(const Answer& answer)
{
    int messages = 0;
    for (const QJsonValue& value : answer.body.value(QStringLiteral("entries")).toArray()) {
        const QByteArray header =
            QByteArray::fromBase64(value.toObject().value(QStringLiteral("header")).toString().toLatin1());
        const auto author = log::decodeAuthorPart(log::decodeHeader(header)->authorPart);
        messages += author->kind == domain::number(domain::Kind::roomMessage) ? 1 : 0;
    }
    return messages;
}

// Where the desk is once it has everything.
QString caughtUp(ApiFixture& fixture, const ApiFixture::Instance& instance, const Desk& desk)
{
    QJsonObject body;
    for (int round = 0; round < 1000; ++round) {
        const Answer answer = fixture.callAt(instance, "POST", changes, body, desk.token);
        REQUIRE(answer.status == 200);
        if (!answer.body.value(QStringLiteral("more")).toBool())
            return cursorOf(answer);
        body.insert(QStringLiteral("cursor"), cursorOf(answer));
    }
    FAIL("the feed never ends");
    return {};
}

std::future<Answer> wait(ApiFixture& fixture, const ApiFixture::Instance& instance, const Desk& desk,
                         const QString& cursor)
{
    return fixture.postLater(instance, changes, {{QStringLiteral("cursor"), cursor}, {QStringLiteral("wait"), 25}},
                             desk.token);
}

void untilParked(const ApiFixture::Instance& instance, size_t polls)
{
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (instance.api->feedCounters().parked != polls && std::chrono::steady_clock::now() < limit)
        std::this_thread::yield();
    REQUIRE(instance.api->feedCounters().parked == polls);
}

QByteArray message(const QString& text)
{
    domain::RoomMessage said;
    said.text = text;
    return domain::toJson(said);
}

} // namespace

TEST_CASE("an entry wakes the polls of its scope, without a look at the store for each of them")
{
    ApiFixture fixture({.postgres = GENERATE(false, true), .feed = {}, .readQueue = 4096});
    QStringList logins;
    for (int i = 0; i < 12; ++i) {
        logins.append(QStringLiteral("agent%1").arg(i));
        fixture.addUser(logins.back());
    }
    (void)fixture.addTeam(QStringLiteral("motor"), {logins[0], logins[1]});
    const ThreadId room = fixture.addRoom(QStringLiteral("motor"), QStringLiteral("Motor"));
    std::vector<Desk> desks;
    for (const QString& login : logins)
        desks.push_back(fixture.signIn(login));
    std::vector<QString> cursors;
    for (const Desk& desk : desks)
        cursors.push_back(caughtUp(fixture, fixture.first(), desk));
    std::vector<std::future<Answer>> polls;
    for (size_t i = 0; i < desks.size(); ++i)
        polls.push_back(wait(fixture, fixture.first(), desks[i], cursors[i]));
    untilParked(fixture.first(), desks.size());

    const auto before = fixture.first().api->feedCounters();
    CHECK(fixture.push(desks[0], fixture.entry(desks[0], room, domain::Kind::roomMessage, message(QStringLiteral("x"))))
              .value(QStringLiteral("result")) == QStringLiteral("accepted"));
    for (size_t i = 0; i < 2; ++i) {
        const Answer answer = polls[i].get();
        CHECK(answer.status == 200);
        CHECK(messagesOf(answer) == 1);
    }
    const auto after = fixture.first().api->feedCounters();
    CHECK(after.parked == desks.size() - 2); // nobody else was woken
    CHECK(after.fromRing == before.fromRing + 2);
    CHECK(after.looks == before.looks);
    CHECK(after.checks <= before.checks + 2);

    // What concerns everyone reaches everyone, still without a look for each.
    fixture.addUser(QStringLiteral("newcomer"));
    for (size_t i = 2; i < desks.size(); ++i)
        CHECK(entriesOf(polls[i].get()) >= 1);
    CHECK(fixture.first().api->feedCounters().looks == before.looks);
}

TEST_CASE("a poll that waits ends when its person, device, sign-in or scope is taken away")
{
    ApiFixture fixture({.postgres = GENERATE(false, true), .feed = {}, .readQueue = 4096});
    const bool elsewhere = GENERATE(false, true);
    fixture.addUser(QStringLiteral("lerato"));
    fixture.addUser(QStringLiteral("bystander"));
    const ScopeId motor = fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato")});
    const Desk desk = fixture.signIn(QStringLiteral("lerato"));
    const Desk other = fixture.signIn(QStringLiteral("bystander"));
    // The poll waits at the second central when there is one: it must hear of what happened at the first.
    const ApiFixture::Instance* at = &fixture.first();
    if (elsewhere) {
        if (!fixture.isPostgres())
            return;
        at = &fixture.addInstance();
    }
    const QString cursor = caughtUp(fixture, *at, desk);
    const QString otherCursor = caughtUp(fixture, *at, other);
    auto poll = wait(fixture, *at, desk, cursor);
    auto bystander = wait(fixture, *at, other, otherCursor);
    untilParked(*at, 2);
    SECTION("a disabled person")
    {
        REQUIRE(fixture.post(QStringLiteral("/v1/users/lerato/disable"), {}, fixture.adminToken()).status == 200);
        CHECK(poll.get().status == 401);
    }
    SECTION("a revoked device")
    {
        REQUIRE(
            fixture
                .post(QStringLiteral("/v1/devices/%1/revoke").arg(desk.device.toHexString()), {}, fixture.adminToken())
                .status == 200);
        CHECK(poll.get().status == 401);
    }
    SECTION("an ended sign-in")
    {
        // A spent refresh token that comes again once its successor was used ends the whole family.
        const auto renew = [&](const QByteArray& refresh) {
            const QByteArray proof = desk.key->sign(log::refreshMessage(refresh));
            return fixture.post(QStringLiteral("/v1/token"),
                                {{QStringLiteral("refresh"), QString::fromLatin1(refresh)},
                                 {QStringLiteral("proof"), QString::fromLatin1(proof.toBase64())}});
        };
        const auto renewed = renew(desk.refresh);
        REQUIRE(renewed.status == 200);
        const QByteArray successor = renewed.body.value(QStringLiteral("refresh")).toString().toLatin1();
        REQUIRE(renew(successor).status == 200);
        REQUIRE(renew(desk.refresh).status == 401);
        CHECK(poll.get().status == 401);
        // Only who it concerns: the other one still waits.
        untilParked(*at, 1);
        return;
    }
    SECTION("a grant that ended")
    {
        auto entry = store::centralEntry(fixture.clock, fixture.random, fixture.store->organisation().structure,
                                         domain::Kind::grantEnded, domain::toJson(domain::Grant{desk.user, motor}));
        store::AppendBatch batch;
        batch.entries.push_back(std::move(entry));
        std::promise<bool> appended;
        fixture.store->append(std::move(batch), [&](const Result<std::vector<store::AppendResult>>& results) {
            appended.set_value(results && results->front().outcome == store::AppendResult::Outcome::accepted);
        });
        REQUIRE(appended.get_future().get());
        const Answer answer = poll.get();
        CHECK(answer.status == 200);
        const QJsonArray scopes = answer.body.value(QStringLiteral("scopes")).toArray();
        REQUIRE(scopes.size() == 1);
        CHECK(scopes.first().toObject().value(QStringLiteral("event")) == QStringLiteral("closed"));
        CHECK(scopes.first().toObject().value(QStringLiteral("scope")) == motor.toHexString());
    }
    const Answer alive = bystander.get(); // woken by the entry, not sent away
    CHECK(alive.status == 200);
}

TEST_CASE("two centrals on one PostgreSQL append and feed at once; every desk gets every entry once, at either")
{
    ApiFixture fixture({.postgres = true, .feed = {}, .readQueue = 4096});
    ApiFixture::Instance& second = fixture.addInstance();
    constexpr int desksEach = 4;
    constexpr int messages = 25;
    QStringList logins;
    for (int i = 0; i < 2 * desksEach; ++i) {
        logins.append(QStringLiteral("agent%1").arg(i));
        fixture.addUser(logins.back());
    }
    (void)fixture.addTeam(QStringLiteral("motor"), logins);
    const ThreadId room = fixture.addRoom(QStringLiteral("motor"), QStringLiteral("Motor"));
    std::vector<Desk> desks;
    for (const QString& login : logins)
        desks.push_back(fixture.signIn(login));
    std::atomic<int> accepted = 0;
    std::vector<std::map<QByteArray, int>> got(desks.size());
    std::vector<std::jthread> threads;
    std::atomic<int> unfinished = int(desks.size());
    for (size_t i = 0; i < desks.size(); ++i) {
        threads.emplace_back([&, i] {
            ApiFixture::Instance& mine = i % 2 == 0 ? fixture.first() : second;
            Desk& desk = desks[i];
            QJsonObject body{{QStringLiteral("wait"), 25}};
            int said = 0;
            int heard = 0;
            while (heard < messages * int(desks.size())) {
                if (said < messages) {
                    const QJsonObject entry =
                        fixture.entry(desk, room, domain::Kind::roomMessage, message(QStringLiteral("m")));
                    const Answer pushed = fixture
                                              .postLater(mine, QStringLiteral("/v1/entries"),
                                                         {{QStringLiteral("entries"), QJsonArray{entry}}}, desk.token)
                                              .get();
                    const auto result = pushed.body.value(QStringLiteral("results")).toArray().first().toObject();
                    accepted += result.value(QStringLiteral("result")) == QStringLiteral("accepted") ? 1 : 0;
                    ++said;
                }
                const Answer answer = fixture.postLater(mine, changes, body, desk.token).get();
                if (answer.status != 200)
                    break;
                body.insert(QStringLiteral("cursor"), cursorOf(answer));
                for (const QJsonValue& value : answer.body.value(QStringLiteral("entries")).toArray()) {
                    const QByteArray header =
                        QByteArray::fromBase64(value.toObject().value(QStringLiteral("header")).toString().toLatin1());
                    const auto author = log::decodeAuthorPart(log::decodeHeader(header)->authorPart);
                    if (author->kind == domain::number(domain::Kind::roomMessage)) {
                        ++got[i][header];
                        ++heard;
                    }
                }
            }
            --unfinished;
        });
    }
    threads.clear();
    CHECK(accepted == messages * int(desks.size()));
    for (const auto& entries : got) {
        CHECK(entries.size() == size_t(messages) * desks.size());
        CHECK(entries == got.front()); // the same bytes, each once
    }
    CHECK(std::all_of(got.front().begin(), got.front().end(), [](const auto& entry) { return entry.second == 1; }));

    // The second one goes, and its desks go on at the first with the cursors that they have.
    const QString cursor = caughtUp(fixture, second, desks[1]);
    second.stop();
    CHECK(fixture.push(desks[0], fixture.entry(desks[0], room, domain::Kind::roomMessage, message(QStringLiteral("y"))))
              .value(QStringLiteral("result")) == QStringLiteral("accepted"));
    int heard = 0;
    QString from = cursor;
    while (heard == 0) { // what the second one added when it closed may come by itself
        const Answer answer = wait(fixture, fixture.first(), desks[1], from).get();
        REQUIRE(answer.status == 200);
        REQUIRE(entriesOf(answer) > 0);
        heard += messagesOf(answer);
        from = cursorOf(answer);
    }
    CHECK(heard == 1);
}

TEST_CASE("closing answers every waiting poll with a cursor that goes on where it was")
{
    ApiFixture fixture({.postgres = true, .feed = {}, .readQueue = 4096});
    ApiFixture::Instance& closing = fixture.addInstance();
    fixture.addUser(QStringLiteral("lerato"));
    (void)fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato")});
    const ThreadId room = fixture.addRoom(QStringLiteral("motor"), QStringLiteral("Motor"));
    Desk desk = fixture.signIn(QStringLiteral("lerato"));
    const QString cursor = caughtUp(fixture, closing, desk);
    std::vector<std::future<Answer>> polls;
    for (int i = 0; i < 50; ++i)
        polls.push_back(wait(fixture, closing, desk, cursor));
    untilParked(closing, 50);
    closing.stop();
    REQUIRE(fixture.push(desk, fixture.entry(desk, room, domain::Kind::roomMessage, message(QStringLiteral("x"))))
                .value(QStringLiteral("result")) == QStringLiteral("accepted"));
    for (auto& poll : polls) {
        const Answer answer = poll.get();
        REQUIRE(answer.status == 200);
        CHECK(messagesOf(answer) == 0);
        const Answer next = fixture.post(changes, {{QStringLiteral("cursor"), cursorOf(answer)}}, desk.token);
        CHECK(messagesOf(next) == 1);
    }
}

TEST_CASE("more polls than a central holds are sent away with a time to come back")
{
    ApiFixture fixture(
        {.postgres = false, .feed = {.ringBytes = 1024, .polls = 3, .checkedAtOnce = 2}, .readQueue = 64});
    fixture.addUser(QStringLiteral("lerato"));
    const Desk desk = fixture.signIn(QStringLiteral("lerato"));
    const QString cursor = caughtUp(fixture, fixture.first(), desk);
    std::vector<std::future<Answer>> polls;
    for (int i = 0; i < 3; ++i)
        polls.push_back(wait(fixture, fixture.first(), desk, cursor));
    untilParked(fixture.first(), 3);
    const Answer shed = wait(fixture, fixture.first(), desk, cursor).get();
    CHECK(shed.status == 503);
    CHECK(fixture.first().api->feedCounters().shed == 1);
    // A place that was left is taken again.
    fixture.addUser(QStringLiteral("newcomer"));
    for (auto& poll : polls)
        CHECK(poll.get().status == 200);
    CHECK(fixture.post(changes, {{QStringLiteral("cursor"), cursor}}, desk.token).status == 200);
}

namespace {

// One desk that comes back: renews its sign-in, catches up, pushes what it has, and hears the others.
class Returning
{
public:
    Returning(ApiFixture& fixture, Desk& desk, QString cursor)
        : fixture_(fixture), desk_(desk), cursor_(std::move(cursor))
    {}

    void run(const ThreadId& room, int crowd)
    {
        const QByteArray proof = desk_.key->sign(log::refreshMessage(desk_.refresh));
        const Answer renewed =
            persist(QStringLiteral("/v1/token"), {{QStringLiteral("refresh"), QString::fromLatin1(desk_.refresh)},
                                                  {QStringLiteral("proof"), QString::fromLatin1(proof.toBase64())}});
        if (renewed.status != 200)
            return;
        desk_.token = renewed.body.value(QStringLiteral("token")).toString().toLatin1();
        while (poll(0)) {
        }
        const QJsonObject entry =
            fixture_.entry(desk_, room, domain::Kind::roomMessage, message(QStringLiteral("back")));
        const Answer pushed = persist(QStringLiteral("/v1/entries"), {{QStringLiteral("entries"), QJsonArray{entry}}});
        const QString result = pushed.body.value(QStringLiteral("results"))
                                   .toArray()
                                   .first()
                                   .toObject()
                                   .value(QStringLiteral("result"))
                                   .toString();
        accepted = result == QStringLiteral("accepted");
        while (accepted && back < crowd && served)
            poll(25);
    }

    std::map<QByteArray, int> got; // headers of messages
    int back = 0;
    int sentAway = 0;
    int mostTries = 0;
    bool accepted = false;
    bool served = true;

private:
    // As a desk does: 503 is tried again later, with jitter.
    Answer persist(const QString& path, const QJsonObject& body)
    {
        sync::Backoff backoff;
        for (int tries = 1; tries <= 100; ++tries) {
            mostTries = std::max(mostTries, tries);
            Answer answer = fixture_.postLater(fixture_.first(), path, body, desk_.token).get();
            if (answer.status != 503)
                return answer;
            ++sentAway;
            std::this_thread::sleep_for(std::chrono::milliseconds(backoff.next(fixture_.random, 100)));
        }
        served = false;
        return {};
    }
    bool poll(int seconds) // whether there is more at once
    {
        const Answer answer =
            persist(changes, {{QStringLiteral("cursor"), cursor_}, {QStringLiteral("wait"), seconds}});
        served = served && answer.status == 200;
        if (!served)
            return false;
        cursor_ = cursorOf(answer);
        for (const QJsonValue& value : answer.body.value(QStringLiteral("entries")).toArray()) {
            const QByteArray header =
                QByteArray::fromBase64(value.toObject().value(QStringLiteral("header")).toString().toLatin1());
            const auto author = log::decodeAuthorPart(log::decodeHeader(header)->authorPart);
            if (author->kind != domain::number(domain::Kind::roomMessage))
                continue;
            back += ++got[header] == 1 && author->claimedAt >= fixture_.cutAt ? 1 : 0;
        }
        return answer.body.value(QStringLiteral("more")).toBool();
    }

    ApiFixture& fixture_;
    Desk& desk_;
    QString cursor_;
};

} // namespace

TEST_CASE("two hundred desks come back at once after a power cut: all are served, each entry once, nobody starves")
{
    constexpr int crowd = 200;
    constexpr int missed = 600;                                           // more than one answer holds
    ApiFixture fixture({.postgres = false, .feed = {}, .readQueue = 64}); // small, so that some must be sent away
    QStringList logins;
    for (int i = 0; i < crowd; ++i) {
        logins.append(QStringLiteral("agent%1").arg(i));
        fixture.addUser(logins.back());
    }
    (void)fixture.addTeam(QStringLiteral("motor"), logins);
    const ThreadId room = fixture.addRoom(QStringLiteral("motor"), QStringLiteral("Motor"));
    std::vector<Desk> desks;
    std::vector<std::unique_ptr<Returning>> returning;
    for (const QString& login : logins)
        desks.push_back(fixture.signIn(login));
    for (Desk& desk : desks)
        returning.push_back(std::make_unique<Returning>(fixture, desk, caughtUp(fixture, fixture.first(), desk)));
    for (int sent = 0; sent < missed; sent += 100) {
        QJsonArray entries;
        for (int i = 0; i < 100; ++i)
            entries.append(fixture.entry(desks[0], room, domain::Kind::roomMessage, message(QStringLiteral("missed"))));
        REQUIRE(fixture.post(QStringLiteral("/v1/entries"), {{QStringLiteral("entries"), entries}}, desks[0].token)
                    .status == 200);
    }
    fixture.restart();
    std::vector<std::jthread> threads;
    for (const auto& desk : returning)
        threads.emplace_back([&] { desk->run(room, crowd); });
    threads.clear();
    int sentAway = 0;
    int mostTries = 0;
    for (const auto& desk : returning) {
        CHECK(desk->served);
        CHECK(desk->accepted);
        CHECK(desk->back == crowd);
        CHECK(desk->got.size() == size_t(missed + crowd));
        CHECK(desk->got == returning.front()->got);
        sentAway += desk->sentAway;
        mostTries = std::max(mostTries, desk->mostTries);
    }
    const auto& got = returning.front()->got;
    CHECK(std::all_of(got.begin(), got.end(), [](const auto& entry) { return entry.second == 1; }));
    CHECK(sentAway > 0); // there was shedding, or this test shows nothing of it
    CHECK(mostTries < 50);
}

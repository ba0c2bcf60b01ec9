// History from its newest end, over HTTP on both stores: windows of scopes, lists of threads, ranges and their proofs.
#include "models/log/checkpoint.h"
#include "tests/central_api/api_fixture.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace holdfast;
using namespace holdfast::test;

namespace {

struct Got
{
    log::Header header;
    log::AuthorPart part;
    Digest leaf;
    log::Proof inclusion;
    bool hasContent = false;
};

log::Proof proofOf(const QJsonValue& value)
{
    log::Proof proof;
    const QJsonArray hashes = value.toArray();
    for (const QJsonValue& hash : hashes)
        proof.push_back(*Digest::fromBytes(QByteArray::fromBase64(hash.toString().toLatin1())));
    return proof;
}

Got gotOf(const QJsonObject& object)
{
    const QByteArray bytes = QByteArray::fromBase64(object.value(QStringLiteral("header")).toString().toLatin1());
    Got got;
    got.header = log::decodeHeader(bytes).value();
    got.part = log::decodeAuthorPart(got.header.authorPart).value();
    got.leaf = log::leafHash(bytes);
    got.inclusion = proofOf(object.value(QStringLiteral("inclusion")));
    got.hasContent = object.contains(QStringLiteral("content"));
    return got;
}

std::vector<Got> allOf(const QJsonValue& value)
{
    std::vector<Got> all;
    const QJsonArray entries = value.toArray();
    for (const QJsonValue& entry : entries)
        all.push_back(gotOf(entry.toObject()));
    return all;
}

log::Checkpoint checkpointOf(ApiFixture& fixture)
{
    std::promise<Result<QByteArray>> note;
    fixture.store->checkpointNow([&note](Result<QByteArray> made) { note.set_value(std::move(made)); });
    const auto answer = note.get_future().get();
    REQUIRE(answer.has_value());
    const auto checkpoint = log::openCheckpoint(*answer, fixture.store->organisation().logPublicKey);
    REQUIRE(checkpoint.has_value());
    return *checkpoint;
}

QJsonObject changes(ApiFixture& fixture, const Desk& desk, const QJsonObject& body)
{
    const Answer answer = fixture.post(QStringLiteral("/v1/changes"), body, desk.token);
    REQUIRE(answer.status == 200);
    return answer.body;
}

QJsonArray history(ApiFixture& fixture, const Desk& desk, quint64 size, const QJsonArray& ranges)
{
    const Answer answer = fixture.post(
        QStringLiteral("/v1/history"),
        {{QStringLiteral("size"), static_cast<qint64>(size)}, {QStringLiteral("ranges"), ranges}}, desk.token);
    REQUIRE(answer.status == 200);
    return answer.body.value(QStringLiteral("ranges")).toArray();
}

QJsonObject rangeOf(const ThreadId& thread, int limit, const QJsonObject& more = {})
{
    QJsonObject range = more;
    range.insert(QStringLiteral("thread"), thread.toHexString());
    range.insert(QStringLiteral("limit"), limit);
    return range;
}

// Newest first, each the one before the last, and each continuing the next.
void checkChain(const std::vector<Got>& entries, quint64 top)
{
    for (size_t i = 0; i < entries.size(); ++i) {
        CHECK(entries[i].header.threadSeq.value == top - i);
        CHECK(entries[i].hasContent);
        if (i > 0)
            CHECK(entries[i - 1].header.prev == entries[i].leaf);
    }
}

bool isProven(const Got& entry, const log::Proof& proof, const log::Checkpoint& checkpoint)
{
    return log::verifyInclusion(entry.leaf, entry.header.pos.value, checkpoint.size, proof, checkpoint.root);
}

ApiOptions optionsOf(bool postgres)
{
    return {.postgres = postgres, .feed = {}, .readQueue = 4096};
}

} // namespace

TEST_CASE("a scope opens as a window once there is a checkpoint; what everybody gets comes whole")
{
    ApiFixture fixture(optionsOf(GENERATE(false, true)));
    fixture.addUser(QStringLiteral("lerato"));
    const ScopeId motor = fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato")});
    const ThreadId thread = fixture.addCase(motor);
    const Desk desk = fixture.signIn(QStringLiteral("lerato"));
    const QJsonObject windows{{QStringLiteral("windows"), true}};
    const auto openedAs = [&](const QJsonObject& answer, const ScopeId& scope) {
        const QJsonArray scopes = answer.value(QStringLiteral("scopes")).toArray();
        for (const QJsonValue& value : scopes) {
            const QJsonObject event = value.toObject();
            if (event.value(QStringLiteral("scope")).toString() == scope.toHexString())
                return event.value(QStringLiteral("window")).toBool() ? 2 : 1;
        }
        return 0;
    };
    const auto bringsThread = [&](const QJsonObject& answer) {
        const auto entries = allOf(answer.value(QStringLiteral("entries")));
        return std::any_of(entries.begin(), entries.end(), [&](const Got& e) { return e.part.thread == thread; });
    };
    // Whether or not central's own clock has made a checkpoint by now: without one there is no window.
    const QJsonObject first = changes(fixture, desk, windows);
    CHECK(openedAs(first, motor) == (first.contains(QStringLiteral("checkpoint")) ? 2 : 1));

    CHECK(checkpointOf(fixture).size > 0);
    const QJsonObject whole = changes(fixture, desk, {});
    CHECK(openedAs(whole, motor) == 1);
    CHECK(bringsThread(whole));

    const QJsonObject window = changes(fixture, desk, windows);
    CHECK(openedAs(window, motor) == 2);
    CHECK(openedAs(window, fixture.store->organisation().everyone) == 1);
    CHECK_FALSE(bringsThread(window));
    CHECK_FALSE(allOf(window.value(QStringLiteral("entries"))).empty()); // of the organisation

    // What comes from now on is fed.
    fixture.customerWrites(thread, QStringLiteral("later"));
    QJsonObject next = windows;
    next.insert(QStringLiteral("cursor"), window.value(QStringLiteral("cursor")));
    const QJsonObject tail = changes(fixture, desk, next);
    const auto fed = allOf(tail.value(QStringLiteral("entries")));
    REQUIRE(fed.size() == 1);
    CHECK(fed.front().part.thread == thread);
    CHECK(fed.front().header.threadSeq.value == 3);
}

TEST_CASE("threads are listed by their newest entry, conversations apart from records, and only readable ones")
{
    ApiFixture fixture(optionsOf(GENERATE(false, true)));
    fixture.addUser(QStringLiteral("lerato"));
    const ScopeId motor = fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato")});
    const ScopeId home = fixture.addTeam(QStringLiteral("home"), {});
    std::vector<ThreadId> cases;
    for (int i = 0; i < 5; ++i)
        cases.push_back(fixture.addCase(motor));
    const ThreadId hidden = fixture.addCase(home);
    fixture.customerWrites(cases[1], QStringLiteral("again"));
    const Desk desk = fixture.signIn(QStringLiteral("lerato"));
    const QJsonArray scopes{motor.toHexString(), home.toHexString()};
    QStringList listed;
    qint64 below = 1'000'000;
    for (bool more = true; more;) {
        const Answer answer = fixture.post(
            QStringLiteral("/v1/threads"),
            {{QStringLiteral("scopes"), scopes}, {QStringLiteral("below"), below}, {QStringLiteral("limit"), 2}},
            desk.token);
        REQUIRE(answer.status == 200);
        const QJsonArray threads = answer.body.value(QStringLiteral("threads")).toArray();
        for (const QJsonValue& value : threads) {
            const QJsonObject thread = value.toObject();
            listed.append(thread.value(QStringLiteral("thread")).toString());
            CHECK(thread.value(QStringLiteral("scope")).toString() == motor.toHexString());
            CHECK(thread.value(QStringLiteral("pos")).toInteger() < below);
            below = thread.value(QStringLiteral("pos")).toInteger();
            CHECK(thread.value(QStringLiteral("tseq")).toInteger() ==
                  (listed.last() == cases[1].toHexString() ? 3 : 2));
        }
        more = answer.body.value(QStringLiteral("more")).toBool();
    }
    const QStringList expected{cases[1].toHexString(), cases[4].toHexString(), cases[3].toHexString(),
                               cases[2].toHexString(), cases[0].toHexString()};
    CHECK(listed == expected);
    const Answer records =
        fixture.post(QStringLiteral("/v1/threads"),
                     {{QStringLiteral("scopes"), QJsonArray{fixture.store->organisation().everyone.toHexString()}},
                      {QStringLiteral("records"), true}},
                     desk.token);
    CHECK_FALSE(records.body.value(QStringLiteral("threads")).toArray().isEmpty());

    // Of what may not be seen nothing is given, and nothing tells it from what does not exist.
    const QJsonArray none =
        history(fixture, desk, 0, {rangeOf(hidden, 10), rangeOf(fixture.random.id<ThreadId>(), 10)});
    CHECK(none.isEmpty());
    CHECK(fixture.post(QStringLiteral("/v1/history"), {{QStringLiteral("ranges"), QJsonArray()}}).status == 401);
    CHECK(fixture
              .post(QStringLiteral("/v1/history"), {{QStringLiteral("ranges"), QJsonArray{rangeOf(hidden, 501)}}},
                    desk.token)
              .status == 400);
    CHECK(fixture.post(QStringLiteral("/v1/history"), {{QStringLiteral("ranges"), QJsonArray()}}, fixture.adminToken())
              .status == 403);
}

TEST_CASE("a range comes newest first, with what decides its thread's state and the proof that it is of this log")
{
    ApiFixture fixture(optionsOf(GENERATE(false, true)));
    fixture.addUser(QStringLiteral("lerato"));
    const ScopeId motor = fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato")});
    const ThreadId thread = fixture.addCase(motor); // 1, 2
    Desk desk = fixture.signIn(QStringLiteral("lerato"));
    const auto push = [&](domain::Kind kind, const QByteArray& content) {
        const QJsonObject result = fixture.push(desk, fixture.entry(desk, thread, kind, content));
        REQUIRE(result.value(QStringLiteral("result")).toString() == QStringLiteral("accepted"));
    };
    push(domain::Kind::threadAssigned, domain::toJson(domain::ThreadAssigned{UserId()}));                        // 3
    push(domain::Kind::threadAssigned, domain::toJson(domain::ThreadAssigned{desk.user}));                       // 4
    push(domain::Kind::threadState, domain::toJson(domain::ThreadState{}));                                      // 5
    push(domain::Kind::threadRead, domain::toJson(domain::ThreadRead{ThreadSeq{2}}));                            // 6
    push(domain::Kind::threadLinked, domain::toJson(domain::ThreadLinked{fixture.random.id<PolicyId>(), true})); // 7
    for (int i = 0; i < 33; ++i)
        push(domain::Kind::internalNote, domain::toJson(domain::InternalNote{QStringLiteral("note"), {}})); // 8..40
    const log::Checkpoint checkpoint = checkpointOf(fixture);

    const QJsonArray ranges =
        history(fixture, desk, checkpoint.size,
                {rangeOf(thread, 10, {{QStringLiteral("alone"), true}, {QStringLiteral("state"), true}})});
    REQUIRE(ranges.size() == 1);
    const QJsonObject newest = ranges.first().toObject();
    CHECK(newest.value(QStringLiteral("newest")).toInteger() == 40);
    const auto entries = allOf(newest.value(QStringLiteral("entries")));
    REQUIRE(entries.size() == 10);
    checkChain(entries, 40);
    const log::Proof top = proofOf(newest.value(QStringLiteral("inclusion")));
    CHECK(isProven(entries[0], top, checkpoint));
    CHECK_FALSE(isProven(entries[1], top, checkpoint));
    const auto state = allOf(newest.value(QStringLiteral("state")));
    QList<quint64> deciding;
    for (const Got& entry : state) {
        deciding.append(entry.header.threadSeq.value);
        CHECK(isProven(entry, entry.inclusion, checkpoint));
    }
    CHECK(deciding == QList<quint64>{7, 6, 5, 4, 2, 1});

    const auto below = allOf(history(fixture, desk, 0, {rangeOf(thread, 500, {{QStringLiteral("below"), 31}})})
                                 .first()
                                 .toObject()
                                 .value(QStringLiteral("entries")));
    CHECK(below.size() == 30);
    checkChain(below, 30);

    // Around a moment: the entry that was the first at it is in the middle.
    const Timestamp at = below[14].header.centralAt; // tseq 16
    const auto around = allOf(history(fixture, desk, 0, {rangeOf(thread, 9, {{QStringLiteral("at"), at.value}})})
                                  .first()
                                  .toObject()
                                  .value(QStringLiteral("entries")));
    REQUIRE(around.size() == 9);
    CHECK(around[4].header.centralAt >= at);
    CHECK(around[5].header.centralAt < at);
    const auto late = allOf(history(fixture, desk, 0, {rangeOf(thread, 9, {{QStringLiteral("at"), at.value * 2}})})
                                .first()
                                .toObject()
                                .value(QStringLiteral("entries")));
    checkChain(late, 40);
}

TEST_CASE("an answer of history is bounded in entries and says that there was more; whoever lost the scope gets none")
{
    ApiFixture fixture(optionsOf(GENERATE(false, true)));
    fixture.addUser(QStringLiteral("lerato"));
    const ScopeId motor = fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato")});
    const ThreadId large = fixture.addCase(motor);
    const ThreadId small = fixture.addCase(motor);
    const QString text(20'000, QChar(u'x'));
    for (int i = 0; i < 60; ++i)
        fixture.customerWrites(large, text);
    const Desk desk = fixture.signIn(QStringLiteral("lerato"));
    const QJsonArray asked{rangeOf(large, 500), rangeOf(small, 500)};
    const Answer first = fixture.post(QStringLiteral("/v1/history"), {{QStringLiteral("ranges"), asked}}, desk.token);
    REQUIRE(first.status == 200);
    CHECK(first.raw.size() < 2 * 1024 * 1024);
    const QJsonArray ranges = first.body.value(QStringLiteral("ranges")).toArray();
    REQUIRE(ranges.size() == 1);
    CHECK(first.body.value(QStringLiteral("more")).toBool());
    const auto entries = allOf(ranges.first().toObject().value(QStringLiteral("entries")));
    CHECK(entries.size() < 60);
    CHECK(entries.size() > 20);
    checkChain(entries, 62);

    REQUIRE(fixture
                .post(QStringLiteral("/v1/grants/end"),
                      {{QStringLiteral("login"), QStringLiteral("lerato")},
                       {QStringLiteral("scope"), QStringLiteral("motor")}},
                      fixture.adminToken())
                .status == 200);
    CHECK(history(fixture, desk, 0, asked).isEmpty());
    const Answer listed = fixture.post(QStringLiteral("/v1/threads"),
                                       {{QStringLiteral("scopes"), QJsonArray{motor.toHexString()}}}, desk.token);
    CHECK(listed.body.value(QStringLiteral("threads")).toArray().isEmpty());
}

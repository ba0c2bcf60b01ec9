// Threads that go from one team to another: who loses one keeps nothing and gets nothing, who gains one gets all of it.
#include "tests/central_api/feed_reader.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <random>

using namespace holdfast;
using namespace holdfast::test;
using domain::Kind;

namespace {

struct Office
{
    explicit Office(bool postgres) : fixture(ApiOptions{postgres, {}, 4096})
    {
        for (const QString& login : {QStringLiteral("lerato"), QStringLiteral("fatima"), QStringLiteral("riaan")})
            fixture.addUser(login);
        motor = fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato"), QStringLiteral("riaan")});
        home = fixture.addTeam(QStringLiteral("home"), {QStringLiteral("fatima"), QStringLiteral("riaan")});
        life = fixture.addTeam(QStringLiteral("life"), {});
    }
    // By central, as the administrator's tools do it.
    void move(const ThreadId& thread, const ScopeId& from, const ScopeId& to)
    {
        fixture.append(store::centralEntry(fixture.clock, fixture.random, thread, Kind::threadMoved,
                                           domain::toJson(domain::ThreadMoved{from, to})));
    }
    void grant(const Desk& desk, const ScopeId& scope, bool given)
    {
        fixture.append(store::centralEntry(fixture.clock, fixture.random, fixture.store->organisation().structure,
                                           given ? Kind::grantGiven : Kind::grantEnded,
                                           domain::toJson(domain::Grant{desk.user, scope})));
    }
    [[nodiscard]] QJsonObject pushMove(Desk& desk, const ThreadId& thread, const ScopeId& from, const ScopeId& to)
    {
        return fixture.push(
            desk, fixture.entry(desk, thread, Kind::threadMoved, domain::toJson(domain::ThreadMoved{from, to})));
    }

    ApiFixture fixture;
    ScopeId motor, home, life;
};

QString outcome(const QJsonObject& result)
{
    return result.value(QStringLiteral("result")).toString() + u' ' + result.value(QStringLiteral("code")).toString();
}

// What a desk of this person must hold: every entry of every thread that is now where the person may look.
std::map<ThreadId, std::vector<EntryId>> truth(ApiFixture& fixture, const std::vector<ThreadId>& threads,
                                               const std::set<ScopeId>& scopes)
{
    using Held = std::map<ThreadId, std::vector<EntryId>>;
    return fixture.read<Held>([&](store::StoreReader& reader) -> Result<Held> {
        Held held;
        for (const ThreadId& thread : threads) {
            const auto facts = reader.threads().facts(thread);
            if (!facts || !scopes.contains(facts->scope))
                continue;
            const auto entries = reader.feed().entriesOfThread(thread, ThreadSeq{1}, 1000);
            for (const store::FeedEntry& entry : entries.value())
                held[thread].push_back(entry.entry);
        }
        return held;
    });
}

std::map<ThreadId, std::vector<EntryId>> heldBy(const FeedMemory& memory, const std::vector<ThreadId>& threads)
{
    std::map<ThreadId, std::vector<EntryId>> held;
    for (const ThreadId& thread : threads) {
        const auto found = memory.threads().find(thread);
        if (found != memory.threads().end())
            held.emplace(thread, found->second.entries);
    }
    return held;
}

} // namespace

TEST_CASE("one entry moves a thread: the old team's desk closes it, the new team's desk gets all of it")
{
    Office office(GENERATE(false, true));
    ApiFixture& fixture = office.fixture;
    const ThreadId moved = fixture.addCase(office.motor);
    const ThreadId stays = fixture.addCase(office.motor);
    Desk lerato = fixture.signIn(QStringLiteral("lerato"));
    Desk fatima = fixture.signIn(QStringLiteral("fatima"));
    Desk riaan = fixture.signIn(QStringLiteral("riaan")); // sees both teams
    FeedMemory old, next, both;
    old.catchUp(fixture, lerato);
    next.catchUp(fixture, fatima);
    both.catchUp(fixture, riaan);
    old.events.clear();
    next.events.clear();
    both.events.clear();

    REQUIRE(outcome(office.pushMove(lerato, moved, office.motor, office.home)) == QStringLiteral("accepted "));
    fixture.customerWrites(moved, QStringLiteral("after"));
    fixture.customerWrites(stays, QStringLiteral("as ever"));
    old.catchUp(fixture, lerato);
    next.catchUp(fixture, fatima);
    both.catchUp(fixture, riaan);

    CHECK(old.events == QStringList{QStringLiteral("closed ") + moved.toHexString()});
    CHECK_FALSE(old.threads().contains(moved));
    CHECK(old.threads().at(stays).entries.size() == 3);
    CHECK(next.events == QStringList{QStringLiteral("opened ") + moved.toHexString()});
    CHECK(next.threads().at(moved).entries.size() == 4); // opened, hello, moved, after
    CHECK_FALSE(next.threads().contains(stays));
    CHECK(both.events.isEmpty()); // nothing was lost or gained
    CHECK(both.threads().at(moved).entries == next.threads().at(moved).entries);
    CHECK(both.threads().at(moved).scope == office.home);

    // A device that starts now sees the same, and the losing side nothing more by any way.
    FeedMemory fresh;
    fresh.catchUp(fixture, fatima, 3);
    CHECK(heldBy(fresh, {moved, stays}) == heldBy(next, {moved, stays}));
    CHECK(outcome(fixture.push(lerato, fixture.entry(lerato, moved, Kind::internalNote,
                                                     domain::toJson(domain::InternalNote{QStringLiteral("x"), {}})))) ==
          QStringLiteral("refused denied"));
    CHECK(outcome(fixture.push(fatima, fixture.entry(fatima, moved, Kind::internalNote,
                                                     domain::toJson(domain::InternalNote{QStringLiteral("x"), {}})))) ==
          QStringLiteral("accepted "));

    // And back again: all of it, from its beginning.
    office.move(moved, office.home, office.motor);
    old.catchUp(fixture, lerato);
    next.catchUp(fixture, fatima);
    CHECK(old.threads().at(moved).entries.size() == 6);
    CHECK_FALSE(next.threads().contains(moved));
}

TEST_CASE("a move goes to a team only, from where the thread is, by who sees it")
{
    Office office(false);
    ApiFixture& fixture = office.fixture;
    const ThreadId thread = fixture.addCase(office.motor);
    const ThreadId room = fixture.addRoom(QStringLiteral("motor"), QStringLiteral("Talk"));
    Desk lerato = fixture.signIn(QStringLiteral("lerato"));
    Desk fatima = fixture.signIn(QStringLiteral("fatima"));
    const store::Organisation& organisation = fixture.store->organisation();
    CHECK(outcome(office.pushMove(fatima, thread, office.motor, office.home)) == QStringLiteral("refused denied"));
    CHECK(outcome(office.pushMove(lerato, thread, office.motor, organisation.everyone)) ==
          QStringLiteral("refused denied"));
    CHECK(outcome(office.pushMove(lerato, thread, office.motor, organisation.audit)) ==
          QStringLiteral("refused denied"));
    CHECK(outcome(office.pushMove(lerato, thread, office.motor, fixture.random.id<ScopeId>())) ==
          QStringLiteral("refused denied"));
    CHECK(outcome(office.pushMove(lerato, room, office.motor, office.home)) == QStringLiteral("refused denied"));
    CHECK(outcome(office.pushMove(lerato, thread, office.motor, office.motor)) ==
          QStringLiteral("refused bad_content"));
    CHECK(outcome(office.pushMove(lerato, thread, office.life, office.home)) ==
          QStringLiteral("refused conversation_moved"));
    CHECK(outcome(office.pushMove(lerato, thread, office.motor, office.life)) == QStringLiteral("accepted "));
    CHECK(outcome(office.pushMove(lerato, thread, office.life, office.motor)) == QStringLiteral("refused denied"));
}

TEST_CASE("an assignment ends with a move, and a reply that was written before it is held back")
{
    Office office(false);
    ApiFixture& fixture = office.fixture;
    const ThreadId thread = fixture.addCase(office.motor);
    Desk riaan = fixture.signIn(QStringLiteral("riaan"));
    REQUIRE(outcome(fixture.push(riaan, fixture.entry(riaan, thread, Kind::threadAssigned,
                                                      domain::toJson(domain::ThreadAssigned{riaan.user})))) ==
            QStringLiteral("accepted "));
    office.move(thread, office.motor, office.home);
    const auto facts =
        fixture.read<store::ThreadFacts>([&](store::StoreReader& reader) { return reader.threads().facts(thread); });
    CHECK_FALSE(facts.assignee.has_value());
    CHECK(facts.scope == office.home);
    domain::AgentReply reply;
    reply.text = QStringLiteral("Good day");
    reply.seen = ThreadSeq{3};
    CHECK(outcome(fixture.push(riaan, fixture.entry(riaan, thread, Kind::agentReply, domain::toJson(reply)))) ==
          QStringLiteral("refused conversation_moved"));
}

TEST_CASE("more threads than travel at once are moved and all arrive, the tail behind them")
{
    Office office(false);
    ApiFixture& fixture = office.fixture;
    const ThreadId steady = fixture.addCase(office.home);
    std::vector<ThreadId> threads{steady};
    for (int i = 0; i < 300; ++i)
        threads.push_back(fixture.addCase(office.motor));
    const Desk fatima = fixture.signIn(QStringLiteral("fatima"));
    FeedMemory memory;
    memory.catchUp(fixture, fatima);
    for (size_t i = 1; i < threads.size(); ++i)
        office.move(threads[i], office.motor, office.home);
    fixture.customerWrites(steady, QStringLiteral("still here"));
    memory.catchUp(fixture, fatima, 50);
    CHECK(heldBy(memory, threads) == truth(fixture, threads, {office.home}));
    CHECK(memory.threads().size() >= threads.size());
    FeedMemory fresh; // opens the scope with all of them in it
    fresh.catchUp(fixture, fatima);
    CHECK(heldBy(fresh, threads) == heldBy(memory, threads));
}

namespace {

qint64 stillHolds(ApiFixture& fixture, const Desk& desk)
{
    const Answer answer = fixture.call("GET", QStringLiteral("/v1/devices"), {}, fixture.adminToken());
    for (const QJsonValue& device : answer.body.value(QStringLiteral("devices")).toArray()) {
        if (device.toObject().value(QStringLiteral("device")).toString() == desk.device.toHexString())
            return device.toObject().value(QStringLiteral("still_holds")).toInteger(-1);
    }
    return -1;
}

} // namespace

TEST_CASE("central keeps for each device what it has not yet said that it destroyed")
{
    Office office(GENERATE(false, true));
    ApiFixture& fixture = office.fixture;
    const ThreadId thread = fixture.addCase(office.motor);
    const Desk lerato = fixture.signIn(QStringLiteral("lerato"));
    const Desk riaan = fixture.signIn(QStringLiteral("riaan"));
    FeedMemory memory;
    memory.catchUp(fixture, lerato);
    memory.events.clear();
    const auto say = [&](const QJsonObject& what) {
        return fixture.post(QStringLiteral("/v1/changes"),
                            {{QStringLiteral("cursor"), memory.cursor()}, {QStringLiteral("closed"), QJsonArray{what}}},
                            lerato.token);
    };

    office.move(thread, office.motor, office.home);
    CHECK(stillHolds(fixture, lerato) == 1);
    CHECK(stillHolds(fixture, riaan) == 0); // sees both teams
    memory.catchUp(fixture, lerato);
    CHECK(stillHolds(fixture, lerato) == 1); // told is not done
    CHECK(say({{QStringLiteral("thread"), thread.toHexString()}}).status == 200);
    CHECK(stillHolds(fixture, lerato) == 0);

    SECTION("a scope that was given and taken back between two looks is asked for all the same")
    {
        memory.events.clear();
        office.grant(lerato, office.life, true);
        office.grant(lerato, office.life, false);
        CHECK(stillHolds(fixture, lerato) == 1);
        memory.catchUp(fixture, lerato);
        CHECK(memory.events == QStringList{QStringLiteral("closed ") + office.life.toHexString()});
        CHECK(say({{QStringLiteral("scope"), office.life.toHexString()}}).status == 200);
        CHECK(stillHolds(fixture, lerato) == 0);
    }
    SECTION("what is regained is not asked for any more")
    {
        office.grant(lerato, office.motor, false);
        CHECK(stillHolds(fixture, lerato) == 1);
        office.grant(lerato, office.motor, true);
        CHECK(stillHolds(fixture, lerato) == 0);
        memory.catchUp(fixture, lerato);
        FeedMemory fresh;
        fresh.catchUp(fixture, lerato);
        CHECK(heldBy(fresh, {thread}) == heldBy(memory, {thread}));
    }
    SECTION("a device that starts from nothing holds nothing")
    {
        office.grant(lerato, office.motor, false);
        CHECK(stillHolds(fixture, lerato) == 1);
        FeedMemory fresh;
        fresh.poll(fixture, lerato);
        for (int tries = 0; tries < 1000 && stillHolds(fixture, lerato) != 0; ++tries)
            continue; // noted behind the answer
        CHECK(stillHolds(fixture, lerato) == 0);
    }
    SECTION("garbage in the list is refused")
    {
        CHECK(say({{QStringLiteral("thread"), QStringLiteral("zz")}}).status == 400);
        CHECK(say({}).status == 400);
    }
}

TEST_CASE("an erasure is told first, by ids, and acknowledged like a closing")
{
    Office office(GENERATE(false, true));
    ApiFixture& fixture = office.fixture;
    const ThreadId thread = fixture.addCase(office.motor);
    fixture.customerWrites(thread, QStringLiteral("Zephyrquartz"));
    const Desk lerato = fixture.signIn(QStringLiteral("lerato"));
    const Desk fatima = fixture.signIn(QStringLiteral("fatima"));
    FeedMemory memory;
    memory.catchUp(fixture, lerato);
    const EntryId victim = memory.threads().at(thread).entries.back();
    REQUIRE(fixture
                .post(QStringLiteral("/v1/erase"), {{QStringLiteral("entries"), QJsonArray{victim.toHexString()}}},
                      fixture.adminToken())
                .status == 200);
    CHECK(stillHolds(fixture, lerato) == 1);
    CHECK(stillHolds(fixture, fatima) == 0);
    const Answer answer =
        fixture.post(QStringLiteral("/v1/changes"), {{QStringLiteral("cursor"), memory.cursor()}}, lerato.token);
    const QJsonArray erased = answer.body.value(QStringLiteral("erased")).toArray();
    REQUIRE(erased.size() == 1);
    CHECK(erased.first().toObject().value(QStringLiteral("thread")).toString() == thread.toHexString());
    CHECK(erased.first().toObject().value(QStringLiteral("entries")).toArray() == QJsonArray{victim.toHexString()});
    const Answer next =
        fixture.post(QStringLiteral("/v1/changes"),
                     {{QStringLiteral("cursor"), answer.body.value(QStringLiteral("cursor"))},
                      {QStringLiteral("closed"),
                       QJsonArray{QJsonObject{
                           {QStringLiteral("erasure"), erased.first().toObject().value(QStringLiteral("erasure"))}}}}},
                     lerato.token);
    CHECK(next.status == 200);
    CHECK_FALSE(next.body.contains(QStringLiteral("erased"))); // told once
    CHECK(stillHolds(fixture, lerato) == 0);
    FeedMemory fresh; // gets the header without its content, and the chain holds
    fresh.catchUp(fixture, lerato);
    CHECK(fresh.threads().at(thread).entries.size() == 4);
}

TEST_CASE("a thread on its way begins anew when a scope of its past is closed, which took what had come of it")
{
    Office office(GENERATE(false, true));
    ApiFixture& fixture = office.fixture;
    const ThreadId thread = fixture.addCase(office.motor);
    for (int i = 0; i < 8; ++i)
        fixture.customerWrites(thread, QStringLiteral("message %1").arg(i));
    Desk lerato = fixture.signIn(QStringLiteral("lerato"));
    FeedMemory memory;
    memory.catchUp(fixture, lerato);
    office.move(thread, office.motor, office.home);
    memory.catchUp(fixture, lerato);
    CHECK_FALSE(memory.threads().contains(thread));

    office.grant(lerato, office.home, true);
    while (!memory.threads().contains(thread))
        memory.poll(fixture, lerato, 3); // its first entries say "motor"
    REQUIRE(memory.threads().at(thread).scope == office.motor);
    office.grant(lerato, office.motor, false);
    memory.catchUp(fixture, lerato, 3);
    CHECK(heldBy(memory, {thread}) == truth(fixture, {thread}, {office.home}));
}

TEST_CASE("a thread whose move was told, but did not come before its old scope was closed, comes whole")
{
    Office office(GENERATE(false, true));
    ApiFixture& fixture = office.fixture;
    const ThreadId thread = fixture.addCase(office.motor);
    const ThreadId talk = fixture.addCase(office.motor);
    Desk riaan = fixture.signIn(QStringLiteral("riaan")); // sees both teams
    FeedMemory memory;
    memory.catchUp(fixture, riaan);
    for (int i = 0; i < 8; ++i)
        fixture.customerWrites(talk, QStringLiteral("message %1").arg(i));
    office.move(thread, office.motor, office.home);
    fixture.customerWrites(thread, QStringLiteral("after"));
    memory.poll(fixture, riaan, 3); // not as far as the move
    REQUIRE(memory.more());
    office.grant(riaan, office.motor, false);
    memory.catchUp(fixture, riaan, 3);
    CHECK(heldBy(memory, {thread, talk}) == truth(fixture, {thread, talk}, {office.home}));
}

TEST_CASE("a desk that the ring serves is compared with its scopes' checksums too")
{
    ApiOptions options;
    options.feed.entriesBetweenSums = 20;
    ApiFixture fixture(options);
    fixture.addUser(QStringLiteral("lerato"));
    const ThreadId thread = fixture.addCase(fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato")}));
    Desk lerato = fixture.signIn(QStringLiteral("lerato"));
    FeedMemory memory;
    const auto checkpoint = [&] {
        std::promise<Result<QByteArray>> note;
        fixture.store->checkpointNow([&note](Result<QByteArray> made) { note.set_value(std::move(made)); });
        REQUIRE(note.get_future().get().has_value());
    };
    checkpoint();
    memory.catchUp(fixture, lerato);
    CHECK(memory.sums.size() == 2);
    memory.sums.clear();
    int told = 0;
    for (int i = 0; i < 60; ++i) {
        fixture.customerWrites(thread, QStringLiteral("message"));
        checkpoint();
        memory.poll(fixture, lerato);
        told += std::exchange(memory.sums, {}).empty() ? 0 : 1;
    }
    CHECK(memory.differing.isEmpty());
    CHECK(told >= 4);
    CHECK(told <= 8); // not at every checkpoint: those between were served from memory
}

TEST_CASE("a caught-up desk is told once per checkpoint what each of its scopes holds, and may have one from its start")
{
    Office office(GENERATE(false, true));
    ApiFixture& fixture = office.fixture;
    const ThreadId moved = fixture.addCase(office.motor);
    for (int i = 0; i < 5; ++i)
        (void)fixture.addCase(office.motor);
    const Desk lerato = fixture.signIn(QStringLiteral("lerato"));
    const auto checkpoint = [&] {
        std::promise<Result<QByteArray>> note;
        fixture.store->checkpointNow([&note](Result<QByteArray> made) { note.set_value(std::move(made)); });
        REQUIRE(note.get_future().get().has_value());
    };
    FeedMemory memory;
    const auto compared = [&memory] { // the scopes, all of which must have agreed
        CHECK(memory.differing.isEmpty());
        return std::exchange(memory.sums, {}).size();
    };
    checkpoint();
    memory.catchUp(fixture, lerato, 3);
    CHECK(compared() == 2); // the team's and everybody's
    memory.poll(fixture, lerato);
    CHECK(memory.sums.empty()); // no newer checkpoint

    office.move(moved, office.motor, office.home);
    office.move(moved, office.home, office.life);
    office.grant(lerato, office.life, true);
    checkpoint();
    memory.catchUp(fixture, lerato, 3);
    CHECK(compared() == 3);

    memory.events.clear();
    memory.again = {office.motor};
    memory.forgetScope(office.motor);
    memory.poll(fixture, lerato);
    CHECK(memory.events.contains(QStringLiteral("opened ") + office.motor.toHexString()));
    memory.again.clear();
    memory.catchUp(fixture, lerato, 3);
    CHECK(compared() == 3); // without waiting for a newer checkpoint
    const auto incidents = fixture.read<int>([&](store::StoreReader& reader) -> Result<int> {
        int found = 0;
        const auto entries =
            reader.feed().entriesOfThread(fixture.store->organisation().auditThread, ThreadSeq{1}, 1000);
        for (const store::FeedEntry& entry : entries.value())
            found += entry.kind == domain::number(Kind::incidentNoted) ? 1 : 0;
        return found;
    });
    CHECK(incidents == 1);
}

// Random moves, grants and messages between polls of random size, some of whose answers are lost: after each catching
// up the desk holds the whole of what its person may see, and at no time was given anything else.
TEST_CASE("whatever the order of moves, grants and polls, a desk ends with what its person may see")
{
    const auto kind = GENERATE(false, true);
    const auto seed = GENERATE(1U, 2U, 3U, 4U);
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const auto below = [&random](size_t limit) { return size_t(random() % limit); };
    Office office(kind);
    ApiFixture& fixture = office.fixture;
    const std::vector<ScopeId> teams{office.motor, office.home, office.life};
    const Desk desk = fixture.signIn(QStringLiteral("lerato"));
    std::set<ScopeId> mine{office.motor};
    std::vector<ThreadId> threads;
    std::map<ThreadId, ScopeId> where;
    const auto open = [&](const ScopeId& team) {
        threads.push_back(fixture.addCase(team));
        where[threads.back()] = team;
    };
    for (const ScopeId& team : teams)
        open(team);
    FeedMemory memory;
    int moves = 0;
    for (int step = 0; step < 150; ++step) {
        const ThreadId& thread = threads[below(threads.size())];
        const ScopeId& team = teams[below(teams.size())];
        switch (below(10)) {
        case 0:
            open(team);
            break;
        case 1:
        case 2:
        case 3:
            if (where[thread] != team) {
                office.move(thread, where[thread], team);
                where[thread] = team;
                ++moves;
            }
            break;
        case 4:
            office.grant(desk, team, !mine.contains(team));
            if (!mine.insert(team).second)
                mine.erase(team);
            break;
        case 5:
            memory.loseAnswer(fixture, desk, 1 + int(below(6)));
            break;
        case 6:
        case 7:
            memory.poll(fixture, desk, 1 + int(below(6)));
            for (const ThreadId& given : memory.delivered)
                CHECK((!where.contains(given) || mine.contains(where[given])));
            break;
        default:
            fixture.customerWrites(thread, QStringLiteral("step %1").arg(step));
        }
        if (step % 37 == 36) {
            memory.catchUp(fixture, desk, 4);
            REQUIRE(heldBy(memory, threads) == truth(fixture, threads, mine));
        }
    }
    memory.catchUp(fixture, desk, 4);
    CHECK(heldBy(memory, threads) == truth(fixture, threads, mine));
    CHECK(moves > 10);
    FeedMemory fresh;
    fresh.catchUp(fixture, desk);
    CHECK(heldBy(fresh, threads) == heldBy(memory, threads));
}

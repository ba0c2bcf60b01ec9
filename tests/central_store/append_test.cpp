// Appending: order, duplicates, conflicts, decisions inside the transaction.
#include "models/log/entry.h"
#include "tests/central_store/store_fixture.h"

#include <set>
#include <thread>

using namespace holdfast;
using namespace holdfast::store;
using namespace holdfast::test;
using Outcome = AppendResult::Outcome;

TEST_CASE("an accepted entry has the next position, a chained header and a receipt")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    Desk desk(fixture);
    desk.enrol();
    const auto room = fixture.openRoom();
    const auto before = fixture.read<LogHead>([](StoreReader& reader) { return reader.feed().head(); });
    REQUIRE(before);
    const auto first = fixture.append({desk.say(room.thread, QStringLiteral("Good day"))}).front();
    const auto second = fixture.append({desk.say(room.thread, QStringLiteral("And to you"))}).front();
    REQUIRE(first.outcome == Outcome::accepted);
    REQUIRE(second.outcome == Outcome::accepted);
    CHECK(first.pos.value == before->size);
    CHECK(second.pos.value == before->size + 1);
    CHECK(second.threadSeq.value == first.threadSeq.value + 1);
    const auto header = log::decodeHeader(second.header);
    REQUIRE(header);
    CHECK(header->prev == log::leafHash(first.header));
    CHECK(header->scope == room.scope);
    const auto author = log::decodeAuthorPart(header->authorPart);
    REQUIRE(author);
    const QByteArray message = log::receiptMessage(fixture.store().organisation().id, author->entryId,
                                                   author->commit.toBytes(), second.pos, header->epoch);
    CHECK(log::verifySignature(fixture.store().organisation().logPublicKey, message, second.receipt));

    const auto fed = fixture.read<FeedEntry>([&](StoreReader& reader) { return reader.feed().entry(author->entryId); });
    REQUIRE(fed);
    CHECK(fed->header == second.header);
    REQUIRE(fed->content);
    CHECK(fed->content->contains("And to you"));
    CHECK(log::commitment(*fed->salt, author->kind, *fed->content) == author->commit);
}

TEST_CASE("the same bytes again are a duplicate; the same id with other bytes is a conflict")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    Desk desk(fixture);
    desk.enrol();
    const auto room = fixture.openRoom();
    const EntryToAppend entry = desk.say(room.thread, QStringLiteral("once"));
    const auto both = fixture.append({entry, entry});
    REQUIRE(both.size() == 2);
    CHECK(both[0].outcome == Outcome::accepted);
    CHECK(both[1].outcome == Outcome::duplicate);
    CHECK(both[1].pos == both[0].pos);
    const auto again = fixture.append({entry}).front();
    CHECK(again.outcome == Outcome::duplicate);
    CHECK(again.pos == both[0].pos);
    CHECK(again.header == both[0].header);
    CHECK(again.receipt == both[0].receipt);

    EntryToAppend other = desk.say(room.thread, QStringLiteral("other"));
    other.author.entryId = entry.author.entryId;
    other.authorPart = log::encode(other.author);
    const auto refused = fixture.append({other}).front();
    CHECK(refused.outcome == Outcome::refused);
    CHECK(refused.refusal.code == QStringLiteral("same_id_other_bytes"));
    const auto unknown = fixture.append({desk.say(fixture.random.id<ThreadId>(), QStringLiteral("?"))}).front();
    CHECK(unknown.refusal.code == QStringLiteral("unknown_thread"));
}

TEST_CASE("eight callers at once leave no hole in positions and threads")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    const auto room = fixture.openRoom();
    constexpr int callers = 8;
    constexpr int each = 60;
    std::vector<std::unique_ptr<Desk>> desks;
    std::vector<std::vector<EntryToAppend>> entries(callers);
    for (int i = 0; i < callers; ++i) {
        desks.push_back(std::make_unique<Desk>(fixture));
        desks.back()->enrol();
        for (int n = 0; n < each; ++n)
            entries[size_t(i)].push_back(desks.back()->say(room.thread, QStringLiteral("message %1").arg(n)));
    }
    const auto before = fixture.read<LogHead>([](StoreReader& reader) { return reader.feed().head(); });
    REQUIRE(before);
    std::vector<std::vector<AppendResult>> answers(callers);
    std::vector<std::thread> threads;
    for (size_t i = 0; i < callers; ++i) {
        threads.emplace_back([&, i] {
            for (const EntryToAppend& entry : entries[i]) {
                AppendBatch batch;
                batch.entries = {entry};
                auto results = fixture.tryAppend(std::move(batch));
                if (results)
                    answers[i].push_back(results->front());
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();

    std::set<quint64> positions;
    std::set<quint64> sequences;
    for (const auto& list : answers) {
        REQUIRE(list.size() == each);
        for (const AppendResult& result : list) {
            REQUIRE(result.outcome == Outcome::accepted);
            positions.insert(result.pos.value);
            sequences.insert(result.threadSeq.value);
        }
    }
    CHECK(positions.size() == callers * each);
    CHECK(*positions.begin() == before->size);
    CHECK(*positions.rbegin() == before->size + callers * each - 1);
    CHECK(sequences.size() == callers * each);
    CHECK(*sequences.rbegin() == 1 + callers * each); // after thread.opened
    const Result<VerifyReport> report = await<VerifyReport>([&](auto done) { fixture.store().verify(done); });
    REQUIRE(report);
    CHECK(report->good());
    CHECK(report->signatures == callers * each);
}

TEST_CASE("a precondition sees what the same group did before it")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    Desk desk(fixture);
    desk.enrol();
    const auto room = fixture.openRoom();
    EntryToAppend first = desk.say(room.thread, QStringLiteral("a"));
    EntryToAppend second = desk.say(room.thread, QStringLiteral("b"));
    const auto stale = [](const ThreadFacts& thread) -> std::optional<Refusal> {
        if (thread.newest.value > 1)
            return Refusal{QStringLiteral("conversation_moved"), QStringLiteral("Someone wrote first.")};
        return std::nullopt;
    };
    first.precondition = stale;
    second.precondition = stale;
    const auto results = fixture.append({first, second});
    CHECK(results[0].outcome == Outcome::accepted);
    CHECK(results[1].outcome == Outcome::refused);
    CHECK(results[1].refusal.code == QStringLiteral("conversation_moved"));
}

TEST_CASE("rows that follow an entry are committed with it or not at all")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    const auto room = fixture.openRoom();
    const auto setting = [&](const char* name) {
        return fixture.read<std::optional<QByteArray>>(
            [&](StoreReader& reader) { return reader.settings().value(QString::fromLatin1(name)); });
    };
    const auto size = [&] {
        return fixture.read<LogHead>([](StoreReader& reader) { return reader.feed().head(); })->size;
    };
    const quint64 before = size();
    Desk desk(fixture);
    AppendBatch good;
    good.compose = [&](StoreWriter& writer) -> Result<std::vector<EntryToAppend>> {
        const auto facts = writer.threads().facts(room.thread);
        if (!facts)
            return tl::unexpected<Error>(facts.error());
        return std::vector{desk.say(room.thread, QStringLiteral("composed"))};
    };
    good.after = [](StoreWriter& writer, std::span<const AppendResult> results) {
        return writer.settings().set(QStringLiteral("seen"), QByteArray::number(results.front().pos.value));
    };
    const auto accepted = fixture.tryAppend(good);
    REQUIRE(accepted);
    CHECK(size() == before + 1);
    CHECK(setting("seen")->value() == QByteArray::number(accepted->front().pos.value));

    AppendBatch bad = good;
    bad.after = [](StoreWriter& writer, std::span<const AppendResult>) -> Status {
        if (const Status set = writer.settings().set(QStringLiteral("torn"), "1"); !set)
            return set;
        return fail(ErrorCode::conflict, QStringLiteral("No."));
    };
    CHECK_FALSE(fixture.tryAppend(bad));
    CHECK(size() == before + 1);
    CHECK_FALSE(setting("torn")->has_value());

    AppendBatch all;
    all.allOrNothing = true;
    all.entries = {desk.say(room.thread, QStringLiteral("x")),
                   desk.say(fixture.random.id<ThreadId>(), QStringLiteral("nowhere"))};
    const auto held = fixture.tryAppend(all);
    REQUIRE(held);
    CHECK(held->at(0).refusal.code == QStringLiteral("later"));
    CHECK(held->at(1).refusal.code == QStringLiteral("unknown_thread"));
    CHECK(size() == before + 1);
    // What was undone left nothing behind that a later entry could trip over.
    CHECK(fixture.append({desk.say(room.thread, QStringLiteral("y"))}).front().pos.value == before + 1);
}

TEST_CASE("prepareDeviceEntry refuses what the device did not sign as it is")
{
    StoreFixture fixture(Dialect::embedded);
    Desk desk(fixture);
    const EntryToAppend good = desk.say(fixture.random.id<ThreadId>(), QStringLiteral("hello"));
    const OrgId org = fixture.store().organisation().id;
    const auto prepare = [&](const QByteArray& part, const QByteArray& sig, const QByteArray& salt,
                             const QByteArray& content) {
        const auto result = prepareDeviceEntry(org, part, sig, salt, content, desk.key().publicKey());
        return result ? QString() : result.error().code;
    };
    CHECK(prepare(good.authorPart, good.signature, good.salt, good.content).isEmpty());
    for (qsizetype i = 0; i < good.authorPart.size(); ++i) {
        QByteArray part = good.authorPart;
        part[i] = char(part[i] ^ 0x01);
        CHECK_FALSE(prepare(part, good.signature, good.salt, good.content).isEmpty());
        CHECK_FALSE(prepare(good.authorPart.first(i), good.signature, good.salt, good.content).isEmpty());
    }
    QByteArray wrong = good.signature;
    wrong[10] = char(wrong[10] ^ 0x40);
    CHECK(prepare(good.authorPart, wrong, good.salt, good.content) == QStringLiteral("bad_signature"));
    CHECK(prepare(good.authorPart, good.signature, good.salt, good.content + ' ') == QStringLiteral("bad_content"));
    const EntryToAppend central = fixture.central(fixture.random.id<ThreadId>(), domain::Kind::logHeads, "{}");
    CHECK_FALSE(prepare(central.authorPart, {}, central.salt, central.content).isEmpty());
}

TEST_CASE("a full queue answers unavailable at once, and a closed store cancelled")
{
    StoreFixture fixture(Dialect::embedded);
    fixture.close();
    fixture.config().queueLimit = 4;
    fixture.open();
    std::promise<void> release;
    std::shared_future<void> gate = release.get_future().share();
    std::promise<void> holding;
    fixture.store().write<void>(
        [gate, &holding](StoreWriter&) -> Status {
            holding.set_value();
            gate.wait();
            return {};
        },
        [](Status) {});
    holding.get_future().wait();
    std::atomic<int> refused = 0;
    std::atomic<int> answered = 0;
    for (int i = 0; i < 20; ++i) {
        fixture.store().write<void>([](StoreWriter&) -> Status { return {}; },
                                    [&](Status status) {
                                        ++answered;
                                        if (!status && status.error().code == ErrorCode::unavailable)
                                            ++refused;
                                    });
    }
    CHECK(refused == 16);
    release.set_value();
    fixture.close();
    CHECK(answered == 20);
}

TEST_CASE("central's own entries are no larger than an entry may be either")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    const auto room = fixture.openRoom();
    domain::RecordedAct act;
    act.fields.insert(QStringLiteral("text"), QString(log::maxContentBytes, u'x'));
    const auto results = fixture.append({fixture.central(room.thread, domain::Kind::exported, domain::toJson(act))});
    CHECK(results.front().outcome == Outcome::refused);
    CHECK(results.front().refusal.code == QStringLiteral("bad_content"));
}

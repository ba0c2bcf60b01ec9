// One damaged value is passed over and told; what stands beside it still comes.
#include "central/store/context.h"
#include "tests/central_store/store_fixture.h"
#include "tests/support/store_tables.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace holdfast;
using namespace holdfast::store;
using namespace holdfast::test;

namespace {

qint64 putRaw(StoreFixture& fixture, const QByteArray& body)
{
    const Result<qint64> id =
        await<qint64>([&](auto done) { fixture.store().putRaw(QStringLiteral("main"), body, std::move(done)); });
    REQUIRE(id);
    return *id;
}

std::vector<InboxItem> waiting(StoreFixture& fixture)
{
    const auto items =
        fixture.read<std::vector<InboxItem>>([](StoreReader& reader) { return reader.inbox().waiting(10); });
    REQUIRE(items);
    return *items;
}

Job jobOf(StoreFixture& fixture, const ThreadId& thread)
{
    Job job;
    job.entry = fixture.random.id<EntryId>();
    job.thread = thread;
    job.channel = QStringLiteral("main");
    job.state = QStringLiteral("waiting");
    job.callback = QString::fromLatin1(job.entry.toHex());
    job.dueAt = Timestamp{1000};
    job.payload = "payload";
    REQUIRE(fixture.write<void>([&](StoreWriter& writer) { return writer.sends().put(job); }));
    return job;
}

} // namespace

TEST_CASE("a raw body that does not open is handed over as damaged, and those behind it as they came")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    const qint64 first = putRaw(fixture, "first");
    (void)putRaw(fixture, "second");
    fixture.close();
    StoreTables(fixture.config())
        .flipBit(QStringLiteral("raw_inbox"), QStringLiteral("sealed"), QStringLiteral("id = %1").arg(first));
    fixture.open();
    const auto items = waiting(fixture);
    REQUIRE(items.size() == 2);
    CHECK(items[0].bytes.isEmpty());
    CHECK_FALSE(items[0].damage.isEmpty());
    CHECK(items[1].bytes == "second");
    CHECK(items[1].damage.isEmpty());
    CHECK(fixture.store().incidents().damagedValues == 1);
}

TEST_CASE("a job that does not open comes without its payload, and the others with theirs")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    const auto room = fixture.openRoom();
    const Job damaged = jobOf(fixture, room.thread);
    const Job whole = jobOf(fixture, room.thread);
    fixture.close();
    StoreTables(fixture.config())
        .flipBit(QStringLiteral("job"), QStringLiteral("sealed"),
                 QStringLiteral("callback = '%1'").arg(damaged.callback));
    fixture.open();
    const auto due =
        fixture.read<std::vector<Job>>([](StoreReader& reader) { return reader.sends().due(Timestamp{1000}, 10); });
    REQUIRE(due);
    REQUIRE(due->size() == 2);
    for (const Job& job : *due)
        CHECK(job.payload == (job.entry == damaged.entry ? QByteArray() : whole.payload));
    CHECK(fixture.store().incidents().damagedValues == 1);
}

TEST_CASE("a content that does not open is fed and exported as damaged, and its neighbours whole")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    Desk desk(fixture);
    desk.enrol();
    const auto room = fixture.openRoom();
    const auto damaged = fixture.append({desk.say(room.thread, QStringLiteral("one"))}).front();
    const auto whole = fixture.append({desk.say(room.thread, QStringLiteral("two"))}).front();
    fixture.close();
    StoreTables(fixture.config())
        .flipBit(QStringLiteral("content"), QStringLiteral("sealed"),
                 QStringLiteral("pos = %1").arg(damaged.pos.value));
    fixture.open();
    const auto page = fixture.read<FeedPage>([&](StoreReader& reader) {
        return reader.feed().entriesOfScope(room.scope, 0, whole.pos.value + 1, 100, 1024 * 1024);
    });
    REQUIRE(page);
    REQUIRE(page->entries.size() == 3);
    CHECK(page->entries[1].damaged);
    CHECK_FALSE(page->entries[1].content);
    CHECK_FALSE(page->entries[2].damaged);
    CHECK(page->entries[2].content);

    std::vector<QJsonObject> lines;
    const auto write = [&lines](QByteArrayView line) -> Status {
        lines.push_back(QJsonDocument::fromJson(line.toByteArray()).object());
        return {};
    };
    REQUIRE(await<quint64>([&](auto done) { fixture.store().exportAll(write, done); }));
    const QJsonObject& line = lines.at(damaged.pos.value);
    CHECK(line.value(QStringLiteral("damaged")).toBool());
    CHECK(line.value(QStringLiteral("content")).isNull());
    CHECK(lines.at(whole.pos.value).value(QStringLiteral("content")).isString());
}

TEST_CASE("a forgotten key-encryption key is damage, not erasure")
{
    StoreFixture fixture(Dialect::embedded);
    const auto room = fixture.openRoom();
    fixture.close();
    {
        // As after a rotation that left the old file behind.
        StoreTables tables(fixture.config());
        REQUIRE(tables.db().execute(QStringLiteral("UPDATE thread_key SET kek_epoch = 7")));
    }
    fixture.open();
    const auto page = fixture.read<FeedPage>(
        [&](StoreReader& reader) { return reader.feed().entriesOfScope(room.scope, 0, 100, 100, 1024 * 1024); });
    REQUIRE(page);
    REQUIRE(page->entries.size() == 1);
    CHECK(page->entries[0].damaged);
}

TEST_CASE("a central whose epoch is over may not append, and says so by a code of its own")
{
    StoreFixture fixture(Dialect::postgres);
    const auto room = fixture.openRoom();
    StoreTables other(fixture.config());
    REQUIRE(other.db().execute(QStringLiteral("UPDATE log_head SET epoch = epoch + 1")));
    AppendBatch batch;
    batch.entries = {fixture.central(room.thread, domain::Kind::threadState, domain::toJson(domain::ThreadState()))};
    const auto refused = fixture.tryAppend(std::move(batch));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::fenced);
}

TEST_CASE("thread keys beyond the cache are neither made twice nor lost")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    fixture.close();
    StoreTables tables(fixture.config());
    ThreadKeys keys(tables.keys(), fixture.random, 4);
    std::vector<ThreadId> threads;
    for (int i = 0; i < 6; ++i)
        threads.push_back(fixture.random.id<ThreadId>());
    std::vector<ThreadId> twice = threads;
    twice.insert(twice.end(), threads.begin(), threads.end());
    REQUIRE(keys.prepare(tables.db(), twice));
    std::vector<QByteArray> made;
    for (const ThreadId& thread : threads)
        made.push_back(keys.newest(tables.db(), thread)->key);
    // Some are in the cache and some are not.
    REQUIRE(keys.prepare(tables.db(), std::span(threads).first(3)));
    REQUIRE(keys.prepare(tables.db(), threads));
    for (size_t i = 0; i < threads.size(); ++i)
        CHECK(keys.newest(tables.db(), threads[i])->key == made[i]);
}

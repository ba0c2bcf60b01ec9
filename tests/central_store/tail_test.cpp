// The tail of the log as the feed's hub gets it, from one central and from two on one PostgreSQL.
#include "tests/central_store/store_fixture.h"
#include "tests/central_store/tail_recorder.h"

#include <thread>

using namespace holdfast;
using namespace holdfast::store;
using namespace holdfast::test;

namespace {

quint64 sizeOf(StoreFixture& fixture)
{
    return fixture.read<LogHead>([](StoreReader& reader) { return reader.feed().head(); })->size;
}

// What was handed over is, byte for byte, what the store gives.
void checkTail(StoreFixture& fixture, const std::vector<FeedEntry>& tail, quint64 from, quint64 to)
{
    const auto stored =
        fixture.read<std::vector<FeedEntry>>([&](StoreReader& reader) { return reader.feed().everything(from, to); });
    REQUIRE(stored);
    REQUIRE(tail.size() == stored->size());
    int differing = 0;
    for (size_t i = 0; i < tail.size(); ++i) {
        const FeedEntry& handed = tail[i];
        const FeedEntry& read = (*stored)[i];
        const bool same = handed.pos == read.pos && handed.scope == read.scope && handed.thread == read.thread &&
                          handed.threadSeq == read.threadSeq && handed.entry == read.entry &&
                          handed.kind == read.kind && handed.header == read.header && handed.salt == read.salt &&
                          handed.content == read.content;
        differing += same ? 0 : 1;
    }
    CHECK(differing == 0);
}

std::unique_ptr<Store> openSecond(StoreFixture& fixture)
{
    StoreConfig config = fixture.config();
    config.anchorFile = fixture.directory() + QStringLiteral("/second.note");
    auto opened = Store::open(config, fixture.clock, fixture.random);
    REQUIRE(opened);
    return std::move(*opened);
}

void appendTo(Store& store, EntryToAppend entry)
{
    AppendBatch batch;
    batch.entries.push_back(std::move(entry));
    const auto results = await<std::vector<AppendResult>>([&](auto done) { store.append(std::move(batch), done); });
    REQUIRE(results);
    CHECK(results->front().outcome == AppendResult::Outcome::accepted);
}

} // namespace

TEST_CASE("the tail hands over every entry once, in order, and nothing that was undone")
{
    TailRecorder recorder;
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    fixture.store().tailer().listen(recorder);
    const quint64 from = sizeOf(fixture);
    REQUIRE(recorder.waitForSize(from));
    const auto room = fixture.openRoom();
    Desk desk(fixture);
    for (int i = 0; i < 50; ++i) {
        AppendBatch undone;
        undone.entries = {desk.say(room.thread, QStringLiteral("never")),
                          desk.say(fixture.random.id<ThreadId>(), QStringLiteral("nowhere"))};
        undone.allOrNothing = true;
        AppendBatch failing;
        failing.entries = {desk.say(room.thread, QStringLiteral("neither"))};
        failing.after = [](StoreWriter&, std::span<const AppendResult>) -> Status {
            return fail(ErrorCode::conflict, QStringLiteral("No."));
        };
        fixture.store().append(std::move(undone), {});
        fixture.store().append(std::move(failing), {});
        (void)fixture.append({desk.say(room.thread, QStringLiteral("kept %1").arg(i))});
    }
    (void)fixture.checkpoint();
    const quint64 to = sizeOf(fixture);
    CHECK(to == from + 52);
    REQUIRE(recorder.waitForSize(to));
    CHECK(recorder.holes() == 0);
    checkTail(fixture, recorder.entries(), from, to);
    fixture.close();
}

TEST_CASE("two centrals append at once; each hands over its own and the other's entries, without a hole")
{
    TailRecorder here, there;
    StoreFixture fixture(Dialect::postgres);
    const std::unique_ptr<Store> second = openSecond(fixture);
    const auto room = fixture.openRoom();
    Desk one(fixture), two(fixture);
    one.enrol();
    two.enrol();
    const quint64 from = sizeOf(fixture);
    fixture.store().tailer().listen(here);
    fixture.store().tailer().watch(true);
    second->tailer().listen(there);
    second->tailer().watch(true);
    REQUIRE(here.waitForSize(from));
    REQUIRE(there.waitForSize(from));
    std::vector<EntryToAppend> mine, theirs;
    for (int i = 0; i < 60; ++i) {
        mine.push_back(one.say(room.thread, QStringLiteral("here %1").arg(i)));
        theirs.push_back(two.say(room.thread, QStringLiteral("there %1").arg(i)));
    }
    std::thread other([&] {
        for (EntryToAppend& entry : theirs)
            appendTo(*second, std::move(entry));
    });
    for (EntryToAppend& entry : mine)
        appendTo(fixture.store(), std::move(entry));
    other.join();
    const quint64 to = sizeOf(fixture);
    CHECK(to == from + 120);
    for (TailRecorder* recorder : {&here, &there}) {
        REQUIRE(recorder->waitForSize(to));
        CHECK(recorder->holes() == 0);
        checkTail(fixture, recorder->entries(), from, to);
    }
    const auto report = await<VerifyReport>([&](auto done) { fixture.store().verify(done); });
    REQUIRE(report);
    CHECK(report->good());
}

TEST_CASE("while nobody waits, what another central appends is not read, and the hole is told")
{
    TailRecorder recorder;
    StoreFixture fixture(Dialect::postgres);
    const auto room = fixture.openRoom();
    const std::unique_ptr<Store> second = openSecond(fixture);
    const quint64 from = sizeOf(fixture);
    fixture.store().tailer().listen(recorder);
    REQUIRE(recorder.waitForSize(from));
    Desk desk(fixture);
    for (int i = 0; i < 3; ++i)
        appendTo(*second, desk.say(room.thread, QStringLiteral("unseen")));
    appendTo(fixture.store(), desk.say(room.thread, QStringLiteral("seen")));
    REQUIRE(recorder.waitForSize(from + 4));
    CHECK(recorder.holes() == 1);
    checkTail(fixture, recorder.entries(), from + 3, from + 4);
}

TEST_CASE("the end of a sign-in is told to whoever keeps sessions, at every central")
{
    TailRecorder here, there;
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    fixture.store().tailer().listen(here);
    REQUIRE(here.waitForSize(0));
    std::unique_ptr<Store> second;
    if (fixture.config().url.startsWith(QStringLiteral("postgresql"))) {
        second = openSecond(fixture);
        second->tailer().listen(there);
        second->tailer().watch(true);
        REQUIRE(there.waitForSize(0));
    }
    for (int times = 1; times <= 2; ++times) {
        REQUIRE(fixture.write<void>(
            [&](StoreWriter& writer) { return writer.accounts().endSignInsOf(fixture.random.id<UserId>()); }));
        CHECK(here.waitForEnded(times));
        if (second)
            CHECK(there.waitForEnded(times));
    }
    second.reset();
    fixture.close();
}

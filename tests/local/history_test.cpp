// Windows of history on a desk: whatever order they come in, its tables are those of the whole log in its order.
#include "models/domain/kinds.h"
#include "storage/local/history_plan.h"
#include "tests/disk_support/sql_faults.h"
#include "tests/local/desk_fixture.h"
#include "tests/local/mixed_log.h"

#include <map>

using namespace holdfast;
using namespace holdfast::test;
using domain::Kind;

namespace {

struct Stored
{
    local::FeedEntry entry;
    log::Header header;
    log::AuthorPart part;
};

// Central's side of POST /v1/history over a log in memory.
class Shelf
{
public:
    explicit Shelf(const std::vector<Scoped>& entries)
    {
        for (const Scoped& scoped : entries)
            add(scoped);
    }

    void add(const Scoped& scoped)
    {
        Stored stored{scoped.entry, log::decodeHeader(scoped.entry.header).value(), {}};
        stored.part = log::decodeAuthorPart(stored.header.authorPart).value();
        scopes_[stored.part.thread] = scoped.scope;
        threads_[stored.part.thread].push_back(stored);
    }

    [[nodiscard]] const std::vector<Stored>& of(const ThreadId& thread) const { return threads_.at(thread); }

    // The newest `count` entries that stand below `upTo`, and what decides the state.
    void putWindow(local::FeedBatch& batch, const ThreadId& thread, size_t count, const UserId& reader,
                   Position upTo) const
    {
        const std::vector<Stored>& all = threads_.at(thread);
        const auto end = std::find_if(all.begin(), all.end(), [&](const Stored& s) { return s.header.pos >= upTo; });
        const auto size = static_cast<size_t>(end - all.begin());
        const size_t from = size - std::min(size, count);
        std::set<size_t> chosen{0};
        std::map<Kind, size_t> newest;
        for (size_t i = 0; i < from; ++i) {
            const auto kind = domain::kindOf(all[i].part.kind);
            if (kind == Kind::threadLinked || (kind == Kind::threadRead && all[i].part.author == reader))
                chosen.insert(i);
            if (kind == Kind::threadAssigned || kind == Kind::threadState || kind == Kind::customerMessage)
                newest[*kind] = i;
        }
        for (const auto& [kind, index] : newest)
            chosen.insert(index);
        for (size_t i = from; i < size; ++i)
            chosen.insert(i);
        for (const size_t index : chosen)
            batch.entries.push_back(all[index].entry);
        batch.windows.append({thread, ThreadSeq{from + 1}});
    }

    void putRange(local::FeedBatch& batch, const ThreadId& thread, ThreadSeq first, ThreadSeq last) const
    {
        const std::vector<Stored>& all = threads_.at(thread);
        for (quint64 seq = first.value; seq <= last.value; ++seq)
            batch.entries.push_back(all[seq - 1].entry);
    }

    [[nodiscard]] QList<local::ListedThread> list(const QList<ScopeId>& scopes, Position upTo) const
    {
        QList<local::ListedThread> listed;
        for (const auto& [thread, entries] : threads_) {
            if (scopes.contains(scopes_.at(thread)) && entries.front().header.pos < upTo)
                listed.append({thread, scopes_.at(thread), entries.front().header.pos});
        }
        return listed;
    }

private:
    std::map<ThreadId, std::vector<Stored>> threads_;
    std::map<ThreadId, ScopeId> scopes_;
};

void sortByPosition(local::FeedBatch& batch)
{
    std::sort(batch.entries.begin(), batch.entries.end(),
              [](const local::FeedEntry& left, const local::FeedEntry& right) {
                  return log::decodeHeader(left.header)->pos < log::decodeHeader(right.header)->pos;
              });
}

local::Applied applyHistory(DeskFixture& desk, local::FeedBatch batch)
{
    batch.arrival = local::Arrival::history;
    sortByPosition(batch);
    const local::Applied applied = valueOf(desk.applier->apply(std::move(batch)));
    INFO((applied.fault ? applied.fault->what : QString()).toStdString());
    REQUIRE_FALSE(applied.fault.has_value());
    return applied;
}

// A desk whose two teams opened as windows at `cut`, which then gets all the rest in a random order.
class Windowed
{
public:
    Windowed(DeskFixture& desk, const MixedLog& log, quint64 seed, size_t cut)
        : desk_(desk), log_(log), shelf_(log.entries()), random_(seed), fed_(cut)
    {
        local::FeedBatch opening;
        for (const size_t place : {0, 1})
            opening.scopes.push_back({log.scope(place), true, true});
        opening.entries = log.readable({}, 0, cut);
        opening.cursor = "opened";
        REQUIRE_FALSE(valueOf(desk.applier->apply(std::move(opening))).fault);
    }

    // One step; false: all is here.
    bool step()
    {
        if (random_.below(3) == 0 && fed_ < log_.entries().size()) {
            feed();
            return true;
        }
        const local::HistoryPlan plan = valueOf(local::nextHistory(*desk_.database, {}));
        if (!plan.windows.isEmpty())
            takeWindows(plan.windows);
        else if (plan.listing)
            done(
                local::noteListed(*desk_.database, *plan.listing, shelf_.list(plan.listing->scopes, central()), false));
        else if (!plan.ranges.isEmpty())
            takeRange(plan.ranges[random_.below(static_cast<int>(plan.ranges.size()))]);
        else if (fed_ < log_.entries().size())
            feed();
        else
            return false;
        return true;
    }

    [[nodiscard]] const Shelf& shelf() const { return shelf_; }

private:
    // Central is ahead of what the desk was fed.
    [[nodiscard]] Position central()
    {
        const size_t ahead = std::min(log_.entries().size(), fed_ + static_cast<size_t>(random_.below(30)));
        return ahead == log_.entries().size() ? Position{~quint64(0)}
                                              : log::decodeHeader(log_.entries()[ahead].entry.header)->pos;
    }

    void feed()
    {
        const size_t to = std::min(log_.entries().size(), fed_ + 1 + static_cast<size_t>(random_.below(9)));
        const local::Applied applied = desk_.apply(log_.readable({log_.scope(0), log_.scope(1)}, fed_, to), "fed");
        INFO((applied.fault ? applied.fault->what : QString()).toStdString());
        REQUIRE_FALSE(applied.fault.has_value());
        fed_ = to;
    }

    void takeWindows(const QList<ThreadId>& threads)
    {
        local::FeedBatch batch;
        for (const ThreadId& thread : threads) {
            if (random_.below(3) > 0 || batch.windows.isEmpty())
                shelf_.putWindow(batch, thread, 3 + static_cast<size_t>(random_.below(5)), desk_.me.user, central());
        }
        applyHistory(desk_, std::move(batch));
    }

    // Somewhere in the hole, as after a jump.
    void takeRange(const local::HistoryRange& hole)
    {
        const quint64 size = hole.last.value - hole.first.value + 1;
        const quint64 from = hole.first.value + static_cast<quint64>(random_.below(static_cast<int>(size)));
        const quint64 most = hole.last.value - from + 1;
        const quint64 to = from + static_cast<quint64>(random_.below(static_cast<int>(most)));
        local::FeedBatch batch;
        shelf_.putRange(batch, hole.thread, ThreadSeq{from}, ThreadSeq{to});
        CHECK(applyHistory(desk_, std::move(batch)).stored == static_cast<int>(to - from + 1));
    }

    DeskFixture& desk_;
    const MixedLog& log_;
    Shelf shelf_;
    SeededRandom random_;
    size_t fed_;
};

QStringList unreadOf(DeskFixture& desk)
{
    return desk.query(QStringLiteral("SELECT unread FROM thread WHERE type = 'case' ORDER BY id"));
}

} // namespace

TEST_CASE("Holes are split, filled and joined as a set of numbers is", "[history]")
{
    for (quint64 seed = 1; seed <= 200; ++seed) {
        SeededRandom random(seed);
        local::HoleList holes;
        std::set<quint64> missing;
        quint64 newest = 0;
        for (int step = 0; step < 60; ++step) {
            if (random.below(4) == 0) {
                const quint64 gap = static_cast<quint64>(random.below(6));
                holes.open({ThreadSeq{newest + 1}, ThreadSeq{newest + gap}, Position{newest + gap + 1}});
                for (quint64 seq = newest + 1; seq <= newest + gap; ++seq)
                    missing.insert(seq);
                newest += gap + static_cast<quint64>(random.below(2));
            } else if (newest > 0) {
                const quint64 seq = 1 + static_cast<quint64>(random.below(static_cast<int>(newest)));
                holes.fill(ThreadSeq{seq}, Position{seq});
                missing.erase(seq);
            }
            std::set<quint64> told;
            quint64 last = 0;
            for (const local::Hole& hole : holes.all()) {
                REQUIRE(hole.first <= hole.last);
                REQUIRE((last == 0 || hole.first.value > last + 1));
                last = hole.last.value;
                for (quint64 seq = hole.first.value; seq <= last; ++seq)
                    told.insert(seq);
                CHECK(hole.below.value == last + 1);
            }
            REQUIRE(told == missing);
        }
    }
}

TEST_CASE("History in any order makes the tables of the whole log in its order, for every kind", "[history]")
{
    for (quint64 seed = 1; seed <= 4; ++seed) {
        DeskFixture desk(seed);
        MixedLog log(desk);
        log.readAll(desk.me);
        log.customerWrites(0, QStringLiteral("After all was read"));
        SeededRandom random(seed);
        const size_t size = log.entries().size();
        Windowed windowed(desk, log, seed, 8 + static_cast<size_t>(random.below(static_cast<int>(size - 8))));
        while (windowed.step()) {
        }
        CHECK(desk.query(QStringLiteral("SELECT count(*) FROM hole")) == QStringList{QStringLiteral("0")});
        CHECK(desk.query(QStringLiteral("SELECT count(*) FROM listed")) == QStringList{QStringLiteral("0")});
        DeskFixture other(seed);
        other.apply(log.readable({log.scope(0), log.scope(1)}, 0, size));
        INFO("seed " << seed);
        CHECK(desk.dump() == other.dump());
        const QStringList before = desk.dump();
        done(desk.applier->rebuild());
        CHECK(desk.dump() == before);
    }
}

TEST_CASE("A window is there at once with its state, and what fills in behind it does not raise what is unread",
          "[history]")
{
    DeskFixture desk;
    LogMaker& maker = desk.maker;
    const Colleague other = maker.colleague(QStringLiteral("Priya"));
    const auto thread = maker.random().id<ThreadId>();
    const auto person = maker.random().id<PersonId>();
    const auto policy = maker.random().id<PolicyId>();
    const std::vector<local::FeedEntry> staff{
        maker.profile(desk.me, QStringLiteral("Lerato")), maker.enrol(desk.me), maker.enrol(other),
        maker.person(person, QStringLiteral("Thandiwe"), QStringLiteral("+27825550143"))};
    const ScopeId team = maker.random().id<ScopeId>();
    maker.setScope(team);
    std::vector<Scoped> entries;
    const auto add = [&](const local::FeedEntry& entry) { entries.push_back({team, entry}); };
    add(maker.openCase(thread, person));
    add(maker.customer(thread, person, QStringLiteral("The first")));
    add(maker.assign(other, thread, other.user));
    add(maker.assign(other, thread, desk.me.user));
    add(maker.signedBy(other, thread, Kind::threadLinked, domain::toJson(domain::ThreadLinked{policy, true})));
    add(maker.signedBy(
        other, thread, Kind::threadState,
        domain::toJson(domain::ThreadState{domain::ThreadStatus::snoozed, Timestamp{5}, QStringLiteral("Waits")})));
    for (int i = 0; i < 40; ++i)
        add(maker.customer(thread, person, QStringLiteral("Number %1").arg(i)));
    for (int i = 0; i < 4; ++i)
        add(maker.signedBy(other, thread, Kind::internalNote,
                           domain::toJson(domain::InternalNote{QStringLiteral("A note"), {}})));
    const Shelf shelf(entries);
    const auto central = Position{~quint64(0)};

    valueOf(desk.applier->apply({staff, {{team, true, true}}, "c"}));
    const local::HistoryPlan first = valueOf(local::nextHistory(*desk.database, {}));
    REQUIRE(first.listing.has_value());
    CHECK(first.listing->scopes == QList{team});
    CHECK_FALSE(first.listing->records);
    done(local::noteListed(*desk.database, *first.listing, shelf.list({team}, central), false));
    CHECK(valueOf(local::nextHistory(*desk.database, {})).windows == QList{thread});

    local::FeedBatch window;
    shelf.putWindow(window, thread, 3, desk.me.user, central);
    CHECK(applyHistory(desk, std::move(window)).advanced.contains(thread));
    CHECK(unreadOf(desk) == QStringList{QStringLiteral("3")});
    DeskFixture whole;
    std::vector<local::FeedEntry> all = staff;
    for (const Scoped& scoped : entries)
        all.push_back(scoped.entry);
    whole.apply(all);
    CHECK(unreadOf(whole) == QStringList{QStringLiteral("45")});
    const QString state =
        QStringLiteral("SELECT json_array(hex(id), type, title, hex(person), status, until, reason,"
                       " hex(assignee), head_seq, hex(head_leaf), newest_at, customer_at, hex(policy))"
                       " FROM thread WHERE type = 'case'");
    CHECK(desk.query(state) == whole.query(state));

    // The records of the scope are listed next, and then the holes come, newest first.
    const local::HistoryPlan records = valueOf(local::nextHistory(*desk.database, {}));
    REQUIRE(records.listing.has_value());
    CHECK(records.listing->records);
    done(local::noteListed(*desk.database, *records.listing, {}, false));
    quint64 newest = 51;
    int pages = 0;
    for (local::HistoryPlan plan = valueOf(local::nextHistory(*desk.database, {})); !plan.ranges.isEmpty();
         plan = valueOf(local::nextHistory(*desk.database, {}))) {
        const local::HistoryRange& hole = plan.ranges.first();
        CHECK(hole.last.value < newest);
        newest = hole.last.value;
        local::FeedBatch batch;
        const quint64 size = std::min(hole.last.value - hole.first.value + 1, quint64(7));
        shelf.putRange(batch, thread, ThreadSeq{hole.last.value - size + 1}, hole.last);
        const local::Applied applied = applyHistory(desk, std::move(batch));
        CHECK(applied.advanced.isEmpty());
        CHECK(unreadOf(desk) == QStringList{QStringLiteral("3")});
        ++pages;
    }
    CHECK(pages > 4);
    CHECK_FALSE(valueOf(local::missingOf(*desk.database, {thread, ThreadSeq{1}, ThreadSeq{50}, true})).has_value());
    CHECK(desk.query(QStringLiteral("SELECT count(*) FROM message")) ==
          whole.query(QStringLiteral("SELECT count(*) FROM message")));
    done(desk.applier->rebuild());
    CHECK(unreadOf(desk) == QStringList{QStringLiteral("3")});
    CHECK(desk.query(state) == whole.query(state));
}

TEST_CASE("What arrives of a scope that was closed meanwhile leaves nothing", "[history]")
{
    DeskFixture desk;
    MixedLog log(desk);
    Windowed windowed(desk, log, 1, log.entries().size());
    const Shelf& shelf = windowed.shelf();
    const ThreadId thread = log.thread(0);
    const auto central = Position{~quint64(0)};
    const local::HistoryListing asked = *valueOf(local::nextHistory(*desk.database, {})).listing;
    done(local::noteListed(*desk.database, asked, shelf.list(asked.scopes, central), false));
    local::FeedBatch window;
    shelf.putWindow(window, thread, 5, desk.me.user, central);
    applyHistory(desk, window);
    local::FeedBatch late;
    shelf.putRange(late, thread, ThreadSeq{3}, ThreadSeq{20});

    desk.closeScope(log.scope(0));
    CHECK(applyHistory(desk, std::move(late)).stored == 0);
    CHECK(applyHistory(desk, std::move(window)).stored == 0);
    done(local::noteListed(*desk.database, asked, shelf.list({log.scope(0)}, central), false));
    const QString mine = QStringLiteral(" WHERE hex(%1) = '%2'");
    const auto left = [&](const QString& table, const QString& column, const QByteArray& id) {
        return desk.query(QStringLiteral("SELECT count(*) FROM ") + table +
                          mine.arg(column, QString::fromLatin1(id.toHex().toUpper()))) !=
               QStringList{QStringLiteral("0")};
    };
    for (const auto& table : {QStringLiteral("entry"), QStringLiteral("message"), QStringLiteral("hole"),
                              QStringLiteral("listed"), QStringLiteral("thread_window")})
        CHECK_FALSE(left(table, QStringLiteral("thread"), thread.toBytes()));
    CHECK_FALSE(left(QStringLiteral("listed"), QStringLiteral("scope"), log.scope(0).toBytes()));
    CHECK_FALSE(left(QStringLiteral("window_scope"), QStringLiteral("scope"), log.scope(0).toBytes()));
    CHECK(left(QStringLiteral("window_scope"), QStringLiteral("scope"), log.scope(1).toBytes()));
    // Opened again as a window, it is listed from its beginning.
    valueOf(desk.applier->apply({{}, {{log.scope(0), true, true}}, "again"}));
    CHECK(valueOf(local::nextHistory(*desk.database, {})).windows.contains(log.thread(1)));
}

TEST_CASE("Only a window leaves a hole: a feed that skips entries of what the desk follows is a fault", "[history]")
{
    DeskFixture desk;
    MixedLog log(desk);
    const Shelf shelf(log.entries());
    const ThreadId thread = log.thread(0);
    const auto faultOf = [&](std::vector<local::FeedEntry> entries) {
        return valueOf(desk.applier->apply({std::move(entries), {}, "c"})).fault;
    };
    const auto at = [&](size_t seq) { return shelf.of(thread)[seq - 1].entry; };
    SECTION("of a scope that is no window")
    {
        CHECK(faultOf({at(7)}).has_value());
    }
    SECTION("of a thread that is here")
    {
        valueOf(desk.applier->apply({{}, {{log.scope(0), true, true}}, "c"}));
        CHECK_FALSE(faultOf({at(7), at(8)}).has_value());
        CHECK(faultOf({at(10)}).has_value());
    }
    SECTION("and a window's first live entry asks for the window")
    {
        valueOf(desk.applier->apply({{}, {{log.scope(0), true, true}}, "c"}));
        CHECK_FALSE(faultOf({at(7)}).has_value());
        CHECK(valueOf(local::nextHistory(*desk.database, {})).windows == QList{thread});
    }
}

TEST_CASE("An entry of history that does not fit its neighbours is a fault", "[history]")
{
    DeskFixture desk(1);
    MixedLog log(desk);
    const Shelf shelf(log.entries());
    const ThreadId thread = log.thread(0);
    valueOf(desk.applier->apply({{}, {{log.scope(0), true, true}}, "c"}));
    const auto& chain = shelf.of(thread);
    REQUIRE_FALSE(valueOf(desk.applier->apply({{chain[9].entry, chain[10].entry}, {}, "c"})).fault);
    const auto forged = [&](size_t index, const Digest& prev) {
        log::Header header = chain[index].header;
        header.prev = prev;
        local::FeedEntry entry = chain[index].entry;
        entry.header = log::encode(header);
        return entry;
    };
    const auto faultOf = [&](std::vector<local::FeedEntry> entries) {
        local::FeedBatch batch;
        batch.entries = std::move(entries);
        batch.arrival = local::Arrival::history;
        return valueOf(desk.applier->apply(std::move(batch))).fault;
    };
    SECTION("below the next one: another leaf than it continues")
    {
        CHECK(faultOf({forged(8, Digest())}).has_value());
    }
    SECTION("above the one before")
    {
        CHECK_FALSE(faultOf({chain[3].entry}).has_value());
        CHECK(faultOf({forged(4, Digest())}).has_value());
    }
    SECTION("the first of a thread continues nothing")
    {
        CHECK(faultOf({forged(0, *Digest::fromBytes(QByteArray(32, 'x')))}).has_value());
    }
    SECTION("control: what fits is none")
    {
        CHECK_FALSE(faultOf({chain[8].entry}).has_value());
        CHECK_FALSE(faultOf({chain[0].entry, chain[3].entry, chain[4].entry}).has_value());
    }
}

TEST_CASE("Broken off at any statement, history goes on where it was", "[history]")
{
    const auto fetchAll = [](DeskFixture& desk, const MixedLog& log, int failAt) {
        Windowed windowed(desk, log, 1, log.entries().size());
        const Shelf& shelf = windowed.shelf();
        const auto central = Position{~quint64(0)};
        if (failAt > 0)
            sql_faults::failOnce(failAt, 10); // SQLITE_IOERR
        for (;;) {
            const auto plan = await(local::nextHistory(*desk.database, {}));
            Status step;
            if (!plan) {
                step = tl::unexpected(plan.error());
            } else if (plan->listing) {
                step = await(local::noteListed(*desk.database, *plan->listing,
                                               shelf.list(plan->listing->scopes, central), false));
            } else {
                local::FeedBatch batch;
                batch.arrival = local::Arrival::history;
                for (const ThreadId& thread : plan->windows)
                    shelf.putWindow(batch, thread, 5, desk.me.user, central);
                for (const local::HistoryRange& range : plan->ranges)
                    shelf.putRange(batch, range.thread, range.first, range.last);
                if (batch.entries.empty())
                    return;
                sortByPosition(batch);
                const auto applied = await(desk.applier->apply(std::move(batch)));
                step = applied ? Status() : Status(tl::unexpected(applied.error()));
            }
            if (step)
                continue;
            sql_faults::calm();
            desk.close(); // as after a crash
            desk.open();
        }
    };
    QStringList expected;
    int operations = 0;
    {
        DeskFixture desk;
        MixedLog log(desk);
        log.readAll(desk.me);
        sql_faults::calm();
        fetchAll(desk, log, 0);
        operations = sql_faults::operations();
        expected = desk.dump();
    }
    int broken = 0;
    for (int nth = 40; nth < operations; nth += 47) {
        DeskFixture desk;
        MixedLog log(desk);
        log.readAll(desk.me);
        fetchAll(desk, log, nth);
        broken += sql_faults::hasFailed() ? 1 : 0;
        sql_faults::calm();
        INFO("operation " << nth);
        CHECK(desk.dump() == expected);
    }
    CHECK(operations > 500);
    CHECK(broken > 5);
}

TEST_CASE("A page has one row for what is missing between two messages, known by the message above it", "[history]")
{
    DeskFixture desk;
    LogMaker& maker = desk.maker;
    const auto thread = maker.random().id<ThreadId>();
    const auto person = maker.random().id<PersonId>();
    const ScopeId team = maker.random().id<ScopeId>();
    maker.setScope(team);
    std::vector<Scoped> entries{{team, maker.openCase(thread, person)}};
    for (int i = 0; i < 399; ++i)
        entries.push_back({team, maker.customer(thread, person, QStringLiteral("Number %1").arg(i))});
    const Shelf shelf(entries);
    valueOf(desk.applier->apply({{}, {{team, true, true}}, "c"}));
    done(local::noteListed(*desk.database, *valueOf(local::nextHistory(*desk.database, {})).listing,
                           {{thread, team, Position{400}}}, false));
    local::FeedBatch window;
    shelf.putWindow(window, thread, 50, desk.me.user, Position{~quint64(0)});
    applyHistory(desk, std::move(window));

    const auto rowsOf = [](const views::MessagePage& page) {
        QList<views::Message> rows;
        for (const views::Message& message : page.messages) {
            if (message.kind == views::MessageKind::hole)
                rows.append(message);
        }
        return rows;
    };
    const views::MessagePage newest = valueOf(desk.reader->newestMessages(thread, 60));
    CHECK(newest.messages.size() == 52); // the window, the newest customer message below it, and the row
    CHECK_FALSE(newest.moreBefore);
    REQUIRE(rowsOf(newest).size() == 1);
    const views::Message& top = newest.messages.first();
    CHECK(top.hole == views::Hole{ThreadSeq{2}, ThreadSeq{349}});

    // After a jump to the beginning there are two parts, and the row between them is another one.
    local::FeedBatch first;
    shelf.putRange(first, thread, ThreadSeq{2}, ThreadSeq{100});
    applyHistory(desk, std::move(first));
    const views::MessagePage whole = valueOf(desk.reader->newestMessages(thread, 200));
    REQUIRE(rowsOf(whole).size() == 1);
    const views::Message between = rowsOf(whole).first();
    CHECK(between.hole == views::Hole{ThreadSeq{101}, ThreadSeq{349}});
    CHECK(between.id != top.id);
    CHECK(whole.messages.size() == 151);
    // Each page shows it once, and together they show it once.
    const views::MessagePage below = valueOf(desk.reader->messagesAfter(thread, {100, 0}, 20));
    REQUIRE(rowsOf(below).size() == 1);
    CHECK(below.messages.first().id == between.id);
    const views::MessagePage above = valueOf(desk.reader->messagesBefore(thread, {350, 0}, 20));
    REQUIRE(rowsOf(above).size() == 1);
    CHECK(above.messages.last().id == between.id);
    CHECK(rowsOf(valueOf(desk.reader->messagesBefore(thread, above.messages.last().key, 20))).isEmpty());
    CHECK(rowsOf(valueOf(desk.reader->messagesAround(thread, {1, 0}, 60))).isEmpty());

    local::FeedBatch more;
    shelf.putRange(more, thread, ThreadSeq{300}, ThreadSeq{349});
    applyHistory(desk, std::move(more));
    const auto smaller = rowsOf(valueOf(desk.reader->newestMessages(thread, 200)));
    REQUIRE(smaller.size() == 1);
    CHECK(smaller.first().id == between.id);
    CHECK(smaller.first().hole == views::Hole{ThreadSeq{101}, ThreadSeq{299}});
    local::FeedBatch rest;
    shelf.putRange(rest, thread, ThreadSeq{101}, ThreadSeq{299});
    applyHistory(desk, std::move(rest));
    CHECK(rowsOf(valueOf(desk.reader->newestMessages(thread, 200))).isEmpty());
}

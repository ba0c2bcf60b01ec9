#include "storage/local/desk_settings.h"
#include "storage/local/lost_entries.h"
#include "tests/local/desk_fixture.h"

using namespace holdfast;
using namespace holdfast::test;

namespace {

const QByteArray voucher(32, 'v');

// A case that began before the restored point, and what came after it.
struct RestoredDesk : DeskFixture
{
    RestoredDesk() : lost(*database, me.user)
    {
        before = {maker.profile(me, QStringLiteral("Lerato Khumalo")), maker.enrol(me),
                  maker.person(person, QStringLiteral("Thandiwe Mokoena"), QStringLiteral("+27825550143")),
                  maker.openCase(thread, person), maker.customer(thread, person, QStringLiteral("Good day"))};
        apply(before);
        point = {Epoch{2}, maker.nextPos(), sha256({"root"})};
    }
    // Vouched for, as the feed gives it.
    void applyAfter(local::FeedEntry entry)
    {
        entry.voucher = voucher;
        apply({std::move(entry)});
    }
    QList<local::LostEntry> waiting() { return valueOf(lost.waiting(std::nullopt, 100)); }

    local::LostEntries lost;
    ThreadId thread = maker.random().id<ThreadId>();
    PersonId person = maker.random().id<PersonId>();
    std::vector<local::FeedEntry> before;
    local::RestoredPoint point;
};

} // namespace

TEST_CASE("A desk that is set back shows the log up to the restored point, and keeps the rest", "[restore]")
{
    RestoredDesk desk;
    desk.applyAfter(desk.maker.customer(desk.thread, desk.person, QStringLiteral("My car was hit")));
    const EntryId customers = desk.maker.lastId();
    const EntryId own = valueOf(desk.outbox->put(desk.reply(desk.thread, QStringLiteral("I am sorry"))));
    const local::FeedEntry accepted = desk.maker.accept(valueOf(desk.outbox->find(own)));
    done(desk.outbox->markAccepted(own, Position{desk.point.pos.value + 1}, accepted.header, QByteArray(64, 'r')));
    const EntryId unsent = valueOf(desk.outbox->put(desk.reply(desk.thread, QStringLiteral("Not yet sent"))));

    CHECK(valueOf(desk.lost.setBack(desk.point, "new cursor")) == 2);
    const QList<local::LostEntry> waiting = desk.waiting();
    REQUIRE(waiting.size() == 2);
    CHECK(waiting[0].entry.id == customers);
    CHECK(waiting[0].voucher == voucher);
    CHECK(waiting[0].receipt.isEmpty());
    CHECK(waiting[1].entry.id == own);
    CHECK(waiting[1].receipt == QByteArray(64, 'r'));
    CHECK(waiting[1].header == accepted.header);
    CHECK(valueOf(local::DeskSettings(*desk.database).cursor()) == "new cursor");
    CHECK(valueOf(desk.lost.restoredPoint())->root == desk.point.root);
    // What central never had is pushed as ever; what it had accepted is not pushed again.
    const QList<local::OutboxEntry> toPush = valueOf(desk.outbox->waiting(10));
    REQUIRE(toPush.size() == 1);
    CHECK(toPush.first().id == unsent);
    CHECK(valueOf(desk.reader->newestMessages(desk.thread, 50)).messages.size() == 3);

    done(desk.lost.settle({customers, own}));
    CHECK(desk.waiting().isEmpty());
}

TEST_CASE("Set back, a desk is the one that never heard the rest", "[restore]")
{
    RestoredDesk desk;
    const QStringList derived = desk.dump();
    for (int i = 0; i < 20; ++i)
        desk.applyAfter(desk.maker.customer(desk.thread, desk.person, QStringLiteral("Later %1").arg(i)));
    CHECK(desk.dump() != derived);
    CHECK(valueOf(desk.lost.setBack(desk.point, "c")) == 20);
    CHECK(desk.dump() == derived);
    // Again, as after a crash before the answer was heard: nothing changes.
    CHECK(valueOf(desk.lost.setBack(desk.point, "c")) == 20);
    CHECK(desk.dump() == derived);
}

TEST_CASE("What waits to be given back keeps its photos, and goes after 35 days", "[restore]")
{
    RestoredDesk desk;
    const BlobId photo = desk.maker.random().id<BlobId>();
    desk.applyAfter(desk.maker.customer(desk.thread, desk.person, QString(),
                                        {{photo, 9, QStringLiteral("image/jpeg"), {}, sha256({"the photo"})}}));
    done(desk.media->put(photo, "the photo", sha256({"the photo"})));
    valueOf(desk.lost.setBack(desk.point, "c"));
    desk.maker.clock().advance(1);
    CHECK(valueOf(desk.media->sweep(desk.maker.clock().now())) == 0);
    CHECK(valueOf(desk.media->get(photo)) == "the photo");

    done(desk.lost.dropOlder(Timestamp{desk.maker.clock().now().value - 60'000'000}));
    CHECK(desk.waiting().size() == 1);
    done(desk.lost.dropOlder(Timestamp{desk.maker.clock().now().value + 1'000'000}));
    CHECK(desk.waiting().isEmpty());
    CHECK(valueOf(desk.media->sweep(desk.maker.clock().now())) == 1);
}

TEST_CASE("What central will not have is not offered again", "[restore]")
{
    RestoredDesk desk;
    desk.applyAfter(desk.maker.customer(desk.thread, desk.person, QStringLiteral("Later")));
    const EntryId id = desk.maker.lastId();
    valueOf(desk.lost.setBack(desk.point, "c"));
    done(desk.lost.putAside({id}, QStringLiteral("denied")));
    CHECK(desk.waiting().isEmpty());
    CHECK(desk.query(QStringLiteral("SELECT code FROM lost_entry")) == QStringList{QStringLiteral("denied")});
}

TEST_CASE("Of a conversation that is here in part, a desk that is set back asks for the newest window anew",
          "[restore]")
{
    RestoredDesk desk;
    const ThreadId old = desk.maker.random().id<ThreadId>();
    std::vector<local::FeedEntry> entries{desk.maker.openCase(old, desk.person)};
    for (int i = 0; i < 4; ++i)
        entries.push_back(desk.maker.customer(old, desk.person, QStringLiteral("Long ago %1").arg(i)));
    const Position newest{desk.maker.nextPos().value - 1};
    local::FeedBatch window;
    window.entries = {entries.back()};
    window.scopes.push_back({desk.maker.scope(), true, true});
    window.cursor = "window";
    REQUIRE(valueOf(desk.applier->apply(window)).stored == 1);
    REQUIRE(desk.query(QStringLiteral("SELECT first || '-' || last FROM hole")) == QStringList{QStringLiteral("1-4")});

    SECTION("what is missing may be lost too")
    {
        valueOf(desk.lost.setBack({Epoch{2}, newest, {}}, "c"));
        CHECK(desk.query(QStringLiteral("SELECT count(*) FROM hole")) == QStringList{QStringLiteral("0")});
        CHECK(desk.query(QStringLiteral("SELECT count(*) FROM thread_window")) == QStringList{QStringLiteral("0")});
        CHECK(desk.query(QStringLiteral("SELECT pos FROM listed")) == QStringList{QString::number(newest.value)});
        CHECK(desk.waiting().size() == 1);
    }
    SECTION("what is missing is below the restored point")
    {
        valueOf(desk.lost.setBack({Epoch{2}, Position{newest.value + 1}, {}}, "c"));
        CHECK(desk.query(QStringLiteral("SELECT count(*) FROM hole")) == QStringList{QStringLiteral("1")});
        CHECK(desk.waiting().isEmpty());
    }
}

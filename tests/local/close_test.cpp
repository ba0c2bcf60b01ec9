// What a desk lost: its rows, files, terms and drafts go, its author's own words and unsent entries stay.
#include "storage/local/closings.h"
#include "storage/local/desk_settings.h"
#include "storage/local/outbox.h"
#include "storage/local/thread_state.h"
#include "tests/local/desk_fixture.h"

using namespace holdfast;
using namespace holdfast::test;
using domain::Kind;

namespace {

domain::Attachment photo(LogMaker& maker, const QByteArray& bytes)
{
    return {maker.random().id<BlobId>(), bytes.size(), QStringLiteral("image/jpeg"), QStringLiteral("scene.jpg"),
            sha256({bytes})};
}

// Two teams with a case each; the second is what must not be touched.
struct TeamsDesk : DeskFixture
{
    TeamsDesk()
    {
        person = maker.random().id<PersonId>();
        lost = maker.random().id<ThreadId>();
        kept = maker.random().id<ThreadId>();
        home = maker.random().id<ScopeId>();
        maker.openIn(kept, home);
        file = photo(maker, bytes);
        apply({maker.profile(me, QStringLiteral("Lerato")), maker.enrol(me), maker.openCase(lost, person),
               maker.customer(lost, person, QStringLiteral("My claim HL-204-118-7 is about a flooded kitchen"), {file}),
               stored(file), maker.openCase(kept, person),
               maker.customer(kept, person, QStringLiteral("The kept conversation speaks of hail"))});
        done(media->put(file.id, bytes, sha256({bytes})));
    }
    local::FeedEntry stored(const domain::Attachment& of)
    {
        domain::MediaCustody custody;
        custody.message = maker.lastId();
        custody.step = domain::CustodyStep::stored;
        custody.attachment = of;
        return maker.central(lost, Kind::mediaCustody, domain::toJson(custody));
    }
    local::Applied closeThread(const ThreadId& thread)
    {
        return valueOf(applier->apply({{}, {}, "closed", {{thread, false}}}));
    }
    QStringList rowsOf(const ThreadId& thread)
    {
        QStringList rows;
        const QString id = QString::fromLatin1(thread.toHex());
        for (const QString& sql : {QStringLiteral("SELECT 'entry' FROM entry WHERE lower(hex(thread)) = '%1'"),
                                   QStringLiteral("SELECT 'thread' FROM thread WHERE lower(hex(id)) = '%1'"),
                                   QStringLiteral("SELECT 'message' FROM message WHERE lower(hex(thread)) = '%1'"),
                                   QStringLiteral("SELECT 'draft' FROM draft WHERE lower(hex(thread)) = '%1'")})
            rows += query(sql.arg(id));
        return rows;
    }
    int found(const QString& text) { return int(valueOf(reader->search({text, 50, std::nullopt})).hits.size()); }

    PersonId person;
    ThreadId lost, kept;
    ScopeId home;
    QByteArray bytes = QByteArray(300'000, 'p');
    domain::Attachment file;
};

} // namespace

TEST_CASE("A closed thread leaves no row, term, file or draft, and its neighbour stays", "[close]")
{
    TeamsDesk desk;
    local::DeskSettings settings(*desk.database);
    done(settings.saveDraft(desk.lost, false, QStringLiteral("half a reply")));
    REQUIRE(desk.rowsOf(desk.lost).size() > 4);
    REQUIRE(desk.found(QStringLiteral("kitchen")) == 1);

    const local::Applied applied = desk.closeThread(desk.lost);
    CHECK(applied.closed.contains(desk.lost));
    CHECK(desk.rowsOf(desk.lost).isEmpty());
    CHECK(desk.found(QStringLiteral("kitchen")) == 0);
    CHECK(desk.found(QStringLiteral("HL2041187")) == 0);
    CHECK_FALSE(valueOf(desk.media->has(desk.file.id)));
    CHECK(desk.query(QStringLiteral("SELECT count(*) FROM attachment")) == QStringList{QStringLiteral("0")});
    CHECK(desk.query(QStringLiteral("SELECT count(*) FROM delivery")) == QStringList{QStringLiteral("0")});
    CHECK(desk.found(QStringLiteral("hail")) == 1);
    valueOf(desk.database->write<int>(local::Priority::normal, [](sql::WriteConnection& connection) -> Result<int> {
        const Status whole =
            connection.execute(QStringLiteral("INSERT INTO message_fts (message_fts) VALUES ('integrity-check')"));
        return whole ? Result<int>(0) : tl::unexpected(whole.error());
    }));

    SECTION("it is acknowledged once, and stays so over a restart")
    {
        local::FeedNotes notes = valueOf(local::feedNotes(*desk.database));
        REQUIRE(notes.closed.size() == 1);
        CHECK(notes.closed.first().what == local::Closed::thread);
        CHECK(notes.closed.first().id == desk.lost.toBytes());
        desk.close();
        desk.open();
        CHECK(valueOf(local::feedNotes(*desk.database)).closed.size() == 1);
        done(local::forgetAcknowledgements(*desk.database, notes.closed));
        CHECK(valueOf(local::feedNotes(*desk.database)).closed.isEmpty());
    }
    SECTION("a download that was under way does not bring the file back")
    {
        done(desk.media->keep(desk.file.id, desk.bytes));
        CHECK_FALSE(valueOf(desk.media->has(desk.file.id)));
    }
}

TEST_CASE("What a crash left undone after a closing is done at the next start, and only then acknowledged", "[close]")
{
    TeamsDesk desk;
    // As after a crash between the transaction and the rest: the name of the file is gone, its chunks are not.
    valueOf(desk.database->write<int>(local::Priority::normal, [&](sql::WriteConnection& connection) -> Result<int> {
        const Result<QList<qint64>> noted = local::noteClosings(connection, {{}, {desk.lost}});
        if (!noted)
            return tl::unexpected(noted.error());
        for (const QString& table : {QStringLiteral("held"), QStringLiteral("attachment")}) {
            if (const Status gone = connection.execute(QStringLiteral("DELETE FROM ") + table); !gone)
                return tl::unexpected(gone.error());
        }
        return 0;
    }));
    const auto chunks = [&desk] {
        return valueOf(desk.database->readMedia<int>([](sql::ReadConnection& connection) -> Result<int> {
            sql::Statement count = connection.statement(QStringLiteral("SELECT count(*) FROM chunk"));
            const Result<bool> counted = count.first();
            return counted ? Result<int>(int(count.int64(0))) : tl::unexpected(counted.error());
        }));
    };
    desk.close();
    desk.open();
    CHECK(valueOf(local::feedNotes(*desk.database)).closed.isEmpty());
    CHECK(chunks() > 0);
    desk.maker.clock().advance(1);
    done(local::finishClosings(*desk.database, *desk.media, desk.maker.clock().now()));
    CHECK(valueOf(local::feedNotes(*desk.database)).closed.size() == 1);
    CHECK(chunks() == 0);
}

TEST_CASE("A reply that was written as its conversation closed is in it once when it comes back", "[close]")
{
    TeamsDesk desk;
    desk.closeThread(desk.lost);
    const EntryId late = valueOf(desk.outbox->put(desk.reply(desk.lost, QStringLiteral("Pressed Send too late"))));
    CHECK(desk.rowsOf(desk.lost).isEmpty()); // it waits to be judged, and shows nothing of the conversation
    CHECK(valueOf(desk.outbox->find(late)).thread == desk.lost);
    desk.apply({desk.maker.openCase(desk.lost, desk.person)});
    const views::MessagePage page = valueOf(desk.reader->newestMessages(desk.lost, 50));
    REQUIRE(page.messages.size() == 1);
    CHECK(page.messages.first().id == late);
    const QStringList derived = desk.dump();
    done(desk.applier->rebuild());
    CHECK(desk.dump() == derived);
}

TEST_CASE("A draft is kept for its author without what others wrote", "[close]")
{
    TeamsDesk desk;
    local::DeskSettings settings(*desk.database);
    done(settings.saveDraft(desk.lost, false,
                            QStringLiteral("> My claim HL-204-118-7 is about a flooded kitchen\nI sent the form.")));
    done(settings.saveDraft(desk.lost, true, QStringLiteral("my claim hl-204-118-7 is about a flooded kitchen")));
    done(settings.saveDraft(desk.kept, false, QStringLiteral("stays a draft")));
    desk.closeThread(desk.lost);
    const QList<views::KeptDraft> drafts = valueOf(desk.reader->keptDrafts());
    REQUIRE(drafts.size() == 1); // of the other, nothing was the author's own
    CHECK(drafts.first().text == QStringLiteral("I sent the form."));
    CHECK(valueOf(desk.reader->draft(desk.kept, false)) == QStringLiteral("stays a draft"));
    done(settings.dropKeptDraft(drafts.first().number));
    CHECK(valueOf(desk.reader->keptDrafts()).isEmpty());
}

TEST_CASE("Closing never touches what is still to be sent", "[close]")
{
    TeamsDesk desk;
    const QByteArray own = "a form of my own";
    const domain::Attachment form = photo(desk.maker, own);
    done(desk.media->put(form.id, own, sha256({own})));
    local::NewEntry reply = desk.reply(desk.lost, QStringLiteral("See the form"));
    domain::AgentReply content;
    content.text = QStringLiteral("See the form");
    content.attachments = {form};
    reply.content = domain::toJson(content);
    reply.blobs = {form.id};
    const EntryId waiting = valueOf(desk.outbox->put(reply));
    const EntryId taken = valueOf(desk.outbox->put(desk.reply(desk.lost, QStringLiteral("Accepted already"))));
    done(desk.outbox->markAccepted(taken, Position{99}, "h", "r"));

    desk.closeThread(desk.lost);
    const QList<local::OutboxEntry> left = valueOf(desk.outbox->waiting(10));
    REQUIRE(left.size() == 1);
    CHECK(left.first().id == waiting);
    CHECK(valueOf(desk.media->get(form.id)) == own);
    CHECK(await(desk.outbox->find(taken)).error().code == ErrorCode::notFound); // no feed would settle it
    CHECK(desk.rowsOf(desk.lost).isEmpty());

    // Central's answer afterwards: kept for the person to decide, without bringing the thread back.
    done(desk.outbox->markRefused(waiting, QStringLiteral("denied"), QStringLiteral("No access.")));
    CHECK(valueOf(desk.reader->notSent()).size() == 1);
    CHECK(desk.rowsOf(desk.lost).isEmpty());
}

TEST_CASE("A thread that comes back shows again what waits in it", "[close]")
{
    TeamsDesk desk;
    const ThreadId thread = desk.maker.random().id<ThreadId>();
    const std::vector<local::FeedEntry> feed{
        desk.maker.openCase(thread, desk.person),
        desk.maker.customer(thread, desk.person, QStringLiteral("Is there news?"))};
    desk.apply(feed);
    valueOf(desk.outbox->put(desk.reply(thread, QStringLiteral("Not yet"))));
    const QStringList before = desk.dump();
    desk.closeThread(thread);
    CHECK(desk.dump() != before);
    const local::Applied again = desk.apply(feed);
    CHECK_FALSE(again.fault.has_value());
    CHECK(desk.dump() == before);
    CHECK(valueOf(desk.reader->newestMessages(thread, 10)).messages.last().pending);
}

TEST_CASE("A moved thread belongs to its new scope, and goes with it", "[close]")
{
    TeamsDesk desk;
    const ScopeId life = desk.maker.random().id<ScopeId>();
    const local::Applied moved =
        desk.apply({desk.maker.assign(desk.me, desk.lost, desk.me.user), desk.maker.move(desk.me, desk.lost, life),
                    desk.maker.customer(desk.lost, desk.person, QStringLiteral("still a flooded kitchen"))});
    CHECK_FALSE(moved.fault.has_value());
    CHECK_FALSE(valueOf(desk.reader->thread(desk.lost)).row.assignee.has_value());
    const QStringList folded = desk.dump();
    done(desk.applier->rebuild());
    CHECK(desk.dump() == folded);

    desk.closeScope(desk.maker.scope()); // where the thread was
    CHECK_FALSE(desk.rowsOf(desk.lost).isEmpty());
    desk.closeScope(life);
    CHECK(desk.rowsOf(desk.lost).isEmpty());
    CHECK_FALSE(desk.rowsOf(desk.kept).isEmpty());
}

TEST_CASE("A scope that is not what central counts is dropped, asked for again once, and said", "[close]")
{
    TeamsDesk desk;
    local::DeskSettings settings(*desk.database);
    done(settings.saveDraft(desk.kept, false, QStringLiteral("half a reply")));
    valueOf(desk.outbox->put(desk.reply(desk.kept, QStringLiteral("On its way"))));
    log::Checksum right;
    for (const QString& leaf : desk.query(QStringLiteral("SELECT hex(leaf) FROM entry WHERE hex(scope) = '%1'")
                                              .arg(QString::fromLatin1(desk.home.toHex()).toUpper())))
        right.add(*Digest::fromBytes(QByteArray::fromHex(leaf.toLatin1())));
    const auto compare = [&desk](const log::Checksum& sum) {
        local::FeedBatch batch{{}, {}, "sums"};
        batch.sums = {{desk.home, sum}};
        return valueOf(desk.applier->apply(batch));
    };
    REQUIRE(right.entries == 2);
    CHECK_FALSE(compare(right).fault.has_value());
    CHECK_FALSE(desk.rowsOf(desk.kept).isEmpty());

    log::Checksum wrong = right;
    ++wrong.sum;
    const local::Applied differs = compare(wrong);
    CHECK(differs.fault.has_value());
    CHECK(desk.rowsOf(desk.kept) == QStringList{QStringLiteral("draft")});
    CHECK(valueOf(desk.outbox->waiting(10)).size() == 1);
    CHECK(valueOf(settings.firstFault()).has_value());
    CHECK(valueOf(local::feedNotes(*desk.database)).again == QList{desk.home});
    CHECK_FALSE(desk.rowsOf(desk.lost).isEmpty()); // another scope

    // Central opens it again; it differs still: said once, and not asked for without end.
    valueOf(desk.applier->apply({{}, {{desk.home, true}}, "again"}));
    CHECK(valueOf(local::feedNotes(*desk.database)).again.isEmpty());
    compare(wrong);
    CHECK(valueOf(local::feedNotes(*desk.database)).again.isEmpty());
}

TEST_CASE("Where a thread is follows from its newest entry, in whatever order they come", "[close]")
{
    SeededRandom random(7);
    const auto thread = random.id<ThreadId>();
    const auto motor = random.id<ScopeId>();
    const auto home = random.id<ScopeId>();
    const auto by = random.id<UserId>();
    local::ThreadState state;
    state.advance({thread, home, ThreadSeq{5}, {}}); // of a window: the newest comes first
    domain::OpenThread opened;
    opened.thread = thread;
    opened.scope = motor;
    state.open(opened);
    state.advance({thread, motor, ThreadSeq{1}, {}});
    CHECK(state.scope == home);
    state.assign({thread, by, by, {}, ThreadSeq{2}});
    CHECK(state.assignee == by);
    state.move({thread, motor, home, by, {}, ThreadSeq{3}});
    CHECK(state.scope == home);
    CHECK(state.assignee.isNull()); // nobody of the old team answers for it
    state.advance({thread, motor, ThreadSeq{3}, {}});
    CHECK(state.scope == home);
}

#include "storage/local/desk_settings.h"
#include "tests/local/desk_fixture.h"

using namespace holdfast;
using namespace holdfast::test;
using domain::Kind;

namespace {

struct OutboxDesk : DeskFixture
{
    OutboxDesk()
    {
        apply({maker.profile(me, QStringLiteral("Lerato Khumalo")), maker.enrol(me),
               maker.person(person, QStringLiteral("Thandiwe Mokoena"), QStringLiteral("+27825550143")),
               maker.openCase(thread, person), maker.customer(thread, person, QStringLiteral("Good day"))});
    }
    views::MessagePage page() { return valueOf(reader->newestMessages(thread, 50)); }
    ThreadId thread = maker.random().id<ThreadId>();
    PersonId person = maker.random().id<PersonId>();
};

} // namespace

TEST_CASE("A pending message is shown at once and replaced by the accepted one", "[outbox]")
{
    OutboxDesk desk;
    const EntryId id = valueOf(desk.outbox->put(desk.reply(desk.thread, QStringLiteral("I am glad you are safe"))));
    views::MessagePage page = desk.page();
    REQUIRE(page.messages.size() == 2);
    CHECK(page.messages.last().id == id);
    CHECK(page.messages.last().pending);
    CHECK(page.messages.last().key.threadSeq == 0);
    CHECK(page.messages.last().status == domain::DeliveryStatus::waiting);

    const local::OutboxEntry entry = valueOf(desk.outbox->find(id));
    const local::FeedEntry accepted = desk.maker.accept(entry);
    done(desk.outbox->markAccepted(id, desk.maker.nextPos(), accepted.header, QByteArray(64, 'r')));
    CHECK(valueOf(desk.outbox->counts()).waiting == 0);
    CHECK(desk.page().messages.size() == 2);
    const local::Applied applied = desk.apply({accepted});
    CHECK(!applied.fault.has_value());
    CHECK(applied.settled == QSet<EntryId>{id});
    page = desk.page();
    REQUIRE(page.messages.size() == 2);
    CHECK(page.messages.last().id == id);
    CHECK(!page.messages.last().pending);
    CHECK(page.messages.last().key.threadSeq == 3);
    CHECK(page.messages.last().status == domain::DeliveryStatus::queued);
    CHECK(await(desk.outbox->find(id)).error().code == ErrorCode::notFound);
    // The answer of the push may come after the feed.
    done(desk.outbox->markRefused(id, QStringLiteral("later"), QString()));
    CHECK(valueOf(desk.reader->notSent()).isEmpty());
}

TEST_CASE("A sent text never comes back as a draft, and what was typed since stays", "[outbox]")
{
    OutboxDesk desk;
    local::DeskSettings settings(*desk.database);
    done(settings.saveDraft(desk.thread, false, QStringLiteral("On our way ")));
    done(settings.saveDraft(desk.thread, true, QStringLiteral("On our way")));
    valueOf(desk.outbox->put(desk.reply(desk.thread, QStringLiteral("On our way"))));
    CHECK(valueOf(desk.reader->draft(desk.thread, false)).isEmpty());
    CHECK(valueOf(desk.reader->draft(desk.thread, true)) == QStringLiteral("On our way")); // the note's is another
    done(settings.saveDraft(desk.thread, false, QStringLiteral("And one more thing")));
    valueOf(desk.outbox->put(desk.reply(desk.thread, QStringLiteral("On our way"))));
    CHECK(valueOf(desk.reader->draft(desk.thread, false)) == QStringLiteral("And one more thing"));
}

TEST_CASE("Device numbers are dense, signatures hold, and a restart keeps what waits", "[outbox]")
{
    OutboxDesk desk;
    for (int i = 0; i < 5; ++i)
        valueOf(desk.outbox->put(desk.reply(desk.thread, QStringLiteral("Reply %1").arg(i))));
    desk.close();
    desk.open();
    valueOf(desk.outbox->put(desk.reply(desk.thread, QStringLiteral("Reply 5"))));
    const QList<local::OutboxEntry> waiting = valueOf(desk.outbox->waiting(100));
    REQUIRE(waiting.size() == 6);
    for (int i = 0; i < 6; ++i) {
        CHECK(waiting[i].deviceSeq.value == static_cast<quint64>(i) + 1);
        CHECK(log::verifySignature(desk.me.key.publicKey(), log::entryMessage(desk.maker.org(), waiting[i].authorPart),
                                   waiting[i].signature));
        CHECK(log::decodeAuthorPart(waiting[i].authorPart)->commit ==
              log::commitment(waiting[i].salt, domain::number(Kind::agentReply), waiting[i].content));
    }
    CHECK(desk.page().messages.size() == 7);
}

TEST_CASE("Refused entries stay visible until they are retried or let go", "[outbox]")
{
    OutboxDesk desk;
    const EntryId first = valueOf(desk.outbox->put(desk.reply(desk.thread, QStringLiteral("Stale reply"))));
    done(desk.outbox->markHeld(first, QStringLiteral("conversation_moved"),
                               QStringLiteral("The customer wrote again.")));
    const QList<views::NotSent> held = valueOf(desk.reader->notSent());
    REQUIRE(held.size() == 1);
    CHECK(held.first().text == QStringLiteral("Stale reply"));
    CHECK(held.first().why == QStringLiteral("The customer wrote again."));
    CHECK(desk.page().messages.last().notSent == QStringLiteral("The customer wrote again."));

    SECTION("retry")
    {
        const EntryId again = valueOf(desk.outbox->retry(first));
        CHECK(again != first);
        CHECK(valueOf(desk.reader->notSent()).isEmpty());
        const QList<local::OutboxEntry> waiting = valueOf(desk.outbox->waiting(10));
        REQUIRE(waiting.size() == 1);
        const domain::Content content = domain::parseContent(domain::number(Kind::agentReply), waiting.first().content);
        CHECK(std::get<domain::AgentReply>(content).seen == ThreadSeq{2});
        CHECK(desk.page().messages.size() == 2);
        CHECK(await(desk.outbox->retry(first)).error().code == ErrorCode::notFound);
    }
    SECTION("discard")
    {
        done(desk.outbox->discard(first));
        CHECK(valueOf(desk.reader->notSent()).isEmpty());
        CHECK(desk.page().messages.size() == 1);
        CHECK(desk.query(QStringLiteral("SELECT count(*) FROM outbox")) == QStringList{QStringLiteral("1")});
    }
}

TEST_CASE("A refused assignment leaves the thread as the log has it", "[outbox]")
{
    OutboxDesk desk;
    const Colleague other = desk.maker.colleague(QStringLiteral("Priya"));
    desk.apply({desk.maker.enrol(other), desk.maker.assign(other, desk.thread, other.user)});
    const EntryId id = valueOf(desk.outbox->put(
        {desk.thread, Kind::threadAssigned, domain::toJson(domain::ThreadAssigned{desk.me.user}), {}, std::nullopt}));
    CHECK(valueOf(desk.reader->navigation()).myQueue == 1);
    done(desk.outbox->markRefused(id, QStringLiteral("denied"), QStringLiteral("No access.")));
    CHECK(valueOf(desk.reader->navigation()).myQueue == 0);
    CHECK(valueOf(desk.reader->thread(desk.thread)).row.assignee->id == other.user);
}

TEST_CASE("A send does not wait behind a long feed", "[outbox]")
{
    OutboxDesk desk;
    std::vector<local::FeedEntry> feed;
    for (int i = 0; i < 3000; ++i)
        feed.push_back(desk.maker.customer(desk.thread, desk.person, QStringLiteral("Catching up %1").arg(i)));
    const QFuture<Result<local::Applied>> applying = desk.applier->apply({std::move(feed), {}, "end"});
    valueOf(desk.outbox->put(desk.reply(desk.thread, QStringLiteral("Right now"))));
    CHECK(!applying.isFinished());
    CHECK(valueOf(applying).stored == 3000);
}

#include "storage/local/desk_settings.h"
#include "storage/local/list_reads.h"
#include "storage/local/message_reads.h"
#include "storage/local/search_reads.h"
#include "tests/local/desk_fixture.h"

using namespace holdfast;
using namespace holdfast::test;
using domain::Kind;

namespace {

struct CaseDesk : DeskFixture
{
    CaseDesk()
    {
        apply({maker.profile(me, QStringLiteral("Lerato Khumalo")), maker.enrol(me),
               maker.profile(priya, QStringLiteral("Priya Naidoo")), maker.enrol(priya)});
    }
    ThreadId newCase(const QString& name, const QString& text)
    {
        const ThreadId thread = maker.random().id<ThreadId>();
        const PersonId person = maker.random().id<PersonId>();
        apply({maker.person(person, name, QStringLiteral("+27825550143")), maker.openCase(thread, person),
               maker.customer(thread, person, text)});
        return thread;
    }
    Colleague priya = maker.colleague(QStringLiteral("Priya"));
};

} // namespace

TEST_CASE("Lists hold what their counts say, newest first, page by page", "[reader]")
{
    CaseDesk desk;
    for (int i = 0; i < 30; ++i) {
        const ThreadId thread = desk.newCase(QStringLiteral("Customer %1").arg(i), QStringLiteral("Hello %1").arg(i));
        if (i % 3 == 0)
            desk.apply({desk.maker.assign(desk.priya, thread, desk.me.user)});
        if (i % 3 == 1)
            desk.apply({desk.maker.assign(desk.me, thread, desk.priya.user)});
        if (i % 10 == 0)
            desk.apply({desk.maker.signedBy(desk.me, thread, Kind::threadRead,
                                            domain::toJson(domain::ThreadRead{ThreadSeq{9}}))});
        if (i == 3) {
            domain::ThreadState state;
            state.status = domain::ThreadStatus::done;
            desk.apply({desk.maker.signedBy(desk.me, thread, Kind::threadState, domain::toJson(state))});
        }
    }
    const views::Navigation navigation = valueOf(desk.reader->navigation());
    CHECK(navigation.organisation == QStringLiteral("Harbourline Insurance"));
    CHECK(navigation.me.name == QStringLiteral("Lerato Khumalo"));
    CHECK(navigation.myQueue == 9);
    CHECK(navigation.unassigned == 10);
    CHECK(navigation.all == 30);
    for (const auto& [view, count] :
         {std::pair(views::View::myQueue, navigation.myQueue),
          std::pair(views::View::unassigned, navigation.unassigned), std::pair(views::View::all, navigation.all)}) {
        for (const bool unreadOnly : {false, true}) {
            views::ThreadQuery query;
            query.view = view;
            query.limit = 4;
            query.unreadOnly = unreadOnly;
            QList<views::ThreadRow> rows;
            views::ThreadPage page;
            do {
                page = valueOf(desk.reader->threads(query));
                rows += page.rows;
                REQUIRE(!page.rows.isEmpty());
                query.before = page.rows.last().at;
                query.beforeId = page.rows.last().id;
            } while (page.more);
            CHECK(page.total == count);
            CHECK(rows.size() == (unreadOnly ? page.unread : count));
            CHECK(std::is_sorted(rows.begin(), rows.end(), [](const auto& l, const auto& r) { return l.at > r.at; }));
        }
    }
}

TEST_CASE("A row and a header say what the thread is about", "[reader]")
{
    CaseDesk desk;
    const ThreadId thread =
        desk.newCase(QStringLiteral("Thandiwe Mokoena"), QStringLiteral("Somebody reversed into my car"));
    const Timestamp customerAt = valueOf(desk.reader->newestMessages(thread, 1)).messages.first().at;
    const PolicyId policy = desk.maker.random().id<PolicyId>();
    desk.apply(
        {desk.maker.policy(policy, {}, QStringLiteral("HL-204-118-7")),
         desk.maker.signedBy(desk.me, thread, Kind::threadLinked, domain::toJson(domain::ThreadLinked{policy, true}))});
    views::ThreadHeader header = valueOf(desk.reader->thread(thread));
    CHECK(header.row.title == QStringLiteral("Thandiwe Mokoena"));
    CHECK(header.row.policyNumber == QStringLiteral("HL-204-118-7"));
    CHECK(header.row.tag == QStringLiteral("Motor"));
    CHECK(header.row.unread == 1);
    CHECK(header.row.snippetKind == views::ThreadRow::Snippet::text);
    CHECK(header.row.snippet == QStringLiteral("Somebody reversed into my car"));
    REQUIRE(header.row.windowUntil.has_value());
    CHECK(header.row.windowUntil->value - customerAt.value == 24LL * 3600 * 1000000);
    CHECK(header.phone == QStringLiteral("+27 82 555 0143"));
    CHECK(header.newest == ThreadSeq{3});
    REQUIRE(header.policies.size() == 1);
    CHECK(header.policyIds == QList<PolicyId>{policy});
    CHECK(header.person.name == QStringLiteral("Thandiwe Mokoena"));

    const EntryId id = valueOf(desk.outbox->put(desk.reply(thread, QStringLiteral("We are on it"))));
    header = valueOf(desk.reader->thread(thread));
    CHECK(header.row.snippetKind == views::ThreadRow::Snippet::you);
    done(desk.outbox->markRefused(id, QStringLiteral("denied"), QStringLiteral("No.")));
    CHECK(valueOf(desk.reader->thread(thread)).row.snippetKind == views::ThreadRow::Snippet::notSent);
    local::DeskSettings settings(*desk.database);
    done(settings.saveDraft(thread, false, QStringLiteral("Half a sent")));
    CHECK(valueOf(desk.reader->thread(thread)).row.snippetKind == views::ThreadRow::Snippet::draft);
    CHECK(valueOf(desk.reader->draft(thread, false)) == QStringLiteral("Half a sent"));
    CHECK(valueOf(desk.reader->draft(thread, true)).isEmpty());
    CHECK(await(desk.reader->thread(desk.maker.random().id<ThreadId>())).error().code == ErrorCode::notFound);
}

TEST_CASE("Rows and hits say which words are a colleague's and which are a note", "[reader]")
{
    CaseDesk desk;
    using Snippet = views::ThreadRow::Snippet;
    const ThreadId thread = desk.newCase(QStringLiteral("Thandiwe Mokoena"), QStringLiteral("My car was towed"));
    const auto row = [&] { return valueOf(desk.reader->thread(thread)).row; };
    const auto hit = [&](const QString& text) {
        const views::SearchPage page = valueOf(desk.reader->search({text, 50, std::nullopt}));
        REQUIRE(page.hits.size() == 1);
        return page.hits.first();
    };
    CHECK(hit(QStringLiteral("towed")).kind == views::MessageKind::customer);
    domain::AgentReply reply;
    reply.text = QStringLiteral("Our truck is near");
    desk.apply({desk.maker.signedBy(desk.priya, thread, Kind::agentReply, domain::toJson(reply))});
    CHECK(row().snippetKind == Snippet::colleague);
    CHECK(row().snippetAuthor == QStringLiteral("Priya Naidoo"));
    CHECK(hit(QStringLiteral("truck")).kind == views::MessageKind::reply);
    CHECK(hit(QStringLiteral("truck")).authorName == QStringLiteral("Priya Naidoo"));
    const auto note = [&](const Colleague& who, const QString& text) {
        desk.apply(
            {desk.maker.signedBy(who, thread, Kind::internalNote, domain::toJson(domain::InternalNote{text, {}}))});
    };
    note(desk.priya, QStringLiteral("He sounds tired"));
    CHECK(row().snippetKind == Snippet::note);
    CHECK(row().snippetAuthor == QStringLiteral("Priya Naidoo"));
    CHECK(hit(QStringLiteral("tired")).kind == views::MessageKind::note);
    CHECK(hit(QStringLiteral("tired")).author == desk.priya.user);
    note(desk.me, QStringLiteral("I call him at noon"));
    CHECK(row().snippetKind == Snippet::note);
    CHECK(row().snippetAuthor.isEmpty());
}

TEST_CASE("Pages of messages meet without gap or overlap", "[reader]")
{
    CaseDesk desk;
    const ThreadId thread = desk.newCase(QStringLiteral("A"), QStringLiteral("0"));
    std::vector<local::FeedEntry> feed;
    for (int i = 1; i < 100; ++i)
        feed.push_back(desk.maker.customer(thread, {}, QString::number(i)));
    desk.apply(feed);
    for (int i = 100; i < 103; ++i)
        valueOf(desk.outbox->put(desk.reply(thread, QString::number(i))));

    QList<views::Message> all;
    views::MessagePage page = valueOf(desk.reader->newestMessages(thread, 7));
    CHECK(!page.moreAfter);
    while (true) {
        all = page.messages + all;
        if (!page.moreBefore)
            break;
        page = valueOf(desk.reader->messagesBefore(thread, all.first().key, 7));
        CHECK(page.moreAfter);
    }
    REQUIRE(all.size() == 103);
    for (int i = 0; i < 103; ++i)
        CHECK(all[i].text == QString::number(i));
    page = valueOf(desk.reader->messagesAfter(thread, all[50].key, 60));
    REQUIRE(page.messages.size() == 52);
    CHECK(page.messages.first().text == QStringLiteral("51"));
    CHECK(page.messages.last().pending);
    page = valueOf(desk.reader->messagesAround(thread, all[50].key, 11));
    REQUIRE(page.messages.size() == 11);
    CHECK(std::any_of(page.messages.begin(), page.messages.end(), [&](const auto& m) { return m.id == all[50].id; }));
    CHECK(valueOf(desk.reader->message(all[3].id)).text == QStringLiteral("3"));
    CHECK(await(desk.reader->newestMessages(desk.maker.random().id<ThreadId>(), 5)).error().code ==
          ErrorCode::notFound);
}

TEST_CASE("Statuses, custody and quotes reach the message and the log says so", "[reader]")
{
    CaseDesk desk;
    const ThreadId thread = desk.newCase(QStringLiteral("Thandiwe Mokoena"), QStringLiteral("Hello"));
    domain::Attachment photo{desk.maker.random().id<BlobId>(), -1, QStringLiteral("image/jpeg"), QString(),
                             std::nullopt};
    desk.apply({desk.maker.customer(thread, {}, QString(), {photo})});
    const EntryId withPhoto = desk.maker.lastId();
    CHECK(valueOf(desk.reader->message(withPhoto)).attachments.first().state == views::AttachmentView::State::expected);
    CHECK(await(desk.reader->attachment(photo.id)).error().code == ErrorCode::unavailable);

    const QByteArray bytes(400'000, 'p');
    photo.size = bytes.size();
    photo.sha256 = sha256({bytes});
    photo.width = 960;
    photo.height = 720;
    const auto shown = [&] { return valueOf(desk.reader->message(withPhoto)).attachments.first(); };
    CHECK(shown().width == 0);
    const local::Applied applied = desk.apply(
        {desk.maker.central(thread, Kind::mediaCustody,
                            domain::toJson(domain::MediaCustody{withPhoto, domain::CustodyStep::stored, photo, {}})),
         desk.maker.central(
             thread, Kind::mediaCustody,
             domain::toJson(domain::MediaCustody{withPhoto, domain::CustodyStep::deletedAtProvider, photo, {}}))});
    CHECK(applied.wanted == QList<BlobId>{photo.id});
    CHECK(shown().state == views::AttachmentView::State::good);
    CHECK(std::pair(shown().width, shown().height) == std::pair(960, 720)); // before a byte of it is here
    CHECK_FALSE(shown().isHere);
    CHECK(await(desk.reader->attachment(photo.id)).error().code == ErrorCode::network);
    desk.shelf.blobs.insert(photo.id, QByteArray(400'000, 'q'));
    CHECK(await(desk.reader->attachment(photo.id)).error().code == ErrorCode::corrupt);
    desk.shelf.blobs.insert(photo.id, bytes);
    CHECK(valueOf(desk.reader->attachment(photo.id)) == bytes);
    CHECK(shown().isHere);
    photo.width = -5; // the log's word is bounded, and takes nothing back
    photo.height = 70'000;
    desk.apply({desk.maker.central(
        thread, Kind::mediaCustody,
        domain::toJson(domain::MediaCustody{withPhoto, domain::CustodyStep::deletedAtProvider, photo, {}}))});
    CHECK(std::pair(shown().width, shown().height) == std::pair(960, 720));
    desk.shelf.blobs.clear();
    CHECK(valueOf(desk.reader->attachment(photo.id)) == bytes);

    domain::AgentReply reply;
    reply.text = QStringLiteral("Thank you");
    reply.replyTo = withPhoto;
    desk.apply({desk.maker.signedBy(desk.me, thread, Kind::agentReply, domain::toJson(reply))});
    const EntryId replied = desk.maker.lastId();
    for (const auto status :
         {domain::DeliveryStatus::read, domain::DeliveryStatus::sent, domain::DeliveryStatus::delivered}) {
        domain::DeliveryUpdate update;
        update.message = replied;
        update.status = status;
        desk.apply({desk.maker.central(thread, Kind::deliveryStatus, domain::toJson(update))});
    }
    const views::Message message = valueOf(desk.reader->message(replied));
    CHECK(message.status == domain::DeliveryStatus::read);
    REQUIRE(message.quote.has_value());
    CHECK(message.quote->message == withPhoto);
    CHECK(message.quote->thumbnail == photo.id);
    QStringList words;
    for (const views::LogLine& line : valueOf(desk.reader->threadLog(thread, 50)))
        words.append(line.what);
    CHECK(words.contains(QStringLiteral("Photo deleted at WhatsApp")));
    CHECK(words.contains(QStringLiteral("Read by the customer")));
    CHECK(words.last() == QStringLiteral("Conversation opened"));
}

TEST_CASE("No list, page or search sorts or scans", "[reader]")
{
    CaseDesk desk;
    const QStringList statements = local::listStatements() + local::pageStatements() + local::searchStatements();
    CHECK(statements.size() > 10);
    const auto plan = [&desk](const QString& sql) {
        return desk.database->read<QStringList>([sql](sql::ReadConnection& connection) -> Result<QStringList> {
            QStringList steps;
            sql::Statement explain = connection.statement(QStringLiteral("EXPLAIN QUERY PLAN ") + sql);
            for (int i = 0; i < sql.count(u'?'); ++i)
                explain.bind(i, nullptr);
            const Status read = explain.forEach([&steps](sql::Statement& row) { steps.append(row.text(3)); });
            return read ? Result<QStringList>(steps) : tl::unexpected(read.error());
        });
    };
    const auto isBad = [](const QString& step) {
        const bool scansTable = step.startsWith(QLatin1String("SCAN m")) && !step.contains(QLatin1String("VIRTUAL"));
        return step.contains(QLatin1String("TEMP B-TREE")) || scansTable;
    };
    for (const QString& sql : statements) {
        INFO(sql.toStdString());
        const QStringList steps = valueOf(plan(sql));
        REQUIRE(!steps.isEmpty());
        for (const QString& step : steps) {
            INFO(step.toStdString());
            CHECK(!isBad(step));
        }
    }
    // The check itself must be able to fail.
    const QStringList control =
        valueOf(plan(QStringLiteral("SELECT m.row FROM message AS m WHERE m.text = ? ORDER BY m.at")));
    CHECK(std::count_if(control.begin(), control.end(), isBad) == 2);
}

#include "storage/local/desk_settings.h"
#include "tests/local/desk_fixture.h"

#include <algorithm>

using namespace holdfast;
using namespace holdfast::test;
using domain::Kind;

namespace {

// A bit of everything: people, policies, cases, replies, notes, statuses, custody, links, reads, assignments.
std::vector<local::FeedEntry> busyDay(DeskFixture& desk, const Colleague& other, int steps)
{
    LogMaker& maker = desk.maker;
    SeededRandom& random = maker.random();
    std::vector<local::FeedEntry> feed{maker.profile(desk.me, QStringLiteral("Lerato Khumalo")), maker.enrol(desk.me),
                                       maker.profile(other, QStringLiteral("Priya Naidoo")), maker.enrol(other)};
    QList<ThreadId> threads;
    QList<PersonId> persons;
    QList<PolicyId> policies;
    QList<EntryId> replies;
    for (int i = 0; i < 5; ++i) {
        persons.append(random.id<PersonId>());
        policies.append(random.id<PolicyId>());
        threads.append(random.id<ThreadId>());
        feed.push_back(
            maker.person(persons[i], QStringLiteral("Customer %1").arg(i), QStringLiteral("+2782555014%1").arg(i)));
        feed.push_back(maker.policy(policies[i], persons[i], QStringLiteral("HL-204-118-%1").arg(i)));
        feed.push_back(maker.openCase(threads[i], persons[i]));
    }
    for (int i = 0; i < steps; ++i) {
        const int at = random.below(5);
        const ThreadId& thread = threads[at];
        const Colleague& by = random.below(2) == 0 ? desk.me : other;
        switch (random.below(9)) {
        case 0:
            feed.push_back(
                maker.signedBy(by, thread, Kind::internalNote,
                               domain::toJson(domain::InternalNote{QStringLiteral("Note %1").arg(i), {desk.me.user}})));
            break;
        case 1:
            feed.push_back(maker.assign(by, thread, random.below(3) == 0 ? std::nullopt : std::optional(by.user)));
            break;
        case 2:
            feed.push_back(
                maker.signedBy(by, thread, Kind::threadRead,
                               domain::toJson(domain::ThreadRead{ThreadSeq{static_cast<quint64>(random.below(20))}})));
            break;
        case 3: {
            domain::AgentReply reply;
            reply.text = QStringLiteral("Reply %1 about HL-311-042-9").arg(i);
            feed.push_back(maker.signedBy(by, thread, Kind::agentReply, domain::toJson(reply)));
            replies.append(maker.lastId());
            break;
        }
        case 4:
            if (!replies.isEmpty()) {
                domain::DeliveryUpdate update;
                update.message = replies[random.below(static_cast<int>(replies.size()))];
                update.status = static_cast<domain::DeliveryStatus>(1 + random.below(5));
                update.at = maker.clock().now();
                feed.push_back(maker.central(thread, Kind::deliveryStatus, domain::toJson(update)));
            }
            break;
        case 5:
            feed.push_back(
                maker.signedBy(by, thread, Kind::threadLinked,
                               domain::toJson(domain::ThreadLinked{policies[random.below(5)], random.below(3) != 0})));
            break;
        case 6:
            feed.push_back(maker.person(persons[at], QStringLiteral("Renamed %1").arg(i),
                                        QStringLiteral("+27825550999"), random.below(100)));
            break;
        case 7: {
            domain::ThreadState state;
            state.status = static_cast<domain::ThreadStatus>(random.below(3));
            feed.push_back(maker.signedBy(by, thread, Kind::threadState, domain::toJson(state)));
            break;
        }
        default:
            feed.push_back(maker.customer(thread, persons[at], QStringLiteral("Message %1, call 082 555 0143").arg(i)));
        }
    }
    return feed;
}

} // namespace

TEST_CASE("Applying a feed twice, in pieces or at once gives the same tables", "[apply]")
{
    DeskFixture whole(7);
    const Colleague other = whole.maker.colleague(QStringLiteral("Priya"));
    const std::vector<local::FeedEntry> feed = busyDay(whole, other, 700);
    const local::Applied applied = whole.apply(feed);
    CHECK(applied.stored == static_cast<int>(feed.size()));
    REQUIRE(!applied.fault.has_value());
    const QStringList once = whole.dump();
    CHECK(once.size() > 700);

    const local::Applied again = whole.apply(feed);
    CHECK(again.stored == 0);
    CHECK(!again.fault.has_value());
    CHECK(whole.dump() == once);

    DeskFixture pieces(7);
    SeededRandom random(3);
    for (size_t at = 0; at < feed.size();) {
        // Pieces overlap: central may send again what the desk already has.
        const size_t from = at - std::min(at, static_cast<size_t>(random.below(4)));
        const size_t end = std::min(feed.size(), at + 1 + static_cast<size_t>(random.below(60)));
        const local::Applied piece =
            pieces.apply({feed.begin() + static_cast<long>(from), feed.begin() + static_cast<long>(end)});
        REQUIRE(!piece.fault.has_value());
        at = end;
    }
    CHECK(pieces.dump() == once);
}

TEST_CASE("The tables are the fold of the log from scratch, outbox included", "[apply]")
{
    DeskFixture desk(11);
    const Colleague other = desk.maker.colleague(QStringLiteral("Priya"));
    std::vector<local::FeedEntry> feed = busyDay(desk, other, 300);
    const auto half = feed.begin() + 150;
    desk.apply({feed.begin(), half});
    const QStringList cases = desk.query(QStringLiteral("SELECT hex(id) FROM thread WHERE type = 'case' ORDER BY id"));
    REQUIRE(!cases.isEmpty());
    for (const QString& hex : cases) {
        const ThreadId thread = *ThreadId::fromHex(QStringView(hex));
        valueOf(desk.outbox->put(desk.reply(thread, QStringLiteral("Waiting reply"))));
        valueOf(desk.outbox->put(
            {thread, Kind::threadAssigned, domain::toJson(domain::ThreadAssigned{desk.me.user}), {}, {}}));
        valueOf(desk.outbox->put({thread, Kind::threadRead, domain::toJson(domain::ThreadRead{ThreadSeq{9}}), {}, {}}));
    }
    const QList<local::OutboxEntry> waiting = valueOf(desk.outbox->waiting(100));
    done(desk.outbox->markRefused(waiting.first().id, QStringLiteral("conversation_moved"),
                                  QStringLiteral("Somebody answered.")));
    done(desk.outbox->markRefused(waiting.at(4).id, QStringLiteral("denied"), QStringLiteral("No access.")));
    desk.apply({half, feed.end()});
    const QStringList before = desk.dump();
    done(desk.applier->rebuild());
    CHECK(desk.dump() == before);
    CHECK(desk.query(QStringLiteral("SELECT assignee = x'%1' FROM thread WHERE id = x'%2'")
                         .arg(desk.me.user.toHexString(), cases.last())) == QStringList{QStringLiteral("1")});
}

TEST_CASE("Entries that fail a check are kept, reported and not believed", "[apply]")
{
    DeskFixture desk;
    LogMaker& maker = desk.maker;
    const Colleague other = maker.colleague(QStringLiteral("Priya"));
    const ThreadId thread = maker.random().id<ThreadId>();
    const PersonId person = maker.random().id<PersonId>();
    desk.apply({maker.enrol(desk.me), maker.enrol(other), maker.openCase(thread, person)});

    SECTION("another content")
    {
        local::FeedEntry entry = maker.customer(thread, person, QStringLiteral("Original words"));
        entry.content->replace("Original", "Altered!");
        const local::Applied applied = desk.apply({entry});
        REQUIRE(applied.fault.has_value());
        CHECK(applied.fault->pos == Position{3});
        CHECK(desk.query(QStringLiteral("SELECT text FROM message"))
                  .join(QString())
                  .contains(QStringLiteral("failed a check")));
        CHECK(!desk.query(QStringLiteral("SELECT text FROM message"))
                   .join(QString())
                   .contains(QStringLiteral("Altered")));
        CHECK(desk.query(QStringLiteral("SELECT count(*) FROM entry")) == QStringList{QStringLiteral("4")});
    }
    SECTION("a missing entry")
    {
        maker.customer(thread, person, QStringLiteral("Withheld"));
        const local::Applied applied = desk.apply({maker.customer(thread, person, QStringLiteral("After the hole"))});
        REQUIRE(applied.fault.has_value());
        CHECK(applied.fault->pos == Position{4});
        CHECK(desk.query(QStringLiteral("SELECT text FROM message")) == QStringList{QStringLiteral("After the hole")});
    }
    SECTION("a person's words without a signature")
    {
        domain::AgentReply reply;
        reply.text = QStringLiteral("Forged");
        const local::Applied applied = desk.apply({maker.central(thread, Kind::agentReply, domain::toJson(reply))});
        REQUIRE(applied.fault.has_value());
        CHECK(!desk.query(QStringLiteral("SELECT text FROM message")).contains(QStringLiteral("Forged")));
    }
    SECTION("a reply signed by another device than the author's")
    {
        Colleague impostor = maker.colleague(QStringLiteral("X"));
        impostor.device = other.device;
        impostor.user = other.user;
        domain::AgentReply reply;
        reply.text = QStringLiteral("Forged");
        const local::Applied applied =
            desk.apply({maker.signedBy(impostor, thread, Kind::agentReply, domain::toJson(reply))});
        REQUIRE(applied.fault.has_value());
        CHECK(!desk.query(QStringLiteral("SELECT text FROM message")).contains(QStringLiteral("Forged")));
    }
    SECTION("another entry at a known place")
    {
        const local::FeedEntry good = maker.customer(thread, person, QStringLiteral("First"));
        desk.apply({good});
        LogMaker liar(99);
        const ThreadId elsewhere = liar.random().id<ThreadId>();
        std::vector<local::FeedEntry> lies;
        for (int i = 0; i < 4; ++i)
            lies.push_back(liar.customer(elsewhere, person, QStringLiteral("Second")));
        const local::Applied applied = desk.apply({lies.back()});
        REQUIRE(applied.fault.has_value());
        CHECK(desk.query(QStringLiteral("SELECT text FROM message")) == QStringList{QStringLiteral("First")});
    }
    local::DeskSettings settings(*desk.database);
    CHECK(valueOf(settings.firstFault()).has_value());
}

TEST_CASE("An unknown device is checked as soon as it is enrolled", "[apply]")
{
    DeskFixture desk;
    LogMaker& maker = desk.maker;
    const Colleague other = maker.colleague(QStringLiteral("Priya"));
    const ThreadId thread = maker.random().id<ThreadId>();
    const local::FeedEntry note = maker.signedBy(other, thread, Kind::internalNote,
                                                 domain::toJson(domain::InternalNote{QStringLiteral("Early"), {}}));
    const local::FeedEntry enrolment = maker.enrol(other);
    CHECK(!desk.apply({note}).fault.has_value());
    CHECK(desk.query(QStringLiteral("SELECT checked FROM entry")) == QStringList{QStringLiteral("0")});
    CHECK(!desk.apply({enrolment}).fault.has_value());
    CHECK(desk.query(QStringLiteral("SELECT checked FROM entry ORDER BY pos")) ==
          QStringList{QStringLiteral("1"), QStringLiteral("1")});
}

TEST_CASE("Hostile feed bytes are refused within bounds and never stop the neighbours", "[apply][hostile]")
{
    DeskFixture desk;
    LogMaker& maker = desk.maker;
    SeededRandom random(5);
    const ThreadId thread = maker.random().id<ThreadId>();
    const PersonId person = maker.random().id<PersonId>();
    for (int i = 0; i < 60; ++i) {
        local::FeedEntry bad = maker.customer(maker.random().id<ThreadId>(), person, QStringLiteral("x"));
        switch (random.below(4)) {
        case 0:
            bad.header.truncate(random.below(static_cast<int>(bad.header.size())));
            break;
        case 1:
            bad.header[random.below(static_cast<int>(bad.header.size()))] ^= static_cast<char>(1 << random.below(8));
            break;
        case 2:
            bad.header = random.bytes(random.below(400));
            break;
        default:
            bad.content = random.bytes(random.below(2000));
        }
        const local::FeedEntry good = maker.customer(thread, person, QStringLiteral("Neighbour %1").arg(i));
        desk.apply({bad, good});
    }
    CHECK(desk.query(QStringLiteral("SELECT count(*) FROM message WHERE text LIKE 'Neighbour%'")) ==
          QStringList{QStringLiteral("60")});
    CHECK(desk.query(QStringLiteral("SELECT count(*) > 40 FROM fault")) == QStringList{QStringLiteral("1")});
}

TEST_CASE("What central erased leaves rows, terms and identifiers", "[apply]")
{
    DeskFixture desk;
    LogMaker& maker = desk.maker;
    const ThreadId thread = maker.random().id<ThreadId>();
    const local::FeedEntry entry =
        maker.customer(thread, maker.random().id<PersonId>(), QStringLiteral("Forgetme, call 082 555 0143"));
    desk.apply({entry});
    const QString terms = QStringLiteral("SELECT count(*) FROM message_fts WHERE message_fts MATCH 'forgetme'");
    CHECK(desk.query(terms) == QStringList{QStringLiteral("1")});
    desk.apply({local::FeedEntry{entry.header, std::nullopt, std::nullopt}});
    CHECK(desk.query(terms) == QStringList{QStringLiteral("0")});
    CHECK(desk.query(QStringLiteral("SELECT count(*) FROM message_identifier")) == QStringList{QStringLiteral("0")});
    CHECK(desk.query(QStringLiteral("SELECT count(*) FROM entry WHERE content IS NULL")) ==
          QStringList{QStringLiteral("1")});
}

TEST_CASE("What a false signature said is shown no longer once its device is known", "[apply]")
{
    DeskFixture desk;
    LogMaker& maker = desk.maker;
    const ThreadId thread = maker.random().id<ThreadId>();
    const PersonId person = maker.random().id<PersonId>();
    Colleague priya = maker.colleague(QStringLiteral("Priya"));
    const Colleague stranger = maker.colleague(QStringLiteral("Stranger"));
    const Colleague forger{priya.user, priya.device, *log::SigningKey::fromSeed(maker.random().bytes(32))};
    domain::InternalNote note;
    note.text = QStringLiteral("Pay it out");
    desk.apply({maker.openCase(thread, person), maker.customer(thread, person, QStringLiteral("Good day")),
                maker.signedBy(forger, thread, domain::Kind::internalNote, domain::toJson(note)),
                maker.assign(forger, thread, stranger.user)});
    REQUIRE(valueOf(desk.reader->newestMessages(thread, 10)).messages.last().text == note.text);
    REQUIRE(valueOf(desk.reader->thread(thread)).row.assignee.has_value());
    const local::Applied applied = desk.apply({maker.enrol(priya)});
    CHECK(applied.fault.has_value());
    CHECK(applied.threads.contains(thread));
    const views::MessagePage page = valueOf(desk.reader->newestMessages(thread, 10));
    CHECK(std::none_of(page.messages.begin(), page.messages.end(),
                       [&](const views::Message& message) { return message.text == note.text; }));
    CHECK_FALSE(valueOf(desk.reader->thread(thread)).row.assignee.has_value());
}

#include "storage/sync/desk_session.h"
#include "tests/restore/office.h"
#include "tests/support/string_makers.h"
#include "tests/sync/waiting.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace holdfast;
using namespace holdfast::test;
using Link = views::SyncState::Link;

namespace {

constexpr qint64 patience = 60'000;

class Console
{
public:
    Console(Office& office, const QString& login)
        : office_(office),
          session_({folder_.path(), {}, {}, local::PassphraseCost{64 * 1024, 3, 1}}, office.clock, office.random)
    {
        const auto enrolled = finished(session_.enrol(office.server(), login, QStringLiteral("correct horse battery"),
                                                      QStringLiteral("blue lamp by the river")));
        INFO((enrolled ? std::string() : enrolled.error().text.toStdString()));
        REQUIRE(enrolled.has_value());
    }
    [[nodiscard]] views::SyncState state() { return session_.desk()->news.syncState(); }
    [[nodiscard]] QList<EntryId> messages()
    {
        const auto page = finished(session_.desk()->reader.newestMessages(office_.thread(), 100));
        QList<EntryId> ids;
        for (const views::Message& message : page ? page->messages : QList<views::Message>()) {
            if (!message.pending)
                ids.append(message.id);
        }
        return ids;
    }
    // What it holds from then on is of the new epoch.
    [[nodiscard]] bool isSetBack()
    {
        return becomes([this] { return state().detail.contains(QStringLiteral("restored")); }, patience);
    }
    // All of them, accepted, and all of the log up to `size` proved.
    [[nodiscard]] bool holds(const QList<EntryId>& wanted, quint64 size)
    {
        return becomes(
            [&] {
                const QList<EntryId> held = messages();
                const bool all =
                    std::all_of(wanted.begin(), wanted.end(), [&](const EntryId& id) { return held.contains(id); });
                return all && state().link == Link::online && state().verifiedUpTo >= size;
            },
            patience);
    }
    [[nodiscard]] EntryId replies(const QString& text)
    {
        const auto header = finished(session_.desk()->reader.thread(office_.thread()));
        REQUIRE(header.has_value());
        const auto id = finished(session_.desk()->acts.reply(office_.thread(), text, {}, {}, header->newest));
        REQUIRE(id.has_value());
        return *id;
    }
    [[nodiscard]] EntryId notes(const QString& text)
    {
        const auto id = finished(session_.desk()->acts.note(office_.thread(), text, {}));
        REQUIRE(id.has_value());
        return *id;
    }

private:
    Office& office_;
    QTemporaryDir folder_;
    sync::DeskSession session_;
};

} // namespace

TEST_CASE("A central that was restored gets back from its desks what they were told it had")
{
    Office office(GENERATE(Dialect::embedded, Dialect::postgres));
    Console lerato(office, QStringLiteral("lerato"));
    Console tshepo(office, QStringLiteral("tshepo"));
    const QList<EntryId> before = office.entriesOfThread().mid(1); // without the opening
    REQUIRE(lerato.holds(before, 1));
    REQUIRE(tshepo.holds(before, 1));
    office.stop();
    office.backUp();

    // The day goes on after the backup: a customer's message, a reply to it, a colleague's note.
    office.start();
    const EntryId customers = office.customerWrites(QStringLiteral("My car was hit"));
    REQUIRE(lerato.holds({customers}, 1));
    const EntryId reply = lerato.replies(QStringLiteral("I am sorry to hear that"));
    REQUIRE(tshepo.holds({reply}, 1));
    const EntryId note = tshepo.notes(QStringLiteral("I know the garage"));
    REQUIRE(lerato.holds({customers, reply, note}, 1));
    REQUIRE(tshepo.holds({customers, reply, note}, 1));
    CHECK(office.repliesToSend == 1);
    const QList<EntryId> acknowledged = office.entriesOfThread();

    office.stop();
    office.putBackupInPlace();
    const Result<void> refused = office.opens();
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().text.contains(QStringLiteral("restored from an older backup")));
    const store::BegunEpoch begun = office.beginEpoch();
    CHECK(begun.lost >= 3);
    office.start();
    CHECK_FALSE(office.entriesOfThread().contains(customers)); // the control: central does not have it

    // Both desks come back by themselves, and both witnesses prove the new epoch to the end.
    REQUIRE(lerato.isSetBack());
    REQUIRE(tshepo.isSetBack());
    REQUIRE(lerato.holds(before + QList<EntryId>{customers, reply, note}, begun.size + 1));
    REQUIRE(tshepo.holds(before + QList<EntryId>{customers, reply, note}, begun.size + 1));
    QList<EntryId> restored = office.entriesOfThread();
    for (const EntryId& id : acknowledged) {
        INFO(id.toHex().toStdString());
        CHECK(restored.count(id) == 1);
    }
    for (Console* console : {&lerato, &tshepo}) {
        CHECK(console->messages() == QList<EntryId>(before + QList<EntryId>{customers, reply, note}));
        CHECK_FALSE(console->state().faultAt.has_value());
        CHECK(console->state().detail.contains(QStringLiteral("restored")));
    }
    CHECK(office.repliesToSend == 1); // the customer is not written to a second time
    CHECK(office.verifies());

    // And the day goes on.
    const EntryId after = lerato.replies(QStringLiteral("Where are you now?"));
    CHECK(tshepo.holds({after}, begun.size + 1));
    CHECK(office.repliesToSend == 2);
}

#include "tests/restore/console.h"
#include "tests/support/string_makers.h"
#include "tests/sync/waiting.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace holdfast;
using namespace holdfast::test;

TEST_CASE("A central that was restored gets back from its desks what they were told it had")
{
    Office office(GENERATE(Dialect::embedded, Dialect::postgres));
    Console lerato(office);
    Console tshepo(office);
    lerato.enrol(QStringLiteral("lerato"));
    tshepo.enrol(QStringLiteral("tshepo"));
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
        CHECK(console->accepted() == QList<EntryId>(before + QList<EntryId>{customers, reply, note}));
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

TEST_CASE("A restored central gets the files of what it lost as well, from whoever has them")
{
    Office office(GENERATE(Dialect::embedded, Dialect::postgres));
    Console lerato(office);
    lerato.enrol(QStringLiteral("lerato"));
    REQUIRE(lerato.holds(office.entriesOfThread().mid(1), 1));
    office.stop();
    office.backUp();
    office.start();
    const QByteArray bytes = office.random.bytes(600'000); // of three chunks
    const EntryId reply =
        lerato.replies(QStringLiteral("Here is your letter"),
                       {{QStringLiteral("letter.pdf"), QStringLiteral("application/pdf"), bytes, sha256({bytes})}});
    REQUIRE(lerato.holds({reply}, 1));
    REQUIRE(office.hasFile(reply, bytes));

    office.stop();
    office.putBackupInPlace();
    const store::BegunEpoch begun = office.beginEpoch();
    office.start();
    CHECK_FALSE(office.hasFile(reply, bytes)); // the control: central has neither
    REQUIRE(lerato.isSetBack());
    REQUIRE(lerato.holds({reply}, begun.size + 1));
    CHECK(office.hasFile(reply, bytes));
    CHECK(office.repliesToSend == 1);
    CHECK(office.verifies());
}

TEST_CASE("A central that was restored without its anchor is stopped by the first desk that comes")
{
    Office office(GENERATE(Dialect::embedded, Dialect::postgres));
    Console lerato(office);
    lerato.enrol(QStringLiteral("lerato"));
    const QList<EntryId> before = office.entriesOfThread().mid(1);
    REQUIRE(lerato.holds(before, 1));
    office.stop();
    office.backUp();
    office.start();
    const EntryId lost = office.customerWrites(QStringLiteral("My car was hit"));
    const quint64 backedUp = office.logSize() - 1;
    REQUIRE(lerato.holds({lost}, 1));
    const EntryId reply = lerato.replies(QStringLiteral("I am sorry to hear that"));
    REQUIRE(lerato.holds({lost, reply}, backedUp + 1)); // it verified more than the backup has
    lerato.close();
    office.stop();

    // Nobody knows, and the log goes on from the backup, to another length than it had.
    office.putBackupInPlace();
    office.loseAnchor();
    office.start();
    QList<EntryId> meanwhile;
    const int written = GENERATE(1, 40);
    for (int i = 0; i < written; ++i)
        meanwhile.append(office.customerWrites(QStringLiteral("Is anybody there?")));
    CHECK_FALSE(office.fault().has_value());
    lerato.open();
    REQUIRE(becomes([&] { return office.fault().has_value(); }));
    CHECK(office.fault()->contains(QStringLiteral("A desk has verified more")));
    CHECK_FALSE(lerato.state().faultAt.has_value()); // it is for an administrator, not an alarm about the log
    const EntryId waiting = lerato.notes(QStringLiteral("Written while nothing is taken"));
    CHECK_FALSE(office.entriesOfThread().contains(waiting));
    office.stop();
    (void)office.beginEpoch();
    office.start();
    REQUIRE(lerato.isSetBack());
    REQUIRE(lerato.holds(before + meanwhile + QList<EntryId>{lost, reply, waiting}, 1));
    CHECK_FALSE(lerato.state().faultAt.has_value());
    CHECK(lerato.accepted().size() == before.size() + meanwhile.size() + 3);
    CHECK(office.repliesToSend == 1);
    CHECK(office.verifies());
}

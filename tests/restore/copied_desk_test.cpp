// A desk's profile that goes back to an older copy of itself, and one that is used twice.
#include "tests/restore/console.h"
#include "tests/support/string_makers.h"
#include "tests/sync/waiting.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace holdfast;
using namespace holdfast::test;

namespace {

bool isHeldBack(Console& console, const EntryId& id)
{
    return becomes([&] { return console.refusalOf(id).contains(QStringLiteral("two computers")); });
}

} // namespace

TEST_CASE("A desk whose profile was set back loses nothing and raises no alarm")
{
    Office office(GENERATE(Dialect::embedded, Dialect::postgres));
    Console lerato(office);
    Console backup(office);
    lerato.enrol(QStringLiteral("lerato"));
    REQUIRE(lerato.holds(office.entriesOfThread().mid(1), 1));
    const EntryId first = lerato.replies(QStringLiteral("Good day, how can I help?"));
    REQUIRE(lerato.holds({first}, 1));
    lerato.close();
    lerato.copyTo(backup);
    lerato.open();
    const EntryId forgotten = lerato.replies(QStringLiteral("Somebody will call you today"));
    REQUIRE(lerato.holds({first, forgotten}, 1));
    lerato.close();

    // What it writes before it hears of central has a number that it used before.
    backup.copyTo(lerato);
    office.stop();
    lerato.open();
    const EntryId offline = lerato.notes(QStringLiteral("He prefers mornings"));
    office.start();
    REQUIRE(lerato.comesOnline());
    REQUIRE(lerato.holds({first, forgotten, offline}, 1));
    lerato.close();

    // As on a machine that is set back every night.
    backup.copyTo(lerato);
    lerato.open();
    REQUIRE(lerato.comesOnline());
    const EntryId later = lerato.notes(QStringLiteral("Called him"));
    REQUIRE(lerato.holds({first, forgotten, offline, later}, 1));
    CHECK(lerato.accepted().count(forgotten) == 1);
    CHECK_FALSE(lerato.state().faultAt.has_value());
    CHECK(lerato.state().notSent == 0);
    CHECK(office.incidents() == 0);
    CHECK(office.repliesToSend == 2);
    CHECK(office.verifies());
}

TEST_CASE("A desk that is used on two computers is held back on both, and an administrator hears of it")
{
    Office office(GENERATE(Dialect::embedded, Dialect::postgres));
    Console lerato(office);
    Console copy(office);
    lerato.enrol(QStringLiteral("lerato"));
    REQUIRE(lerato.holds(office.entriesOfThread().mid(1), 1));
    REQUIRE(lerato.holds({lerato.notes(QStringLiteral("Mine"))}, 1));
    lerato.close();
    lerato.copyTo(copy);
    lerato.open();
    REQUIRE(lerato.comesOnline());
    REQUIRE(lerato.holds({lerato.notes(QStringLiteral("Still mine"))}, 1));

    // So far it could be a profile that was set back.
    copy.open();
    REQUIRE(copy.comesOnline());
    const EntryId fromCopy = copy.notes(QStringLiteral("Mine too"));
    REQUIRE(copy.holds({fromCopy}, 1));
    CHECK(office.incidents() == 0);

    const EntryId reply = lerato.replies(QStringLiteral("Which of us is it?"));
    CHECK(isHeldBack(lerato, reply));
    const EntryId note = copy.notes(QStringLiteral("Nothing more from here"));
    CHECK(isHeldBack(copy, note));
    CHECK(office.incidents() == 1);
    CHECK(office.repliesToSend == 0);
    CHECK_FALSE(lerato.state().faultAt.has_value());

    copy.close();
    office.release();
    const EntryId again = lerato.sendsAgain(reply);
    CHECK(lerato.holds({again, fromCopy}, 1));
    CHECK(office.repliesToSend == 1);
    CHECK(office.incidents() == 1);
    CHECK(office.verifies());
}

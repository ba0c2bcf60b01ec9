// `./dev kill` runs this for 1,000 kills of each; here it is short.
#include "tests/kill/kill_run.h"
#include "tests/support/postgres.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

#include <cstdio>

using namespace holdfast;
using namespace holdfast::test;

namespace {

KillOptions options(const QString& storeUrl)
{
    const int cycles = qEnvironmentVariableIntValue("HOLDFAST_KILL_CYCLES");
    const quint64 seed = qEnvironmentVariable("HOLDFAST_KILL_RUN").toULongLong();
    return {cycles > 0 ? cycles : 3, seed > 0 ? seed : std::random_device()(), storeUrl};
}

void killAgainAndAgain(const QString& storeUrl, const char* store)
{
    const KillOptions asked = options(storeUrl);
    std::printf("%s, seed %llu\n", store, static_cast<unsigned long long>(asked.seed));
    std::fflush(stdout);
    const KillTally tally = KillRun(asked).run();
    std::printf("%s\n", qUtf8Printable(tally.words()));
    std::fflush(stdout);
    INFO("seed " << asked.seed << '\n' << tally.words().toStdString());
    CHECK(tally.counts.wrong.isEmpty());
    CHECK(tally.centralKills == asked.cycles);
    CHECK(tally.deskKills == asked.cycles);
    CHECK(tally.cleanStarts >= 2 * asked.cycles);
    CHECK(tally.counts.acknowledged > 0);
    CHECK(tally.counts.repliesOnce > 0);
}

} // namespace

TEST_CASE("console and central are killed again and again, on the embedded store", "[kill]")
{
    killAgainAndAgain({}, "embedded store");
}

TEST_CASE("console and central are killed again and again, on PostgreSQL", "[kill]")
{
    const TemporaryPostgres database;
    killAgainAndAgain(database.urlText(), "PostgreSQL");
}

// Not run by itself: the run starts it as a process of its own, to be killed.
TEST_CASE("child: a desk at work", "[.child]")
{
    WorkingDesk(qEnvironmentVariable("HOLDFAST_KILL_DATA"), QByteArray::fromHex(qgetenv("HOLDFAST_KILL_KEY")),
                qEnvironmentVariable("HOLDFAST_KILL_SEED").toULongLong(), qEnvironmentVariable("HOLDFAST_KILL_NAME"))
        .workUntilKilled();
}

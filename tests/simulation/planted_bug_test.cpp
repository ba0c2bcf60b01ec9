// A simulation that finds nothing proves nothing: bugs are planted, one at a time, and it must find each of them.
#include "tests/simulation/planted_bugs.h"
#include "tests/simulator/simulation.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast::simulation;

namespace {

constexpr quint64 seeds = 60;
constexpr quint64 events = 3'000;

struct PlantedBug
{
    const char* name;
    CentralBugs central;
    DeskBugs desk;
};

std::vector<PlantedBug> plantedBugs()
{
    return {{"central keeps what comes twice", {true, false}, {}},
            {"central forgets what it acknowledged when it restarts", {false, true}, {}},
            {"central does not tell of what was moved away", {false, false, {true, false}}, {}},
            {"a thread goes on where its beginning was destroyed", {false, false, {false, true}}, {}},
            {"the cursor is saved before its rows", {}, {true, {}}},
            {"a push without an answer is taken for accepted", {}, {false, dropsOnTimeout()}},
            {"the close of a scope is ignored while an answer is in flight", {}, {false, ignoresClosing()}},
            {"the answer of an old request is taken for the new one's", {}, {false, takesStaleAnswers()}},
            {"a receipt is not checked", {}, {false, trustsAnswers()}},
            {"a queue that stands still is not noticed", {}, {false, hasNoWatchdog()}}};
}

} // namespace

TEST_CASE("The simulation finds each planted bug")
{
    for (const PlantedBug& bug : plantedBugs()) {
        QStringList found;
        quint64 seed = 0;
        while (found.isEmpty() && seed < seeds)
            found = simulate({++seed, events, nullptr, bug.central, bug.desk}).violations;
        INFO(bug.name);
        CHECK_FALSE(found.isEmpty());
    }
}

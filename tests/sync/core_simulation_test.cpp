#include "tests/support/string_makers.h"
#include "tests/sync/simulated_desk.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::test;

namespace {

constexpr quint64 seeds = 300;
constexpr int steps = 500;

} // namespace

TEST_CASE("Whatever the network, the disk and the clock do, every entry ends once and in order in central's log")
{
    for (quint64 seed = 1; seed <= seeds; ++seed) {
        INFO("seed " << seed);
        SimulatedDesk desk(seed);
        desk.run(steps);
        REQUIRE(desk.settle());
        const QStringList violations = desk.violations();
        INFO(violations.join(QStringLiteral("; ")).toStdString());
        REQUIRE(violations.isEmpty());
    }
}

TEST_CASE("The simulation notices a central that keeps duplicates")
{
    bool noticed = false;
    for (quint64 seed = 1; seed <= 20 && !noticed; ++seed) {
        SimulatedDesk desk(seed, false);
        desk.run(steps);
        static_cast<void>(desk.settle());
        noticed = !desk.violations().isEmpty();
    }
    CHECK(noticed);
}

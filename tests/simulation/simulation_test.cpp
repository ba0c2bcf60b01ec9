// The short run of docs/simulation.md; `./dev simulate` is the long one.
#include "tests/simulator/simulation.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

#include <iostream>
#include <sstream>

using namespace holdfast::simulation;

namespace {

constexpr quint64 seeds = 160;
constexpr quint64 events = 3'000;

} // namespace

TEST_CASE("Whatever the network, the disk, the clock and central do, nothing is lost, leaked, doubled or out of order")
{
    const quint64 chosen = qEnvironmentVariable("HOLDFAST_SEED").toULongLong();
    FaultTable table;
    for (quint64 seed = chosen ? chosen : 1; seed <= (chosen ? chosen : seeds); ++seed) {
        const Report report = simulate({seed, events, chosen ? &std::cerr : nullptr, {}, {}});
        table.add(report.table);
        INFO("HOLDFAST_SEED=" << seed << " replays this with its trace");
        INFO(report.violations.join(u'\n').toStdString());
        REQUIRE(report.violations.isEmpty());
        REQUIRE(report.delivered >= events);
    }
    for (size_t fault = 0; fault < faults && !chosen; ++fault) {
        INFO(nameOf(static_cast<Fault>(fault)).toStdString());
        CHECK(table.total(static_cast<Fault>(fault)) > 0);
    }
}

TEST_CASE("A seed gives the same run again, traced or not")
{
    const auto digestOf = [](quint64 seed, std::ostream* trace) {
        return simulate({seed, events, trace, {}, {}}).digest;
    };
    std::ostringstream trace;
    CHECK(digestOf(7, nullptr) == digestOf(7, &trace));
    CHECK(digestOf(7, nullptr) != digestOf(8, nullptr));
    CHECK(trace.str().find("ApplyBatch") != std::string::npos);
}

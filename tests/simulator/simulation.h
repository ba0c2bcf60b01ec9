// One run of the whole: a model of central and several desks with the real core, from one seed.
#pragma once

#include "tests/simulator/fault_table.h"
#include "tests/simulator/simulated_desk.h"

#include <iosfwd>

namespace holdfast::simulation {

struct Plan
{
    quint64 seed = 1;
    quint64 events = 10'000; // to the cores, before the weather turns fine
    std::ostream* trace = nullptr;
    CentralBugs central; // planted
    DeskBugs desk;       // planted
};

struct Report
{
    quint64 seed = 0;
    QStringList violations; // empty: all invariants held
    quint64 delivered = 0;  // events to the cores
    quint64 requests = 0;   // to central
    quint64 entries = 0;    // in the log at the end
    qint64 virtualMs = 0;
    quint64 digest = 0; // of the run: the same seed gives the same
    FaultTable table;
};

[[nodiscard]] Report simulate(const Plan& plan);

} // namespace holdfast::simulation

#include "tests/simulator/simulation.h"

#include "tests/simulator/driver.h"
#include "tests/simulator/inspection.h"

#include <algorithm>

namespace holdfast::simulation {
namespace {

constexpr int deskCount = 3;
constexpr int earlierEntries = 40;
constexpr qint64 longestRestMs = 3'600'000;

// Until each desk is as `isDone` wants it; false: never.
template <typename Condition>
bool runUntil(World& world, const Desks& desks, Condition isDone)
{
    const qint64 until = world.agenda.now() + longestRestMs;
    while (!std::all_of(desks.begin(), desks.end(), isDone)) {
        if (world.agenda.now() > until || !world.agenda.runNext())
            return false;
    }
    return true;
}

// Fine weather until nothing is left to do, then once more after a last checkpoint, which covers all.
void settle(World& world, Central& central, Driver& driver, const Desks& desks)
{
    const auto rests = [](const auto& desk) { return desk->isAtRest(); };
    const auto restsVerified = [](const auto& desk) { return desk->isAtRest() && desk->isVerified(); };
    driver.stop();
    if (runUntil(world, desks, rests)) {
        central.sign();
        if (runUntil(world, desks, restsVerified))
            return;
    }
    for (const auto& desk : desks) {
        if (!restsVerified(desk))
            world.violate(QStringLiteral("desk %1: it never comes to rest (%2 wait, verified up to %3 of %4: %5)")
                              .arg(desk->number())
                              .arg(desk->shown().waiting)
                              .arg(desk->shown().verifiedUpTo)
                              .arg(central.log().size())
                              .arg(desk->shown().detail));
    }
}

} // namespace

Report simulate(const Plan& plan)
{
    World world(plan.seed, deskCount, plan.trace);
    Central central(world, deskCount, plan.central);
    Desks desks;
    for (int number = 0; number < deskCount; ++number)
        desks.push_back(std::make_unique<SimulatedDesk>(world, central, number, plan.desk));
    Driver driver(world, central, desks);
    for (int i = 0; i < earlierEntries; ++i)
        central.appendForeign();
    central.sign();
    for (const auto& desk : desks)
        desk->boot();
    driver.start();
    const qint64 begin = world.agenda.now();
    while (world.delivered < plan.events && world.violations().isEmpty() && world.agenda.runNext()) {
    }
    if (world.violations().isEmpty())
        settle(world, central, driver, desks);
    if (world.violations().isEmpty())
        inspect(world, central, desks);
    return {plan.seed,      world.violations(),   world.delivered,
            world.requests, central.log().size(), world.agenda.now() - begin,
            world.digest,   world.table};
}

} // namespace holdfast::simulation

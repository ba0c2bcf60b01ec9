#include "tests/simulator/world.h"

namespace holdfast::simulation {
namespace {

constexpr qsizetype mostViolations = 20; // the first ones tell what happened, the rest follows from them

} // namespace

World::World(quint64 seed, int desks, std::ostream* out)
    : random(seed), weather(Weather::of(random)), trace(agenda, out), states_(static_cast<size_t>(desks))
{}

bool World::roll(Fault fault)
{
    const int rate = weather.perMille[index(fault)];
    return rate > 0 && random.below(1000) < static_cast<quint64>(rate);
}

qint64 World::within(qint64 leastMs, qint64 mostMs)
{
    return leastMs + static_cast<qint64>(random.below(static_cast<quint64>(mostMs - leastMs + 1)));
}

void World::hit(Fault fault, int desk)
{
    table.count(fault);
    table.countIn(fault, states_[static_cast<size_t>(desk)]);
    if (trace.isOn())
        trace.line(desk, QStringLiteral("! ") + nameOf(fault));
}

void World::hitAll(Fault fault)
{
    table.count(fault);
    for (const CoreStates& states : states_)
        table.countIn(fault, states);
    if (trace.isOn())
        trace.line(Trace::central, QStringLiteral("! ") + nameOf(fault));
}

void World::setStates(int desk, const CoreStates& states)
{
    CoreStates& known = states_[static_cast<size_t>(desk)];
    const CoreStates fresh = states & ~known;
    known = states;
    for (size_t state = 0; state < coreStates && onEntered; ++state) {
        if (fresh.test(state))
            onEntered(desk, static_cast<CoreState>(state));
    }
}

void World::violate(const QString& what)
{
    if (trace.isOn())
        trace.line(Trace::central, QStringLiteral("VIOLATION: ") + what);
    if (violations_.size() < mostViolations)
        violations_.append(QStringLiteral("%1 ms: %2").arg(agenda.now()).arg(what));
}

void World::mix(quint64 value)
{
    constexpr quint64 prime = 0x100000001b3;
    digest = (digest ^ value) * prime;
}

} // namespace holdfast::simulation

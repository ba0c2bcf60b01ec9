#include "tests/simulator/driver.h"

#include <numeric>

namespace holdfast::simulation {
namespace {

constexpr qint64 longestPauseMs = 800;
constexpr qint64 longestCutMs = 40'000;
constexpr qint64 longestStallMs = 45'000;
constexpr int rareWeight = 6;
constexpr qint64 yearMs = 365LL * 86'400'000;

// What is inflicted from outside; the others happen to messages and writes on their way.
constexpr std::array outside{Fault::partition,   Fault::requestsCut, Fault::answersCut,  Fault::centralRestarted,
                             Fault::tokenEnded,  Fault::signedOut,   Fault::grantGiven,  Fault::grantEnded,
                             Fault::threadMoved, Fault::deskKilled,  Fault::deskStalled, Fault::clockJumped};

// States that a core is in for moments only, now and then.
bool isRare(CoreState state)
{
    return state == CoreState::opening || state == CoreState::closing || state == CoreState::checking;
}

} // namespace

void Driver::start()
{
    running_ = true;
    world_.onEntered = [this](int desk, CoreState state) { ambush(desk, state); };
    world_.agenda.after(0, [this] { act(); });
}

void Driver::stop()
{
    running_ = false;
    world_.weather = Weather::fine();
    for (const auto& desk : desks_)
        desk->link().heal();
}

void Driver::act()
{
    if (!running_)
        return;
    const quint64 dice = world_.random.below(100);
    if (dice < 58)
        central_.appendForeign();
    else if (dice < 59)
        central_.sign();
    else if (dice < 75)
        deskActs(dice);
    else
        badLuck();
    world_.agenda.after(world_.within(1, longestPauseMs), [this] { act(); });
}

void Driver::deskActs(quint64 dice)
{
    SimulatedDesk& desk = anyDesk();
    if (dice < 71)
        desk.write();
    else if (dice < 74)
        desk.decide();
    else
        desk.lock();
}

// One of what this seed's weather has, often ones more often.
void Driver::badLuck()
{
    const auto weightOf = [this](Fault fault) { return world_.weather.perMille[index(fault)]; };
    const int all =
        std::accumulate(outside.begin(), outside.end(), 0, [&](int sum, Fault fault) { return sum + weightOf(fault); });
    int dice = static_cast<int>(world_.random.below(1000));
    if (all == 0 || dice >= all)
        return;
    for (const Fault fault : outside) {
        dice -= weightOf(fault);
        if (dice < 0)
            return inflict(fault, anyDesk());
    }
}

void Driver::ambush(int desk, CoreState state)
{
    const int weight = isRare(state) ? rareWeight : 1;
    if (world_.random.below(1000) >= static_cast<quint64>(world_.weather.ambush * weight))
        return;
    const auto fault = static_cast<Fault>(world_.random.below(faults));
    const bool isHostile = world_.weather.perMille[index(Fault::answerForged)] > 0;
    if (fault == Fault::answerForged && !isHostile)
        return;
    world_.agenda.after(world_.within(0, 3), [this, fault, desk] {
        if (running_)
            inflict(fault, *desks_[static_cast<size_t>(desk)]);
    });
}

void Driver::inflict(Fault fault, SimulatedDesk& desk)
{
    switch (fault) {
    case Fault::partition:
    case Fault::requestsCut:
    case Fault::answersCut:
        return cut(fault, desk);
    case Fault::centralRestarted:
        return central_.restart();
    case Fault::tokenEnded:
        return central_.endToken(desk.number());
    case Fault::signedOut:
        return central_.signOut(desk.number());
    case Fault::grantGiven:
    case Fault::grantEnded:
        for (int tries = 0; tries < 5 && !central_.changeGrant(fault == Fault::grantGiven); ++tries) {
        }
        return;
    case Fault::threadMoved:
        return central_.moveThread();
    case Fault::poisonWritten:
        desk.poison();
        return desk.write();
    case Fault::diskFailure:
        return desk.failNextWrite();
    case Fault::deskKilled:
        if (world_.random.chance(50))
            return desk.kill();
        return desk.killWithinStep(static_cast<int>(world_.random.below(4)));
    case Fault::deskStalled:
        return desk.stall(world_.within(50, longestStallMs));
    case Fault::clockJumped:
        return desk.jumpClock(world_.within(-yearMs, yearMs));
    default:
        return desk.link().arm(fault);
    }
}

void Driver::cut(Fault how, SimulatedDesk& desk)
{
    desk.link().cut(how);
    world_.agenda.after(world_.within(200, longestCutMs), [&desk] { desk.link().heal(); });
}

} // namespace holdfast::simulation

// What every part of one run shares: time, randomness, weather, and the books that are kept of it.
#pragma once

#include "tests/simulator/agenda.h"
#include "tests/simulator/trace.h"
#include "tests/simulator/weather.h"

#include <QStringList>

#include <functional>

namespace holdfast::simulation {

class World
{
public:
    World(quint64 seed, int desks, std::ostream* trace);

    test::SeededRandom random;
    Weather weather;
    Agenda agenda;
    FaultTable table;
    Trace trace;

    quint64 delivered = 0; // events to the cores
    quint64 requests = 0;  // to central
    quint64 digest = 0;    // of everything that was delivered, in order: equal runs have equal digests

    [[nodiscard]] bool roll(Fault fault); // by the weather
    [[nodiscard]] qint64 within(qint64 leastMs, qint64 mostMs);

    void hit(Fault fault, int desk);
    void hitAll(Fault fault);
    void setStates(int desk, const CoreStates& states); // `onEntered` is called for each that is new
    std::function<void(int desk, CoreState state)> onEntered;

    void violate(const QString& what); // an invariant does not hold
    [[nodiscard]] const QStringList& violations() const { return violations_; }
    void mix(quint64 value);

private:
    std::vector<CoreStates> states_;
    QStringList violations_;
};

} // namespace holdfast::simulation

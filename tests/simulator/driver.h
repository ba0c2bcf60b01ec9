// Decides what people, other desks and bad luck do, and when. All of it follows from the seed.
#pragma once

#include "tests/simulator/simulated_desk.h"

namespace holdfast::simulation {

using Desks = std::vector<std::unique_ptr<SimulatedDesk>>;

class Driver
{
public:
    Driver(World& world, Central& central, Desks& desks) : world_(world), central_(central), desks_(desks) {}

    void start();
    void stop();                            // fine weather from here on
    void ambush(int desk, CoreState state); // which it has just entered

private:
    void act();
    void deskActs(quint64 dice);
    void badLuck();
    void inflict(Fault fault, SimulatedDesk& desk);
    void cut(Fault how, SimulatedDesk& desk);
    [[nodiscard]] SimulatedDesk& anyDesk() { return *desks_[world_.random.below(desks_.size())]; }

    World& world_;
    Central& central_;
    Desks& desks_;
    bool running_ = false;
};

} // namespace holdfast::simulation

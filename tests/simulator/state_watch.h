// Follows what a core is doing by its events and actions alone.
#pragma once

#include "storage/sync/core.h"
#include "tests/simulator/fault_table.h"

namespace holdfast::simulation {

class StateWatch
{
public:
    void before(const sync::Event& event);
    void after(const sync::Action& action);
    void reset();
    [[nodiscard]] CoreStates states() const;
    [[nodiscard]] bool isOn(CoreState state) const { return states_.test(index(state)); }

private:
    void set(CoreState state, bool on = true) { states_.set(index(state), on); }
    void ended(CoreState state, sync::RequestNumber& current, sync::RequestNumber answered);
    void setTimer(sync::Timer timer, bool running);

    CoreStates states_;
    CoreState polling_ = CoreState::catchingUp;
    sync::RequestNumber tokens_ = 0, poll_ = 0, push_ = 0, proofs_ = 0;
    std::bitset<3> timers_; // of poll, push and proofs
};

} // namespace holdfast::simulation

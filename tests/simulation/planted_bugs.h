// Cores with one bug each, planted around the real one: the simulation must find every one of them.
#pragma once

#include "tests/simulator/simulated_desk.h"

namespace holdfast::simulation {

[[nodiscard]] CoreMaker dropsOnTimeout();    // a push without an answer is taken for accepted
[[nodiscard]] CoreMaker ignoresClosing();    // of a scope, while another answer is in flight
[[nodiscard]] CoreMaker takesStaleAnswers(); // of an older request of the same channel
[[nodiscard]] CoreMaker trustsAnswers();     // an acceptance without a good receipt is believed
[[nodiscard]] CoreMaker hasNoWatchdog();

} // namespace holdfast::simulation

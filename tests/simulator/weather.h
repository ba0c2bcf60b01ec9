// How often each fault happens in one run. Each seed has its own weather: some faults often, some never, so that their
// combinations are tried too (https://users.cs.utah.edu/~regehr/papers/swarm12.pdf).
#pragma once

#include "tests/simulator/fault_table.h"
#include "tests/support/seeded_random.h"

namespace holdfast::simulation {

struct Weather
{
    // Per thousand: of messages, of the desk's writes, or the weight among what is done to a desk from outside.
    std::array<int, faults> perMille{};
    int ambush = 0;             // per thousand states that a core enters: something is done to it right then
    bool hangs = false;         // the transport never reports that a push got no answer
    qint64 longestWayMs = 50;   // of a message, one way
    qint64 slowestWriteMs = 10; // of the desk's disk

    [[nodiscard]] static Weather of(test::SeededRandom& random);
    [[nodiscard]] static Weather fine() { return {}; }
};

} // namespace holdfast::simulation

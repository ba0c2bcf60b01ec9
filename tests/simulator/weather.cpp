#include "tests/simulator/weather.h"

namespace holdfast::simulation {
namespace {

constexpr std::array<int, 4> rates{0, 4, 15, 60};
constexpr std::array<int, 3> ambushes{5, 20, 50};
constexpr std::array<qint64, 4> ways{5, 50, 400, 3000};
constexpr std::array<qint64, 3> writes{3, 15, 300};
constexpr int hostileSeeds = 25; // percent

template <typename T, size_t count>
T any(test::SeededRandom& random, const std::array<T, count>& from)
{
    return from[random.below(count)];
}

} // namespace

Weather Weather::of(test::SeededRandom& random)
{
    Weather weather;
    for (int& rate : weather.perMille)
        rate = any(random, rates);
    // A forged answer marks the desk for good, so that fewer seeds have any.
    if (!random.chance(hostileSeeds))
        weather.perMille[index(Fault::answerForged)] = 0;
    weather.ambush = any(random, ambushes);
    weather.hangs = random.chance(20);
    weather.longestWayMs = any(random, ways);
    weather.slowestWriteMs = any(random, writes);
    return weather;
}

} // namespace holdfast::simulation

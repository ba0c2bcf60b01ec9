// What must hold when everything has come to rest.
#pragma once

#include "tests/simulator/driver.h"

namespace holdfast::simulation {

// Violations go to the world.
void inspect(World& world, const Central& central, const Desks& desks);

} // namespace holdfast::simulation

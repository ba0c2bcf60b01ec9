// Which time a program runs on is decided by what it is linked with: programs that ship take the system's and hold no
// code for any other (app/clock), those built for tests follow a phone's (tests/test_time).
#pragma once

#include "models/base/clock.h"
#include "models/base/error.h"

#include <memory>

namespace holdfast {

[[nodiscard]] Result<std::unique_ptr<Clock>> programClock();

} // namespace holdfast

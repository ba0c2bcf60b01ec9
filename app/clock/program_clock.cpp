#include "app/clock/program_clock.h"

namespace holdfast {

Result<std::unique_ptr<Clock>> programClock()
{
    return std::make_unique<SystemClock>();
}

} // namespace holdfast

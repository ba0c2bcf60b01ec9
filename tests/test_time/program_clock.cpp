#include "app/clock/program_clock.h"

#include "tests/test_time/phone_clock.h"

namespace holdfast {

// HOLDFAST_TEST_CLOCK: the phone's control endpoint, "http://127.0.0.1:PORT".
Result<std::unique_ptr<Clock>> programClock()
{
    const QByteArray control = qgetenv("HOLDFAST_TEST_CLOCK");
    if (control.isEmpty())
        return fail(
            ErrorCode::invalidInput,
            QStringLiteral("This program was built for tests: set HOLDFAST_TEST_CLOCK to a phone's control address."));
    auto clock = test::PhoneClock::follow(control);
    if (!clock)
        return tl::unexpected(clock.error());
    return std::unique_ptr<Clock>(std::move(*clock));
}

} // namespace holdfast

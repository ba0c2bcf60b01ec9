#include "phone/test_clock.h"

namespace holdfast::phone {

Timestamp TestClock::now() const
{
    const std::lock_guard lock(mutex_);
    return {nowLocked()};
}

qint64 TestClock::nowLocked() const
{
    return frozen_ ? heldAt_ : system_.now().value + offset_;
}

void TestClock::set(Timestamp time)
{
    const std::lock_guard lock(mutex_);
    offset_ = time.value - system_.now().value;
    heldAt_ = time.value;
}

void TestClock::advance(qint64 microseconds)
{
    const std::lock_guard lock(mutex_);
    offset_ += microseconds;
    heldAt_ += microseconds;
}

bool TestClock::isFrozen() const
{
    const std::lock_guard lock(mutex_);
    return frozen_;
}

void TestClock::setFrozen(bool frozen)
{
    const std::lock_guard lock(mutex_);
    const qint64 current = nowLocked();
    frozen_ = frozen;
    heldAt_ = current;
    offset_ = current - system_.now().value;
}

} // namespace holdfast::phone

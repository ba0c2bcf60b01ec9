// The phone's time, which programs built for tests take from it: runs on from wherever it was set, or stands still.
#pragma once

#include "models/base/clock.h"

#include <mutex>

namespace holdfast::phone {

class TestClock : public Clock // thread-safe
{
public:
    [[nodiscard]] Timestamp now() const override;
    void set(Timestamp time);
    void advance(qint64 microseconds);
    void setFrozen(bool frozen);
    [[nodiscard]] bool isFrozen() const;

private:
    [[nodiscard]] qint64 nowLocked() const;

    SystemClock system_;
    mutable std::mutex mutex_;
    qint64 offset_ = 0; // us, added to the system's time while running
    qint64 heldAt_ = 0; // us, while frozen
    bool frozen_ = false;
};

} // namespace holdfast::phone

// Waiting times between retries: exponential with full jitter.
#pragma once

#include "models/base/random.h"

#include <optional>

namespace holdfast::sync {

class Backoff
{
public:
    // Milliseconds to wait before the next try: uniform in [floor, min(cap, base * 2^n)]. A time that the other side
    // asked for is a lower bound, itself capped at ten minutes, with jitter on top.
    [[nodiscard]] qint64 next(RandomSource& random, std::optional<qint64> askedMs = std::nullopt);
    void reset() { failures_ = 0; }
    [[nodiscard]] int failures() const { return failures_; }

    static constexpr qint64 baseMs = 500;
    static constexpr qint64 capMs = 30'000;
    static constexpr qint64 floorMs = 100;

private:
    int failures_ = 0;
};

} // namespace holdfast::sync

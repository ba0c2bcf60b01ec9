#include "storage/sync/backoff.h"

#include <QtGlobal>

#include <algorithm>

namespace holdfast::sync {
namespace {

constexpr qint64 longestAskedMs = 600'000;
constexpr int largestShift = 20;

qint64 uniform(RandomSource& random, qint64 from, qint64 to)
{
    std::array<uint8_t, 8> raw{};
    random.fill(raw);
    quint64 value = 0;
    for (const uint8_t byte : raw)
        value = value << 8 | byte;
    return from + static_cast<qint64>(value % static_cast<quint64>(to - from + 1));
}

} // namespace

// "Full jitter": https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
qint64 Backoff::next(RandomSource& random, std::optional<qint64> askedMs)
{
    const qint64 ceiling = std::min(capMs, baseMs << std::min(failures_, largestShift));
    ++failures_;
    if (askedMs) {
        const qint64 least = std::clamp<qint64>(*askedMs, 0, longestAskedMs);
        return uniform(random, std::max(least, floorMs), std::max(least, floorMs) + ceiling);
    }
    return uniform(random, floorMs, ceiling);
}

} // namespace holdfast::sync

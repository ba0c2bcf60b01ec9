// Wakes whoever waits for new entries.
#pragma once

#include "models/base/ids.h"

#include <chrono>
#include <functional>
#include <memory>

namespace holdfast::store {

// Thread-safe. Callbacks run on a thread of the store: hand over to your own executor at once.
class Tailer
{
public:
    // True: the log is longer than `size` now. False: the time ran out, or the store closes.
    using Wake = std::function<void(bool moved)>;
    virtual ~Tailer() = default;
    // Calls `wake` exactly once. Answers a ticket for cancel().
    virtual quint64 wait(quint64 size, std::chrono::milliseconds longest, Wake wake) = 0;
    // Ends a wait early; its callback is called with false, unless it was called already.
    virtual void cancel(quint64 ticket) = 0;
    [[nodiscard]] virtual quint64 knownSize() const = 0;
};

} // namespace holdfast::store

// Destroys what may not be kept: old raw bodies with their keys, dead tokens, uploads that nothing refers to, and what
// an erasure that was cut off left.
#pragma once

#include "central/store/store.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace holdfast::store {

// Several centrals on one store may each keep house: every step may be repeated.
class Housekeeper
{
public:
    // `store` outlives it.
    explicit Housekeeper(Store& store, std::chrono::milliseconds interval = std::chrono::hours(1));
    ~Housekeeper(); // stops
    Housekeeper(const Housekeeper&) = delete;
    Housekeeper& operator=(const Housekeeper&) = delete;

    void start(); // tidies at once, then at each interval
    void stop();

private:
    void loop();
    [[nodiscard]] Status tidy();

    Store& store_;
    const std::chrono::milliseconds interval_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace holdfast::store

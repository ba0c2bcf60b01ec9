// Runs work after a delay of real time, on one thread of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace holdfast::phone {

class Scheduler // thread-safe
{
public:
    Scheduler();
    ~Scheduler(); // drops what is not due; returns when no work runs any more

    void after(std::chrono::milliseconds delay, std::function<void()> work); // equal times keep their order
    void stop();

private:
    void run();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::multimap<std::chrono::steady_clock::time_point, std::function<void()>> work_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace holdfast::phone

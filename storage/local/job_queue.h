// A bounded set of worker threads with a priority queue: how SQL stays off every other thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace holdfast::local {

// Lower runs first; equal ones in the order of arrival.
enum class Priority { send, normal, bulk };

// Every worker runs `setUp` first and `tearDown` last, on its own thread, so that what they own never changes threads.
class JobQueue
{
public:
    using Job = std::function<void(int worker)>;

    JobQueue(int workers, std::function<void(int worker)> setUp, std::function<void(int worker)> tearDown);
    ~JobQueue(); // finish()
    JobQueue(const JobQueue&) = delete;
    JobQueue& operator=(const JobQueue&) = delete;

    // Runs what is queued, then ends the workers; what is posted later is dropped. By the owner's thread.
    void finish();
    void post(Priority priority, Job job);             // thread-safe
    [[nodiscard]] bool hasUrgent(Priority than) const; // something of a higher priority waits; thread-safe

private:
    void run(int worker);

    std::function<void(int)> setUp_;
    std::function<void(int)> tearDown_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::map<std::pair<Priority, uint64_t>, Job> jobs_;
    uint64_t next_ = 0;
    bool ending_ = false;
    std::vector<std::thread> threads_;
};

} // namespace holdfast::local

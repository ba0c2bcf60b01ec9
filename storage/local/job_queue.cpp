#include "storage/local/job_queue.h"

#include <utility>

namespace holdfast::local {

JobQueue::JobQueue(int workers, std::function<void(int)> setUp, std::function<void(int)> tearDown)
    : setUp_(std::move(setUp)), tearDown_(std::move(tearDown))
{
    threads_.reserve(static_cast<size_t>(workers));
    for (int worker = 0; worker < workers; ++worker)
        threads_.emplace_back([this, worker] { run(worker); });
}

JobQueue::~JobQueue()
{
    finish();
}

void JobQueue::finish()
{
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
    threads_.clear();
}

void JobQueue::post(Priority priority, Job job)
{
    {
        const std::lock_guard lock(mutex_);
        if (ending_)
            return;
        jobs_.emplace(std::pair(priority, next_++), std::move(job));
    }
    wake_.notify_one();
}

bool JobQueue::hasUrgent(Priority than) const
{
    const std::lock_guard lock(mutex_);
    return !jobs_.empty() && jobs_.begin()->first.first < than;
}

void JobQueue::run(int worker)
{
    setUp_(worker);
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
        if (jobs_.empty())
            break; // ending, and nothing is left
        Job job = std::move(jobs_.extract(jobs_.begin()).mapped());
        lock.unlock();
        job(worker);
        job = nullptr; // what the job owns dies outside the lock
        lock.lock();
    }
    lock.unlock();
    tearDown_(worker);
}

} // namespace holdfast::local

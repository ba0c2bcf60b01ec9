#include "phone/scheduler.h"

namespace holdfast::phone {

Scheduler::Scheduler() : thread_([this] { run(); }) {}

Scheduler::~Scheduler()
{
    stop();
}

void Scheduler::after(std::chrono::milliseconds delay, std::function<void()> work)
{
    const std::lock_guard lock(mutex_);
    if (stopping_)
        return;
    work_.emplace(std::chrono::steady_clock::now() + delay, std::move(work));
    changed_.notify_one();
}

void Scheduler::stop()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_one();
    }
    if (thread_.joinable())
        thread_.join();
}

void Scheduler::run()
{
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (work_.empty()) {
            changed_.wait(lock);
            continue;
        }
        const auto first = work_.begin();
        if (first->first > std::chrono::steady_clock::now()) {
            const auto due = first->first;
            changed_.wait_until(lock, due);
            continue;
        }
        // Run without the lock: work may schedule more.
        const std::function<void()> work = std::move(first->second);
        work_.erase(first);
        lock.unlock();
        work();
        lock.lock();
    }
}

} // namespace holdfast::phone

#include "central/store/tailer_thread.h"

namespace holdfast::store {

namespace {

constexpr std::chrono::milliseconds pollEvery{50};

} // namespace

TailerThread::TailerThread(const sql::Database& database) : database_(database), thread_([this] { run(); }) {}

void TailerThread::stop()
{
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

quint64 TailerThread::wait(quint64 size, std::chrono::milliseconds longest, Wake wake)
{
    const std::lock_guard lock(mutex_);
    const quint64 ticket = ++lastTicket_;
    waiters_.emplace(ticket, Waiter{size, Steady::now() + longest, std::move(wake)});
    changed_.notify_all();
    return ticket;
}

void TailerThread::cancel(quint64 ticket)
{
    const std::lock_guard lock(mutex_);
    if (const auto found = waiters_.find(ticket); found != waiters_.end())
        found->second.cancelled = true;
    changed_.notify_one();
}

quint64 TailerThread::knownSize() const
{
    const std::lock_guard lock(mutex_);
    return size_;
}

void TailerThread::moved(quint64 size)
{
    const std::lock_guard lock(mutex_);
    size_ = std::max(size_, size);
    changed_.notify_one();
}

std::vector<std::pair<Tailer::Wake, bool>> TailerThread::ripe()
{
    std::vector<std::pair<Wake, bool>> wakes;
    const auto now = Steady::now();
    for (auto waiter = waiters_.begin(); waiter != waiters_.end();) {
        const bool moved = !waiter->second.cancelled && size_ > waiter->second.size;
        if (moved || ending_ || waiter->second.cancelled || now >= waiter->second.until) {
            wakes.emplace_back(std::move(waiter->second.wake), moved);
            waiter = waiters_.erase(waiter);
        } else {
            ++waiter;
        }
    }
    return wakes;
}

void TailerThread::poll()
{
    if (!connection_) {
        Result<std::unique_ptr<sql::ReadConnection>> opened = database_.openReader();
        if (!opened)
            return; // the waiters' time runs out; their next request says what is wrong
        connection_ = std::move(*opened);
    }
    quint64 size = 0;
    {
        sql::Statement head = connection_->statement(QStringLiteral("SELECT size FROM log_head WHERE id = 1"));
        const Result<bool> found = head.first();
        if (found && *found)
            size = quint64(head.int64(0));
        else if (!found)
            size = ~quint64(0);
    }
    if (size == ~quint64(0))
        connection_.reset(); // connects again at the next look
    else
        moved(size);
}

void TailerThread::run()
{
    // Only PostgreSQL has other writers than our own appender.
    const bool others = database_.dialect() == sql::Dialect::postgres;
    for (;;) {
        std::vector<std::pair<Wake, bool>> wakes;
        bool look = false;
        {
            std::unique_lock lock(mutex_);
            wakes = ripe();
            if (wakes.empty()) {
                if (ending_)
                    break;
                Steady::time_point until = Steady::now() + std::chrono::minutes(1);
                for (const auto& [ticket, waiter] : waiters_)
                    until = std::min(until, waiter.until);
                if (others && !waiters_.empty())
                    until = std::min(until, Steady::now() + pollEvery);
                look = changed_.wait_until(lock, until) == std::cv_status::timeout && others && !waiters_.empty();
            }
        }
        for (auto& [wake, moved] : wakes)
            wake(moved);
        if (look)
            poll();
    }
    connection_.reset();
}

} // namespace holdfast::store

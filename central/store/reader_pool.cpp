#include "central/store/reader_pool.h"

#include "storage/sql/transaction.h"

namespace holdfast::store {

ReaderPool::ReaderPool(ReaderParts parts, int threads, size_t limit) : parts_(parts), limit_(limit)
{
    for (int i = 0; i < std::max(1, threads); ++i)
        threads_.emplace_back([this] { run(); });
}

void ReaderPool::stop()
{
    std::deque<Job> left;
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        left.swap(jobs_);
    }
    changed_.notify_all();
    const Error closing{ErrorCode::cancelled, QStringLiteral("The store is closing.")};
    for (const Job& job : left)
        job(nullptr, &closing);
    for (std::thread& thread : threads_) {
        if (thread.joinable())
            thread.join();
    }
}

void ReaderPool::submit(Job job)
{
    Error refused{ErrorCode::unavailable, QStringLiteral("The store is busy. Try again in a moment.")};
    {
        const std::lock_guard lock(mutex_);
        if (!ending_ && jobs_.size() < limit_) {
            jobs_.push_back(std::move(job));
            changed_.notify_one();
            return;
        }
        if (ending_)
            refused = {ErrorCode::cancelled, QStringLiteral("The store is closing.")};
    }
    job(nullptr, &refused);
}

Status ReaderPool::serve(std::unique_ptr<ReaderSession>& session, const Job& job)
{
    if (!session) {
        Result<std::unique_ptr<ReaderSession>> opened = ReaderSession::open(parts_);
        if (!opened)
            return tl::unexpected<Error>(opened.error());
        session = std::move(*opened);
    }
    const Result<sql::Snapshot> snapshot = sql::Snapshot::begin(*session->connection);
    if (!snapshot)
        return tl::unexpected<Error>(snapshot.error());
    job(&session->context, nullptr);
    return {};
}

void ReaderPool::run()
{
    std::unique_ptr<ReaderSession> session;
    for (;;) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
            if (jobs_.empty())
                return;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        Status served = serve(session, job);
        if (!served) {
            // The server may have been started again since: one fresh connection, then words.
            session.reset();
            served = serve(session, job);
        }
        if (!served)
            job(nullptr, &served.error());
    }
}

} // namespace holdfast::store

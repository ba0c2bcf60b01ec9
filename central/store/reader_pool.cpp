#include "central/store/reader_pool.h"

#include "central/store/context.h"
#include "storage/sql/transaction.h"

namespace holdfast::store {

struct ReaderPool::Session
{
    Session(std::unique_ptr<sql::ReadConnection> opened, const ReaderParts& parts)
        : connection(std::move(opened)),
          threadKeys(parts.keys, parts.random), context{*connection,        nullptr,     parts.keys,  threadKeys,
                                                        parts.organisation, parts.clock, parts.random}
    {}
    std::unique_ptr<sql::ReadConnection> connection;
    ThreadKeys threadKeys;
    Context context;
};

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

Status ReaderPool::serve(std::unique_ptr<Session>& session, const Job& job)
{
    if (!session) {
        Result<std::unique_ptr<sql::ReadConnection>> connection = parts_.database.openReader();
        if (!connection)
            return tl::unexpected<Error>(connection.error());
        session = std::make_unique<Session>(std::move(*connection), parts_);
    }
    const Result<sql::Snapshot> snapshot = sql::Snapshot::begin(*session->connection);
    if (!snapshot)
        return tl::unexpected<Error>(snapshot.error());
    job(&session->context, nullptr);
    return {};
}

void ReaderPool::run()
{
    std::unique_ptr<Session> session;
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

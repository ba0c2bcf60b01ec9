// The map of thread heads as of the newest log.heads entry; shared by the checkpointer and by proofs.
#pragma once

#include "models/log/heads.h"
#include "storage/sql/connection.h"

#include <mutex>

namespace holdfast::store {

// Lock it around every other call, and around the transaction that uses the answer.
class HeadsKeeper
{
public:
    explicit HeadsKeeper(const ThreadId& logThread) : logThread_(logThread) {}
    [[nodiscard]] std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }

    // The root over all entries below `headsPos`, the log's own thread left out.
    [[nodiscard]] Result<Digest> rootAt(sql::Connection& db, Position headsPos);
    // After rootAt(): notFound for a thread without an entry below that position.
    [[nodiscard]] Result<log::HeadProof> prove(const ThreadId& thread) { return map_.prove(thread); }
    // After a rollback: the map may be ahead of the log.
    void invalidate() { loaded_ = false; }

private:
    [[nodiscard]] Status load(sql::Connection& db, Position headsPos);
    [[nodiscard]] Status advance(sql::Connection& db, Position headsPos);

    const ThreadId logThread_;
    std::mutex mutex_;
    log::HeadsMap map_;
    Position covers_;
    bool loaded_ = false;
};

// The newest entry of a thread below a position; nothing when there is none.
[[nodiscard]] Result<std::optional<log::ThreadHead>> headBelow(sql::Connection& db, const ThreadId& thread,
                                                               Position below);

} // namespace holdfast::store

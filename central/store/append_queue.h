// What waits for the appender: a bounded queue that hands over groups.
#pragma once

#include "central/store/append.h"
#include "central/store/blobs.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <variant>

namespace holdfast::store {

class StoreWriter;

struct AppendWork
{
    AppendBatch batch;
    AppendDone done;
};
struct WriteWork
{
    std::function<Status(StoreWriter&)> job;
    std::function<void(Status)> done;
};
struct RawWork
{
    QString channel;
    QByteArray bytes;
    std::function<void(Result<qint64>)> done;
};
struct CheckpointWork
{
    std::function<void(Result<QByteArray>)> done;
};
// Takes what was erased out of the embedded store's files too.
struct CleanWork
{
    std::function<void(Status)> done;
};
using Work = std::variant<AppendWork, WriteWork, RawWork, CheckpointWork, CleanWork>;

void answer(const Work& work, const Error& error); // calls its completion with `error`

// Thread-safe.
class AppendQueue
{
public:
    AppendQueue(size_t limit, std::chrono::milliseconds window, size_t groupEntries)
        : limit_(limit), window_(window), groupEntries_(groupEntries)
    {}
    // False when full or closed: the work was not taken.
    [[nodiscard]] bool push(Work& work);
    // Waits until there is work or `until` has come; then gathers until the window ends or the group is full. Empty:
    // nothing came, or the queue is closed.
    [[nodiscard]] std::vector<Work> take(std::chrono::steady_clock::time_point until);
    // No more work is taken in; what waits is handed out to the caller.
    [[nodiscard]] std::deque<Work> close();
    [[nodiscard]] bool isClosed() const;

private:
    size_t limit_;
    std::chrono::milliseconds window_;
    size_t groupEntries_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Work> waiting_;
    size_t waitingEntries_ = 0;
    bool closed_ = false;
};

} // namespace holdfast::store

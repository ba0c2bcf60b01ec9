// Threads that read: each with its own connection, each job in one snapshot.
#pragma once

#include "central/store/reader_session.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace holdfast::store {

class ReaderPool
{
public:
    // Exactly one of the two is given.
    using Job = std::function<void(Context*, const Error*)>;

    ReaderPool(ReaderParts parts, int threads, size_t limit);
    ~ReaderPool() { stop(); }
    ReaderPool(const ReaderPool&) = delete;
    ReaderPool& operator=(const ReaderPool&) = delete;
    // Thread-safe; a full queue answers at once, on the caller's thread.
    void submit(Job job);
    void stop(); // what waits is answered `cancelled`; connections are closed

private:
    void run();
    [[nodiscard]] Status serve(std::unique_ptr<ReaderSession>& session, const Job& job);

    ReaderParts parts_;
    size_t limit_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Job> jobs_;
    bool ending_ = false;
    std::vector<std::thread> threads_;
};

} // namespace holdfast::store

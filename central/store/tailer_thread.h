// The tailer: told by the local appender; looks at the head row itself only while someone waits and others may append.
#pragma once

#include "central/store/tailer.h"
#include "storage/sql/database.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace holdfast::store {

class TailerThread : public Tailer
{
public:
    explicit TailerThread(const sql::Database& database);
    ~TailerThread() override { stop(); }
    quint64 wait(quint64 size, std::chrono::milliseconds longest, Wake wake) override;
    void cancel(quint64 ticket) override;
    [[nodiscard]] quint64 knownSize() const override;
    void moved(quint64 size); // by the appender, after COMMIT
    void stop();              // wakes everyone with false

private:
    using Steady = std::chrono::steady_clock;
    struct Waiter
    {
        quint64 size = 0;
        Steady::time_point until;
        Wake wake;
        bool cancelled = false;
    };
    void run();
    void poll();
    [[nodiscard]] std::vector<std::pair<Wake, bool>> ripe();

    const sql::Database& database_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<quint64, Waiter> waiters_;
    quint64 lastTicket_ = 0;
    quint64 size_ = 0;
    bool ending_ = false;
    std::unique_ptr<sql::ReadConnection> connection_; // on the tailer's thread
    std::thread thread_;
};

} // namespace holdfast::store

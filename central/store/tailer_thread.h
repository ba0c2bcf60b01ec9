// The tailer: the local appender hands its batches over in memory; others' are looked for in the head row, 50 ms apart,
// while somebody waits.
#pragma once

#include "central/store/reader_session.h"
#include "central/store/tailer.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace holdfast::store {

class TailerThread : public Tailer
{
public:
    explicit TailerThread(const ReaderParts& parts);
    ~TailerThread() override { stop(); }
    void listen(TailListener& listener) override;
    void watch(bool somebodyWaits) override;
    [[nodiscard]] quint64 knownSize() const override { return size_; }
    // By the appender, after COMMIT, in order.
    void appended(Tail tail);
    void wrote(); // something else than entries: a sign-in may have ended
    void stop();

private:
    using Steady = std::chrono::steady_clock;
    struct Work
    {
        std::deque<Tail> appended;
        TailListener* listener = nullptr;
        bool look = false;
        bool watched = false;
    };
    [[nodiscard]] std::optional<Work> next(); // nothing: the end
    void run();
    void take(TailListener& listener, Tail tail, bool watched);
    void look(TailListener& listener, bool watched);
    [[nodiscard]] Status lookAtHead(quint64& size, bool& signInsEnded);
    void deliver(TailListener& listener, Tail tail);
    void readUpTo(TailListener& listener, quint64 size, bool watched);

    const ReaderParts parts_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Tail> appended_;
    TailListener* listener_ = nullptr;
    bool lookAsked_ = false;
    bool watched_ = false;
    bool ending_ = false;
    Steady::time_point nextLook_;
    std::atomic<quint64> size_ = 0;
    // On the tailer's thread.
    std::unique_ptr<ReaderSession> session_;
    std::optional<QByteArray> marker_; // of the sign-ins ended last
    bool begun_ = false;               // size_ was read once
    std::thread thread_;
};

} // namespace holdfast::store

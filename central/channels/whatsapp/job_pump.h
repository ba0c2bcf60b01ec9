// Runs due jobs of one durable queue on a few threads; sleeps until there is one.
#pragma once

#include "central/channels/whatsapp/blocking_store.h"

#include <condition_variable>
#include <deque>
#include <set>
#include <thread>

namespace holdfast::whatsapp {

class JobPump
{
public:
    // `run` changes the job's row, or the row's due time; an error rests the queue for a moment. On the pump's threads.
    using Run = std::function<Status(const store::Job&)>;

    JobPump(BlockingStore store, store::JobKind kind, int threads, Run run);
    ~JobPump(); // stops

    void start();
    void wake(); // there may be work now; from any thread
    void stop(); // returns when no job is run any more; what is left stays in the queue

private:
    using Key = std::pair<EntryId, QByteArray>;
    using Steady = std::chrono::steady_clock;

    void loop();
    void look(std::unique_lock<std::mutex>& lock);
    void runNext(std::unique_lock<std::mutex>& lock);

    BlockingStore store_;
    const store::JobKind kind_;
    const int threadCount_;
    const Run run_;

    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    bool newWork_ = true;
    bool looking_ = false;
    Steady::time_point lookAgain_ = Steady::time_point::max();
    std::deque<store::Job> ready_;
    std::set<Key> inHand_; // ready or being run: due in the queue, but not to be taken again
    std::vector<std::thread> threads_;
};

} // namespace holdfast::whatsapp

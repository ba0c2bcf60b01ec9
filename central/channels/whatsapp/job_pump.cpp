#include "central/channels/whatsapp/job_pump.h"

#include <algorithm>

namespace holdfast::whatsapp {
namespace {

using std::chrono::microseconds;

constexpr int jobsAtOnce = 64;
constexpr microseconds longestSleep = std::chrono::seconds(30); // another central may have put a job in
constexpr microseconds restAfterTrouble = std::chrono::seconds(1);

struct Due
{
    std::vector<store::Job> jobs;
    std::optional<Timestamp> next;
};

} // namespace

JobPump::JobPump(BlockingStore store, store::JobKind kind, int threads, Run run)
    : store_(store), kind_(kind), threadCount_(threads), run_(std::move(run))
{}

JobPump::~JobPump()
{
    stop();
}

void JobPump::start()
{
    for (int i = 0; i < threadCount_; ++i)
        threads_.emplace_back([this] { loop(); });
}

void JobPump::wake()
{
    const std::lock_guard lock(mutex_);
    newWork_ = true;
    changed_.notify_one();
}

void JobPump::stop()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    for (std::thread& thread : threads_)
        thread.join();
    threads_.clear();
}

void JobPump::loop()
{
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (!ready_.empty()) {
            runNext(lock);
        } else if (newWork_ && !looking_) {
            look(lock);
        } else if (looking_ || lookAgain_ == Steady::time_point::max()) {
            changed_.wait(lock);
        } else if (changed_.wait_until(lock, lookAgain_) == std::cv_status::timeout) {
            newWork_ = true;
        }
    }
}

void JobPump::look(std::unique_lock<std::mutex>& lock)
{
    looking_ = true;
    newWork_ = false;
    const int limit = jobsAtOnce + int(inHand_.size());
    lock.unlock();
    const Timestamp now = store_.now();
    const Result<Due> due = store_.read<Due>([this, now, limit](store::StoreReader& reader) -> Result<Due> {
        store::JobReads queue = kind_ == store::JobKind::send ? reader.sends() : reader.media();
        auto jobs = queue.due(now, limit);
        if (!jobs)
            return tl::unexpected<Error>(jobs.error());
        const auto next = queue.nextDue();
        if (!next)
            return tl::unexpected<Error>(next.error());
        return Due{std::move(*jobs), *next};
    });
    lock.lock();
    looking_ = false;
    microseconds sleep = restAfterTrouble;
    if (due) {
        for (const store::Job& job : due->jobs) {
            if (inHand_.insert({job.entry, job.part}).second)
                ready_.push_back(job);
        }
        // While due ones are in hand, the next one's time is not known: look again soon.
        sleep = due->next ? microseconds(due->next->value - now.value) : longestSleep;
        sleep = due->jobs.empty() ? std::clamp(sleep, microseconds(1000), longestSleep) : restAfterTrouble;
    }
    lookAgain_ = Steady::now() + sleep;
    changed_.notify_all();
}

void JobPump::runNext(std::unique_lock<std::mutex>& lock)
{
    const store::Job job = std::move(ready_.front());
    ready_.pop_front();
    lock.unlock();
    const Status done = run_(job);
    lock.lock();
    inHand_.erase({job.entry, job.part});
    if (done)
        newWork_ = true;
    else
        lookAgain_ = std::min(lookAgain_, Steady::now() + restAfterTrouble);
    changed_.notify_all();
}

} // namespace holdfast::whatsapp

#include "central/store/append_queue.h"

namespace holdfast::store {

namespace {

size_t weightOf(const Work& work)
{
    const auto* append = std::get_if<AppendWork>(&work);
    return append ? std::max<size_t>(1, append->batch.entries.size()) : 1;
}

} // namespace

void answer(const Work& work, const Error& error)
{
    std::visit(
        [&error](const auto& item) {
            if (item.done)
                item.done(tl::unexpected<Error>(error));
        },
        work);
}

bool AppendQueue::push(Work& work)
{
    const std::lock_guard lock(mutex_);
    if (closed_ || waiting_.size() >= limit_)
        return false;
    waitingEntries_ += weightOf(work);
    waiting_.push_back(std::move(work));
    changed_.notify_one();
    return true;
}

std::vector<Work> AppendQueue::take(std::chrono::steady_clock::time_point until)
{
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, until, [this] { return closed_ || !waiting_.empty(); });
    if (closed_ || waiting_.empty())
        return {};
    // The window only pays when more callers are coming: one that waits alone is served at once.
    if (waiting_.size() > 1 && waitingEntries_ < groupEntries_)
        changed_.wait_for(lock, window_, [this] { return closed_ || waitingEntries_ >= groupEntries_; });
    std::vector<Work> group;
    size_t entries = 0;
    while (!waiting_.empty() && (group.empty() || entries + weightOf(waiting_.front()) <= groupEntries_)) {
        entries += weightOf(waiting_.front());
        group.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    waitingEntries_ -= entries;
    return group;
}

std::deque<Work> AppendQueue::close()
{
    const std::lock_guard lock(mutex_);
    closed_ = true;
    waitingEntries_ = 0;
    changed_.notify_all();
    return std::exchange(waiting_, {});
}

bool AppendQueue::isClosed() const
{
    const std::lock_guard lock(mutex_);
    return closed_;
}

} // namespace holdfast::store

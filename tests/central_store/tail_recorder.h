// Keeps what the tailer hands over. Declare it before the store that it listens to.
#pragma once

#include "central/store/tailer.h"

#include <condition_variable>
#include <mutex>

namespace holdfast::test {

class TailRecorder : public store::TailListener
{
public:
    void grew(store::Tail tail) override
    {
        const std::lock_guard lock(mutex_);
        holes_ += begun_ && tail.from != size_ ? 1 : 0;
        begun_ = true;
        size_ = tail.to;
        entries_.insert(entries_.end(), std::make_move_iterator(tail.entries.begin()),
                        std::make_move_iterator(tail.entries.end()));
        changed_.notify_all();
    }
    void signInsEnded() override
    {
        const std::lock_guard lock(mutex_);
        ++ended_;
        changed_.notify_all();
    }
    void tick() override {}

    [[nodiscard]] bool waitForSize(quint64 size)
    {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, limit, [&] { return begun_ && size_ >= size; });
    }
    [[nodiscard]] bool waitForEnded(int times)
    {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, limit, [&] { return ended_ >= times; });
    }
    [[nodiscard]] std::vector<store::FeedEntry> entries() const
    {
        const std::lock_guard lock(mutex_);
        return entries_;
    }
    [[nodiscard]] int holes() const
    {
        const std::lock_guard lock(mutex_);
        return holes_;
    }

private:
    static constexpr std::chrono::seconds limit{20};
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<store::FeedEntry> entries_;
    quint64 size_ = 0;
    int holes_ = 0;
    int ended_ = 0;
    bool begun_ = false;
};

} // namespace holdfast::test

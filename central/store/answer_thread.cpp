#include "central/store/answer_thread.h"

namespace holdfast::store {

AnswerThread::AnswerThread() : thread_([this] { run(); }) {}

void AnswerThread::finish()
{
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

void AnswerThread::post(std::function<void()> call)
{
    {
        const std::lock_guard lock(mutex_);
        calls_.push_back(std::move(call));
    }
    changed_.notify_one();
}

void AnswerThread::run()
{
    for (;;) {
        std::deque<std::function<void()>> calls;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return ending_ || !calls_.empty(); });
            if (calls_.empty())
                return;
            calls.swap(calls_);
        }
        for (const std::function<void()>& call : calls)
            call();
    }
}

} // namespace holdfast::store

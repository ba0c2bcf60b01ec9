// Calls completions in order, off the appender's thread, so that no callback holds up the log.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace holdfast::store {

// Thread-safe. Bounded by what it is fed from: the appender's queue.
class AnswerThread
{
public:
    AnswerThread();
    ~AnswerThread() { finish(); }
    AnswerThread(const AnswerThread&) = delete;
    AnswerThread& operator=(const AnswerThread&) = delete;
    void post(std::function<void()> call);
    void finish(); // calls what is left, then ends

private:
    void run();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> calls_;
    bool ending_ = false;
    std::thread thread_;
};

} // namespace holdfast::store

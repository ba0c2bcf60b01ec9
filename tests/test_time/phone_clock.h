// A phone's time, followed over its control endpoint: tests move it there and every program built for tests goes along.
#pragma once

#include "central/http/client.h"
#include "models/base/clock.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace holdfast::test {

// Asks every 20 ms on a thread of its own; between two answers the time runs on, unless the phone holds it.
class PhoneClock : public Clock
{
public:
    // `control`: "http://127.0.0.1:PORT". Waits for the first answer; an error when there is none.
    [[nodiscard]] static Result<std::unique_ptr<PhoneClock>> follow(const QByteArray& control);
    ~PhoneClock() override;
    PhoneClock(const PhoneClock&) = delete;
    PhoneClock& operator=(const PhoneClock&) = delete;

    [[nodiscard]] Timestamp now() const override;

private:
    using Steady = std::chrono::steady_clock;
    struct Answer
    {
        Timestamp at;
        bool frozen = false;
        Steady::time_point received;
    };
    explicit PhoneClock(const QByteArray& control);
    [[nodiscard]] Result<Answer> ask();
    void followUntilStopped();

    QByteArray url_;
    http::Client client_;
    mutable std::mutex mutex_;
    std::condition_variable stop_;
    bool stopping_ = false;
    Answer newest_;
    std::thread thread_; // last: it uses all of the above
};

} // namespace holdfast::test

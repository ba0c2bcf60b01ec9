#include "tests/test_time/phone_clock.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <future>

namespace holdfast::test {
namespace {

constexpr std::chrono::milliseconds pause{20};
constexpr std::chrono::milliseconds patience{2'000};

} // namespace

PhoneClock::PhoneClock(const QByteArray& control) : url_(control + "/control/time"), client_({}) {}

Result<std::unique_ptr<PhoneClock>> PhoneClock::follow(const QByteArray& control)
{
    std::unique_ptr<PhoneClock> clock(new PhoneClock(control));
    const Result<Answer> first = clock->ask();
    if (!first)
        return tl::unexpected(first.error());
    clock->newest_ = *first;
    clock->thread_ = std::thread([raw = clock.get()] { raw->followUntilStopped(); });
    return clock;
}

PhoneClock::~PhoneClock()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stop_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

Timestamp PhoneClock::now() const
{
    const std::lock_guard lock(mutex_);
    if (newest_.frozen)
        return newest_.at;
    const auto since = std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - newest_.received);
    return {newest_.at.value + since.count()};
}

Result<PhoneClock::Answer> PhoneClock::ask()
{
    http::ClientRequest request;
    request.url = url_;
    request.timeout = patience;
    auto promise = std::make_shared<std::promise<Result<http::ClientResponse>>>();
    auto answered = promise->get_future();
    client_.send(std::move(request),
                 [promise](Result<http::ClientResponse> response) { promise->set_value(std::move(response)); });
    const Result<http::ClientResponse> response = answered.get();
    if (!response)
        return tl::unexpected(response.error());
    const QJsonObject time = QJsonDocument::fromJson(response->body).object();
    if (!time.value(QStringLiteral("now_us")).isDouble())
        return fail(ErrorCode::network, QStringLiteral("The phone does not tell its time."));
    return Answer{{time.value(QStringLiteral("now_us")).toInteger()},
                  time.value(QStringLiteral("frozen")).toBool(),
                  Steady::now()};
}

void PhoneClock::followUntilStopped()
{
    std::unique_lock lock(mutex_);
    while (!stop_.wait_for(lock, pause, [this] { return stopping_; })) {
        lock.unlock();
        const Result<Answer> answer = ask();
        lock.lock();
        if (answer) // a phone that ended leaves the time running on from its last answer
            newest_ = *answer;
    }
}

} // namespace holdfast::test

#include "central/store/housekeeper.h"

#include <future>

namespace holdfast::store {

namespace {

constexpr std::chrono::milliseconds afterTrouble = std::chrono::minutes(1);
constexpr qint64 unreferencedKept = 7LL * 86'400 * 1'000'000; // microseconds: a desk may finish an upload days later

} // namespace

Housekeeper::Housekeeper(Store& store, std::chrono::milliseconds interval) : store_(store), interval_(interval) {}

Housekeeper::~Housekeeper()
{
    stop();
}

void Housekeeper::start()
{
    thread_ = std::thread([this] { loop(); });
}

void Housekeeper::stop()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_one();
    }
    if (thread_.joinable())
        thread_.join();
}

void Housekeeper::loop()
{
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        const Status tidied = tidy();
        lock.lock();
        changed_.wait_for(lock, tidied ? interval_ : std::min(interval_, afterTrouble), [this] { return stopping_; });
    }
}

// A transaction each, so that appends get through between them.
Status Housekeeper::tidy()
{
    using Step = Status (*)(StoreWriter&);
    const Step steps[] = {
        [](StoreWriter& writer) { return writer.accounts().sweepExpired(writer.clock().now()); },
        [](StoreWriter& writer) { return writer.inbox().destroyOldDays(writer.clock().now()).map([](int) {}); },
        [](StoreWriter& writer) {
            return writer.blobs().sweep({writer.clock().now().value - unreferencedKept}).map([](int) {});
        },
    };
    for (const Step step : steps) {
        auto promise = std::make_shared<std::promise<Status>>();
        std::future<Status> done = promise->get_future();
        store_.write<void>([step](StoreWriter& writer) { return step(writer); },
                           [promise](Status status) { promise->set_value(std::move(status)); });
        if (Status status = done.get(); !status)
            return status;
    }
    auto promise = std::make_shared<std::promise<Status>>();
    std::future<Status> done = promise->get_future();
    store_.settleErasures([promise](const Status& status) { promise->set_value(status); });
    return done.get();
}

} // namespace holdfast::store

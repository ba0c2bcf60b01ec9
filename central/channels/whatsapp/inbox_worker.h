// Takes waiting bodies out of the raw inbox in order, one at a time, and appends what they say.
#pragma once

#include "central/channels/whatsapp/blocking_store.h"
#include "central/channels/whatsapp/channels.h"
#include "central/channels/whatsapp/provider_body.h"

#include <condition_variable>
#include <map>
#include <thread>

namespace holdfast::whatsapp {

class InboxWorker
{
public:
    // `appended` is called on the worker's thread after entries were committed: there may be media to pull.
    InboxWorker(BlockingStore store, const std::vector<Number>& numbers, const Rules& rules,
                std::function<void()> appended);
    ~InboxWorker(); // stops

    void start();
    void wake();       // something arrived; from any thread
    void answerCame(); // a send was answered: a status that waits for its message may have it now; from any thread
    void stop();

private:
    using Steady = std::chrono::steady_clock;

    void loop();
    [[nodiscard]] bool takeWaiting(); // false: nothing left that can be taken now
    void take(const store::InboxItem& item);
    void append(const store::InboxItem& item, const ProviderBody& body);
    void setAside(const store::InboxItem& item, const QString& words);
    void unplaced(const store::InboxItem& item, const QString& words);
    void placeAgain();
    void later(qint64 item, std::chrono::milliseconds wait);
    [[nodiscard]] Steady::time_point nextLook() const;

    BlockingStore store_;
    const std::vector<Number>& numbers_;
    const Rules rules_;
    const std::function<void()> appended_;

    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    bool newWork_ = true;
    bool answered_ = false;
    std::map<qint64, Steady::time_point> later_; // worker's thread only
    bool resting_ = false;                       // worker's thread only: the store could not be read
    int scopesThere_ = -1; // worker's thread only: intake scopes at the last look; none was taken yet
    std::optional<Steady::time_point> lookForScopes_ = Steady::time_point(); // worker's thread only
    std::thread thread_;
};

} // namespace holdfast::whatsapp

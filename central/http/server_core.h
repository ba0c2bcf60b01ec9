// Inside the server: what its io threads and connections share.
#pragma once

#include "central/http/router.h"
#include "central/http/server.h"

#include <QHash>

#include <atomic>
#include <mutex>

namespace holdfast::http {

// How many connections there are, in all and per address. Thread-safe.
class ConnectionCaps
{
public:
    ConnectionCaps(int total, int perAddress) : total_(total), perAddress_(perAddress) {}

    [[nodiscard]] bool enter(const QByteArray& address);
    void leave(const QByteArray& address);
    [[nodiscard]] qint64 open() const;

private:
    const int total_;
    const int perAddress_;
    mutable std::mutex mutex_;
    QHash<QByteArray, int> byAddress_;
    int open_ = 0;
};

// Bytes of bodies in memory, in all and per address. Thread-safe.
class ByteBudget
{
public:
    ByteBudget(qint64 limit, qint64 perAddress) : limit_(limit), perAddress_(perAddress) {}
    [[nodiscard]] bool take(const QByteArray& address, qint64 bytes);
    void give(const QByteArray& address, qint64 bytes);

private:
    const qint64 limit_;
    const qint64 perAddress_;
    std::mutex mutex_;
    QHash<QByteArray, qint64> byAddress_;
    qint64 used_ = 0;
};

// What was taken of a budget for one message, given back at the end.
class BudgetShare
{
public:
    BudgetShare(ByteBudget& budget, QByteArray address) : budget_(budget), address_(std::move(address)) {}
    ~BudgetShare() { budget_.give(address_, taken_); }
    BudgetShare(const BudgetShare&) = delete;
    BudgetShare& operator=(const BudgetShare&) = delete;
    [[nodiscard]] bool take(qint64 bytes)
    {
        const bool fits = budget_.take(address_, bytes);
        taken_ += fits ? bytes : 0;
        return fits;
    }

private:
    ByteBudget& budget_;
    const QByteArray address_;
    qint64 taken_ = 0;
};

struct ServerCore
{
    ServerCore(const ServerLimits& serverLimits, Router serverRouter)
        : limits(serverLimits), router(std::move(serverRouter)),
          caps(serverLimits.connections, serverLimits.connectionsPerAddress),
          bodies(serverLimits.bodyBytesInFlight, serverLimits.bodyBytesPerAddress),
          answers(serverLimits.answerBytesInFlight, serverLimits.answerBytesInFlight)
    {}

    const ServerLimits limits;
    const Router router;
    ConnectionCaps caps;
    ByteBudget bodies;  // as they arrive, so that a claim alone holds nothing
    ByteBudget answers; // large ones, until the peer took them
    std::atomic<quint64> accepted = 0;
    std::atomic<quint64> refusedByCap = 0;
    std::atomic<quint64> acceptErrors = 0;
    std::atomic<quint64> requests = 0;
    std::atomic<quint64> timedOut = 0;
    std::atomic<quint64> shed = 0;
};

} // namespace holdfast::http

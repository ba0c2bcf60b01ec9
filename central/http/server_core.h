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

// Bytes of request bodies in memory, counted from before they are read until they are answered. Thread-safe.
class BodyBudget
{
public:
    explicit BodyBudget(qint64 limit) : limit_(limit) {}
    [[nodiscard]] bool take(qint64 bytes);
    void give(qint64 bytes) { used_ -= bytes; }

private:
    const qint64 limit_;
    std::atomic<qint64> used_ = 0;
};

struct ServerCore
{
    ServerCore(const ServerLimits& serverLimits, Router serverRouter)
        : limits(serverLimits), router(std::move(serverRouter)),
          caps(serverLimits.connections, serverLimits.connectionsPerAddress), bodies(serverLimits.bodyBytesInFlight)
    {}

    const ServerLimits limits;
    const Router router;
    ConnectionCaps caps;
    BodyBudget bodies;
    std::atomic<quint64> accepted = 0;
    std::atomic<quint64> refusedByCap = 0;
    std::atomic<quint64> acceptErrors = 0;
    std::atomic<quint64> requests = 0;
    std::atomic<quint64> timedOut = 0;
};

} // namespace holdfast::http

// The HTTP server: io threads, TLS, limits; hands requests to a Router.
#pragma once

#include "central/http/router.h"
#include "models/base/error.h"

#include <QString>

#include <chrono>

namespace holdfast::http {

struct TlsFiles // PEM
{
    QString certificate; // with its chain
    QString key;
};

struct ServerLimits
{
    std::chrono::milliseconds handshake{10'000};
    std::chrono::milliseconds header{15'000}; // for a whole header, from its first byte
    std::chrono::milliseconds idle{60'000};   // between requests
    std::chrono::milliseconds write{15'000};  // for each piece of at most 64 KiB
    std::chrono::milliseconds body{10'000};   // for each next 64 KiB of a body
    std::chrono::milliseconds drain{5'000};   // stop() waits so long for answers under way
    qint64 headerBytes = 8 * 1024;
    qint64 bodyBytesInFlight = 512LL * 1024 * 1024; // received of all requests together; more is answered 503
    qint64 bodyBytesPerAddress = 256LL * 1024 * 1024;
    qint64 answerBytesInFlight = 512LL * 1024 * 1024; // of large answers to slow readers; more is answered 503
    int connections = 20'000;
    int connectionsPerAddress = 8'192; // an IPv6 network of /64 counts as one address
};

struct ServerOptions
{
    QString address = QStringLiteral("127.0.0.1"); // an address, not a name
    quint16 port = 0;                              // 0: the system picks one, see Server::port()
    int threads = 2;
    std::optional<TlsFiles> tls; // none: plain HTTP, on loopback only
    ServerLimits limits;
};

struct ServerCounters
{
    quint64 accepted = 0;
    quint64 refusedByCap = 0;
    quint64 acceptErrors = 0;
    quint64 requests = 0;
    quint64 timedOut = 0;
    quint64 shed = 0; // answered 503 for want of memory
    qint64 open = 0;
};

// start() and stop() from one thread that is not an io thread; the rest from any thread.
class Server
{
public:
    Server(ServerOptions options, Router router);
    ~Server(); // stops
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] Status start(); // bound and listening when it returns
    void beginStop();             // takes nothing new; answers what waits
    void stop();                  // drains, then closes; returns when no handler runs any more
    [[nodiscard]] quint16 port() const;
    [[nodiscard]] ServerCounters counters() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace holdfast::http

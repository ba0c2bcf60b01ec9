// HTTP/1.1 to one central: bounded answers, no redirects, no cookies, no cache, off the GUI thread.
#pragma once

#include "storage/sync/wire.h"

#include <QFuture>
#include <QUrl>

#include <memory>

namespace holdfast::sync {

class TransportWorker;

// Owns a thread that holds the sockets. All calls are thread-safe. The destructor cancels what is in flight (its
// futures resolve with ErrorCode::cancelled) and joins the thread.
class Transport
{
public:
    // `pinnedCa`: PEM file; when given, only it is trusted. Plain HTTP is refused except to loopback.
    [[nodiscard]] static Result<std::unique_ptr<Transport>> open(const QUrl& server, const QString& pinnedCa);
    ~Transport();
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    // Resolves on the transport's thread. An answer with any HTTP status is a value; a Result error means none came.
    [[nodiscard]] QFuture<Result<HttpAnswer>> send(const HttpRequest& request);
    void restart(); // drops connections and what is in flight
    [[nodiscard]] const QUrl& server() const { return server_; }

private:
    Transport(QUrl server, std::unique_ptr<TransportWorker> worker, std::unique_ptr<QThread> thread);
    QUrl server_;
    std::unique_ptr<QThread> thread_;
    std::unique_ptr<TransportWorker> worker_;
};

// Is this an address a desk may talk to? Words otherwise.
[[nodiscard]] Status checkServer(const QUrl& server);

} // namespace holdfast::sync

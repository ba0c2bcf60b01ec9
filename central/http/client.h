// The HTTP client: asynchronous requests with a pool, TLS verification, caps and checked redirects.
#pragma once

#include "central/http/message.h"
#include "models/base/error.h"

#include <QString>

#include <chrono>
#include <functional>
#include <memory>
#include <tuple>

namespace holdfast::http {

struct Origin
{
    QByteArray scheme; // "http" or "https"
    QByteArray host;   // lower case
    quint16 port = 0;
    friend bool operator==(const Origin&, const Origin&) = default;
    friend bool operator<(const Origin& left, const Origin& right)
    {
        return std::tie(left.scheme, left.host, left.port) < std::tie(right.scheme, right.host, right.port);
    }
};

// Says whether the client may talk to this origin; asked for the first address and for each redirect.
using HostPolicy = std::function<bool(const Origin&)>;

// Takes a body piece by piece, on the client's io thread; false: no more of it.
using BodySink = std::function<bool(QByteArrayView)>;

struct ClientRequest
{
    QByteArray method = "GET";
    QByteArray url; // absolute; user info and fragments are refused
    Fields headers;
    QByteArray body;
    std::chrono::milliseconds timeout{30'000}; // for the whole, redirects included
    qint64 maxBody = 16LL * 1024 * 1024;
    BodySink sink;        // of a 2xx answer, instead of ClientResponse::body: for what need not fit into memory
    int maxRedirects = 0; // followed for GET and HEAD only; Authorization and Cookie stay with the first origin
};

struct ClientResponse
{
    int status = 0;
    Fields headers;
    QByteArray body;
    QByteArray url; // where the answer came from, after redirects
};

struct ClientOptions
{
    QString caFile;        // PEM; empty: the system's authorities
    HostPolicy hostPolicy; // empty: any first origin, redirects only within it
    QByteArray userAgent = "Holdfast/" HOLDFAST_VERSION;
    int maxConnections = 256; // at once; more requests wait in a queue
    int maxQueued = 10'000;   // more is refused with ErrorCode::busy
    std::chrono::milliseconds poolIdle{20'000};
};

// Plain http goes to loopback addresses only. The answer may be any status: only transport failures are errors.
// How an error's code tells whether the request may have been processed by the other side:
//   network, denied, invalidInput, busy   no byte of the request left: safe to send again
//   timeout, unavailable, tooLarge, cancelled   it may have been processed
// GET and HEAD on a pooled connection that turns out dead are sent once more by themselves; nothing else ever is.
class Client
{
public:
    using Callback = std::function<void(Result<ClientResponse>)>; // on the client's io thread; must not block

    explicit Client(ClientOptions options);
    ~Client(); // not from a callback; unfinished requests end with ErrorCode::cancelled
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void send(ClientRequest request, Callback callback); // from any thread

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace holdfast::http

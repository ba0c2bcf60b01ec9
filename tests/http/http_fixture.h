// Waiting, calling and certificates for the tests of http.
#pragma once

#include "central/http/client.h"
#include "central/http/server.h"
#include "tests/support/string_makers.h"

#include <QTemporaryDir>

#include <condition_variable>
#include <mutex>

namespace holdfast::test {

// A value that another thread gives; get() fails the test when it does not come within 20 s.
template <typename T>
class Promised
{
public:
    void give(T value)
    {
        const std::lock_guard lock(mutex_);
        value_ = std::move(value);
        came_.notify_all();
    }
    [[nodiscard]] std::optional<T> get(std::chrono::milliseconds limit = std::chrono::seconds(20))
    {
        std::unique_lock lock(mutex_);
        came_.wait_for(lock, limit, [this] { return value_.has_value(); });
        return value_;
    }

private:
    std::mutex mutex_;
    std::condition_variable came_;
    std::optional<T> value_;
};

[[nodiscard]] Result<http::ClientResponse> call(http::Client& client, http::ClientRequest request);
[[nodiscard]] http::ClientRequest getOf(quint16 port, const QByteArray& target);
[[nodiscard]] http::ClientRequest postOf(quint16 port, const QByteArray& target, const QByteArray& body);

// A self-signed ECDSA P-256 certificate for `localhost` and 127.0.0.1, as PEM files in `folder`.
[[nodiscard]] http::TlsFiles makeCertificate(const QTemporaryDir& folder);

} // namespace holdfast::test

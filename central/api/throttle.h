// Slows down guessing: after each failure, a login and an address must wait longer. Nobody is locked out for good.
#pragma once

#include "models/base/clock.h"

#include <QByteArray>
#include <QString>

#include <mutex>
#include <unordered_map>

namespace holdfast::api {

// Thread-safe. Bounded memory: the oldest failures are forgotten beyond 100,000 names.
class SignInThrottle
{
public:
    explicit SignInThrottle(const Clock& clock) : clock_(clock) {}

    // Seconds to wait before this attempt may be made; 0: go on. An attempt counts against its login until it is told
    // how it ended, so that many at once are no way around the wait; not against its address, which an office shares.
    [[nodiscard]] int admit(const QString& login, const QByteArray& peer);
    void failed(const QByteArray& peer);
    void succeeded(const QString& login, const QByteArray& peer);
    void withdrawn(const QString& login); // it was not judged

private:
    struct Failures
    {
        int count = 0;
        Timestamp last;
    };
    [[nodiscard]] int waitOf(const QByteArray& key, int free) const;
    void note(const QByteArray& key);

    const Clock& clock_;
    std::mutex mutex_;
    std::unordered_map<QByteArray, Failures> failures_;
};

} // namespace holdfast::api

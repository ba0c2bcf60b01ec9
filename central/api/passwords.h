// Argon2id for the passwords of staff, on threads of its own: the number of threads caps the memory at one time.
#pragma once

#include "models/base/error.h"
#include "models/base/random.h"

#include <QString>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace holdfast::api {

struct PasswordCost
{
    quint32 memoryKiB = 64 * 1024; // RFC 9106 section 4, second choice
    quint32 passes = 3;
    quint32 lanes = 1;
};

class PasswordHasher
{
public:
    static constexpr size_t maxWaiting = 64; // beyond it: ErrorCode::unavailable

    PasswordHasher(PasswordCost cost, RandomSource& random, int threads = 2);
    ~PasswordHasher(); // stops
    // Jobs that wait, and all that come later, are answered ErrorCode::unavailable. It may still be called afterwards,
    // until it is destroyed.
    void stop();

    // Callbacks run on a thread of the hasher, or at once on the caller's when the queue is full.
    void hash(const QString& password, std::function<void(Result<QString>)> done);
    // An empty `encoded` (an unknown login) takes the same time and answers false.
    void verify(const QString& password, const QString& encoded, std::function<void(Result<bool>)> done);

    [[nodiscard]] Result<QString> hashNow(const QString& password) const; // on the caller's thread

private:
    using Job = std::function<void(bool turnedAway)>;
    void post(Job job);
    void work();

    const PasswordCost cost_;
    RandomSource& random_;
    QString nobody_; // a hash that no password has
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> jobs_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace holdfast::api

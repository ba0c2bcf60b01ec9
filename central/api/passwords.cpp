#include "central/api/passwords.h"

#include <argon2.h>
#include <openssl/crypto.h>

namespace holdfast::api {
namespace {

constexpr size_t saltBytes = 16;
constexpr size_t hashBytes = 32;

// A full queue and a stopping service look the same to the one who signs in: try again.
Error turnedAway()
{
    return {ErrorCode::unavailable,
            QStringLiteral("Too many people sign in at this moment. Try again in a few seconds.")};
}

bool matches(const QByteArray& password, const QByteArray& encoded)
{
    return argon2id_verify(encoded.constData(), password.constData(), static_cast<size_t>(password.size())) ==
           ARGON2_OK;
}

} // namespace

PasswordHasher::PasswordHasher(PasswordCost cost, RandomSource& random, int threads) : cost_(cost), random_(random)
{
    nobody_ = hashNow(QString::fromLatin1(random_.bytes(32).toHex())).value_or(QString());
    for (int i = 0; i < threads; ++i)
        threads_.emplace_back([this] { work(); });
}

PasswordHasher::~PasswordHasher()
{
    stop();
}

void PasswordHasher::stop()
{
    std::deque<Job> left;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        left.swap(jobs_);
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) {
        if (thread.joinable())
            thread.join();
    }
    for (const Job& job : left)
        job(true);
}

Result<QString> PasswordHasher::hashNow(const QString& password) const
{
    QByteArray bytes = password.toUtf8();
    const QByteArray salt = random_.bytes(saltBytes);
    QByteArray encoded(256, '\0');
    const int outcome = argon2id_hash_encoded(cost_.passes, cost_.memoryKiB, cost_.lanes, bytes.constData(),
                                              static_cast<size_t>(bytes.size()), salt.constData(), saltBytes, hashBytes,
                                              encoded.data(), static_cast<size_t>(encoded.size()));
    OPENSSL_cleanse(bytes.data(), static_cast<size_t>(bytes.size()));
    if (outcome != ARGON2_OK)
        return fail(ErrorCode::internal, QStringLiteral("The password could not be hashed: not enough memory."));
    return QString::fromLatin1(encoded.constData());
}

void PasswordHasher::hash(const QString& password, std::function<void(Result<QString>)> done)
{
    post([this, password, done = std::move(done)](bool stop) {
        done(stop ? Result<QString>(tl::unexpected(turnedAway())) : hashNow(password));
    });
}

void PasswordHasher::verify(const QString& password, const QString& encoded, std::function<void(Result<bool>)> done)
{
    post([this, password, encoded, done = std::move(done)](bool stop) {
        if (stop)
            return done(tl::unexpected(turnedAway()));
        QByteArray bytes = password.toUtf8();
        const bool good = matches(bytes, (encoded.isEmpty() ? nobody_ : encoded).toLatin1());
        OPENSSL_cleanse(bytes.data(), static_cast<size_t>(bytes.size()));
        done(good && !encoded.isEmpty());
    });
}

void PasswordHasher::post(Job job)
{
    {
        const std::lock_guard lock(mutex_);
        if (!stopping_ && jobs_.size() < maxWaiting) {
            jobs_.push_back(std::move(job));
            wake_.notify_one();
            return;
        }
    }
    job(true);
}

void PasswordHasher::work()
{
    while (true) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
            if (stopping_)
                return;
            job = std::move(jobs_.front());
            jobs_.pop_front();
        }
        job(false);
    }
}

} // namespace holdfast::api

#include "central/api/throttle.h"

#include <algorithm>

namespace holdfast::api {
namespace {

constexpr int freePerLogin = 5;    // wrong tries before the first wait
constexpr int freePerAddress = 50; // a whole office may share one address
constexpr int longestWait = 300;   // seconds
constexpr qint64 second = 1000000;
constexpr size_t maxNames = 100000;

QByteArray loginKey(const QString& login)
{
    return "login:" + login.left(200).toLower().toUtf8();
}

QByteArray peerKey(const QByteArray& peer)
{
    return "peer:" + peer;
}

} // namespace

int SignInThrottle::waitOf(const QByteArray& key, int free) const
{
    const auto found = failures_.find(key);
    if (found == failures_.end() || found->second.count < free)
        return 0;
    const int over = std::min(found->second.count - free, 10);
    const qint64 wait = std::min(longestWait, 2 << over) * second;
    const qint64 left = found->second.last.value + wait - clock_.now().value;
    return left > 0 ? static_cast<int>((left + second - 1) / second) : 0;
}

int SignInThrottle::admit(const QString& login, const QByteArray& peer)
{
    const std::lock_guard lock(mutex_);
    const int wait = std::max(waitOf(loginKey(login), freePerLogin), waitOf(peerKey(peer), freePerAddress));
    if (wait == 0)
        note(loginKey(login));
    return wait;
}

void SignInThrottle::note(const QByteArray& key)
{
    if (failures_.size() >= maxNames) {
        const auto oldest = std::min_element(failures_.begin(), failures_.end(), [](const auto& l, const auto& r) {
            return l.second.last < r.second.last;
        });
        failures_.erase(oldest);
    }
    Failures& entry = failures_[key];
    ++entry.count;
    entry.last = clock_.now();
}

void SignInThrottle::failed(const QByteArray& peer)
{
    const std::lock_guard lock(mutex_);
    note(peerKey(peer));
}

void SignInThrottle::withdrawn(const QString& login)
{
    const std::lock_guard lock(mutex_);
    const auto found = failures_.find(loginKey(login));
    if (found != failures_.end() && --found->second.count <= 0)
        failures_.erase(found);
}

void SignInThrottle::succeeded(const QString& login, const QByteArray& peer)
{
    const std::lock_guard lock(mutex_);
    failures_.erase(loginKey(login));
    failures_.erase(peerKey(peer));
}

} // namespace holdfast::api

#include "central/http/server_core.h"

namespace holdfast::http {

bool ConnectionCaps::enter(const QByteArray& address)
{
    const std::lock_guard lock(mutex_);
    if (open_ >= total_)
        return false;
    int& mine = byAddress_[address];
    if (mine >= perAddress_)
        return false;
    ++mine;
    ++open_;
    return true;
}

void ConnectionCaps::leave(const QByteArray& address)
{
    const std::lock_guard lock(mutex_);
    const auto found = byAddress_.find(address);
    if (found == byAddress_.end())
        return;
    --open_;
    if (--found.value() == 0)
        byAddress_.erase(found); // so that the table is as small as the set of open connections
}

qint64 ConnectionCaps::open() const
{
    const std::lock_guard lock(mutex_);
    return open_;
}

bool ByteBudget::take(const QByteArray& address, qint64 bytes)
{
    const std::lock_guard lock(mutex_);
    qint64& mine = byAddress_[address];
    if (used_ + bytes > limit_ || mine + bytes > perAddress_) {
        if (mine == 0)
            byAddress_.remove(address);
        return false;
    }
    mine += bytes;
    used_ += bytes;
    return true;
}

void ByteBudget::give(const QByteArray& address, qint64 bytes)
{
    const std::lock_guard lock(mutex_);
    const auto found = byAddress_.find(address);
    if (found == byAddress_.end())
        return;
    used_ -= bytes;
    found.value() -= bytes;
    if (found.value() == 0)
        byAddress_.erase(found);
}

} // namespace holdfast::http

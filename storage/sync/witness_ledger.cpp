#include "storage/sync/witness_ledger.h"

namespace holdfast::sync {
namespace {

constexpr int strikesForFault = 2;

} // namespace

void WitnessLedger::owe(const ThreadId& thread, Position newest)
{
    Owed& owed = owed_[thread];
    if (owed.newest < newest.value || owed.newest == 0)
        owed = {newest.value, 0};
}

QList<ThreadId> WitnessLedger::ask(quint64 size, int limit)
{
    asked_.clear();
    QList<ThreadId> threads;
    for (const auto& [thread, owed] : owed_) {
        if (threads.size() == limit)
            break;
        if (owed.newest >= size)
            continue;
        threads.append(thread);
        asked_.emplace(thread, owed.newest);
    }
    return threads;
}

std::optional<ThreadId> WitnessLedger::strike(const QList<ThreadId>& threads, bool countable,
                                              std::optional<quint64> covers)
{
    std::optional<ThreadId> found;
    for (const ThreadId& thread : threads) {
        const auto asked = asked_.find(thread);
        const auto owed = owed_.find(thread);
        if (asked == asked_.end() || owed == owed_.end())
            continue;
        const bool unchanged = asked->second == owed->second.newest;
        asked_.erase(asked);
        if (!countable || !unchanged || (covers && owed->second.newest >= *covers))
            continue;
        if (++owed->second.strikes >= strikesForFault) {
            found = thread;
            owed_.erase(owed); // reported once
        }
    }
    return found;
}

WitnessLedger::Settled WitnessLedger::settle(quint64 covers, quint64 head, const QList<ThreadId>& behind,
                                             const QList<ThreadId>& ahead)
{
    Settled settled;
    settled.behind = strike(behind, true, covers);
    settled.ahead = strike(ahead, covers <= head, std::nullopt);
    for (const auto& [thread, newest] : asked_) {
        const auto owed = owed_.find(thread);
        if (owed != owed_.end() && owed->second.newest == newest)
            owed_.erase(owed);
    }
    asked_.clear();
    return settled;
}

bool WitnessLedger::owesBelow(quint64 size) const
{
    for (const auto& [thread, owed] : owed_) {
        if (owed.newest < size)
            return true;
    }
    return false;
}

} // namespace holdfast::sync

#include "storage/sync/witness_ledger.h"

namespace holdfast::sync {
namespace {

// The first of them may have been asked for before the disagreement, the second was not.
constexpr quint64 answersForFault = 2;

} // namespace

void WitnessLedger::owe(const ThreadId& thread, Position newest)
{
    Owed& owed = owed_[thread];
    if (owed.newest < newest.value || owed.newest == 0)
        owed = {newest.value, std::nullopt};
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

std::optional<ThreadId> WitnessLedger::dispute(const QList<ThreadId>& threads, bool countable,
                                               std::optional<quint64> covers, quint64 feedAnswers)
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
        std::optional<quint64>& disputedAt = owed->second.disputedAt;
        if (!disputedAt) {
            disputedAt = feedAnswers;
        } else if (feedAnswers >= *disputedAt + answersForFault) {
            found = thread;
            owed_.erase(owed); // reported once
        }
    }
    return found;
}

WitnessLedger::Settled WitnessLedger::settle(const Round& round, const QList<ThreadId>& behind,
                                             const QList<ThreadId>& ahead)
{
    Settled settled;
    settled.behind = dispute(behind, true, round.covers, round.feedAnswers);
    settled.ahead = dispute(ahead, round.covers <= round.head, std::nullopt, round.feedAnswers);
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

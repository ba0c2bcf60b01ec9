// Which threads still wait for a proof of their newest entry. Pure bookkeeping of the sync core.
#pragma once

#include "models/base/ids.h"

#include <QList>

#include <map>
#include <optional>

namespace holdfast::sync {

class WitnessLedger
{
public:
    // All entries of `thread` at this desk are at or below `newest`.
    void owe(const ThreadId& thread, Position newest);

    // Threads whose newest entry is below `size`, at most `limit`; they count as asked until settle() or forget().
    [[nodiscard]] QList<ThreadId> ask(quint64 size, int limit);
    void forget() { asked_.clear(); }

    struct Settled
    {
        std::optional<ThreadId> behind; // proved older than held, twice
        std::optional<ThreadId> ahead;  // known further to central than here, twice
    };
    struct Round
    {
        quint64 covers = 0;      // the proofs speak of all positions below it
        quint64 head = 0;        // the desk held all its entries below it when it asked
        quint64 feedAnswers = 0; // that the desk has applied by now
    };
    // What the proofs of the asked threads said. One disagreement may have crossed a batch, or the news that the desk
    // lost the thread: central leaves out what may not be seen. So it is a fault only when it stands, with the thread
    // unchanged, after an answer of the feed that was asked for after the first time.
    [[nodiscard]] Settled settle(const Round& round, const QList<ThreadId>& behind, const QList<ThreadId>& ahead);

    [[nodiscard]] bool owesBelow(quint64 size) const;
    [[nodiscard]] bool isEmpty() const { return owed_.empty(); }

private:
    struct Owed
    {
        quint64 newest = 0;
        std::optional<quint64> disputedAt; // feed answers applied when proofs first disagreed
    };
    [[nodiscard]] std::optional<ThreadId> dispute(const QList<ThreadId>& threads, bool countable,
                                                  std::optional<quint64> covers, quint64 feedAnswers);

    std::map<ThreadId, Owed> owed_;
    std::map<ThreadId, quint64> asked_; // thread -> its newest when it was asked for
};

} // namespace holdfast::sync

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
        std::optional<ThreadId> behind; // proved older than held, twice in a row
        std::optional<ThreadId> ahead;  // known further to central than here, twice in a row
    };
    // What the proofs of the asked threads said. `covers`: the proofs speak of all positions below it; `head`: the desk
    // held all its entries below it when it asked. One disagreement may have crossed a batch that was just being
    // applied; two about an unchanged thread may not.
    [[nodiscard]] Settled settle(quint64 covers, quint64 head, const QList<ThreadId>& behind,
                                 const QList<ThreadId>& ahead);

    [[nodiscard]] bool owesBelow(quint64 size) const;
    [[nodiscard]] bool isEmpty() const { return owed_.empty(); }

private:
    struct Owed
    {
        quint64 newest = 0;
        int strikes = 0;
        bool operator==(const Owed&) const = default;
    };
    [[nodiscard]] std::optional<ThreadId> strike(const QList<ThreadId>& threads, bool countable,
                                                 std::optional<quint64> covers);

    std::map<ThreadId, Owed> owed_;
    std::map<ThreadId, quint64> asked_; // thread -> its newest when it was asked for
};

} // namespace holdfast::sync

// Checks what central answers for history before any of it is applied. Pure.
#pragma once

#include "storage/local/feed.h"
#include "storage/sync/witness.h"

namespace holdfast::sync {

struct CheckedHistory
{
    local::FeedBatch batch;                       // of the ranges that hold
    QSet<ThreadId> answered;                      // with at least one entry
    qint64 bytes = 0;                             // of all entries
    std::optional<event::HistoryRefused> refused; // the first range that does not
};

// Each range is the one that was asked for, without a gap, each entry the one before the next. One that nothing here
// continues is proven to be in the tree of the checkpoint that this desk verified, or it is the thread's newest and
// newer than that checkpoint: then it has to be proven by POST /v1/proofs. Signatures, commitments and the links to
// what is here are checked when it is applied.
[[nodiscard]] CheckedHistory checkHistory(const History& history, const QList<RangeRequest>& asked,
                                          const Verified& verified);

} // namespace holdfast::sync

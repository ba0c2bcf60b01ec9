// Checks what central proves about its log against what this desk holds. Pure.
#pragma once

#include "storage/sync/core.h"

#include <functional>

namespace holdfast::sync {

// The checkpoint that this desk verified last.
struct Verified
{
    quint64 size = 0; // 0: none yet
    Digest root;
    Epoch epoch = {};
    friend bool operator==(const Verified&, const Verified&) = default;
};

// What this desk holds of a thread: its newest tseq (0: nothing), and the leaf of an entry of it.
struct OwnThread
{
    ThreadSeq newest;
    std::optional<Digest> leaf; // at the tseq that was asked for; nothing: it is not here
};
using OwnThreads = std::function<Result<OwnThread>(const ThreadId&, ThreadSeq)>;

struct WitnessResult
{
    event::ProofsChecked verdict;
    Verified verified; // of `good`
};

// An error means that the desk could not read its own rows; whatever central did wrong is a `fault`.
[[nodiscard]] Result<WitnessResult> checkProofs(const Proofs& proofs, const CoreIdentity& identity,
                                                const Verified& last, const QList<ThreadId>& asked,
                                                const OwnThreads& ownThread);

} // namespace holdfast::sync

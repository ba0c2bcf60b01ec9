// Builds the answer to /v1/proofs against the newest checkpoint.
#pragma once

#include "central/store/context.h"
#include "central/store/heads_keeper.h"
#include "central/store/proofs.h"

namespace holdfast::store {

constexpr size_t maxProofThreads = 200;

// The caller holds `heads`' lock, and began its snapshot after taking it.
[[nodiscard]] Result<ProofAnswer> prove(Context& context, HeadsKeeper& heads, quint64 from,
                                        std::span<const ThreadId> threads);

} // namespace holdfast::store

// A new epoch of the log: how a store that was restored to an earlier point may append again.
#pragma once

#include "central/store/config.h"
#include "models/base/clock.h"
#include "models/base/digest.h"
#include "models/base/error.h"
#include "models/base/ids.h"
#include "models/base/random.h"

namespace holdfast::store {

struct BegunEpoch
{
    Epoch from;
    Epoch epoch;
    quint64 size = 0; // entries of the restored prefix
    Digest root;      // of their tree
    quint64 lost = 0; // entries that the last signed checkpoint had above them
};

// Blocking, on the caller's thread, on a store that no central serves. Commits to the restored prefix with an
// epoch.began entry and signs a checkpoint of the new epoch, which becomes the anchor; what the log had above the
// prefix comes back from the desks. conflict: the store is not behind its anchor, or has another history; nothing is
// changed.
[[nodiscard]] Result<BegunEpoch> beginEpoch(const StoreConfig& config, Clock& clock, RandomSource& random);

} // namespace holdfast::store

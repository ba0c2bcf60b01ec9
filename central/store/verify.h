// Recomputes everything that the store claims: leaves, chains, tree, heads, checkpoints, commitments, signatures.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"

#include <QStringList>

#include <optional>
#include <vector>

namespace holdfast::store {

struct Context;

struct Finding
{
    std::optional<Position> pos; // nothing: not about one entry
    std::optional<EntryId> entry;
    QString what; // words: "the content does not match its commitment"
};

struct VerifyReport
{
    quint64 entries = 0;
    quint64 contents = 0;
    quint64 erased = 0;
    quint64 signatures = 0;
    quint64 headsEntries = 0;
    quint64 checkpoints = 0;
    quint64 blobs = 0;
    quint64 anchors = 0;
    std::vector<Finding> findings; // at most 1000; the newest beyond that are only counted
    quint64 findingCount = 0;
    [[nodiscard]] bool good() const { return findingCount == 0; }
};

// Streams in pos order; memory grows with the number of threads, not of entries. One consistent view. `anchors`: a
// directory of checkpoints that were kept elsewhere; each must be one of this log.
[[nodiscard]] Result<VerifyReport> verifyStore(Context& context, const QString& anchors = {});

} // namespace holdfast::store

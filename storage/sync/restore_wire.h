// What desk and central say to each other after central was restored: docs/api.md, "After a restore".
#pragma once

#include "storage/local/lost_entries.h"
#include "storage/sync/wire.h"

namespace holdfast::sync {

struct NewEpoch
{
    local::RestoredPoint point; // of the newest epoch; the position is where the oldest unknown one began
    QByteArray cursor;          // goes on from there; empty: from the beginning
};

[[nodiscard]] HttpRequest epochsRequest(const QByteArray& token, const QByteArray& cursor);
// Nothing: another answer. The beginning is checked for form and commitment; the witness proves it with the rest.
[[nodiscard]] std::optional<NewEpoch> readNewEpoch(const Result<HttpAnswer>& answer);

// Answered like a push.
[[nodiscard]] HttpRequest offersRequest(const QByteArray& token, const QList<local::LostEntry>& entries);

} // namespace holdfast::sync

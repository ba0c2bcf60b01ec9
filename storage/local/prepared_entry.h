// What can be done with entries before their transaction, on any core: form, hashes, commitments, signatures of
// known devices, and what they mean.
#pragma once

#include "storage/local/entry_checks.h"

#include <vector>

namespace holdfast::local {

struct PreparedEntry
{
    QByteArray header; // as it came: evidence when it is not of the format
    Result<DecodedEntry> entry;
};

// Pure, on the caller's thread. Signatures of devices that `keys` does not know are left for the transaction.
[[nodiscard]] std::vector<PreparedEntry> prepareEntries(std::vector<FeedEntry> entries, const DeviceKeys& keys);
// The same, shared with a second core.
[[nodiscard]] std::vector<PreparedEntry> prepareOnTwoCores(std::vector<FeedEntry> entries, const DeviceKeys& keys);

} // namespace holdfast::local

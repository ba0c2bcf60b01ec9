// Entries that desks still hold after the store was restored to an earlier point, on their way back into the log.
#pragma once

#include "central/store/append.h"
#include "central/store/keyring.h"
#include "central/store/session.h"

namespace holdfast::store {

// What a desk offers: the bytes as it was given them, and what shows that it was central that gave them.
struct OfferedEntry
{
    QByteArray header;
    QByteArray salt;
    QByteArray content;
    QByteArray voucher; // of the feed; or else
    QByteArray receipt; // of the push
};

// Given along with each entry that a desk gets: a MAC of its leaf under a key outside the database. It lets central
// know its own header again; to anybody else it says nothing. Desks keep them for 35 days, so that older entries, and
// erased ones, get none.
void addVouchers(std::span<FeedEntry> entries, const Keyring& keys, Timestamp now);

// Checks header, commitment and signature, and that an earlier epoch of this log had it. Structural kinds are not
// taken: who may see what is never decided from a desk's copy. The entry keeps its bytes, its id and central's time.
[[nodiscard]] Result<tl::expected<EntryToAppend, Refusal>> admitOffer(StoreReader& reader, const Keyring& keys,
                                                                      const OfferedEntry& offered);

// The epochs that began after `epoch`, oldest first, as their epoch.began entries.
[[nodiscard]] Result<std::vector<FeedEntry>> epochsAfter(StoreReader& reader, Epoch epoch);

} // namespace holdfast::store

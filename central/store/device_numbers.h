// Which entry has which number of its device, as the appender's open transaction sees it: a number is never given
// twice.
#pragma once

#include "central/store/append.h"
#include "central/store/bulk.h"

#include <map>

namespace holdfast::store {

// Appender's thread only; empty between transactions.
class DeviceNumbers
{
public:
    // What the log knows of the numbers of these entries.
    [[nodiscard]] Status load(sql::Connection& db, std::span<const EntryToAppend* const> entries);
    [[nodiscard]] bool isTaken(const log::AuthorPart& author) const; // by another entry
    void take(const log::AuthorPart& author);
    void giveUp(std::span<const EntryId> entries); // which were taken back
    [[nodiscard]] Status flush(sql::Connection& db);
    void clear();

private:
    std::map<std::pair<DeviceId, DeviceSeq>, EntryId> owners_;
    BulkRows rows_;
};

} // namespace holdfast::store

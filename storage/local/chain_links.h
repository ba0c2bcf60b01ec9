// Whether an entry stands where its thread's chain has room for it: after the newest one, or in a hole.
#pragma once

#include "storage/local/entry_checks.h"
#include "storage/local/hole_book.h"
#include "storage/local/projection.h"

namespace holdfast::local {

// Lives for one transaction, on the writer thread. Entries of a thread come in ascending order.
class ChainLinks
{
public:
    ChainLinks(sql::Connection& connection, Projection& projection, HoleBook& holes);

    struct Link
    {
        std::optional<QString> broken; // what is wrong; the entry takes its place all the same
        bool isNewest = false;         // newer than all that was here
    };
    // Moves the thread's head on, and keeps the book of what is missing.
    [[nodiscard]] Result<Link> take(const DecodedEntry& entry, Arrival arrival);

private:
    // What a neighbour in the chain has to agree with.
    struct Ends
    {
        Digest leaf;
        Digest prev;
    };
    [[nodiscard]] Result<std::optional<Ends>> heldAt(const ThreadId& thread, ThreadSeq seq);
    [[nodiscard]] Result<bool> fitsHole(const DecodedEntry& entry, ThreadSeq newest);
    [[nodiscard]] bool mayLeaveHole(const DecodedEntry& entry, ThreadSeq newest, Arrival arrival) const;

    sql::Connection& connection_;
    Projection& projection_;
    HoleBook& holes_;
    QHash<std::pair<ThreadId, ThreadSeq>, Ends> taken_; // by this transaction, not stored yet
};

} // namespace holdfast::local

// Entries as they are fed, exported and looked up: header bytes with the decrypted content beside them.
#pragma once

#include "models/base/error.h"
#include "models/domain/project.h"
#include "models/log/checksum.h"
#include "models/log/entry.h"

#include <span>
#include <vector>

namespace holdfast::store {

struct Context;

struct FeedEntry
{
    Position pos;
    ScopeId scope;
    ThreadId thread;
    ThreadSeq threadSeq;
    EntryId entry;
    log::KindNumber kind = 0;
    QByteArray header;
    std::optional<QByteArray> salt; // both absent when erased or damaged
    std::optional<QByteArray> content;
    bool damaged = false;    // the stored bytes do not open
    QByteArray voucher = {}; // filled by addVouchers() for those who feed desks
};

struct FeedPage
{
    std::vector<FeedEntry> entries; // in pos order
    quint64 scannedTo = 0;          // every matching entry below this position is in the page or was before it
    bool more = false;              // stopped by a limit: ask again from scannedTo
};

struct ThreadMove
{
    Position pos;
    ThreadId thread;
    ScopeId from;
    ScopeId to;
    ScopeId now; // the thread's current scope, which a later move may have changed again
};

struct LogHead
{
    quint64 size = 0; // positions below it exist
    Epoch epoch;
};

class FeedReads
{
public:
    explicit FeedReads(Context& context) : context_(context) {}
    [[nodiscard]] Result<LogHead> head();
    // Entries with from <= pos < upTo whose thread is now in one of `scopes` (a thread's current scope counts, not the
    // header's), without those of `apart`. At least one entry when any matches, whatever its size.
    [[nodiscard]] Result<FeedPage> entriesAfter(std::span<const ScopeId> scopes, quint64 from, quint64 upTo, int limit,
                                                qsizetype maxBytes, std::span<const ThreadId> apart = {});
    // Of the scope's threads that were never moved; the others are threadsMovedInto().
    [[nodiscard]] Result<FeedPage> entriesOfScope(const ScopeId& scope, quint64 from, quint64 upTo, int limit,
                                                  qsizetype maxBytes);
    [[nodiscard]] Result<std::vector<FeedEntry>> everything(quint64 from, quint64 upTo); // of all scopes; few at a time
    // Threads that are in `scope` now and came from another, by id after `after`; at most `limit`.
    [[nodiscard]] Result<std::vector<ThreadId>> threadsMovedInto(const ScopeId& scope, const ThreadId& after,
                                                                 int limit);
    // Moves with from <= pos < upTo in the order of the log; at most `limit`.
    [[nodiscard]] Result<std::vector<ThreadMove>> moves(quint64 from, quint64 upTo, int limit);
    // A thread's entries in their order from tseq `from` on; at least one when there is one. `scannedTo`: the next
    // tseq.
    [[nodiscard]] Result<FeedPage> pageOfThread(const ThreadId& thread, ThreadSeq from, int limit, qsizetype maxBytes);
    [[nodiscard]] Result<std::vector<FeedEntry>> entriesOfThread(const ThreadId& thread, ThreadSeq from, int limit);
    [[nodiscard]] Result<FeedEntry> entry(const EntryId& entry); // notFound
    [[nodiscard]] Result<FeedEntry> entryAt(Position pos);       // notFound
    // Of all entries of the threads that are in the scope now.
    [[nodiscard]] Result<log::Checksum> checksum(const ScopeId& scope);
    [[nodiscard]] Result<QByteArray> newestCheckpoint(); // notFound before the first

private:
    Context& context_;
};

// The same entry as projections take it; invalidInput when a stored header does not decode.
[[nodiscard]] Result<domain::Entry> toDomain(const FeedEntry& entry);

} // namespace holdfast::store

// Entries as they are fed, exported and looked up: header bytes with the decrypted content beside them.
#pragma once

#include "models/base/error.h"
#include "models/domain/project.h"
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
    // header's). At least one entry when any matches, whatever its size.
    [[nodiscard]] Result<FeedPage> entriesAfter(std::span<const ScopeId> scopes, quint64 from, quint64 upTo, int limit,
                                                qsizetype maxBytes);
    [[nodiscard]] Result<FeedPage> entriesOfScope(const ScopeId& scope, quint64 from, quint64 upTo, int limit,
                                                  qsizetype maxBytes);
    [[nodiscard]] Result<std::vector<FeedEntry>> everything(quint64 from, quint64 upTo); // of all scopes; few at a time
    [[nodiscard]] Result<std::vector<FeedEntry>> entriesOfThread(const ThreadId& thread, ThreadSeq from, int limit);
    [[nodiscard]] Result<FeedEntry> entry(const EntryId& entry); // notFound
    [[nodiscard]] Result<FeedEntry> entryAt(Position pos);       // notFound
    [[nodiscard]] Result<QByteArray> newestCheckpoint();         // notFound before the first

private:
    Context& context_;
};

// The same entry as projections take it; invalidInput when a stored header does not decode.
[[nodiscard]] Result<domain::Entry> toDomain(const FeedEntry& entry);

} // namespace holdfast::store

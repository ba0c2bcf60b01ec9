// What callers hand to the appender, and what it answers.
#pragma once

#include "models/base/clock.h"
#include "models/base/error.h"
#include "models/base/random.h"
#include "models/domain/content.h"
#include "models/domain/kinds.h"
#include "models/log/entry.h"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace holdfast::store {

class StoreWriter;

// Why an entry was not taken: a code of docs/api.md and words for people.
struct Refusal
{
    QString code;
    QString text;
};

// A thread as the decisions see it, current within the open transaction.
struct ThreadFacts
{
    ThreadId thread;
    domain::ThreadType type = domain::ThreadType::customerCase;
    ScopeId scope;                   // where it is now: what access follows
    std::optional<Position> movedAt; // its newest move; nothing: it was never moved
    ThreadSeq newest;
    Digest leaf;     // of its newest entry
    PersonId person; // of a customer case
    QString channel; // of a customer case
    std::optional<UserId> assignee;
    domain::ThreadStatus status = domain::ThreadStatus::open;
    ThreadSeq newestCustomer; // tseq of the newest customer message; 0: none
    ThreadSeq newestReply;    // tseq of the newest reply
    ThreadSeq newestMove;     // tseq of the newest assignment or move
    UserId newestReplyBy;     // zero: unknown, taken for somebody else
    UserId newestMoveBy;
    Timestamp lastCustomerAt; // provider's time of the newest customer message: start of the 24 hours
    Timestamp lastReplyAt;
    // What happened that this author may not know: his own replies and assignments are no news to him.
    [[nodiscard]] ThreadSeq newsFor(const UserId& author) const
    {
        return std::max({newestCustomer, newestReplyBy == author ? ThreadSeq() : newestReply,
                         newestMoveBy == author ? ThreadSeq() : newestMove});
    }
};

// Decides inside the transaction, before the entry gets its position. Pure and quick: it holds up every other append.
using Precondition = std::function<std::optional<Refusal>(const ThreadFacts&)>;

// One entry, ready: its commitment and signature were checked by prepareDeviceEntry() or it is central's own.
struct EntryToAppend
{
    log::AuthorPart author;
    QByteArray authorPart; // the exact bytes
    QByteArray signature;  // empty: central's
    QByteArray salt;
    QByteArray content;
    // Of central's own first entry of a thread that has no thread.opened (a person, a policy): its scope.
    std::optional<ScopeId> newThreadScope;
    // Of the sample data, and of what desks give back after a restore: when it happened. Nothing: now.
    std::optional<Timestamp> centralAt;
    // It was in the log before the store was restored, so its number of its device is not disputed any more.
    bool givenBack = false;
    Precondition precondition;
};

// Checks shape, kind (one that devices may write), content size and JSON, commitment and signature. CPU work: call it
// on the caller's thread. `devicePublicKey`: of the enrolled, unrevoked device that author.device names.
[[nodiscard]] tl::expected<EntryToAppend, Refusal> prepareDeviceEntry(const OrgId& org, const QByteArray& authorPart,
                                                                      const QByteArray& signature,
                                                                      const QByteArray& salt, const QByteArray& content,
                                                                      QByteArrayView devicePublicKey);

// Central's own entry: author and device zero, fresh id and salt.
[[nodiscard]] EntryToAppend centralEntry(Clock& clock, RandomSource& random, const ThreadId& thread, domain::Kind kind,
                                         const QByteArray& content);

struct AppendResult
{
    enum class Outcome { accepted, duplicate, refused };
    EntryId entry;
    Outcome outcome = Outcome::refused;
    Position pos;        // accepted, duplicate
    ThreadSeq threadSeq; // accepted
    QByteArray header;   // accepted, duplicate
    QByteArray receipt;  // accepted, duplicate: the log key's signature; made after COMMIT
    Refusal refusal;     // refused; code "same_id_other_bytes" is a conflict and an incident
};

// A unit of work in the appender's transaction: entries, and whatever must be committed with them.
// Batches share a transaction with others, but each succeeds or fails alone.
struct AppendBatch
{
    std::vector<EntryToAppend> entries;
    // Instead of `entries`: decided in the transaction, behind the lock of the log's head, so that no other central can
    // decide at the same time. May write rows.
    std::function<Result<std::vector<EntryToAppend>>(StoreWriter&)> compose;
    // Rows to commit with the entries: a send job, an inbox item done. An error undoes the whole batch.
    std::function<Status(StoreWriter&, std::span<const AppendResult>)> after;
    bool allOrNothing = false; // a refusal undoes the whole batch; the other results then are refused with "later"
};

using AppendDone = std::function<void(Result<std::vector<AppendResult>>)>;

} // namespace holdfast::store

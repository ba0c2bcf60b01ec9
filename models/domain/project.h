// Entry -> row changes: the one pure function that gives every store its derived tables.
// A store applies the changes for which it has tables and skips the rest; applying an entry twice changes nothing.
#pragma once

#include "models/domain/content.h"

#include <QByteArray>

#include <variant>
#include <vector>

namespace holdfast::domain {

// An entry as a store has it: decoded header fields, and the content unless it was erased.
struct Entry
{
    log::AuthorPart author;
    Position pos; // meaningless while pending
    ScopeId scope;
    ThreadSeq threadSeq; // 0 while pending (in the outbox, not yet accepted by central)
    Timestamp centralAt; // claimedAt while pending
    std::optional<QByteArray> content;
    [[nodiscard]] bool isPending() const { return threadSeq.value == 0; }
};

struct OpenThread
{
    ThreadId thread;
    ScopeId scope;
    ThreadOpened facts;
    Timestamp at;
};
struct PutMessage
{
    EntryId entry;
    ThreadId thread;
    ThreadSeq threadSeq;           // 0: pending
    Kind kind = Kind::roomMessage; // roomMessage, customerMessage, agentReply, internalNote
    UserId author;                 // zero for a customer
    PersonId person;               // of a customerMessage
    Timestamp at;                  // the provider's time for a customerMessage, else centralAt (pending: claimedAt)
    QString text;                  // plain text for search and snippets
    QString type;                  // "text", "image" ...; "unknown" for what is not understood
    QString providerId;
    QString quotedProviderId;
    std::optional<EntryId> replyTo;
    QList<Attachment> attachments;
    QList<UserId> mentions;
    DeliveryStatus status = DeliveryStatus::waiting; // of an agentReply
};
struct SetDelivery
{
    EntryId message;
    ThreadId thread;
    DeliveryUpdate update;
}; // apply as a lattice: see supersedes()
struct BindProviderId
{
    EntryId message;
    ThreadId thread;
    QString providerId;
};
struct SetAttachment
{
    EntryId message;
    ThreadId thread;
    CustodyStep step;
    Attachment attachment;
    QString detail;
    Timestamp at;
};
struct AssignThread
{
    ThreadId thread;
    std::optional<UserId> assignee;
    UserId by;
    Timestamp at;
    ThreadSeq threadSeq;
};
struct SetThreadState
{
    ThreadId thread;
    ThreadState state;
    UserId by;
    Timestamp at;
    ThreadSeq threadSeq;
};
struct LinkPolicy
{
    ThreadId thread;
    PolicyId policy;
    bool linked = true;
    ThreadSeq threadSeq;
};
struct MarkRead
{
    ThreadId thread;
    UserId user;
    ThreadSeq upTo;
}; // max wins
// The thread's scope from now on; the assignment of the old team ends with it.
struct MoveThread
{
    ThreadId thread;
    ScopeId from;
    ScopeId to;
    UserId by;
    Timestamp at;
    ThreadSeq threadSeq;
};
struct PutPerson
{
    PersonId person;
    PersonFacts facts;
}; // newest asOf wins
struct PutPolicy
{
    PolicyId policy;
    ScopeId scope;
    PolicyFacts facts;
};
struct PutUser
{
    UserProfile profile;
};
struct PutScope
{
    ScopeDefined scope;
};
struct SetGrant
{
    Grant grant;
    bool given = true;
};
struct PutDevice
{
    DeviceEnrolled device;
};
struct RevokeDevice
{
    DeviceId device;
};
struct NoteHeads
{
    Position pos;
    LogHeads heads;
};
struct KeepUnknown
{
    EntryId entry;
    ThreadId thread;
    ThreadSeq threadSeq;
    log::KindNumber kind;
    QString why;
    Timestamp at;
};
// Contents that are gone at central, and everything that was derived from them.
struct EraseContents
{
    EntryId erasure;
    ThreadId thread;
    QList<EntryId> entries;
    ThreadSeq below; // of an erasure of the whole thread: everything erasable with a smaller tseq; else 0
};
// Advances the thread's newest tseq; every accepted entry has one.
struct AdvanceThread
{
    ThreadId thread;
    ScopeId scope;
    ThreadSeq threadSeq;
    Timestamp at;
};

using RowChange =
    std::variant<OpenThread, PutMessage, SetDelivery, BindProviderId, SetAttachment, AssignThread, SetThreadState,
                 LinkPolicy, MarkRead, MoveThread, PutPerson, PutPolicy, PutUser, PutScope, SetGrant, PutDevice,
                 RevokeDevice, NoteHeads, KeepUnknown, EraseContents, AdvanceThread>;

[[nodiscard]] std::vector<RowChange> project(const Entry& entry);

// True if `next` replaces `current`: the lattice queued < sent < failed < delivered < read < played.
[[nodiscard]] bool supersedes(DeliveryStatus next, DeliveryStatus current);

} // namespace holdfast::domain

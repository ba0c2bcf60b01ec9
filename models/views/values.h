// What the windows show, as plain values. Filled by a desk (storage/local), read by ui.
#pragma once

#include "models/domain/content.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace holdfast::views {

struct Staff
{
    UserId id;
    QString name;
    QString role;
    QString team;
    friend bool operator==(const Staff&, const Staff&) = default;
};

// To which a conversation can be handed over.
struct Team
{
    ScopeId id;
    QString name;
    friend bool operator==(const Team&, const Team&) = default;
};

// One row of a thread list.
struct ThreadRow
{
    ThreadId id;
    domain::ThreadType type = domain::ThreadType::customerCase;
    domain::ThreadStatus status = domain::ThreadStatus::open;
    QString title;        // customer's name, room's name, colleague's name
    QString policyNumber; // of the first linked policy; may be empty
    QString tag;          // that policy's line: "Motor"
    Timestamp at;         // of the newest message
    // `text` to `other` are the customer's own; what staff wrote says so.
    enum class Snippet {
        none,
        text,
        photo,
        document,
        voice,
        other,
        draft,
        notSent,
        you,
        colleague,
        note
    } snippetKind = Snippet::none;
    QString snippet;
    QString snippetAuthor; // with Snippet::colleague and Snippet::note: a name; empty: the person here
    domain::DeliveryStatus snippetStatus = domain::DeliveryStatus::waiting; // with Snippet::you
    int unread = 0;
    std::optional<Timestamp> windowUntil; // end of WhatsApp's 24 hours; nothing: no customer message yet
    std::optional<Staff> assignee;
    friend bool operator==(const ThreadRow&, const ThreadRow&) = default;
};

enum class View { myQueue, unassigned, all };

struct ThreadQuery
{
    View view = View::myQueue;
    bool unreadOnly = false;
    int limit = 200;
    std::optional<Timestamp> before; // keyset: rows older than this (with `beforeId` as tie-break)
    ThreadId beforeId;
};

struct ThreadPage
{
    QList<ThreadRow> rows; // newest first
    int total = 0;         // of the view, so that a count equals what a click lists
    int unread = 0;
    bool more = false;
};

struct RoomRow
{
    ThreadId id;
    ScopeId scope;
    QString name;
    domain::ThreadType type = domain::ThreadType::room;
    int unread = 0;
    int mentions = 0;
};

struct Navigation
{
    Staff me;
    QString organisation;
    int myQueue = 0, unassigned = 0, all = 0;
    QList<RoomRow> rooms;
    QList<RoomRow> directs;
};

// Where a message stands in its thread: accepted ones by tseq, pending ones after all accepted by order of writing.
struct MessageKey
{
    quint64 threadSeq = 0; // 0: pending
    quint64 pendingOrder = 0;
    friend bool operator==(const MessageKey&, const MessageKey&) = default;
    friend bool operator<(const MessageKey& l, const MessageKey& r)
    {
        const auto rank = [](const MessageKey& k) { return k.threadSeq ? k.threadSeq : ~quint64(0); };
        return rank(l) != rank(r) ? rank(l) < rank(r) : l.pendingOrder < r.pendingOrder;
    }
};

enum class MessageKind {
    customer,
    reply,
    note,
    room,
    process,
    unknown,
    hole // messages that are not on this desk
};

// Entries of a thread that are missing between two messages; some of what is within may be here.
struct Hole
{
    ThreadSeq first;
    ThreadSeq last;
    friend bool operator==(const Hole&, const Hole&) = default;
};

struct AttachmentView
{
    domain::Attachment attachment;
    enum class State { expected, good, mismatch, failed } state = State::expected; // `good` may be opened
    QString detail;                                                                // words for mismatch and failed
    int width = 0, height = 0; // of a picture, as soon as known, so that nothing reflows
    int pages = 0;
    bool isHere = false; // of `good`: its bytes are on this desk
};

// An attachment on its way from central to this desk.
struct Transfer
{
    qint64 received = 0;
    qint64 total = -1; // negative: not known
    QString failure;   // words: why it stopped
    friend bool operator==(const Transfer&, const Transfer&) = default;
};

struct Quote
{
    EntryId message;
    QString author;
    QString text;
    std::optional<BlobId> thumbnail;
};

struct Message
{
    EntryId id; // stable identity
    MessageKey key;
    MessageKind kind = MessageKind::room;
    UserId author;
    QString authorName; // staff or customer
    Timestamp at;
    QString text;
    QString type; // the provider's word where kind is customer
    std::optional<Quote> quote;
    QList<AttachmentView> attachments;
    QList<UserId> mentions;
    domain::DeliveryStatus status = domain::DeliveryStatus::waiting; // of a reply
    std::optional<QString> notSent; // refused by central or by the provider: why, in words
    bool mayRetry = false;
    bool pending = false; // in the outbox
    Hole hole;            // of MessageKind::hole, whose key is that of its newest entry
};

struct MessagePage
{
    QList<Message> messages; // oldest first
    bool moreBefore = false;
    bool moreAfter = false;
    MessageKey readUpTo; // newest message that this person had read when the page was made
};

struct ThreadHeader
{
    ThreadRow row;
    QString phone; // of the customer, for people: "+27 82 555 0143"
    QString subtitle;
    ThreadSeq newest;
    QList<domain::PolicyFacts> policies;
    QList<PolicyId> policyIds;
    domain::PersonFacts person;
    int members = 0; // of a room
};

// One entry of a thread for its Log tab.
struct LogLine
{
    quint64 pos = 0;
    quint64 threadSeq = 0;
    Timestamp at;
    QString who;
    QString what; // words: "Photo deleted at WhatsApp"
    EntryId entry;
};

struct SearchQuery
{
    QString text;
    int limit = 50;
    std::optional<quint64> afterRow; // continues a page: SearchPage::next
};

struct SearchHit
{
    enum class What { person, policy, thread, message } what = What::message;
    ThreadId thread; // to open: of a person or policy hit the newest customer thread with it; zero if there is none
    EntryId message; // of a message hit
    MessageKey key;
    MessageKind kind = MessageKind::customer; // of a message hit, with who wrote it where that was not the customer
    UserId author;
    QString authorName;
    QString title;
    QString excerpt;
    QList<std::pair<int, int>> marks; // start, length in `excerpt` (UTF-16), to highlight as text spans
    Timestamp at;
    QString policyNumber;
    PolicyId policy; // of a policy hit, to link it
};

struct SearchPage
{
    QList<SearchHit> hits;
    std::optional<quint64> next;
};

// An entry that central refused, or a reply it held back.
struct NotSent
{
    EntryId entry;
    ThreadId thread;
    QString text;
    QString why;
    Timestamp at;
};

// What its author had begun to write in a conversation that this desk no longer has.
struct KeptDraft
{
    qint64 number = 0;
    QString text;
    friend bool operator==(const KeptDraft&, const KeptDraft&) = default;
};

struct SyncState
{
    enum class Link { offline, connecting, online } link = Link::offline;
    int waiting = 0; // entries in the outbox
    int notSent = 0;
    quint64 verifiedUpTo = 0;       // log size of the newest checkpoint this desk verified; 0: none yet
    std::optional<quint64> faultAt; // position at which a check of the log failed
    QString detail;                 // words: why offline
    bool catchingUp = false;
    friend bool operator==(const SyncState&, const SyncState&) = default;
};

} // namespace holdfast::views

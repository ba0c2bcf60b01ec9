// The interfaces between the windows and a desk. All calls come from the GUI thread, return at once, and finish on a
// worker; continue with whenDone(). No call blocks. Ids that do not exist answer ErrorCode::notFound.
#pragma once

#include "models/base/error.h"
#include "models/views/values.h"

#include <QFuture>
#include <QObject>

namespace holdfast::views {

// Reads. Each answer is one consistent view of the local database.
class DeskReader
{
public:
    virtual ~DeskReader() = default;
    virtual QFuture<Result<Navigation>> navigation() = 0;
    virtual QFuture<Result<ThreadPage>> threads(const ThreadQuery& query) = 0;
    virtual QFuture<Result<ThreadHeader>> thread(const ThreadId& id) = 0;
    // Pages of messages by keyset; `limit` at most 200.
    virtual QFuture<Result<MessagePage>> newestMessages(const ThreadId& id, int limit) = 0;
    virtual QFuture<Result<MessagePage>> messagesBefore(const ThreadId& id, const MessageKey& key, int limit) = 0;
    virtual QFuture<Result<MessagePage>> messagesAfter(const ThreadId& id, const MessageKey& key, int limit) = 0;
    virtual QFuture<Result<MessagePage>> messagesAround(const ThreadId& id, const MessageKey& key, int limit) = 0;
    virtual QFuture<Result<Message>> message(const EntryId& id) = 0;
    // Bytes of a good attachment, verified against its hash; fetched from central if not here yet.
    virtual QFuture<Result<QByteArray>> attachment(const BlobId& id) = 0;
    virtual QFuture<Result<QList<LogLine>>> threadLog(const ThreadId& id, int limit) = 0;
    virtual QFuture<Result<SearchPage>> search(const SearchQuery& query) = 0;
    virtual QFuture<Result<QList<Staff>>> staff() = 0;
    virtual QFuture<Result<QList<Team>>> teams() = 0; // all of the organisation, by name
    virtual QFuture<Result<QList<NotSent>>> notSent() = 0;
    virtual QFuture<Result<QString>> draft(const ThreadId& id, bool note) = 0;
    virtual QFuture<Result<QList<KeptDraft>>> keptDrafts() = 0; // newest first
};

struct OutgoingFile
{
    QString name;
    QString mime;
    QByteArray bytes;
    Digest sha256; // of the bytes; made where they were read, since it takes a second for the largest
};

// A copy of an attachment, to be written outside the encrypted store.
struct CopyOrder
{
    ThreadId thread;
    EntryId message;
    BlobId attachment;
    QString path; // that the person chose
};

// Acts. The future resolves when the act is durable on this desk (outbox and local effect in one transaction), whether
// or not central can be reached. A note's path never meets the reply's: they are different calls and different kinds.
class DeskActs
{
public:
    virtual ~DeskActs() = default;
    virtual QFuture<Result<EntryId>> reply(const ThreadId& id, const QString& text, const QList<OutgoingFile>& files,
                                           std::optional<EntryId> replyTo, ThreadSeq seen) = 0;
    virtual QFuture<Result<EntryId>> note(const ThreadId& id, const QString& text, const QList<UserId>& mentions) = 0;
    virtual QFuture<Result<EntryId>> roomMessage(const ThreadId& id, const QString& text,
                                                 const QList<UserId>& mentions) = 0;
    virtual QFuture<Result<EntryId>> assign(const ThreadId& id, std::optional<UserId> assignee) = 0;
    virtual QFuture<Result<EntryId>> setState(const ThreadId& id, domain::ThreadStatus status, Timestamp until,
                                              const QString& reason) = 0;
    virtual QFuture<Result<EntryId>> linkPolicy(const ThreadId& id, const PolicyId& policy, bool linked) = 0;
    virtual QFuture<Result<void>> markRead(const ThreadId& id, ThreadSeq upTo) = 0;
    virtual QFuture<Result<void>> saveDraft(const ThreadId& id, bool note, const QString& text) = 0;
    // An entry that was not sent: write it again as a new entry, or let it go (both are recorded).
    virtual QFuture<Result<EntryId>> retry(const EntryId& id) = 0;
    virtual QFuture<Result<void>> discard(const EntryId& id) = 0;
    // Brings entries of a hole here, the newest of it first; resolves when they are, or says why they are not. What is
    // here already is not asked for.
    virtual QFuture<Result<void>> fetchHistory(const ThreadId& id, const Hole& hole) = 0;
    // Recorded before a byte is written; nothing but the chosen file is.
    virtual QFuture<Result<void>> saveCopy(const CopyOrder& order) = 0;
    // To another team; who does not see that team loses the thread once central has accepted the move.
    virtual QFuture<Result<EntryId>> moveThread(const ThreadId& id, const ScopeId& to) = 0;
    virtual QFuture<Result<void>> dropKeptDraft(qint64 number) = 0;
};

// What changed, told on the GUI thread. Coalesced: at most one of each signal per event-loop turn and thread.
class DeskNews : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;
    [[nodiscard]] virtual SyncState syncState() const = 0;

Q_SIGNALS:
    void threadsChanged();                              // lists and counts: ask again
    void threadChanged(const holdfast::ThreadId& id);   // messages, header or statuses of this thread: ask again
    void keptDraftsChanged();                           // a conversation was closed over a draft: ask again
    void attachmentChanged(const holdfast::BlobId& id); // arrived, or was found bad
    void attachmentMoved(const holdfast::BlobId& id, const holdfast::views::Transfer& transfer);
    void syncStateChanged(const holdfast::views::SyncState& state);
};

// A desk that is open.
struct Desk
{
    DeskReader& reader;
    DeskActs& acts;
    DeskNews& news;
    Staff me;
};

} // namespace holdfast::views

// Small facts of the desk that live inside the encrypted database: identity, log key, cursor, checkpoint, faults.
#pragma once

#include "models/base/digest.h"
#include "storage/local/database.h"
#include "storage/local/feed.h"
#include "storage/local/outbox.h"

namespace holdfast::local {

// Written once at enrolment, in the database's first transaction after the schema.
struct DeskIdentity
{
    OrgId org;
    QString organisation;
    UserId user;
    QString userName;
    QString login;
    DeviceId device;
    QByteArray deviceSeed;   // 32 bytes
    QByteArray logPublicKey; // 32 bytes; checkpoints and receipts are signed with it
};

// The last checkpoint that this desk verified.
struct VerifiedCheckpoint
{
    QByteArray note;
    quint64 size = 0;
    Epoch epoch;
};

struct HeldHead
{
    ThreadId thread;
    ThreadSeq threadSeq;
    Digest leaf;
};

class DeskSettings
{
public:
    explicit DeskSettings(Database& database);

    QFuture<Result<void>> setIdentity(const DeskIdentity& identity); // conflict if there is another one
    QFuture<Result<DeskIdentity>> identity();                        // notFound before enrolment

    QFuture<Result<QByteArray>> cursor();             // empty: from the beginning
    QFuture<Result<VerifiedCheckpoint>> checkpoint(); // notFound: none yet
    QFuture<Result<void>> setCheckpoint(const VerifiedCheckpoint& checkpoint);
    // A note that does not agree with ours is kept beside it as evidence.
    QFuture<Result<void>> keepEvidence(const QByteArray& note, const Fault& fault);
    QFuture<Result<std::optional<Fault>>> firstFault();
    QFuture<Result<void>> addFault(const Fault& fault);

    // Heads of the threads held here, by thread id after `after`, for proofs; at most `limit`.
    QFuture<Result<QList<HeldHead>>> heads(const ThreadId& after, int limit);
    QFuture<Result<std::optional<Digest>>> leafAt(const ThreadId& thread, ThreadSeq threadSeq);

    // The refresh token and the like: small secrets of the exchange. Empty if never set.
    QFuture<Result<QByteArray>> value(const QString& name);
    QFuture<Result<void>> setValue(const QString& name, const QByteArray& value); // empty: removes it

    // Empty: removes it. Of a thread that is not here nothing is kept: its scope may just have been closed.
    QFuture<Result<void>> saveDraft(const ThreadId& thread, bool note, const QString& text);
    QFuture<Result<void>> dropKeptDraft(qint64 number);
    QFuture<Result<ScopeId>> scopeOf(const ThreadId& thread); // notFound: the thread is not on this desk
    // The newest tseq that this desk holds of a thread.
    QFuture<Result<ThreadSeq>> newestSeq(const ThreadId& thread);
    // Good attachments whose bytes are not here, newest first: for filling in the background.
    QFuture<Result<QList<BlobId>>> wantedBlobs(int limit);

private:
    Database& database_;
};

} // namespace holdfast::local

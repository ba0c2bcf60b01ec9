// What this desk wrote and central has not yet sent back: durable before it is shown, never dropped silently.
#pragma once

#include "models/base/clock.h"
#include "models/base/random.h"
#include "models/domain/kinds.h"
#include "models/log/signing.h"
#include "storage/local/database.h"

#include <QList>

#include <optional>

namespace holdfast::local {

// waiting: to be pushed. sent: central has a receipt out for it; the feed will bring it. refused, held: not sent, the
// person decides. discarded: the person let it go (kept as a record).
enum class OutboxState { waiting, sent, refused, held, discarded };

struct NewEntry
{
    ThreadId thread;
    domain::Kind kind = domain::Kind::roomMessage;
    QByteArray content;             // JSON of models/domain
    QList<BlobId> blobs;            // in the media store already; uploaded before the entry is pushed
    std::optional<EntryId> retryOf; // the not-sent entry that this one replaces; it leaves the list
};

struct OutboxEntry
{
    EntryId id;
    ThreadId thread;
    domain::Kind kind = domain::Kind::roomMessage;
    DeviceSeq deviceSeq;
    QByteArray authorPart;
    QByteArray signature;
    QByteArray salt;
    QByteArray content;
    QList<BlobId> blobs;
    OutboxState state = OutboxState::waiting;
    int attempts = 0;
    QString code; // central's refusal code
    QString text;
    Timestamp at; // when it was written
};

struct OutboxCounts
{
    int waiting = 0;
    int notSent = 0;
};

// Who writes here: fixed for as long as the desk is open.
struct Author
{
    OrgId org;
    UserId user;
    DeviceId device;
};

// Writes go before all other writes. Thread-safe. The key, random source and clock must outlive the database.
class Outbox
{
public:
    Outbox(Database& database, const Author& author, const log::SigningKey& key, RandomSource& random,
           const Clock& clock);

    // Numbers, commits, signs, stores and projects the entry in one transaction with synchronous=FULL: when the future
    // resolves, it survives a power cut. The draft that it was written from goes in the same transaction.
    QFuture<Result<EntryId>> put(NewEntry entry);

    QFuture<Result<QList<OutboxEntry>>> waiting(int limit); // by device sequence
    QFuture<Result<OutboxEntry>> find(const EntryId& id);   // notFound if settled
    QFuture<Result<OutboxCounts>> counts();

    // Central's answers. Each is idempotent and harmless for an entry that the feed has already brought.
    QFuture<Result<void>> markAccepted(const EntryId& id, Position pos, const QByteArray& header,
                                       const QByteArray& receipt);
    QFuture<Result<void>> markRefused(const EntryId& id, const QString& code, const QString& text);
    QFuture<Result<void>> markHeld(const EntryId& id, const QString& code, const QString& text);
    QFuture<Result<void>> countAttempt(const QList<EntryId>& ids);

    // Entries are numbered above what the device has used, which this database may have forgotten.
    QFuture<Result<void>> numberAfter(DeviceSeq used);
    // The entry with the device's next number, signed anew: central has another entry with the one that it had.
    QFuture<Result<void>> renumber(const EntryId& id);

    // The not-sent entry again, as a new entry with a new id and, for a reply, with `seen` of now.
    QFuture<Result<EntryId>> retry(const EntryId& id);
    QFuture<Result<void>> discard(const EntryId& id); // of a not-sent entry; recorded

private:
    QFuture<Result<void>> markNotSent(OutboxState state, const EntryId& id, const QString& code, const QString& text);

    Database& database_;
    Author author_;
    const log::SigningKey& key_;
    RandomSource& random_;
    const Clock& clock_;
};

} // namespace holdfast::local

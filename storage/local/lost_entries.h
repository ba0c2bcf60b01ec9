// After central was restored to an earlier point: what this desk still holds of the log above it, until central has it
// again.
#pragma once

#include "models/base/digest.h"
#include "storage/local/database.h"
#include "storage/local/outbox.h"

namespace holdfast::local {

struct LostEntry
{
    OutboxEntry entry; // id, thread, kind, salt, content
    Position pos;      // that it had
    QByteArray header; // as central had it
    QByteArray voucher;
    QByteArray receipt;
};

// Where the new epoch of the log began.
struct RestoredPoint
{
    Epoch epoch;
    Position pos; // size of the restored prefix
    Digest root;  // of its tree
};

// Kept beside the log, like the outbox: a scope that closes leaves it alone. Thread-safe.
class LostEntries
{
public:
    LostEntries(Database& database, const UserId& me);

    // Sets everything from `point` on aside, folds what is left anew, and goes on with `cursor`; all in one
    // transaction. Answers how many entries wait to be given back.
    QFuture<Result<int>> setBack(const RestoredPoint& point, const QByteArray& cursor);
    // The newest point that this desk was set back to; nothing: never.
    QFuture<Result<std::optional<RestoredPoint>>> restoredPoint();

    // In the order of the log.
    QFuture<Result<QList<LostEntry>>> waiting(std::optional<Position> after, int limit);
    QFuture<Result<void>> settle(const QList<EntryId>& ids); // central has them
    // Central will not have them: they are not offered again, and stay until they are dropped.
    QFuture<Result<void>> putAside(const QList<EntryId>& ids, const QString& code);

    // What was written before `before`: receipts, vouchers, and entries that nobody took back.
    QFuture<Result<void>> dropOlder(Timestamp before);

private:
    Database& database_;
    UserId me_;
};

} // namespace holdfast::local

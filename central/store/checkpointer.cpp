#include "central/store/checkpointer.h"

#include "models/log/checkpoint.h"
#include "storage/sql/transaction.h"

namespace holdfast::store {

Result<std::optional<CheckpointRow>> newestCheckpoint(sql::Connection& db)
{
    sql::Statement query =
        db.statement(QStringLiteral("SELECT size, heads_pos, note FROM checkpoint ORDER BY size DESC LIMIT 1"));
    const Result<bool> found = query.first();
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return std::nullopt;
    return CheckpointRow{quint64(query.int64(0)), query.strong<Position>(1), query.bytes(2)};
}

Result<QByteArray> Checkpointer::run()
{
    // Held over the commit, so that no proof is made from a map that is ahead of the log.
    const auto lock = heads_.lock();
    Result<sql::Transaction> transaction = sql::Transaction::begin(*context_.writer);
    if (!transaction)
        return tl::unexpected<Error>(transaction.error());
    Result<QByteArray> note = inTransaction();
    Status committed;
    if (note)
        committed = transaction->commit();
    else
        transaction->rollback();
    if (!note || !committed) {
        writer_.rolledBack();
        heads_.invalidate();
        return note ? tl::unexpected<Error>(committed.error()) : note;
    }
    writer_.committed();
    // Also when the note is an older one: an earlier write may have failed.
    if (*note != anchored_) {
        if (const Status anchored = anchor_.write(*note); !anchored)
            return tl::unexpected<Error>(anchored.error());
        anchored_ = *note;
    }
    return note;
}

Result<QByteArray> Checkpointer::inTransaction()
{
    if (const Status locked = writer_.lockHead(); !locked)
        return tl::unexpected<Error>(locked.error());
    const Result<std::optional<CheckpointRow>> newest = newestCheckpoint(context_.db);
    if (!newest)
        return tl::unexpected<Error>(newest.error());
    if (*newest && (*newest)->size == writer_.tree().size())
        return (*newest)->note;

    const Position headsPos{writer_.tree().size()};
    const Result<Digest> root = heads_.rootAt(context_.db, headsPos);
    if (!root)
        return tl::unexpected<Error>(root.error());
    EntryToAppend entry = centralEntry(context_.clock, context_.random, context_.organisation.logThread,
                                       domain::Kind::logHeads, domain::toJson(domain::LogHeads{*root, headsPos}));
    const EntryToAppend* const entries[] = {&entry};
    const Result<std::vector<AppendResult>> staged = writer_.stage(entries);
    if (!staged)
        return tl::unexpected<Error>(staged.error());
    if (staged->front().outcome != AppendResult::Outcome::accepted)
        return fail(ErrorCode::corrupt, QStringLiteral("The log's own thread is missing. Verify the store."));
    if (const Status flushed = writer_.flush(); !flushed)
        return tl::unexpected<Error>(flushed.error());
    if (const Status finished = writer_.finish(); !finished)
        return tl::unexpected<Error>(finished.error());

    const log::Checkpoint checkpoint{context_.organisation.id, writer_.epoch(), writer_.tree().size(),
                                     writer_.tree().root()};
    QByteArray note = log::signCheckpoint(checkpoint, context_.keys.logKey());
    const Status kept =
        context_.db.statement(QStringLiteral("INSERT INTO checkpoint (size, heads_pos, note) VALUES (?, ?, ?)"))
            .exec(checkpoint.size, headsPos, note);
    if (!kept)
        return tl::unexpected<Error>(kept.error());
    return note;
}

} // namespace holdfast::store

#include "storage/local/scope_eraser.h"

#include "storage/local/kept_drafts.h"
#include "storage/local/message_eraser.h"
#include "storage/local/outbox.h"
#include "storage/local/record_index.h"

namespace holdfast::local {
namespace {

// Each takes the threads as one JSON parameter. People and policies are threads too, and share their bytes.
const QStringList derivedSql{
    QStringLiteral("DELETE FROM person WHERE id IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM policy WHERE id IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM thread_member WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM thread_policy WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM read_marker WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM thread WHERE id IN (SELECT unhex(value->>0) FROM json_each(?))"),
};

// What central said of one's own entries, while those are here to lead to it.
const QStringList receiptSql{
    QStringLiteral("DELETE FROM receipt WHERE entry IN (SELECT e.entry FROM json_each(?) AS j"
                   " CROSS JOIN entry AS e ON e.thread = unhex(j.value->>0))"),
    QStringLiteral("DELETE FROM retried WHERE entry IN (SELECT e.entry FROM json_each(?) AS j"
                   " CROSS JOIN entry AS e ON e.thread = unhex(j.value->>0))"),
};

const QStringList logSql{
    QStringLiteral("DELETE FROM voucher WHERE entry IN (SELECT e.entry FROM json_each(?) AS j"
                   " CROSS JOIN entry AS e ON e.thread = unhex(j.value->>0))"),
    QStringLiteral("DELETE FROM listed WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM hole WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM thread_window WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM entry WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))"),
};

const QStringList ownSql{
    QStringLiteral("DELETE FROM draft WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))"),
    // Central has these, and the feed that would settle them will not come.
    QStringLiteral("DELETE FROM outbox WHERE state = %1 AND thread IN (SELECT unhex(value->>0) FROM json_each(?))")
        .arg(static_cast<int>(OutboxState::sent)),
    // Central did not take these back; what it may still take stays until it has answered.
    QStringLiteral("DELETE FROM lost_entry WHERE code <> '' AND thread IN"
                   " (SELECT unhex(value->>0) FROM json_each(?))"),
};

Status runAll(sql::WriteConnection& connection, const QStringList& statements, const sql::JsonRows& rows)
{
    for (const QString& sql : statements) {
        if (const Status done = connection.statement(sql).exec(rows); !done)
            return done;
    }
    return {};
}

sql::JsonRows rowsOf(const QSet<ThreadId>& threads)
{
    sql::JsonRows rows;
    for (const ThreadId& thread : threads)
        rows.row().add(thread);
    return rows;
}

} // namespace

ScopeEraser::ScopeEraser(sql::WriteConnection& connection) : connection_(connection) {}

Result<QList<BlobId>> ScopeEraser::destroy(const QSet<ThreadId>& threads)
{
    if (threads.isEmpty())
        return QList<BlobId>();
    const sql::JsonRows rows = rowsOf(threads);
    if (const Status kept = keepDrafts(connection_, rows); !kept)
        return tl::unexpected(kept.error());
    if (const Status done = runAll(connection_, receiptSql, rows); !done)
        return tl::unexpected(done.error());
    const Result<QList<BlobId>> blobs = removeAll(threads, rows);
    if (!blobs)
        return blobs;
    if (const Status done = runAll(connection_, ownSql, rows); !done)
        return tl::unexpected(done.error());
    return MessageEraser(connection_).forgetBlobs(*blobs);
}

Status ScopeEraser::drop(const QSet<ThreadId>& threads)
{
    if (threads.isEmpty())
        return {};
    const Result<QList<BlobId>> blobs = removeAll(threads, rowsOf(threads));
    return blobs ? Status() : tl::unexpected(blobs.error());
}

Status ScopeEraser::removeProjections(const QSet<ThreadId>& threads)
{
    const Result<QList<BlobId>> blobs = removeDerived(threads, rowsOf(threads));
    return blobs ? Status() : tl::unexpected(blobs.error());
}

Result<QList<BlobId>> ScopeEraser::removeAll(const QSet<ThreadId>& threads, const sql::JsonRows& rows)
{
    Result<QList<BlobId>> blobs = removeDerived(threads, rows);
    if (!blobs)
        return blobs;
    if (const Status done = runAll(connection_, logSql, rows); !done)
        return tl::unexpected(done.error());
    return blobs;
}

Result<QList<BlobId>> ScopeEraser::removeDerived(const QSet<ThreadId>& threads, const sql::JsonRows& rows)
{
    RecordIndex records(connection_);
    for (const ThreadId& thread : threads) {
        for (const Record what : {Record::person, Record::policy, Record::thread})
            records.remove(what, thread.toBytes());
    }
    Result<QList<BlobId>> blobs = eraseMessages(rows);
    if (!blobs)
        return blobs;
    if (const Status done = records.flush(); !done)
        return tl::unexpected(done.error());
    if (const Status done = runAll(connection_, derivedSql, rows); !done)
        return tl::unexpected(done.error());
    return blobs;
}

Status ScopeEraser::forgetWindow(const ScopeId& scope)
{
    for (const QString& sql : {QStringLiteral("DELETE FROM window_scope WHERE scope = ?"),
                               QStringLiteral("DELETE FROM listed WHERE scope = ?")}) {
        if (const Status done = connection_.statement(sql).exec(scope); !done)
            return done;
    }
    return {};
}

Result<QSet<ThreadId>> ScopeEraser::threadsOf(const ScopeId& scope)
{
    QSet<ThreadId> threads;
    sql::Statement select = connection_.statement(QStringLiteral("SELECT id FROM thread WHERE scope = ?"));
    select.bind(0, scope);
    const Status read = select.forEach([&threads](sql::Statement& row) { threads.insert(row.id<ThreadId>(0)); });
    return read ? Result<QSet<ThreadId>>(std::move(threads)) : tl::unexpected(read.error());
}

Result<QList<BlobId>> ScopeEraser::eraseMessages(const sql::JsonRows& threads)
{
    QSet<EntryId> entries;
    sql::Statement select = connection_.statement(QStringLiteral(
        "SELECT m.entry FROM json_each(?) AS j CROSS JOIN message AS m ON m.thread = unhex(j.value->>0)"));
    select.bind(0, threads);
    const Status read = select.forEach([&entries](sql::Statement& row) { entries.insert(row.id<EntryId>(0)); });
    return read ? MessageEraser(connection_).remove(entries) : tl::unexpected(read.error());
}

} // namespace holdfast::local

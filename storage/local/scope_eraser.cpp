#include "storage/local/scope_eraser.h"

#include "storage/local/message_eraser.h"
#include "storage/local/record_index.h"

namespace holdfast::local {
namespace {

// Each takes the threads as one JSON parameter. People and policies are threads too, and share their bytes.
const QStringList destroySql{
    QStringLiteral("DELETE FROM receipt WHERE entry IN (SELECT e.entry FROM json_each(?) AS j"
                   " CROSS JOIN entry AS e ON e.thread = unhex(j.value->>0))"),
    QStringLiteral("DELETE FROM voucher WHERE entry IN (SELECT e.entry FROM json_each(?) AS j"
                   " CROSS JOIN entry AS e ON e.thread = unhex(j.value->>0))"),
    QStringLiteral("DELETE FROM retried WHERE entry IN (SELECT e.entry FROM json_each(?) AS j"
                   " CROSS JOIN entry AS e ON e.thread = unhex(j.value->>0))"),
    QStringLiteral("DELETE FROM entry WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM person WHERE id IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM policy WHERE id IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM thread_member WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM thread_policy WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM read_marker WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM listed WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM hole WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM thread_window WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM draft WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM thread WHERE id IN (SELECT unhex(value->>0) FROM json_each(?))"),
};

} // namespace

ScopeEraser::ScopeEraser(sql::WriteConnection& connection) : connection_(connection) {}

Result<Destroyed> ScopeEraser::destroy(const ScopeId& scope)
{
    for (const QString& sql : {QStringLiteral("DELETE FROM window_scope WHERE scope = ?"),
                               QStringLiteral("DELETE FROM listed WHERE scope = ?")}) {
        if (const Status done = connection_.statement(sql).exec(scope); !done)
            return tl::unexpected(done.error());
    }
    const Result<QSet<ThreadId>> threads = threadsOf(scope);
    if (!threads)
        return tl::unexpected(threads.error());
    if (threads->isEmpty())
        return Destroyed();
    sql::JsonRows rows;
    RecordIndex records(connection_);
    for (const ThreadId& thread : *threads) {
        rows.row().add(thread);
        for (const Record what : {Record::person, Record::policy, Record::thread})
            records.remove(what, thread.toBytes());
    }
    Result<QList<BlobId>> blobs = eraseMessages(rows);
    if (!blobs)
        return tl::unexpected(blobs.error());
    if (const Status done = records.flush(); !done)
        return tl::unexpected(done.error());
    for (const QString& sql : destroySql) {
        if (const Status done = connection_.statement(sql).exec(rows); !done)
            return tl::unexpected(done.error());
    }
    return Destroyed{*threads, std::move(*blobs)};
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
    return read ? MessageEraser(connection_).erase(entries) : tl::unexpected(read.error());
}

} // namespace holdfast::local

#include "storage/local/rebuild.h"

#include "storage/local/entry_checks.h"
#include "storage/local/outbox.h"
#include "storage/local/projection.h"
#include "storage/local/schema.h"
#include "storage/sql/transaction.h"

namespace holdfast::local {
namespace {

constexpr qsizetype piece = 500;

const QStringList emptyTables{
    QStringLiteral("DELETE FROM thread"),
    QStringLiteral("DELETE FROM thread_member"),
    QStringLiteral("DELETE FROM thread_policy"),
    QStringLiteral("DELETE FROM message"),
    QStringLiteral("DELETE FROM delivery"),
    QStringLiteral("DELETE FROM provider"),
    QStringLiteral("DELETE FROM attachment"),
    QStringLiteral("DELETE FROM person"),
    QStringLiteral("DELETE FROM policy"),
    QStringLiteral("DELETE FROM staff"),
    QStringLiteral("DELETE FROM scope"),
    QStringLiteral("DELETE FROM scope_grant"),
    QStringLiteral("DELETE FROM device"),
    QStringLiteral("DELETE FROM read_marker"),
    QStringLiteral("DELETE FROM heads"),
    QStringLiteral("DELETE FROM record"),
    QStringLiteral("DELETE FROM message_identifier"),
    QStringLiteral("DELETE FROM record_identifier"),
    QStringLiteral("INSERT INTO message_fts (message_fts) VALUES ('delete-all')"),
    QStringLiteral("INSERT INTO record_fts (record_fts) VALUES ('delete-all')"),
};

struct Stored
{
    domain::Entry entry;
    Checked checked = Checked::good;
    Digest leaf;
};

const QString storedColumns =
    QStringLiteral("SELECT pos, entry, thread, scope, seq, kind, author, device, device_seq, claimed_at, central_at,"
                   " content, checked, leaf FROM entry ");

Result<std::vector<Stored>> readStored(sql::Statement& select)
{
    std::vector<Stored> entries;
    const Status read = select.forEach([&entries](sql::Statement& row) {
        Stored stored;
        domain::Entry& entry = stored.entry;
        entry.pos = row.strong<Position>(0);
        entry.author.entryId = row.id<EntryId>(1);
        entry.author.thread = row.id<ThreadId>(2);
        entry.scope = row.id<ScopeId>(3);
        entry.threadSeq = row.strong<ThreadSeq>(4);
        entry.author.kind = static_cast<log::KindNumber>(row.int64(5));
        entry.author.author = row.id<UserId>(6);
        entry.author.device = row.id<DeviceId>(7);
        entry.author.deviceSeq = row.strong<DeviceSeq>(8);
        entry.author.claimedAt = row.strong<Timestamp>(9);
        entry.centralAt = row.strong<Timestamp>(10);
        if (!row.isNull(11))
            entry.content = row.bytes(11);
        stored.checked = row.enumeration<Checked>(12);
        stored.leaf = row.digest(13);
        entries.push_back(std::move(stored));
    });
    return read ? Result<std::vector<Stored>>(std::move(entries)) : tl::unexpected(read.error());
}

Result<std::vector<Stored>> readAfter(sql::WriteConnection& connection, qint64 after)
{
    sql::Statement select = connection.statement(storedColumns + QStringLiteral("WHERE pos > ? ORDER BY pos LIMIT ?"));
    select.bind(0, after);
    select.bind(1, piece);
    return readStored(select);
}

Result<std::vector<Stored>> readOfThread(sql::WriteConnection& connection, const ThreadId& thread, ThreadSeq after)
{
    sql::Statement select =
        connection.statement(storedColumns + QStringLiteral("WHERE thread = ? AND seq > ? ORDER BY seq LIMIT ?"));
    select.bind(0, thread);
    select.bind(1, after);
    select.bind(2, piece);
    return readStored(select);
}

Status foldPiece(sql::WriteConnection& connection, const UserId& me, const std::vector<Stored>& entries)
{
    Projection projection(connection, me);
    QSet<ThreadId> threads;
    for (const Stored& stored : entries)
        threads.insert(stored.entry.author.thread);
    if (const Status done = projection.load(threads); !done)
        return done;
    for (const Stored& stored : entries) {
        ThreadState& thread = projection.thread(stored.entry.author.thread);
        thread.checksum.add(stored.leaf);
        if (stored.entry.threadSeq > thread.headSeq) {
            thread.headSeq = stored.entry.threadSeq;
            thread.headLeaf = stored.leaf;
        }
        projection.foldChanges(changesOf(stored.entry, stored.checked), stored.entry.pos);
    }
    return projection.finish();
}

// Threads that so far only the outbox knows; the others had its entries folded in with their own.
Status foldOutbox(sql::WriteConnection& connection, const UserId& me)
{
    QSet<ThreadId> threads;
    sql::Statement select =
        connection.statement(QStringLiteral("SELECT DISTINCT thread FROM outbox WHERE state <> ?"
                                            " AND NOT EXISTS (SELECT 1 FROM thread WHERE thread.id = outbox.thread)"));
    select.bind(0, OutboxState::discarded);
    const Status read = select.forEach([&threads](sql::Statement& row) { threads.insert(row.id<ThreadId>(0)); });
    if (!read || threads.isEmpty())
        return read;
    Projection projection(connection, me);
    if (const Status done = projection.load(threads); !done)
        return done;
    return projection.finish();
}

Result<void> rebuild(sql::WriteConnection& connection, const UserId& me)
{
    if (const Status set = connection.setDurability(sql::Durability::normal); !set)
        return set;
    Result<sql::Transaction> transaction = sql::Transaction::begin(connection);
    if (!transaction)
        return tl::unexpected(transaction.error());
    if (const Status done = foldAnew(connection, me); !done)
        return done;
    return transaction->commit();
}

} // namespace

Status foldAnew(sql::WriteConnection& connection, const UserId& me)
{
    for (const QString& sql : emptyTables + firstDeletions()) {
        if (const Status done = connection.statement(sql).exec(); !done)
            return done;
    }
    for (qint64 after = -1;;) {
        const Result<std::vector<Stored>> entries = readAfter(connection, after);
        if (!entries)
            return tl::unexpected(entries.error());
        if (entries->empty())
            break;
        if (const Status done = foldPiece(connection, me, *entries); !done)
            return done;
        after = static_cast<qint64>(entries->back().entry.pos.value);
    }
    return foldOutbox(connection, me);
}

QFuture<Result<void>> rebuildProjections(Database& database, const UserId& me)
{
    return database.write<void>(Priority::bulk,
                                [me](sql::WriteConnection& connection) { return rebuild(connection, me); });
}

// The first piece brings what waits in the outbox along, because the thread's row is gone.
Status foldThread(sql::WriteConnection& connection, const UserId& me, const ThreadId& thread)
{
    for (ThreadSeq after;;) {
        const Result<std::vector<Stored>> entries = readOfThread(connection, thread, after);
        if (!entries)
            return tl::unexpected(entries.error());
        if (entries->empty())
            return {};
        if (const Status done = foldPiece(connection, me, *entries); !done)
            return done;
        after = entries->back().entry.threadSeq;
    }
}

} // namespace holdfast::local

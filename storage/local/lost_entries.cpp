#include "storage/local/lost_entries.h"

#include "models/log/entry.h"
#include "storage/local/rebuild.h"
#include "storage/sql/transaction.h"

#include <QtEndian>

namespace holdfast::local {
namespace {

const QString pointName = QStringLiteral("restored");

// The blobs of a message stay on this desk as long as its entry waits here.
const QString moveEntriesSql = QStringLiteral(
    "INSERT OR IGNORE INTO lost_entry (entry, pos, thread, kind, header, salt, content, blobs, voucher, receipt, code)"
    " SELECT e.entry, e.pos, e.thread, e.kind, e.header, e.salt, e.content,"
    " unhex(coalesce((SELECT group_concat(hex(a.blob), '') FROM attachment AS a WHERE a.message = e.entry), '')),"
    " coalesce(v.bytes, x''), coalesce(r.receipt, x''), '' FROM entry AS e LEFT JOIN voucher AS v ON v.entry = e.entry"
    " LEFT JOIN receipt AS r ON r.entry = e.entry WHERE e.pos >= ? AND e.content IS NOT NULL");
// Accepted, but not yet back by the feed. They stay in the outbox too, which shows them.
const QString copyOutboxSql = QStringLiteral(
    "INSERT OR IGNORE INTO lost_entry (entry, pos, thread, kind, header, salt, content, blobs, voucher, receipt, code)"
    " SELECT o.entry, r.pos, o.thread, o.kind, r.header, o.salt, o.content, o.blobs, x'', r.receipt, ''"
    " FROM outbox AS o JOIN receipt AS r ON r.entry = o.entry WHERE o.state = ? AND r.pos >= ?");
const QString putSettingSql = QStringLiteral("INSERT INTO setting (name, value) VALUES (?, ?)"
                                             " ON CONFLICT (name) DO UPDATE SET value = excluded.value");

// Threads of which something at or above the restored point may be missing here: how far they go now is not known, so
// their newest window is asked for again.
const QString unsureThreads = QStringLiteral("(SELECT thread FROM hole WHERE pos >= ?1)");
const QStringList askAgainSql{
    QStringLiteral("INSERT OR IGNORE INTO listed (thread, scope, pos) SELECT id, scope, ?1 FROM thread WHERE id IN ") +
        unsureThreads,
    QStringLiteral("DELETE FROM entry WHERE thread IN ") + unsureThreads,
    QStringLiteral("DELETE FROM thread_window WHERE thread IN ") + unsureThreads,
    QStringLiteral("DELETE FROM hole WHERE thread IN ") + unsureThreads,
    QStringLiteral("UPDATE listed SET pos = ?1 WHERE pos > ?1"),
};

QByteArray toText(const RestoredPoint& point)
{
    return QByteArray::number(point.epoch.value) + ' ' + QByteArray::number(point.pos.value) + ' ' +
           point.root.toBytes().toHex();
}

std::optional<RestoredPoint> pointOf(const QByteArray& text)
{
    const QList<QByteArray> parts = text.split(' ');
    const auto root = parts.size() == 3 ? Digest::fromBytes(QByteArray::fromHex(parts[2])) : std::nullopt;
    if (!root)
        return std::nullopt;
    return RestoredPoint{Epoch{parts[0].toULongLong()}, Position{parts[1].toULongLong()}, *root};
}

LostEntry entryOf(sql::Statement& row)
{
    LostEntry lost;
    lost.entry.id = row.id<EntryId>(0);
    lost.entry.thread = row.id<ThreadId>(1);
    lost.entry.kind = row.enumeration<domain::Kind>(2);
    lost.header = row.bytes(3);
    lost.entry.salt = row.bytes(4);
    lost.entry.content = row.bytes(5);
    lost.voucher = row.bytes(6);
    lost.receipt = row.bytes(7);
    lost.pos = row.strong<Position>(8);
    return lost;
}

sql::JsonRows rowsOf(const QList<EntryId>& ids)
{
    sql::JsonRows rows;
    for (const EntryId& id : ids)
        rows.row().add(id);
    return rows;
}

// Ids are UUIDs of version 7: their first 48 bits are the milliseconds of writing, so they sort by time.
QByteArray smallestIdOf(Timestamp time)
{
    const quint64 milliseconds = qToBigEndian(static_cast<quint64>(std::max<qint64>(0, time.value / 1000)) << 16);
    return QByteArray(reinterpret_cast<const char*>(&milliseconds), 6) + QByteArray(10, '\0');
}

Status moveAside(sql::WriteConnection& connection, Position from)
{
    if (const Status done = connection.statement(moveEntriesSql).exec(from); !done)
        return done;
    if (const Status done = connection.statement(copyOutboxSql).exec(OutboxState::sent, from); !done)
        return done;
    if (const Status done = connection.statement(QStringLiteral("DELETE FROM entry WHERE pos >= ?")).exec(from); !done)
        return done;
    for (const QString& sql : askAgainSql) {
        if (const Status done = connection.statement(sql).exec(from); !done)
            return done;
    }
    return {};
}

Result<int> countWaiting(sql::Connection& connection)
{
    sql::Statement count = connection.statement(QStringLiteral("SELECT count(*) FROM lost_entry WHERE code = ''"));
    const Result<bool> found = count.first();
    if (!found)
        return tl::unexpected(found.error());
    return static_cast<int>(count.int64(0));
}

Result<int> setBackTo(sql::WriteConnection& connection, const UserId& me, const RestoredPoint& point,
                      const QByteArray& cursor)
{
    if (const Status set = connection.setDurability(sql::Durability::full); !set)
        return tl::unexpected(set.error());
    Result<sql::Transaction> transaction = sql::Transaction::begin(connection);
    if (!transaction)
        return tl::unexpected(transaction.error());
    if (const Status moved = moveAside(connection, point.pos); !moved)
        return tl::unexpected(moved.error());
    if (const Status folded = foldAnew(connection, me); !folded)
        return tl::unexpected(folded.error());
    for (const auto& [name, value] :
         {std::pair(QStringLiteral("cursor"), cursor), std::pair(pointName, toText(point))}) {
        if (const Status put = connection.statement(putSettingSql).exec(name, value); !put)
            return tl::unexpected(put.error());
    }
    const Result<int> waiting = countWaiting(connection);
    if (!waiting)
        return waiting;
    const Status committed = transaction->commit();
    return committed ? waiting : Result<int>(tl::unexpected(committed.error()));
}

} // namespace

LostEntries::LostEntries(Database& database, const UserId& me) : database_(database), me_(me) {}

QFuture<Result<int>> LostEntries::setBack(const RestoredPoint& point, const QByteArray& cursor)
{
    return database_.write<int>(Priority::bulk, [me = me_, point, cursor](sql::WriteConnection& connection) {
        return setBackTo(connection, me, point, cursor);
    });
}

QFuture<Result<std::optional<RestoredPoint>>> LostEntries::restoredPoint()
{
    using Answer = std::optional<RestoredPoint>;
    return database_.read<Answer>([](sql::ReadConnection& connection) -> Result<Answer> {
        sql::Statement select = connection.statement(QStringLiteral("SELECT value FROM setting WHERE name = ?"));
        const Result<bool> found = select.first(pointName);
        if (!found)
            return tl::unexpected(found.error());
        return *found ? pointOf(select.bytes(0)) : Answer();
    });
}

QFuture<Result<QList<LostEntry>>> LostEntries::waiting(std::optional<Position> after, int limit)
{
    const qint64 from = after ? static_cast<qint64>(after->value) + 1 : 0;
    return database_.read<QList<LostEntry>>([from, limit](sql::ReadConnection& connection) -> Result<QList<LostEntry>> {
        QList<LostEntry> entries;
        sql::Statement select = connection.statement(
            QStringLiteral("SELECT entry, thread, kind, header, salt, content, voucher, receipt, pos"
                           " FROM lost_entry WHERE code = '' AND pos >= ? ORDER BY pos LIMIT ?"));
        select.bind(0, from);
        select.bind(1, limit);
        const Status read = select.forEach([&entries](sql::Statement& row) { entries.append(entryOf(row)); });
        return read ? Result<QList<LostEntry>>(std::move(entries)) : tl::unexpected(read.error());
    });
}

QFuture<Result<void>> LostEntries::settle(const QList<EntryId>& ids)
{
    return database_.write<void>(Priority::normal, [ids](sql::WriteConnection& connection) -> Result<void> {
        if (ids.isEmpty())
            return {};
        if (const Status set = connection.setDurability(sql::Durability::normal); !set)
            return set;
        return connection
            .statement(
                QStringLiteral("DELETE FROM lost_entry WHERE entry IN (SELECT unhex(value->>0) FROM json_each(?))"))
            .exec(rowsOf(ids));
    });
}

QFuture<Result<void>> LostEntries::putAside(const QList<EntryId>& ids, const QString& code)
{
    return database_.write<void>(Priority::normal, [ids, code](sql::WriteConnection& connection) -> Result<void> {
        if (ids.isEmpty())
            return {};
        return connection
            .statement(QStringLiteral("UPDATE lost_entry SET code = ?"
                                      " WHERE entry IN (SELECT unhex(value->>0) FROM json_each(?))"))
            .exec(code.isEmpty() ? QStringLiteral("refused") : code, rowsOf(ids));
    });
}

QFuture<Result<void>> LostEntries::dropOlder(Timestamp before)
{
    return database_.write<void>(Priority::bulk, [before](sql::WriteConnection& connection) -> Result<void> {
        const QByteArray oldest = smallestIdOf(before);
        for (const char* table : {"receipt", "voucher", "lost_entry"}) {
            const Status dropped =
                connection.statement(QStringLiteral("DELETE FROM %1 WHERE entry < ?").arg(QLatin1StringView(table)))
                    .exec(oldest);
            if (!dropped)
                return dropped;
        }
        return {};
    });
}

} // namespace holdfast::local

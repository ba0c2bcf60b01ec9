#include "storage/local/history_plan.h"

#include "storage/sql/transaction.h"

#include <algorithm>

namespace holdfast::local {
namespace {

const QString windowsSql = QStringLiteral("SELECT thread FROM listed ORDER BY pos DESC LIMIT ?");
const QString holesSql = QStringLiteral("SELECT thread, first, last FROM hole ORDER BY pos DESC LIMIT ?");
// Scopes that are equally far: those of one opening are listed together.
const QString listingSql = QStringLiteral("SELECT scope, %1 FROM window_scope WHERE %1 > 0 AND %1 ="
                                          " (SELECT max(%1) FROM window_scope) ORDER BY scope LIMIT 1000");
const QString listSql = QStringLiteral(
    "INSERT OR IGNORE INTO listed (thread, scope, pos) SELECT unhex(j.value->>0), unhex(j.value->>1), j.value->>2"
    " FROM json_each(?) AS j WHERE NOT EXISTS (SELECT 1 FROM thread AS t WHERE t.id = unhex(j.value->>0)"
    " AND t.head_seq > 0)");
const QString missingSql = QStringLiteral("SELECT first, last FROM hole WHERE thread = ? AND first <= ? AND last >= ?"
                                          " ORDER BY first DESC LIMIT 1");

QString groupOf(bool records)
{
    return records ? QStringLiteral("records") : QStringLiteral("conversations");
}

Result<std::optional<HistoryListing>> readListing(sql::Connection& connection)
{
    for (const bool records : {false, true}) {
        HistoryListing listing;
        listing.records = records;
        sql::Statement select = connection.statement(listingSql.arg(groupOf(records)));
        const Status read = select.forEach([&listing](sql::Statement& row) {
            listing.scopes.append(row.id<ScopeId>(0));
            listing.below = row.strong<Position>(1);
        });
        if (!read)
            return tl::unexpected(read.error());
        if (!listing.scopes.isEmpty())
            return std::optional(std::move(listing));
    }
    return std::optional<HistoryListing>();
}

// Those that were set aside must not fill the answer.
Result<HistoryPlan> readPlan(sql::Connection& connection, const QSet<ThreadId>& setAside)
{
    const Result<sql::Snapshot> snapshot = sql::Snapshot::begin(connection);
    if (!snapshot)
        return tl::unexpected(snapshot.error());
    HistoryPlan plan;
    sql::Statement windows = connection.statement(windowsSql);
    windows.bind(0, windowsAtOnce + setAside.size());
    Status read = windows.forEach([&](sql::Statement& row) {
        const auto thread = row.id<ThreadId>(0);
        if (!setAside.contains(thread) && plan.windows.size() < windowsAtOnce)
            plan.windows.append(thread);
    });
    if (!read)
        return tl::unexpected(read.error());
    if (!plan.windows.isEmpty())
        return plan;
    Result<std::optional<HistoryListing>> listing = readListing(connection);
    if (!listing)
        return tl::unexpected(listing.error());
    plan.listing = std::move(*listing);
    if (plan.listing)
        return plan;
    sql::Statement holes = connection.statement(holesSql);
    holes.bind(0, 4 * (rangesAtOnce + setAside.size())); // a thread's state leaves several
    read = holes.forEach([&](sql::Statement& row) {
        const auto thread = row.id<ThreadId>(0);
        if (!setAside.contains(thread) && plan.ranges.size() < rangesAtOnce)
            plan.ranges.append({thread, row.strong<ThreadSeq>(1), row.strong<ThreadSeq>(2), true});
    });
    return read ? Result<HistoryPlan>(std::move(plan)) : tl::unexpected(read.error());
}

Status writeListed(sql::WriteConnection& connection, const HistoryListing& asked, const QList<ListedThread>& threads,
                   bool more)
{
    sql::JsonRows scopes;
    for (const ScopeId& scope : asked.scopes)
        scopes.row().add(scope);
    sql::Statement open = connection.statement(QStringLiteral(
        "SELECT count(*) FROM json_each(?) AS j JOIN window_scope AS w ON w.scope = unhex(j.value->>0)"));
    const Result<bool> counted = open.first(scopes);
    if (!counted)
        return tl::unexpected(counted.error());
    if (open.int64(0) != asked.scopes.size())
        return {};
    sql::JsonRows rows;
    for (const ListedThread& thread : threads)
        rows.row().add(thread.thread).add(thread.scope).add(thread.newest);
    if (!rows.isEmpty()) {
        if (const Status done = connection.statement(listSql).exec(rows); !done)
            return done;
    }
    const quint64 below = more && !threads.isEmpty() ? threads.last().newest.value : 0;
    return connection
        .statement(QStringLiteral("UPDATE window_scope SET %1 = ? WHERE scope IN"
                                  " (SELECT unhex(value->>0) FROM json_each(?))")
                       .arg(groupOf(asked.records)))
        .exec(below, scopes);
}

Result<void> inTransaction(sql::WriteConnection& connection, const std::function<Status()>& body)
{
    if (const Status set = connection.setDurability(sql::Durability::normal); !set)
        return set;
    Result<sql::Transaction> transaction = sql::Transaction::begin(connection);
    if (!transaction)
        return tl::unexpected(transaction.error());
    if (const Status done = body(); !done)
        return done;
    return transaction->commit();
}

} // namespace

QFuture<Result<HistoryPlan>> nextHistory(Database& database, const QSet<ThreadId>& setAside)
{
    return database.read<HistoryPlan>(
        [setAside](sql::ReadConnection& connection) { return readPlan(connection, setAside); });
}

QFuture<Result<std::optional<HistoryRange>>> missingOf(Database& database, const HistoryRange& range)
{
    using Answer = std::optional<HistoryRange>;
    return database.read<Answer>([range](sql::ReadConnection& connection) -> Result<Answer> {
        sql::Statement select = connection.statement(missingSql);
        const Result<bool> found = select.first(range.thread, range.last, range.first);
        if (!found)
            return tl::unexpected(found.error());
        if (!*found)
            return Answer();
        const auto holeLast = select.strong<ThreadSeq>(1);
        HistoryRange missing = range;
        missing.first = std::max(range.first, select.strong<ThreadSeq>(0));
        missing.last = std::min(range.last, holeLast);
        missing.continues = missing.last == holeLast;
        return Answer(missing);
    });
}

QFuture<Result<void>> noteListed(Database& database, const HistoryListing& asked, const QList<ListedThread>& threads,
                                 bool more)
{
    return database.write<void>(Priority::bulk, [=](sql::WriteConnection& connection) -> Result<void> {
        return inTransaction(connection, [&] { return writeListed(connection, asked, threads, more); });
    });
}

QFuture<Result<void>> forgetListed(Database& database, const QList<ThreadId>& threads)
{
    sql::JsonRows rows;
    for (const ThreadId& thread : threads)
        rows.row().add(thread);
    return database.write<void>(Priority::bulk, [rows](sql::WriteConnection& connection) -> Result<void> {
        return inTransaction(connection, [&] {
            return connection
                .statement(
                    QStringLiteral("DELETE FROM listed WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))"))
                .exec(rows);
        });
    });
}

QStringList planStatements()
{
    return {windowsSql, holesSql, missingSql};
}

} // namespace holdfast::local

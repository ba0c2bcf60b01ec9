#include "storage/local/closings.h"

#include "storage/local/scope_sums.h"

namespace holdfast::local {
namespace {

constexpr int mostTold = 200;

Result<QList<qint64>> openNumbers(sql::Connection& connection)
{
    QList<qint64> numbers;
    sql::Statement select = connection.statement(QStringLiteral("SELECT number FROM closing WHERE gone = 0"));
    const Status read = select.forEach([&numbers](sql::Statement& row) { numbers.append(row.int64(0)); });
    return read ? Result<QList<qint64>>(std::move(numbers)) : tl::unexpected(read.error());
}

sql::JsonRows rowsOf(const QList<qint64>& numbers)
{
    sql::JsonRows rows;
    for (const qint64 number : numbers)
        rows.row().add(number);
    return rows;
}

QFuture<Result<void>> ready(const Result<void>& result)
{
    QPromise<Result<void>> promise;
    promise.start();
    promise.addResult(result);
    promise.finish();
    return promise.future();
}

} // namespace

Result<QList<qint64>> noteClosings(sql::WriteConnection& connection, const Closings& closings)
{
    QList<qint64> numbers;
    sql::JsonRows rows;
    for (const ScopeId& scope : closings.scopes)
        rows.row().add(qint64(Closed::scope)).add(scope);
    for (const ThreadId& thread : closings.threads)
        rows.row().add(qint64(Closed::thread)).add(thread);
    for (const domain::EraseContents& erasure : closings.erased)
        rows.row().add(qint64(Closed::erasure)).add(erasure.erasure);
    if (rows.isEmpty())
        return numbers;
    sql::Statement insert =
        connection.statement(QStringLiteral("INSERT INTO closing (what, id, gone) SELECT value->>0, unhex(value->>1), 0"
                                            " FROM json_each(?) RETURNING number"));
    insert.bind(0, rows);
    const Status noted = insert.forEach([&numbers](sql::Statement& row) { numbers.append(row.int64(0)); });
    return noted ? Result<QList<qint64>>(std::move(numbers)) : tl::unexpected(noted.error());
}

Status forgetClosings(sql::WriteConnection& connection, const Closings& closings)
{
    sql::JsonRows rows;
    for (const ScopeId& scope : closings.opened)
        rows.row().add(qint64(Closed::scope)).add(scope);
    for (const ThreadId& thread : closings.openedThreads)
        rows.row().add(qint64(Closed::thread)).add(thread);
    if (rows.isEmpty())
        return {};
    return connection
        .statement(QStringLiteral("DELETE FROM closing WHERE (what, id) IN"
                                  " (SELECT value->>0, unhex(value->>1) FROM json_each(?))"))
        .exec(rows);
}

QFuture<Result<void>> noteGone(Database& database, const QList<qint64>& numbers)
{
    if (numbers.isEmpty())
        return ready({});
    return database.write<void>(Priority::normal, [numbers](sql::WriteConnection& connection) -> Result<void> {
        if (const Status set = connection.setDurability(sql::Durability::full); !set)
            return set;
        return connection
            .statement(
                QStringLiteral("UPDATE closing SET gone = 1 WHERE number IN (SELECT value->>0 FROM json_each(?))"))
            .exec(rowsOf(numbers));
    });
}

QFuture<Result<void>> finishClosings(Database& database, MediaStore& media, Timestamp now)
{
    return database
        .write<QList<qint64>>(Priority::normal,
                              [](sql::WriteConnection& connection) { return openNumbers(connection); })
        .then([&database, media, now](const Result<QList<qint64>>& numbers) mutable {
            return media.sweep(now)
                .then([&database, numbers](const Result<int>& swept) {
                    if (!numbers || !swept)
                        return ready(tl::unexpected(numbers ? swept.error() : numbers.error()));
                    return noteGone(database, *numbers);
                })
                .unwrap();
        })
        .unwrap();
}

QFuture<Result<FeedNotes>> feedNotes(Database& database)
{
    return database.read<FeedNotes>([](sql::ReadConnection& connection) -> Result<FeedNotes> {
        FeedNotes notes;
        sql::Statement select = connection.statement(
            QStringLiteral("SELECT number, what, id FROM closing WHERE gone = 1 ORDER BY number LIMIT ?"));
        select.bind(0, mostTold);
        const Status read = select.forEach([&notes](sql::Statement& row) {
            notes.closed.append({row.int64(0), row.enumeration<Closed>(1), row.bytes(2)});
        });
        if (!read)
            return tl::unexpected(read.error());
        Result<QList<ScopeId>> again = scopesToReopen(connection);
        if (!again)
            return tl::unexpected(again.error());
        notes.again = std::move(*again);
        return notes;
    });
}

QFuture<Result<void>> forgetAcknowledgements(Database& database, const QList<Acknowledgement>& told)
{
    if (told.isEmpty())
        return ready({});
    QList<qint64> numbers;
    for (const Acknowledgement& one : told)
        numbers.append(one.number);
    return database.write<void>(
        Priority::normal, [rows = rowsOf(numbers)](sql::WriteConnection& connection) -> Result<void> {
            if (const Status set = connection.setDurability(sql::Durability::normal); !set)
                return set;
            return connection
                .statement(QStringLiteral(
                    "DELETE FROM closing WHERE number IN (SELECT value->>0 FROM json_each(?)) AND gone = 1"))
                .exec(rows);
        });
}

} // namespace holdfast::local

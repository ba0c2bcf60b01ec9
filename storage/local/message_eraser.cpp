#include "storage/local/message_eraser.h"

#include "models/domain/identifier.h"
#include "storage/local/blob_use.h"
#include "storage/local/schema.h"

namespace holdfast::local {
namespace {

const QString pendingRowsSql = QStringLiteral("SELECT m.row, m.text FROM json_each(?) AS j CROSS JOIN message AS m"
                                              " ON m.entry = unhex(j.value->>0) AND m.row >= %1")
                                   .arg(pendingBase);
const QString anyRowsSql = QStringLiteral("SELECT m.row, m.text FROM json_each(?) AS j CROSS JOIN message AS m"
                                          " ON m.entry = unhex(j.value->>0)");
const QString forgetTermsSql =
    QStringLiteral("INSERT INTO message_fts (message_fts, rowid, text, names) SELECT 'delete', m.row, m.text, m.names"
                   " FROM json_each(?) AS j CROSS JOIN message AS m ON m.row = j.value->>0");
const QString forgetIdentifiersSql = QStringLiteral("DELETE FROM message_identifier WHERE (token, row) IN"
                                                    " (SELECT value->>0, value->>1 FROM json_each(?))");
const QString forgetRowsSql = QStringLiteral("DELETE FROM message WHERE row IN (SELECT value->>0 FROM json_each(?))");
const QString blobsSql =
    QStringLiteral("SELECT a.blob FROM json_each(?) AS j CROSS JOIN attachment AS a ON a.message = unhex(j.value->>0)");

// Bytes may be on their way here, so those that are not held are named as well.
const QString unneededSql = QStringLiteral("SELECT unhex(j.value->>0) FROM json_each(?) AS j WHERE ") +
                            isUnneeded(QStringLiteral("unhex(j.value->>0)"));
const QString forgetHeldSql =
    QStringLiteral("DELETE FROM held WHERE blob IN (SELECT unhex(value->>0) FROM json_each(?))");

template <typename Ids>
sql::JsonRows rowsOf(const Ids& ids)
{
    sql::JsonRows rows;
    for (const auto& id : ids)
        rows.row().add(id);
    return rows;
}

} // namespace

MessageEraser::MessageEraser(sql::WriteConnection& connection) : connection_(connection) {}

Status MessageEraser::removeRows(const QString& rowsSql, const QSet<EntryId>& entries)
{
    if (entries.isEmpty())
        return {};
    sql::JsonRows rows;
    sql::JsonRows tokens;
    sql::Statement select = connection_.statement(rowsSql);
    select.bind(0, rowsOf(entries));
    const Status read = select.forEach([&](sql::Statement& row) {
        rows.row().add(row.int64(0));
        const QStringList found = domain::identifiersIn(row.text(1));
        for (const QString& token : found)
            tokens.row().add(token).add(row.int64(0));
    });
    if (!read || rows.isEmpty())
        return read;
    // Terms first: the index is told the old text, which the row still has.
    if (const Status done = connection_.statement(forgetTermsSql).exec(rows); !done)
        return done;
    if (!tokens.isEmpty()) {
        if (const Status done = connection_.statement(forgetIdentifiersSql).exec(tokens); !done)
            return done;
    }
    return connection_.statement(forgetRowsSql).exec(rows);
}

Status MessageEraser::removePending(const QSet<EntryId>& entries)
{
    return removeRows(pendingRowsSql, entries);
}

Result<QList<BlobId>> MessageEraser::remove(const QSet<EntryId>& entries)
{
    QList<BlobId> blobs;
    const sql::JsonRows ids = rowsOf(entries);
    sql::Statement select = connection_.statement(blobsSql);
    select.bind(0, ids);
    const Status read = select.forEach([&blobs](sql::Statement& row) { blobs.append(row.id<BlobId>(0)); });
    if (!read)
        return tl::unexpected(read.error());
    if (const Status done = removeRows(anyRowsSql, entries); !done)
        return tl::unexpected(done.error());
    for (const QString& sql : {
             QStringLiteral("DELETE FROM attachment WHERE message IN (SELECT unhex(value->>0) FROM json_each(?))"),
             QStringLiteral("DELETE FROM delivery WHERE message IN (SELECT unhex(value->>0) FROM json_each(?))"),
             QStringLiteral("DELETE FROM provider WHERE message IN (SELECT unhex(value->>0) FROM json_each(?))"),
         }) {
        if (const Status done = connection_.statement(sql).exec(ids); !done)
            return tl::unexpected(done.error());
    }
    return blobs;
}

Result<QList<BlobId>> MessageEraser::forgetBlobs(const QList<BlobId>& blobs)
{
    QList<BlobId> gone;
    if (blobs.isEmpty())
        return gone;
    sql::Statement select = connection_.statement(unneededSql);
    select.bind(0, rowsOf(blobs));
    const Status read = select.forEach([&gone](sql::Statement& row) { gone.append(row.id<BlobId>(0)); });
    if (!read)
        return tl::unexpected(read.error());
    if (gone.isEmpty())
        return gone;
    const Status forgotten = connection_.statement(forgetHeldSql).exec(rowsOf(gone));
    return forgotten ? Result<QList<BlobId>>(std::move(gone)) : tl::unexpected(forgotten.error());
}

} // namespace holdfast::local

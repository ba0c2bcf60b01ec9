#include "storage/local/content_eraser.h"

#include "storage/local/kept_drafts.h"
#include "storage/local/message_eraser.h"
#include "storage/local/rebuild.h"
#include "storage/local/scope_eraser.h"

namespace holdfast::local {
namespace {

const QString textsSql = QStringLiteral("SELECT m.text FROM json_each(?) AS j CROSS JOIN message AS m"
                                        " ON m.entry = unhex(j.value->>0)");
const QString blobsSql =
    QStringLiteral("SELECT a.blob FROM json_each(?) AS j CROSS JOIN attachment AS a ON a.message = unhex(j.value->>0)");
// What waits to be given back to a restored central, and what shows that it was there.
const QStringList copiesSql{
    QStringLiteral("DELETE FROM voucher WHERE entry IN (SELECT unhex(value->>0) FROM json_each(?))"),
    QStringLiteral("DELETE FROM lost_entry WHERE entry IN (SELECT unhex(value->>0) FROM json_each(?))"),
};
const QString forgetSql = QStringLiteral("UPDATE entry SET salt = NULL, content = NULL"
                                         " WHERE entry IN (SELECT unhex(value->>0) FROM json_each(?))");

sql::JsonRows rowsOf(const QList<EntryId>& entries)
{
    sql::JsonRows rows;
    for (const EntryId& entry : entries)
        rows.row().add(entry);
    return rows;
}

} // namespace

ContentEraser::ContentEraser(sql::WriteConnection& connection, const UserId& me) : connection_(connection), me_(me) {}

// Of those that are named, what stands in the named thread and is not structure.
Result<QList<EntryId>> ContentEraser::affected(const domain::EraseContents& erasure)
{
    QList<EntryId> entries;
    const QSet<EntryId> named(erasure.entries.begin(), erasure.entries.end());
    sql::Statement select = connection_.statement(
        QStringLiteral("SELECT entry, kind, seq FROM entry WHERE thread = ? AND content IS NOT NULL"));
    select.bind(0, erasure.thread);
    const Status read = select.forEach([&](sql::Statement& row) {
        const auto kind = domain::kindOf(static_cast<log::KindNumber>(row.int64(1)));
        const auto entry = row.id<EntryId>(0);
        const bool isOpening = kind == domain::Kind::threadOpened;
        const bool goes = named.contains(entry) || (row.strong<ThreadSeq>(2) < erasure.below && !isOpening);
        if (goes && !(kind && domain::isStructural(*kind)))
            entries.append(entry);
    });
    return read ? Result<QList<EntryId>>(std::move(entries)) : tl::unexpected(read.error());
}

Status ContentEraser::eraseCopies(const domain::EraseContents& erasure, const QList<EntryId>& entries)
{
    for (const QString& sql : copiesSql) {
        if (const Status done = connection_.statement(sql).exec(rowsOf(entries + erasure.entries)); !done)
            return done;
    }
    if (erasure.below.value == 0)
        return {};
    return connection_.statement(QStringLiteral("DELETE FROM lost_entry WHERE thread = ?")).exec(erasure.thread);
}

Result<QList<BlobId>> ContentEraser::erase(const domain::EraseContents& erasure)
{
    const Result<QList<EntryId>> entries = affected(erasure);
    if (!entries)
        return tl::unexpected(entries.error());
    QList<BlobId> blobs;
    if (const Status done = eraseCopies(erasure, *entries); !done)
        return tl::unexpected(done.error());
    if (entries->isEmpty())
        return blobs;
    const sql::JsonRows rows = rowsOf(*entries);
    QStringList texts;
    sql::Statement selectTexts = connection_.statement(textsSql);
    selectTexts.bind(0, rows);
    Status done = selectTexts.forEach([&texts](sql::Statement& row) { texts.append(row.text(0)); });
    if (!done)
        return tl::unexpected(done.error());
    sql::Statement selectBlobs = connection_.statement(blobsSql);
    selectBlobs.bind(0, rows);
    done = selectBlobs.forEach([&blobs](sql::Statement& row) { blobs.append(row.id<BlobId>(0)); });
    if (!done)
        return tl::unexpected(done.error());
    if (done = unquoteDrafts(connection_, erasure.thread, texts); !done)
        return tl::unexpected(done.error());
    if (done = ScopeEraser(connection_).removeProjections({erasure.thread}); !done)
        return tl::unexpected(done.error());
    if (done = connection_.statement(forgetSql).exec(rows); !done)
        return tl::unexpected(done.error());
    if (done = foldThread(connection_, me_, erasure.thread); !done)
        return tl::unexpected(done.error());
    return MessageEraser(connection_).forgetBlobs(blobs);
}

} // namespace holdfast::local

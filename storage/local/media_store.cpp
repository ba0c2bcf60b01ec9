#include "storage/local/media_store.h"

#include "models/base/digest.h"
#include "storage/local/blob_use.h"
#include "storage/sql/transaction.h"

#include <QSet>

namespace holdfast::local {
namespace {

constexpr qint64 chunksPerTransaction = 4; // 1 MiB: what a send may have to wait for

QFuture<Result<void>> ready(const Result<void>& result)
{
    QPromise<Result<void>> promise;
    promise.start();
    promise.addResult(result);
    promise.finish();
    return promise.future();
}

Status writeChunks(sql::WriteConnection& connection, const BlobId& id, const QByteArray& bytes, qint64 first,
                   Timestamp now)
{
    if (const Status set = connection.setDurability(sql::Durability::full); !set)
        return set;
    Result<sql::Transaction> transaction = sql::Transaction::begin(connection);
    if (!transaction)
        return tl::unexpected(transaction.error());
    for (qint64 n = first; n < first + chunksPerTransaction && n * mediaChunkBytes < bytes.size(); ++n) {
        const qint64 size = std::min(mediaChunkBytes, bytes.size() - n * mediaChunkBytes);
        const QByteArrayView chunk = QByteArrayView(bytes).sliced(n * mediaChunkBytes).first(size);
        const Status stored = connection
                                  .statement(QStringLiteral(
                                      "INSERT INTO chunk (blob, n, at, bytes) VALUES (?, ?, ?, ?)"
                                      " ON CONFLICT (blob, n) DO UPDATE SET at = excluded.at, bytes = excluded.bytes"))
                                  .exec(id, n, now, chunk);
        if (!stored)
            return stored;
    }
    return transaction->commit();
}

struct HeldBlob
{
    qint64 size = 0;
    Digest sha256;
};

Result<std::optional<HeldBlob>> heldBlob(sql::Connection& connection, const BlobId& id)
{
    sql::Statement select = connection.statement(QStringLiteral("SELECT size, sha256 FROM held WHERE blob = ?"));
    const Result<bool> found = select.first(id);
    if (!found)
        return tl::unexpected(found.error());
    return *found ? std::optional(HeldBlob{select.int64(0), select.digest(1)}) : std::nullopt;
}

Result<QByteArray> readChunks(sql::Connection& connection, const BlobId& id, const HeldBlob& held)
{
    QByteArray bytes;
    bytes.reserve(held.size);
    sql::Statement select = connection.statement(QStringLiteral("SELECT bytes FROM chunk WHERE blob = ? ORDER BY n"));
    select.bind(0, id);
    const Status read = select.forEach([&](sql::Statement& row) {
        if (bytes.size() <= held.size)
            bytes += row.bytes(0);
    });
    if (!read)
        return tl::unexpected(read.error());
    if (bytes.size() != held.size || sha256({bytes}) != held.sha256)
        return fail(ErrorCode::corrupt,
                    QStringLiteral("The stored file is damaged. It is kept aside and will be fetched again."));
    return bytes;
}

sql::JsonRows rowsOf(const QList<BlobId>& ids)
{
    sql::JsonRows rows;
    for (const BlobId& id : ids)
        rows.row().add(id);
    return rows;
}

const QString eraseSql = QStringLiteral("DELETE FROM %1 WHERE blob IN (SELECT unhex(value->>0) FROM json_each(?))");
const QString unnameSql =
    QStringLiteral("DELETE FROM held WHERE at < ? AND ") + isUnneeded(QStringLiteral("held.blob"));

// Emptied pages lie in the write-ahead log until it is folded into the file.
QFuture<Result<void>> eraseWithLog(Database& database, const QList<BlobId>& ids)
{
    return eraseChunks(database, ids)
        .then([&database](const Result<void>& gone) { return gone ? database.truncateLog() : ready(gone); })
        .unwrap();
}

} // namespace

MediaStore::MediaStore(Database& database, const Clock& clock) : database_(database), clock_(clock) {}

QFuture<Result<void>> MediaStore::put(const BlobId& id, QByteArray bytes, const Digest& sha256)
{
    return store(id, std::move(bytes), sha256, For::outbox);
}

QFuture<Result<void>> MediaStore::keep(const BlobId& id, QByteArray bytes)
{
    const Digest hash = sha256({bytes});
    return store(id, std::move(bytes), hash, For::message);
}

QFuture<Result<void>> MediaStore::store(const BlobId& id, QByteArray bytes, const Digest& hash, For purpose) const
{
    if (bytes.isEmpty() || bytes.size() > maxMediaBytes)
        return ready(fail(ErrorCode::tooLarge, QStringLiteral("The file is empty or larger than 100 MB.")));
    const auto here = [id](sql::WriteConnection& connection) { return heldBlob(connection, id); };
    return database_.write<std::optional<HeldBlob>>(Priority::normal, here)
        .then(
            [self = *this, id, bytes = std::move(bytes), hash, purpose](const Result<std::optional<HeldBlob>>& known) {
                if (!known)
                    return ready(tl::unexpected(known.error()));
                if (*known && (*known)->sha256 != hash)
                    return ready(fail(ErrorCode::conflict, QStringLiteral("Another file is stored under this id.")));
                return *known ? ready({}) : self.putChunks(id, bytes, hash, 0, purpose);
            })
        .unwrap();
}

// One transaction of chunks per job, so that sends get between; the naming row last.
QFuture<Result<void>> MediaStore::putChunks(const BlobId& id, const QByteArray& bytes, const Digest& hash, qint64 first,
                                            For purpose) const
{
    const Timestamp now = clock_.now();
    if (first * mediaChunkBytes >= bytes.size())
        return name(id, bytes.size(), hash, purpose);
    return database_
        .writeMedia<void>(Priority::bulk,
                          [=](sql::WriteConnection& connection) -> Result<void> {
                              return writeChunks(connection, id, bytes, first, now);
                          })
        .then([self = *this, id, bytes, hash, first, purpose](const Result<void>& written) {
            return written ? self.putChunks(id, bytes, hash, first + chunksPerTransaction, purpose) : ready(written);
        })
        .unwrap();
}

QFuture<Result<void>> MediaStore::name(const BlobId& id, qint64 size, const Digest& hash, For purpose) const
{
    const Timestamp now = clock_.now();
    const QString condition = purpose == For::outbox ? QStringLiteral("true")
                                                     : QStringLiteral("NOT (%1)").arg(isUnneeded(QStringLiteral("?1")));
    const QString sql = QStringLiteral("INSERT INTO held (blob, size, sha256, at) SELECT ?1, ?2, ?3, ?4 WHERE %1"
                                       " ON CONFLICT (blob) DO UPDATE SET at = at RETURNING blob")
                            .arg(condition);
    const auto named = [=](sql::WriteConnection& connection) -> Result<bool> {
        if (const Status set = connection.setDurability(sql::Durability::full); !set)
            return tl::unexpected(set.error());
        return connection.statement(sql).first(id, size, hash, now);
    };
    return database_.write<bool>(Priority::normal, named)
        .then([self = *this, id](const Result<bool>& done) {
            if (!done)
                return ready(tl::unexpected(done.error()));
            return *done ? ready({}) : eraseWithLog(self.database_, {id});
        })
        .unwrap();
}

QFuture<Result<QByteArray>> MediaStore::get(const BlobId& id)
{
    using Found = Result<std::optional<HeldBlob>>;
    return database_
        .read<std::optional<HeldBlob>>([id](sql::ReadConnection& connection) { return heldBlob(connection, id); })
        .then([self = *this, id](const Found& found) {
            return self.database_.readMedia<QByteArray>(
                [id, found](sql::ReadConnection& connection) -> Result<QByteArray> {
                    if (!found)
                        return tl::unexpected(found.error());
                    if (!*found)
                        return fail(ErrorCode::notFound, QStringLiteral("This file is not on this desk yet."));
                    return readChunks(connection, id, **found);
                });
        })
        .unwrap();
}

QFuture<Result<bool>> MediaStore::has(const BlobId& id)
{
    return database_.read<bool>([id](sql::ReadConnection& connection) -> Result<bool> {
        const Result<std::optional<HeldBlob>> found = heldBlob(connection, id);
        return found ? Result<bool>(found->has_value()) : tl::unexpected(found.error());
    });
}

QFuture<Result<QList<BlobId>>> MediaStore::missing(QList<BlobId> ids) const
{
    return database_.read<QList<BlobId>>([ids](sql::ReadConnection& connection) -> Result<QList<BlobId>> {
        QList<BlobId> missing;
        sql::Statement select = connection.statement(
            QStringLiteral("SELECT unhex(j.value->>0) FROM json_each(?) AS j"
                           " WHERE NOT EXISTS (SELECT 1 FROM held WHERE blob = unhex(j.value->>0))"));
        if (ids.isEmpty())
            return missing;
        select.bind(0, rowsOf(ids));
        const Status read = select.forEach([&missing](sql::Statement& row) { missing.append(row.id<BlobId>(0)); });
        return read ? Result<QList<BlobId>>(std::move(missing)) : tl::unexpected(read.error());
    });
}

// The name goes first: a crash between leaves orphans, which the sweep finds, never a name without bytes.
QFuture<Result<void>> MediaStore::erase(QList<BlobId> ids) const
{
    if (ids.isEmpty())
        return ready({});
    return database_
        .write<void>(Priority::normal,
                     [ids](sql::WriteConnection& connection) -> Result<void> {
                         if (const Status set = connection.setDurability(sql::Durability::full); !set)
                             return set;
                         return connection.statement(eraseSql.arg(QStringLiteral("held"))).exec(rowsOf(ids));
                     })
        .then([self = *this, ids](const Result<void>& unnamed) {
            return unnamed ? eraseChunks(self.database_, ids) : ready(unnamed);
        })
        .unwrap();
}

QFuture<Result<void>> eraseChunks(Database& database, QList<BlobId> ids)
{
    if (ids.isEmpty())
        return ready({});
    return database.writeMedia<void>(Priority::normal, [ids](sql::WriteConnection& connection) -> Result<void> {
        if (const Status set = connection.setDurability(sql::Durability::full); !set)
            return set;
        return connection.statement(eraseSql.arg(QStringLiteral("chunk"))).exec(rowsOf(ids));
    });
}

QFuture<Result<int>> MediaStore::sweep(Timestamp before)
{
    const auto unname = [before](sql::WriteConnection& connection) -> Result<void> {
        if (const Status set = connection.setDurability(sql::Durability::full); !set)
            return set;
        return connection.statement(unnameSql).exec(before);
    };
    const auto stored = [before](sql::ReadConnection& connection) -> Result<QList<BlobId>> {
        QList<BlobId> blobs;
        sql::Statement select =
            connection.statement(QStringLiteral("SELECT blob FROM chunk GROUP BY blob HAVING max(at) < ?"));
        select.bind(0, before);
        const Status read = select.forEach([&blobs](sql::Statement& row) { blobs.append(row.id<BlobId>(0)); });
        return read ? Result<QList<BlobId>>(std::move(blobs)) : tl::unexpected(read.error());
    };
    const auto eraseThem = [self = *this](const Result<QList<BlobId>>& orphans) -> QFuture<Result<int>> {
        if (!orphans)
            return QtFuture::makeReadyFuture(Result<int>(tl::unexpected(orphans.error())));
        return eraseWithLog(self.database_, *orphans).then([found = orphans->size()](const Result<void>& erased) {
            return erased ? Result<int>(static_cast<int>(found)) : Result<int>(tl::unexpected(erased.error()));
        });
    };
    return database_.write<void>(Priority::normal, unname)
        .then([self = *this, stored](const Result<void>& done) {
            return done ? self.database_.readMedia<QList<BlobId>>(stored)
                        : QtFuture::makeReadyFuture(Result<QList<BlobId>>(tl::unexpected(done.error())));
        })
        .unwrap()
        .then([self = *this](const Result<QList<BlobId>>& blobs) {
            return blobs ? self.missing(*blobs) : QtFuture::makeReadyFuture(blobs);
        })
        .unwrap()
        .then(eraseThem)
        .unwrap();
}

} // namespace holdfast::local

// Attachments at rest: chunk rows of 256 KiB in the encrypted media file.
#pragma once

#include "models/base/clock.h"
#include "models/base/digest.h"
#include "models/domain/content.h"
#include "storage/local/database.h"

namespace holdfast::local {

constexpr qint64 mediaChunkBytes = 256 * 1024;
constexpr qint64 maxMediaBytes = 100 * 1024 * 1024; // the largest document that WhatsApp takes

// Chunks are committed before the row that names them; what no row names is swept. Thread-safe; copies share
// the database, and a call that is under way outlives its store.
class MediaStore
{
public:
    MediaStore(Database& database, const Clock& clock);

    // Durable when the future resolves. `sha256` is of the bytes. Writing the same blob again changes nothing; other
    // bytes under the same id: conflict.
    QFuture<Result<void>> put(const BlobId& id, QByteArray bytes, const Digest& sha256);
    // What was fetched for a message: named only if the message is still here then. A scope that closed meanwhile
    // leaves nothing.
    QFuture<Result<void>> keep(const BlobId& id, QByteArray bytes);
    // Verified against the hash it was stored with on every call: corrupt if the rows do not give it. notFound.
    QFuture<Result<QByteArray>> get(const BlobId& id);
    QFuture<Result<bool>> has(const BlobId& id);
    // Of those, the ones whose bytes are not here.
    QFuture<Result<QList<BlobId>>> missing(QList<BlobId> ids) const;
    QFuture<Result<void>> erase(QList<BlobId> ids) const;
    // What a crash left: names of bytes that nothing needs, then chunks that nothing names, both from before `before`,
    // and what erasure left in the write-ahead logs. Answers how many blobs went.
    QFuture<Result<int>> sweep(Timestamp before);

private:
    enum class For { outbox, message };
    QFuture<Result<void>> store(const BlobId& id, QByteArray bytes, const Digest& hash, For purpose) const;
    QFuture<Result<void>> putChunks(const BlobId& id, const QByteArray& bytes, const Digest& hash, qint64 first,
                                    For purpose) const;
    QFuture<Result<void>> name(const BlobId& id, qint64 size, const Digest& hash, For purpose) const;

    Database& database_;
    const Clock& clock_;
};

// The bytes of blobs whose names are gone.
QFuture<Result<void>> eraseChunks(Database& database, QList<BlobId> ids);

} // namespace holdfast::local

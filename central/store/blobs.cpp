#include "central/store/blobs.h"

#include "central/store/aead.h"
#include "central/store/context.h"

#include <QCryptographicHash>

#include <algorithm>

namespace holdfast::store {

namespace {

constexpr qint64 longestRange = 1024 * 1024;

QByteArray blobBinding(const BlobId& blob)
{
    return "holdfast/blob/v1" + blob.toBytes();
}

QByteArray chunkBinding(const BlobId& blob, qint64 index)
{
    return blob.toBytes() + bigEndian64(quint64(index));
}

qint64 chunksOf(qint64 size)
{
    return (size + blobChunkBytes - 1) / blobChunkBytes;
}

tl::unexpected<Error> noSuchBlob()
{
    return fail(ErrorCode::notFound, QStringLiteral("There is no such attachment."));
}

struct OpenBlob
{
    BlobFacts facts;
    QByteArray key;
};

Result<OpenBlob> openBlob(Context& context, const BlobId& blob)
{
    OpenBlob open;
    open.facts.id = blob;
    qint64 generation = 0;
    QByteArray sealed;
    {
        sql::Statement query = context.db.statement(QStringLiteral(
            "SELECT thread, size, mime, generation, sealed, next_chunk, complete FROM blob WHERE blob = ?"));
        const Result<bool> found = query.first(blob);
        if (!found)
            return tl::unexpected<Error>(found.error());
        if (!*found)
            return noSuchBlob();
        open.facts.thread = query.id<ThreadId>(0);
        open.facts.size = query.int64(1);
        open.facts.mime = query.text(2);
        generation = query.int64(3);
        sealed = query.bytes(4);
        open.facts.nextChunk = query.int64(5);
        open.facts.complete = query.int64(6) != 0;
    }
    const Result<QByteArray> threadKey = context.threadKeys.ofGeneration(context.db, open.facts.thread, generation);
    if (!threadKey && threadKey.error().code == ErrorCode::notFound)
        return noSuchBlob(); // erased
    if (!threadKey)
        return tl::unexpected<Error>(threadKey.error());
    const Result<QByteArray> plain = unseal(*threadKey, blobBinding(blob), sealed);
    if (!plain)
        return tl::unexpected<Error>(plain.error());
    const std::optional<Digest> sha256 =
        plain->size() == 64 ? Digest::fromBytes(QByteArrayView(*plain).sliced(32)) : std::nullopt;
    if (!sha256)
        return fail(ErrorCode::corrupt, QStringLiteral("An attachment's key is damaged."));
    open.facts.sha256 = *sha256;
    open.key = plain->first(32);
    return open;
}

Result<QByteArray> openChunk(Context& context, const OpenBlob& blob, qint64 index)
{
    sql::Statement query =
        context.db.statement(QStringLiteral("SELECT sealed FROM blob_chunk WHERE blob = ? AND idx = ?"));
    const Result<bool> found = query.first(blob.facts.id, index);
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return fail(ErrorCode::corrupt, QStringLiteral("A part of an attachment is missing."));
    return unseal(blob.key, chunkBinding(blob.facts.id, index), query.bytes(0));
}

} // namespace

Result<BlobFacts> BlobReads::facts(const BlobId& blob)
{
    Result<OpenBlob> open = openBlob(context_, blob);
    if (!open)
        return tl::unexpected<Error>(open.error());
    return std::move(open->facts);
}

Result<QByteArray> BlobReads::range(const BlobId& blob, qint64 offset, qint64 length)
{
    const Result<OpenBlob> open = openBlob(context_, blob);
    if (!open)
        return tl::unexpected<Error>(open.error());
    if (!open->facts.complete)
        return noSuchBlob();
    if (offset < 0 || length < 0 || offset > open->facts.size)
        return fail(ErrorCode::invalidInput, QStringLiteral("The range is outside the attachment."));
    const qint64 end = offset + std::min({length, longestRange, open->facts.size - offset});
    QByteArray bytes;
    bytes.reserve(end - offset);
    for (qint64 at = offset; at < end;) {
        const qint64 index = at / blobChunkBytes;
        const qint64 within = at % blobChunkBytes;
        const Result<QByteArray> chunk = openChunk(context_, *open, index);
        if (!chunk)
            return chunk;
        const qint64 take = std::min<qint64>(end - at, chunk->size() - within);
        if (take <= 0)
            return fail(ErrorCode::corrupt, QStringLiteral("A part of an attachment is too short."));
        bytes.append(QByteArrayView(*chunk).sliced(within, take));
        at += take;
    }
    return bytes;
}

Result<Digest> BlobReads::hash(const BlobId& blob)
{
    const Result<OpenBlob> open = openBlob(context_, blob);
    if (!open)
        return tl::unexpected<Error>(open.error());
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (qint64 index = 0; index < open->facts.nextChunk; ++index) {
        const Result<QByteArray> chunk = openChunk(context_, *open, index);
        if (!chunk)
            return tl::unexpected<Error>(chunk.error());
        hash.addData(*chunk);
    }
    return *Digest::fromBytes(hash.result());
}

Result<BlobFacts> BlobWrites::begin(const BlobFacts& facts)
{
    if (facts.size <= 0)
        return fail(ErrorCode::invalidInput, QStringLiteral("An attachment needs a size."));
    if (facts.size > maxBlobBytes)
        return fail(ErrorCode::tooLarge, QStringLiteral("Attachments can be up to 128 MiB."));
    Result<OpenBlob> present = openBlob(context_, facts.id);
    if (present) {
        BlobFacts& known = present->facts;
        if (known.thread != facts.thread || known.size != facts.size || known.sha256 != facts.sha256)
            return fail(ErrorCode::conflict, QStringLiteral("Another attachment has this id."));
        // Stopped between the last chunk and the check of the hash: the last one, sent again, brings the check about.
        if (!known.complete)
            known.nextChunk = std::min(known.nextChunk, chunksOf(known.size) - 1);
        return known;
    }
    if (present.error().code != ErrorCode::notFound)
        return tl::unexpected<Error>(present.error());
    const ThreadId threads[] = {facts.thread};
    if (const Status prepared = context_.threadKeys.prepare(*context_.writer, threads); !prepared)
        return tl::unexpected<Error>(prepared.error());
    const Result<ThreadKey> threadKey = context_.threadKeys.newest(context_.db, facts.thread);
    if (!threadKey)
        return tl::unexpected<Error>(threadKey.error());
    const QByteArray secret = context_.random.bytes(aeadKeyBytes) + facts.sha256.toBytes();
    const Status inserted =
        context_.db
            .statement(QStringLiteral("INSERT INTO blob (blob, thread, size, mime, generation, sealed, next_chunk, "
                                      "complete, begun_at, referenced_by) VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?, NULL)"))
            .exec(facts.id, facts.thread, facts.size, facts.mime, threadKey->generation,
                  seal(threadKey->key, blobBinding(facts.id), secret, context_.random), context_.clock.now());
    if (!inserted)
        return tl::unexpected<Error>(inserted.error());
    BlobFacts begun = facts;
    begun.nextChunk = 0;
    begun.complete = false;
    return begun;
}

Result<BlobFacts> BlobWrites::putChunk(const BlobId& blob, qint64 index, const QByteArray& bytes)
{
    Result<OpenBlob> open = openBlob(context_, blob);
    if (!open)
        return tl::unexpected<Error>(open.error());
    BlobFacts& facts = open->facts;
    if (facts.complete || index < facts.nextChunk)
        return facts; // sent again: the answer says where to go on
    if (index > facts.nextChunk || index >= chunksOf(facts.size))
        return fail(ErrorCode::conflict, QStringLiteral("Parts of an attachment must come in order."));
    const qint64 expected = std::min<qint64>(blobChunkBytes, facts.size - index * blobChunkBytes);
    if (bytes.size() != expected)
        return fail(ErrorCode::invalidInput, QStringLiteral("A part of an attachment has the wrong length."));
    const Status inserted =
        context_.db.statement(QStringLiteral("INSERT INTO blob_chunk (blob, idx, sealed) VALUES (?, ?, ?)"))
            .exec(blob, index, seal(open->key, chunkBinding(blob, index), bytes, context_.random));
    if (!inserted)
        return tl::unexpected<Error>(inserted.error());
    const Status moved =
        context_.db.statement(QStringLiteral("UPDATE blob SET next_chunk = ? WHERE blob = ?")).exec(index + 1, blob);
    if (!moved)
        return tl::unexpected<Error>(moved.error());
    facts.nextChunk = index + 1;
    return facts;
}

Result<BlobFacts> BlobWrites::finish(const BlobId& blob, const Digest& computed)
{
    Result<OpenBlob> open = openBlob(context_, blob);
    if (!open)
        return tl::unexpected<Error>(open.error());
    BlobFacts& facts = open->facts;
    if (facts.complete)
        return facts;
    if (facts.nextChunk != chunksOf(facts.size))
        return fail(ErrorCode::conflict, QStringLiteral("The attachment is not all here yet."));
    facts.complete = computed == facts.sha256;
    if (facts.complete) {
        const Status done =
            context_.db.statement(QStringLiteral("UPDATE blob SET complete = 1 WHERE blob = ?")).exec(blob);
        if (!done)
            return tl::unexpected<Error>(done.error());
        return facts;
    }
    // Commits the removal: the caller of the store turns `complete == false` with nextChunk 0 into a refusal.
    const Status emptied = context_.db.statement(QStringLiteral("DELETE FROM blob_chunk WHERE blob = ?")).exec(blob);
    const Status reset = context_.db.statement(QStringLiteral("DELETE FROM blob WHERE blob = ?")).exec(blob);
    if (!emptied || !reset)
        return tl::unexpected<Error>((emptied ? reset : emptied).error());
    facts.nextChunk = 0;
    return facts;
}

Status BlobWrites::noteReference(const BlobId& blob, const EntryId& by)
{
    return context_.db
        .statement(QStringLiteral("UPDATE blob SET referenced_by = ? WHERE blob = ? AND referenced_by IS NULL"))
        .exec(by, blob);
}

Result<int> BlobWrites::sweep(Timestamp olderThan)
{
    const Status chunks =
        context_.db
            .statement(QStringLiteral("DELETE FROM blob_chunk WHERE blob IN (SELECT b.blob FROM blob b "
                                      "WHERE b.referenced_by IS NULL AND b.begun_at < ?)"))
            .exec(olderThan);
    if (!chunks)
        return tl::unexpected<Error>(chunks.error());
    sql::Statement blobs =
        context_.db.statement(QStringLiteral("DELETE FROM blob WHERE referenced_by IS NULL AND begun_at < ?"));
    if (const Status deleted = blobs.exec(olderThan); !deleted)
        return tl::unexpected<Error>(deleted.error());
    return int(blobs.affected());
}

Status resealBlobs(Context& context, const ThreadId& thread, const ThreadKey& next)
{
    std::vector<BlobId> blobs;
    {
        sql::Statement query = context.db.statement(QStringLiteral("SELECT blob FROM blob WHERE thread = ?"));
        query.bind(0, thread);
        const Status read = query.forEach([&](sql::Statement& row) { blobs.push_back(row.id<BlobId>(0)); });
        if (!read)
            return read;
    }
    for (const BlobId& blob : blobs) {
        const Result<OpenBlob> open = openBlob(context, blob);
        if (!open && context.passesOver(open.error()))
            continue;
        if (!open)
            return tl::unexpected<Error>(open.error());
        const QByteArray secret = open->key + open->facts.sha256.toBytes();
        const Status stored =
            context.db.statement(QStringLiteral("UPDATE blob SET generation = ?, sealed = ? WHERE blob = ?"))
                .exec(next.generation, seal(next.key, blobBinding(blob), secret, context.random), blob);
        if (!stored)
            return stored;
    }
    return {};
}

} // namespace holdfast::store

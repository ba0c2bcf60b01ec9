// Attachments' bytes: chunks of 256 KiB, each encrypted under the blob's own key, which the thread's key wraps.
#pragma once

#include "models/base/digest.h"
#include "models/base/error.h"
#include "models/base/ids.h"

#include <QString>

#include <functional>
#include <optional>

namespace holdfast::store {

struct Context;
struct ThreadKey;

constexpr qsizetype blobChunkBytes = 256 * 1024;
constexpr qint64 maxBlobBytes = 128LL * 1024 * 1024;

struct BlobFacts
{
    BlobId id;
    ThreadId thread;
    qint64 size = 0;
    QString mime;
    Digest sha256;
    qint64 nextChunk = 0;  // first missing one
    bool complete = false; // all chunks there and the hash checked
};

class BlobReads
{
public:
    explicit BlobReads(Context& context) : context_(context) {}
    [[nodiscard]] Result<BlobFacts> facts(const BlobId& blob); // notFound
    // At most 1 MiB a call; bytes of a complete blob only. `length` is cut at the end of the blob.
    [[nodiscard]] Result<QByteArray> range(const BlobId& blob, qint64 offset, qint64 length);
    [[nodiscard]] Result<Digest> hash(const BlobId& blob); // over the chunks that are there, streamed

protected:
    Context& context_;
};

class BlobWrites : public BlobReads
{
public:
    using BlobReads::BlobReads;
    // Resumes when the same blob was begun with the same facts; conflict when with others.
    [[nodiscard]] Result<BlobFacts> begin(const BlobFacts& facts);
    [[nodiscard]] Result<BlobFacts> putChunk(const BlobId& blob, qint64 index, const QByteArray& bytes);
    // Complete when the hash is the one announced. Else the blob is deleted, and the answer says nextChunk 0: callers
    // that ask for bytes to be kept must refuse then (Store::putBlobChunk does).
    [[nodiscard]] Result<BlobFacts> finish(const BlobId& blob, const Digest& computed);
    [[nodiscard]] Status noteReference(const BlobId& blob, const EntryId& by);
    // Deletes blobs that no entry names, begun before `olderThan`; answers how many.
    [[nodiscard]] Result<int> sweep(Timestamp olderThan);
};

// Moves the keys of a thread's blobs to the next generation of the thread's key.
[[nodiscard]] Status resealBlobs(Context& context, const ThreadId& thread, const ThreadKey& next);

} // namespace holdfast::store

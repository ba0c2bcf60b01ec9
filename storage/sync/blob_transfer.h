// Bytes of attachments to and from central: ranged, resumable, bounded.
#pragma once

#include "models/views/values.h"
#include "storage/local/blob_fetcher.h"
#include "storage/local/media_store.h"
#include "storage/local/outbox.h"
#include "storage/sync/transport.h"

#include <functional>
#include <memory>

namespace holdfast::sync {

struct BlobShared;

// Thread-safe. Futures resolve on the transport's or the database's thread.
class BlobTransfer : public local::BlobFetcher
{
public:
    using Told = std::function<void(const BlobId&, const views::Transfer&)>;
    BlobTransfer(Transport& transport, local::MediaStore& media, Told told);
    ~BlobTransfer() override;

    void close(); // before the transport goes: transfers end with ErrorCode::cancelled
    void useToken(const QByteArray& token);

    // Answers bytes of exactly `size` (or what central has, when `size` is negative), up to local::maxMediaBytes. What
    // came before a break is kept for the next call.
    QFuture<Result<QByteArray>> fetch(const BlobId& id, qint64 size) override;

    // Every blob of the entry, chunk by chunk, going on where an earlier try ended.
    [[nodiscard]] QFuture<Outcome<bool>> upload(const local::OutboxEntry& entry);
    [[nodiscard]] bool isUploaded(const BlobId& id) const; // by this process, to central as it is
    void forgetUploads();                                  // central was restored and may have lost them

private:
    std::shared_ptr<BlobShared> shared_;
};

} // namespace holdfast::sync

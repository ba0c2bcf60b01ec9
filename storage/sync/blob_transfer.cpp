#include "storage/sync/blob_transfer.h"

#include "storage/sync/blob_download.h"
#include "storage/sync/blob_upload.h"

namespace holdfast::sync {

BlobTransfer::BlobTransfer(Transport& transport, local::MediaStore& media, Told told)
    : shared_(std::make_shared<BlobShared>(transport, media, std::move(told)))
{}

BlobTransfer::~BlobTransfer() = default;

void BlobTransfer::close()
{
    const QMutexLocker lock(&shared_->mutex);
    shared_->closed = true;
}

void BlobTransfer::useToken(const QByteArray& token)
{
    const QMutexLocker lock(&shared_->mutex);
    shared_->token = token;
}

QFuture<Result<QByteArray>> BlobTransfer::fetch(const BlobId& id, qint64 size)
{
    return BlobDownload::start(shared_, id, size);
}

QFuture<Outcome<bool>> BlobTransfer::upload(const local::OutboxEntry& entry)
{
    return BlobUpload::start(shared_, entry);
}

bool BlobTransfer::isUploaded(const BlobId& id) const
{
    const QMutexLocker lock(&shared_->mutex);
    return shared_->uploaded.contains(id);
}

void BlobTransfer::forgetUploads()
{
    const QMutexLocker lock(&shared_->mutex);
    shared_->uploaded.clear();
}

} // namespace holdfast::sync

#include "storage/sync/blob_upload.h"

namespace holdfast::sync {
namespace {

Failure failure(ErrorCode code, const QString& words)
{
    return {{code, words}, 0, {}, {}};
}

} // namespace

QList<domain::Attachment> uploadsOf(const local::OutboxEntry& entry)
{
    const domain::Content content = domain::parseContent(domain::number(entry.kind), entry.content);
    if (const auto* reply = std::get_if<domain::AgentReply>(&content))
        return reply->attachments;
    if (const auto* message = std::get_if<domain::RoomMessage>(&content))
        return message->attachments;
    const auto* custody = std::get_if<domain::MediaCustody>(&content);
    if (custody && custody->step == domain::CustodyStep::stored)
        return {custody->attachment};
    return {};
}

QFuture<Outcome<bool>> BlobUpload::start(const std::shared_ptr<BlobShared>& shared, const local::OutboxEntry& entry)
{
    const std::shared_ptr<BlobUpload> upload(new BlobUpload(shared, entry));
    upload->promise_.start();
    QFuture<Outcome<bool>> future = upload->promise_.future();
    upload->nextBlob();
    return future;
}

BlobUpload::BlobUpload(std::shared_ptr<BlobShared> shared, const local::OutboxEntry& entry)
    : shared_(std::move(shared)), thread_(entry.thread)
{
    const QMutexLocker lock(&shared_->mutex);
    for (const domain::Attachment& attachment : uploadsOf(entry)) {
        if (!shared_->uploaded.contains(attachment.id))
            left_.append(attachment);
    }
}

void BlobUpload::nextBlob()
{
    if (left_.isEmpty()) {
        end(true);
        return;
    }
    shared_->media.get(left_.first().id)
        .then(QtFuture::Launch::Sync,
              [self = shared_from_this()](const Result<QByteArray>& bytes) { self->begin(bytes); });
}

void BlobUpload::begin(const Result<QByteArray>& bytes)
{
    const domain::Attachment& attachment = left_.first();
    if (!bytes) {
        end(tl::unexpected(failure(bytes.error().code, bytes.error().text)));
        return;
    }
    if (!attachment.sha256 || sha256({*bytes}) != *attachment.sha256) {
        end(tl::unexpected(failure(ErrorCode::corrupt, QStringLiteral("The attachment is damaged on this computer. "
                                                                      "Attach the file again."))));
        return;
    }
    bytes_ = *bytes;
    lastNext_ = -1;
    const HttpRequest request = beginBlobRequest(shared_->currentToken(), thread_, attachment.id, bytes_.size(),
                                                 attachment.mime, *attachment.sha256);
    shared_->send(request).then(QtFuture::Launch::Sync, [self = shared_from_this()](const Result<HttpAnswer>& answer) {
        self->progress(readBlobProgress(answer));
    });
}

void BlobUpload::progress(const Outcome<BlobProgress>& outcome)
{
    if (!outcome) {
        end(tl::unexpected(outcome.error()));
        return;
    }
    const qint64 offset = outcome->next * local::mediaChunkBytes;
    if (outcome->done || (outcome->next > 0 && offset >= bytes_.size())) {
        {
            const QMutexLocker lock(&shared_->mutex);
            shared_->uploaded.insert(left_.takeFirst().id);
        }
        bytes_.clear();
        nextBlob();
        return;
    }
    if (outcome->next <= lastNext_) {
        end(tl::unexpected(failure(ErrorCode::network, QStringLiteral("Central did not take the attachment. "
                                                                      "It is tried again."))));
        return;
    }
    lastNext_ = outcome->next;
    const HttpRequest request = blobChunkRequest(shared_->currentToken(), left_.first().id, outcome->next,
                                                 bytes_.mid(offset, local::mediaChunkBytes));
    shared_->send(request).then(QtFuture::Launch::Sync, [self = shared_from_this()](const Result<HttpAnswer>& answer) {
        self->progress(readBlobProgress(answer));
    });
}

void BlobUpload::end(Outcome<bool> outcome)
{
    promise_.addResult(std::move(outcome));
    promise_.finish();
}

} // namespace holdfast::sync

// The attachments of one entry on their way to central, chunk by chunk, going on where an earlier try ended.
#pragma once

#include "models/domain/content.h"
#include "storage/local/outbox.h"
#include "storage/sync/blob_shared.h"

#include <QFuture>
#include <QPromise>

#include <memory>

namespace holdfast::sync {

// What goes to central with an entry: of a reply or room message its files, of a custody entry the stored one.
[[nodiscard]] QList<domain::Attachment> uploadsOf(const local::OutboxEntry& entry);

// Keeps itself alive until its future resolves; runs on the transport's and the database's threads, never on two at
// once.
class BlobUpload : public std::enable_shared_from_this<BlobUpload>
{
public:
    [[nodiscard]] static QFuture<Outcome<bool>> start(const std::shared_ptr<BlobShared>& shared,
                                                      const local::OutboxEntry& entry);

private:
    BlobUpload(std::shared_ptr<BlobShared> shared, const local::OutboxEntry& entry);
    void nextBlob();
    void begin(const Result<QByteArray>& bytes);
    void progress(const Outcome<BlobProgress>& outcome);
    void end(Outcome<bool> outcome);

    std::shared_ptr<BlobShared> shared_;
    ThreadId thread_;
    QList<domain::Attachment> left_;
    qint64 lastNext_ = -1; // central's progress must grow
    QByteArray bytes_;     // of the first of `left_`
    QPromise<Outcome<bool>> promise_;
};

} // namespace holdfast::sync

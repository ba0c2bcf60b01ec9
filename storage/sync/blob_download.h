// One attachment on its way here: ranges of a megabyte, in order, bounded.
#pragma once

#include "storage/sync/blob_shared.h"

#include <QFuture>
#include <QPromise>

#include <memory>

namespace holdfast::sync {

// Keeps itself alive until its future resolves; runs on the transport's thread.
class BlobDownload : public std::enable_shared_from_this<BlobDownload>
{
public:
    [[nodiscard]] static QFuture<Result<QByteArray>> start(const std::shared_ptr<BlobShared>& shared, const BlobId& id,
                                                           qint64 size);

private:
    BlobDownload(std::shared_ptr<BlobShared> shared, const BlobId& id, qint64 size);
    void ask();
    void take(const Result<HttpAnswer>& answer);
    [[nodiscard]] Status append(const HttpAnswer& answer);
    void end(Result<QByteArray> result);

    std::shared_ptr<BlobShared> shared_;
    BlobId id_;
    qint64 size_; // negative: not known yet
    QByteArray bytes_;
    QPromise<Result<QByteArray>> promise_;
};

} // namespace holdfast::sync

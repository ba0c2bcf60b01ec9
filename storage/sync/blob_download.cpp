#include "storage/sync/blob_download.h"

namespace holdfast::sync {
namespace {

constexpr qint64 rangeBytes = 1024 * 1024;
constexpr qint64 smallestCap = 64 * 1024; // room for an error's words
constexpr int keptPartials = 4;

struct ContentRange
{
    qint64 first = 0;
    qint64 last = 0;
    qint64 total = 0;
};

// RFC 9110 14.4: "bytes 0-99/1234".
std::optional<ContentRange> parseRange(const QByteArray& value)
{
    if (!value.startsWith("bytes "))
        return std::nullopt;
    const qsizetype dash = value.indexOf('-');
    const qsizetype slash = value.indexOf('/');
    if (dash < 6 || slash < dash)
        return std::nullopt;
    bool good[3] = {};
    const ContentRange range{value.mid(6, dash - 6).toLongLong(&good[0]),
                             value.mid(dash + 1, slash - dash - 1).toLongLong(&good[1]),
                             value.mid(slash + 1).toLongLong(&good[2])};
    const bool sane = range.first >= 0 && range.last >= range.first && range.total > range.last;
    return good[0] && good[1] && good[2] && sane ? std::optional(range) : std::nullopt;
}

} // namespace

QFuture<Result<QByteArray>> BlobDownload::start(const std::shared_ptr<BlobShared>& shared, const BlobId& id,
                                                qint64 size)
{
    const std::shared_ptr<BlobDownload> download(new BlobDownload(shared, id, size));
    download->promise_.start();
    QFuture<Result<QByteArray>> future = download->promise_.future();
    if (size > local::maxMediaBytes)
        download->end(fail(ErrorCode::tooLarge, QStringLiteral("This attachment is too large for a desk.")));
    else
        download->ask();
    return future;
}

BlobDownload::BlobDownload(std::shared_ptr<BlobShared> shared, const BlobId& id, qint64 size)
    : shared_(std::move(shared)), id_(id), size_(size)
{
    const QMutexLocker lock(&shared_->mutex);
    bytes_ = shared_->partial.take(id);
    if (size >= 0 && bytes_.size() > size)
        bytes_.clear();
}

void BlobDownload::ask()
{
    if (size_ >= 0 && bytes_.size() == size_) {
        end(bytes_);
        return;
    }
    const qint64 first = bytes_.size();
    const qint64 last = size_ < 0 ? first + rangeBytes - 1 : std::min(size_, first + rangeBytes) - 1;
    HttpRequest request = blobRangeRequest(shared_->currentToken(), id_, first, last);
    request.maxAnswerBytes = std::max(request.maxAnswerBytes, smallestCap);
    shared_->send(request).then(QtFuture::Launch::Sync,
                                [self = shared_from_this()](const Result<HttpAnswer>& answer) { self->take(answer); });
}

void BlobDownload::take(const Result<HttpAnswer>& answer)
{
    if (!answer) {
        end(tl::unexpected(answer.error()));
        return;
    }
    if (const Status appended = append(*answer); !appended) {
        end(tl::unexpected(appended.error()));
        return;
    }
    shared_->tell(id_, {bytes_.size(), size_, {}});
    ask();
}

Status BlobDownload::append(const HttpAnswer& answer)
{
    if (answer.status == 404)
        return fail(ErrorCode::notFound,
                    QStringLiteral("Central does not have this attachment, or not for this desk."));
    if (answer.status == 401 || answer.status == 403)
        return fail(ErrorCode::denied, QStringLiteral("Central did not give this attachment. Sign in again."));
    if (answer.status >= 400)
        return fail(ErrorCode::unavailable, QStringLiteral("Central cannot give this attachment now. Try again."));
    const auto range = parseRange(answer.contentRange);
    const bool fits = answer.status == 206 && range && range->first == bytes_.size() &&
                      range->last - range->first + 1 == answer.body.size() && range->total <= local::maxMediaBytes &&
                      (size_ < 0 || range->total == size_);
    if (!fits)
        return fail(ErrorCode::invalidInput,
                    QStringLiteral("Central answered with other bytes than this attachment's. Nothing was kept."));
    size_ = range->total;
    bytes_ += answer.body;
    return {};
}

void BlobDownload::end(Result<QByteArray> result)
{
    if (!result && result.error().code != ErrorCode::invalidInput && !bytes_.isEmpty()) {
        const QMutexLocker lock(&shared_->mutex);
        if (shared_->partial.size() >= keptPartials)
            shared_->partial.erase(shared_->partial.begin());
        shared_->partial.insert(id_, bytes_);
    }
    if (!result && result.error().code != ErrorCode::cancelled)
        shared_->tell(id_, {bytes_.size(), size_, result.error().text});
    promise_.addResult(std::move(result));
    promise_.finish();
}

} // namespace holdfast::sync

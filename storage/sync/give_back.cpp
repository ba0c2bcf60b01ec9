#include "storage/sync/give_back.h"

#include "models/views/when_done.h"
#include "storage/sync/blob_upload.h"
#include "storage/sync/restore_wire.h"

#include <algorithm>

namespace holdfast::sync {
namespace {

constexpr int offerBatch = 64;
constexpr int failedDelayMs = 5'000;
constexpr int laterDelayMs = 30'000; // another desk may have brought what an entry needs

} // namespace

GiveBack::GiveBack(local::LostEntries& lost, Transport& transport, BlobTransfer& blobs, QObject* parent)
    : QObject(parent), lost_(lost), transport_(transport), blobs_(blobs), retry_(this)
{
    retry_.setSingleShot(true);
    connect(&retry_, &QTimer::timeout, this, &GiveBack::next);
}

void GiveBack::useToken(const QByteArray& token)
{
    token_ = token;
    next();
}

void GiveBack::setOnline(bool online)
{
    if (online == online_)
        return;
    online_ = online;
    begin();
}

void GiveBack::stop()
{
    online_ = false;
    retry_.stop();
    uploadTried_.clear();
}

void GiveBack::begin()
{
    after_.reset();
    anyLater_ = false;
    next();
}

void GiveBack::next()
{
    if (!online_ || busy_ || token_.isEmpty())
        return;
    retry_.stop();
    busy_ = true;
    views::whenDone(lost_.waiting(after_, offerBatch), this, [this](const Result<QList<local::LostEntry>>& entries) {
        busy_ = false;
        if (!entries)
            return tryLater(failedDelayMs);
        if (!entries->isEmpty())
            return take(*entries);
        if (anyLater_) {
            after_.reset();
            anyLater_ = false;
            uploadTried_.clear(); // their conversation may be there by then
            tryLater(laterDelayMs);
        }
    });
}

void GiveBack::take(const QList<local::LostEntry>& entries)
{
    if (needsUpload(entries.first()))
        return upload(entries.first());
    const auto waits = std::find_if(entries.begin(), entries.end(), [this](const auto& e) { return needsUpload(e); });
    offer(entries.first(std::distance(entries.begin(), waits)));
}

bool GiveBack::needsUpload(const local::LostEntry& lost) const
{
    if (uploadTried_.contains(lost.entry.id))
        return false;
    const QList<domain::Attachment> attachments = uploadsOf(lost.entry);
    return std::any_of(attachments.begin(), attachments.end(),
                       [this](const domain::Attachment& a) { return !blobs_.isUploaded(a.id); });
}

// Once: what this desk does not hold another may have, and the entry itself is worth more than its attachment.
void GiveBack::upload(const local::LostEntry& first)
{
    busy_ = true;
    views::whenDone(blobs_.upload(first.entry), this, [this, id = first.entry.id](const Outcome<bool>& outcome) {
        busy_ = false;
        const bool failed = !outcome && (outcome.error().status == 0 || outcome.error().status >= 500) &&
                            outcome.error().error.code != ErrorCode::notFound &&
                            outcome.error().error.code != ErrorCode::corrupt;
        if (failed)
            return tryLater(failedDelayMs);
        uploadTried_.insert(id);
        next();
    });
}

void GiveBack::offer(const QList<local::LostEntry>& entries)
{
    busy_ = true;
    views::whenDone(transport_.send(offersRequest(token_, entries)), this,
                    [this, entries](const Result<HttpAnswer>& answer) {
                        const Outcome<PushAnswer> results = readPush(answer);
                        if (results)
                            return settle(entries, *results);
                        busy_ = false;
                        tryLater(failedDelayMs);
                    });
}

void GiveBack::settle(const QList<local::LostEntry>& entries, const PushAnswer& answer)
{
    QList<EntryId> settled;
    QList<EntryId> refused;
    QString code;
    for (const PushResult& result : answer.results) {
        if (result.verdict == PushResult::Verdict::later) {
            anyLater_ = true;
        } else if (result.verdict == PushResult::Verdict::refused && result.code != QLatin1String("already_there") &&
                   result.code != QLatin1String("erased")) {
            refused.append(result.entry);
            code = result.code;
        } else {
            settled.append(result.entry);
        }
    }
    after_ = entries.last().pos;
    lost_.putAside(refused, code);
    views::whenDone(lost_.settle(settled), this, [this](const Result<void>&) {
        busy_ = false;
        next(); // a settlement that was lost only makes a duplicate
    });
}

void GiveBack::tryLater(int delayMs)
{
    if (online_)
        retry_.start(delayMs);
}

} // namespace holdfast::sync

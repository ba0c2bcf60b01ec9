#include "storage/sync/blob_filler.h"

#include "models/views/when_done.h"

namespace holdfast::sync {
namespace {

constexpr int maxWanted = 2000;

} // namespace

BlobFiller::BlobFiller(local::DeskSettings& settings, views::DeskReader& reader, NewsRelay& news, QObject* parent)
    : QObject(parent), settings_(settings), reader_(reader), news_(news)
{}

void BlobFiller::want(const QList<BlobId>& blobs)
{
    for (const BlobId& blob : blobs) {
        if (!wanted_.contains(blob) && !failed_.contains(blob))
            wanted_.append(blob);
    }
    if (wanted_.size() > maxWanted)
        wanted_.remove(0, wanted_.size() - maxWanted); // found again by refill()
    next();
}

void BlobFiller::lookAgain()
{
    refilled_ = false;
    next();
}

void BlobFiller::setOnline(bool online)
{
    if (online == online_)
        return;
    online_ = online;
    failed_.clear();
    refilled_ = false;
    next();
}

void BlobFiller::stop()
{
    online_ = false;
    wanted_.clear();
}

void BlobFiller::next()
{
    if (!online_ || busy_)
        return;
    if (wanted_.isEmpty()) {
        if (!refilled_)
            refill();
        return;
    }
    busy_ = true;
    const BlobId blob = wanted_.takeLast();
    views::whenDone(reader_.attachment(blob), this, [this, blob](const Result<QByteArray>& bytes) {
        busy_ = false;
        if (bytes)
            news_.tellAttachment(blob);
        else
            setAside(blob, bytes.error());
        next();
    });
}

void BlobFiller::setAside(const BlobId& blob, const Error& why)
{
    failed_.insert(blob);
    news_.tellTransfer(blob, {0, -1, why.text});
}

void BlobFiller::refill()
{
    refilled_ = true;
    busy_ = true;
    const int limit = maxWanted + static_cast<int>(failed_.size()); // those that failed must not fill the answer
    views::whenDone(settings_.wantedBlobs(limit), this, [this, limit](const Result<QList<BlobId>>& blobs) {
        busy_ = false;
        if (!blobs)
            return;
        QList<BlobId> oldestFirst;
        for (auto blob = blobs->rbegin(); blob != blobs->rend(); ++blob) {
            if (!failed_.contains(*blob))
                oldestFirst.append(*blob);
        }
        // A full answer may not be all: asked again once these are here. With nothing to fetch that would spin.
        refilled_ = blobs->size() < limit || oldestFirst.isEmpty();
        want(oldestFirst);
    });
}

} // namespace holdfast::sync

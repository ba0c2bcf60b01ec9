#include "storage/sync/news_relay.h"

namespace holdfast::sync {

NewsRelay::NewsRelay(QObject* parent) : views::DeskNews(parent) {}

views::SyncState NewsRelay::syncState() const
{
    return state_;
}

void NewsRelay::tellThreads()
{
    const QMutexLocker lock(&mutex_);
    threadsChanged_ = true;
    wake();
}

void NewsRelay::tellThread(const ThreadId& id)
{
    const QMutexLocker lock(&mutex_);
    threads_.insert(id);
    wake();
}

void NewsRelay::tellAttachment(const BlobId& id)
{
    const QMutexLocker lock(&mutex_);
    blobs_.insert(id);
    wake();
}

void NewsRelay::tellTransfer(const BlobId& id, const views::Transfer& transfer)
{
    const QMutexLocker lock(&mutex_);
    transfers_.insert(id, transfer);
    wake();
}

void NewsRelay::tellKeptDrafts()
{
    const QMutexLocker lock(&mutex_);
    keptDraftsChanged_ = true;
    wake();
}

void NewsRelay::tellState(const views::SyncState& state)
{
    const QMutexLocker lock(&mutex_);
    next_ = state;
    wake();
}

void NewsRelay::wake()
{
    if (awake_)
        return;
    awake_ = true;
    QMetaObject::invokeMethod(this, &NewsRelay::flush, Qt::QueuedConnection);
}

void NewsRelay::flush()
{
    QMutexLocker lock(&mutex_);
    awake_ = false;
    const bool lists = std::exchange(threadsChanged_, false);
    const bool keptDrafts = std::exchange(keptDraftsChanged_, false);
    const QSet<ThreadId> threads = std::exchange(threads_, {});
    const QSet<BlobId> blobs = std::exchange(blobs_, {});
    const QHash<BlobId, views::Transfer> transfers = std::exchange(transfers_, {});
    const std::optional<views::SyncState> state = std::exchange(next_, std::nullopt);
    lock.unlock(); // a listener may come back with news of its own
    if (state && !(*state == state_)) {
        state_ = *state;
        Q_EMIT syncStateChanged(state_);
    }
    if (lists)
        Q_EMIT threadsChanged();
    if (keptDrafts)
        Q_EMIT keptDraftsChanged();
    for (const ThreadId& thread : threads)
        Q_EMIT threadChanged(thread);
    for (auto it = transfers.cbegin(); it != transfers.cend(); ++it)
        Q_EMIT attachmentMoved(it.key(), it.value());
    for (const BlobId& blob : blobs)
        Q_EMIT attachmentChanged(blob);
}

} // namespace holdfast::sync

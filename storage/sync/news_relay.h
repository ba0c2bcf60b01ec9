// views::DeskNews: collects what changed on any thread and tells it once per turn of the GUI thread's loop.
#pragma once

#include "models/views/desk.h"

#include <QHash>
#include <QMutex>
#include <QSet>

namespace holdfast::sync {

class NewsRelay : public views::DeskNews
{
    Q_OBJECT
public:
    explicit NewsRelay(QObject* parent = nullptr);

    [[nodiscard]] views::SyncState syncState() const override; // GUI thread

    // Thread-safe.
    void tellThreads();
    void tellThread(const ThreadId& id);
    void tellAttachment(const BlobId& id);
    void tellTransfer(const BlobId& id, const views::Transfer& transfer);
    void tellKeptDrafts();
    void tellState(const views::SyncState& state);

private:
    void wake(); // holding mutex_
    void flush();

    QMutex mutex_;
    bool awake_ = false; // a flush is queued
    bool threadsChanged_ = false;
    bool keptDraftsChanged_ = false;
    QSet<ThreadId> threads_;
    QSet<BlobId> blobs_;
    QHash<BlobId, views::Transfer> transfers_;
    std::optional<views::SyncState> next_;
    views::SyncState state_; // GUI thread only
};

} // namespace holdfast::sync

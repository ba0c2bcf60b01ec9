// Brings attachments of history to this desk in the background, one at a time, newest first.
#pragma once

#include "models/views/desk.h"
#include "storage/local/desk_settings.h"
#include "storage/sync/news_relay.h"

#include <QList>
#include <QObject>
#include <QSet>

namespace holdfast::sync {

// Lives on the sync thread.
class BlobFiller : public QObject
{
    Q_OBJECT
public:
    BlobFiller(local::DeskSettings& settings, views::DeskReader& reader, NewsRelay& news, QObject* parent);

    void want(const QList<BlobId>& blobs); // newest last
    void lookAgain();                      // there are more than it was told of
    void setOnline(bool online);
    void stop();

private:
    void next();
    void refill();
    void setAside(const BlobId& blob, const Error& why);

    local::DeskSettings& settings_;
    views::DeskReader& reader_;
    NewsRelay& news_;
    QList<BlobId> wanted_; // the next one last
    QSet<BlobId> failed_;  // not asked for again until the desk is online anew
    bool online_ = false;
    bool busy_ = false;
    bool refilled_ = false;
};

} // namespace holdfast::sync

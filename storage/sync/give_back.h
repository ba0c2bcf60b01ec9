// Gives a restored central back what this desk holds of the log above the restored point.
#pragma once

#include "storage/local/lost_entries.h"
#include "storage/sync/blob_transfer.h"
#include "storage/sync/wire.h"

#include <QObject>
#include <QTimer>

namespace holdfast::sync {

// Lives on the sync thread. In the order of the log, because an entry needs its thread's beginning; attachments that
// this desk holds go before the entry that names them.
class GiveBack : public QObject
{
    Q_OBJECT
public:
    GiveBack(local::LostEntries& lost, Transport& transport, BlobTransfer& blobs, QObject* parent);

    void useToken(const QByteArray& token);
    void setOnline(bool online);
    void stop();

private:
    void begin(); // from the oldest on
    void next();
    void take(const QList<local::LostEntry>& entries);
    void upload(const local::LostEntry& first);
    void offer(const QList<local::LostEntry>& entries);
    void settle(const QList<local::LostEntry>& entries, const PushAnswer& answer);
    void tryLater(int delayMs);
    [[nodiscard]] bool needsUpload(const local::LostEntry& lost) const;

    local::LostEntries& lost_;
    Transport& transport_;
    BlobTransfer& blobs_;
    QTimer retry_;
    QByteArray token_;
    std::optional<Position> after_; // all up to here were offered in this round
    QSet<EntryId> uploadTried_;     // in this round
    bool online_ = false;
    bool busy_ = false;
    bool anyLater_ = false; // in this round
};

} // namespace holdfast::sync

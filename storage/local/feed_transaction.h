// One transaction of the feed: at most 500 entries and the cursor.
#pragma once

#include "storage/local/closings.h"
#include "storage/local/prepared_entry.h"
#include "storage/local/projection.h"

namespace holdfast::local {

// Writer thread; lives for one transaction.
class FeedTransaction
{
public:
    FeedTransaction(sql::WriteConnection& connection, DeviceKeys& keys, const UserId& me);

    // Closes first: nothing of what was lost stays while the rest arrives.
    [[nodiscard]] Result<Applied> run(std::vector<PreparedEntry> entries, const Closings& closings,
                                      const QByteArray& cursor, const QList<ScopeSum>& sums);

private:
    [[nodiscard]] Status close(const Closings& closings);
    [[nodiscard]] Status erase(const QList<domain::EraseContents>& erasures, QList<BlobId>& unneeded);
    [[nodiscard]] Status sift(std::vector<PreparedEntry> entries);
    [[nodiscard]] Status dropKnown();
    [[nodiscard]] Status settleOutbox();
    void take(DecodedEntry& entry);
    void note(const domain::RowChange& change);
    [[nodiscard]] Status recheckDevices();
    [[nodiscard]] Status recheck(const DeviceId& device);
    [[nodiscard]] Status storeEntries();
    [[nodiscard]] Status compare(const QList<ScopeSum>& sums);
    [[nodiscard]] Status storeFaults();
    [[nodiscard]] Status collectWanted();
    void addFault(Position pos, const QString& what, const QByteArray& evidence = {});

    sql::WriteConnection& connection_;
    DeviceKeys& keys_;
    UserId me_;
    Projection projection_;
    Applied applied_;
    std::vector<DecodedEntry> entries_;
    sql::JsonRows faultRows_;
    QSet<EntryId> touched_; // messages whose attachments may have become good
    QList<DeviceId> newDevices_;
};

} // namespace holdfast::local

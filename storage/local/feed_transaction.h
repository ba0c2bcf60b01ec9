// One transaction of the feed: at most 500 entries and the cursor.
#pragma once

#include "storage/local/prepared_entry.h"
#include "storage/local/projection.h"

namespace holdfast::local {

// Writer thread; lives for one transaction.
class FeedTransaction
{
public:
    FeedTransaction(sql::WriteConnection& connection, DeviceKeys& keys, const UserId& me);

    [[nodiscard]] Result<Applied> run(std::vector<PreparedEntry> entries, const std::vector<ScopeEvent>& scopes,
                                      const QByteArray& cursor);

private:
    [[nodiscard]] Status closeScopes(const std::vector<ScopeEvent>& scopes);
    [[nodiscard]] Status sift(std::vector<PreparedEntry> entries);
    [[nodiscard]] Status dropKnown();
    [[nodiscard]] Status settleOutbox();
    void take(DecodedEntry& entry);
    void note(const domain::RowChange& change);
    [[nodiscard]] Status recheckDevices();
    [[nodiscard]] Status recheck(const DeviceId& device);
    [[nodiscard]] Status storeEntries();
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
    bool turnedBad_ = false; // an entry that was shown is not signed by its author
};

} // namespace holdfast::local

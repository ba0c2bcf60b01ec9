// One transaction of the feed or of history: at most 500 entries and the cursor.
#pragma once

#include "storage/local/chain_links.h"
#include "storage/local/closings.h"
#include "storage/local/prepared_entry.h"
#include "storage/local/projection.h"

#include <functional>

namespace holdfast::local {

// Writer thread; lives for one transaction.
class FeedTransaction
{
public:
    FeedTransaction(sql::WriteConnection& connection, DeviceKeys& keys, const UserId& me);

    // Closes first: nothing of what was lost stays while the rest arrives.
    [[nodiscard]] Result<Applied> run(std::vector<PreparedEntry> entries, const Closings& closings,
                                      const QByteArray& cursor, const QList<ScopeSum>& sums);
    // What is missing here and was asked for. Of threads of which nothing is missing nothing is taken: they may have
    // been closed meanwhile. With the last piece the windows are complete.
    [[nodiscard]] Result<Applied> runHistory(std::vector<PreparedEntry> entries, const QList<NewestWindow>& windows,
                                             bool isLast);

private:
    [[nodiscard]] Result<Applied> inTransaction(sql::Durability durability, const std::function<Status()>& body);
    [[nodiscard]] Status applyEntries(std::vector<PreparedEntry> entries, Arrival arrival,
                                      const QList<NewestWindow>& windows, bool windowsComplete);
    [[nodiscard]] Status noteWindows(const QList<NewestWindow>& windows);
    [[nodiscard]] Status close(const Closings& closings);
    [[nodiscard]] Status noteOpened(const Closings& closings);
    [[nodiscard]] Status erase(const QList<domain::EraseContents>& erasures, QList<BlobId>& unneeded);
    [[nodiscard]] Status sift(std::vector<PreparedEntry> entries);
    [[nodiscard]] Status dropKnown();
    [[nodiscard]] Status settleOutbox();
    [[nodiscard]] Status take(DecodedEntry& entry, ChainLinks& links, Arrival arrival);
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
    HoleBook holes_;
    Applied applied_;
    std::vector<DecodedEntry> entries_;
    sql::JsonRows faultRows_;
    QSet<EntryId> touched_; // messages whose attachments may have become good
    QList<DeviceId> newDevices_;
    bool turnedBad_ = false; // an entry that was shown is not signed by its author
};

} // namespace holdfast::local

// What a job of the store may do: a reader for reads in one consistent view, a writer inside the appender's
// transaction.
#pragma once

#include "central/store/access_rows.h"
#include "central/store/accounts.h"
#include "central/store/blobs.h"
#include "central/store/device_runs.h"
#include "central/store/erasures.h"
#include "central/store/feed.h"
#include "central/store/history.h"
#include "central/store/jobs.h"
#include "central/store/messages.h"
#include "central/store/organisation.h"
#include "central/store/people.h"
#include "central/store/proofs.h"
#include "central/store/rekeying.h"
#include "central/store/removals.h"
#include "central/store/settings.h"
#include "central/store/threads.h"

namespace holdfast::store {

// Valid only during the call that handed it over, on that thread.
class StoreReader
{
public:
    explicit StoreReader(Context& context) : context_(context) {}
    [[nodiscard]] FeedReads feed() { return FeedReads(context_); }
    [[nodiscard]] HistoryReads history() { return HistoryReads(context_); }
    [[nodiscard]] ThreadReads threads() { return ThreadReads(context_); }
    [[nodiscard]] PeopleReads people() { return PeopleReads(context_); }
    [[nodiscard]] MessageReads messages() { return MessageReads(context_); }
    [[nodiscard]] InboxReads inbox() { return InboxReads(context_); }
    [[nodiscard]] JobReads sends() { return {context_, JobKind::send}; }
    [[nodiscard]] JobReads media() { return {context_, JobKind::media}; }
    [[nodiscard]] AccountReads accounts() { return AccountReads(context_); }
    [[nodiscard]] AccessReads access() { return AccessReads(context_); }
    [[nodiscard]] BlobReads blobs() { return BlobReads(context_); }
    [[nodiscard]] DeviceRunReads deviceRuns() { return DeviceRunReads(context_); }
    [[nodiscard]] RemovalReads removals() { return RemovalReads(context_); }
    [[nodiscard]] ErasureReads erasures() { return ErasureReads(context_); }
    [[nodiscard]] SettingReads settings() { return SettingReads(context_); }
    [[nodiscard]] const Organisation& organisation() const;
    // Whether a checkpoint shows that the store was restored to an earlier point.
    [[nodiscard]] Result<bool> isBehind(const QByteArray& checkpoint);

protected:
    Context& context_;
};

class StoreWriter : public StoreReader
{
public:
    using StoreReader::StoreReader;
    [[nodiscard]] PeopleWrites people() { return PeopleWrites(context_); }
    [[nodiscard]] InboxWrites inbox() { return InboxWrites(context_); }
    [[nodiscard]] JobWrites sends() { return {context_, JobKind::send}; }
    [[nodiscard]] JobWrites media() { return {context_, JobKind::media}; }
    [[nodiscard]] AccountWrites accounts() { return AccountWrites(context_); }
    [[nodiscard]] BlobWrites blobs() { return BlobWrites(context_); }
    [[nodiscard]] DeviceRunWrites deviceRuns() { return DeviceRunWrites(context_); }
    [[nodiscard]] RemovalWrites removals() { return RemovalWrites(context_); }
    [[nodiscard]] ErasureWrites erasures() { return ErasureWrites(context_); }
    [[nodiscard]] RekeyingWrites rekeying() { return RekeyingWrites(context_); }
    [[nodiscard]] SettingWrites settings() { return SettingWrites(context_); }
    // Nothing is appended any more if the store is behind `checkpoint`.
    [[nodiscard]] Status stopBehind(const QByteArray& checkpoint);
    [[nodiscard]] Clock& clock();
    [[nodiscard]] RandomSource& random();
};

} // namespace holdfast::store

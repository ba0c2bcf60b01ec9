// Writes the sample insurer into a store that was just initialised. Blocks its caller; the store must have no other
// user.
#pragma once

#include "central/store/store.h"
#include "models/log/signing.h"
#include "sample/history.h"

#include <functional>
#include <map>
#include <set>

namespace holdfast::seed {

struct SeedReport
{
    qint64 entries = 0;
    qint64 messages = 0;
    qint64 files = 0;
};

class Seeder
{
public:
    // `passwordHash`: of the one password that all sample accounts share.
    Seeder(store::Store& store, const sample::World& world, QString passwordHash, quint64 seed);

    // Accounts, teams, grants, rooms, sample devices, people and policies, all dated `at`.
    [[nodiscard]] Status writeWorld(Timestamp at);
    // Conversations up to `end`; `progress` is told the number of messages now and then.
    [[nodiscard]] Result<SeedReport> writeHistory(Timestamp end, const sample::HistorySize& size,
                                                  const std::function<void(qint64)>& progress);

private:
    struct Device
    {
        log::SigningKey key;
        DeviceId id;
        DeviceSeq next;
    };

    [[nodiscard]] Status writeAccounts();
    [[nodiscard]] Status writeStructure();
    [[nodiscard]] Status writeRecords();
    [[nodiscard]] Status storeFile(const sample::Happening& happening, const domain::Attachment& attachment);
    [[nodiscard]] Status add(sample::Happening happening);
    [[nodiscard]] Status addCustody(const sample::Happening& happening, const domain::Attachment& attachment);
    [[nodiscard]] store::EntryToAppend entryOf(const sample::Happening& happening, domain::Kind kind,
                                               const QByteArray& content);
    [[nodiscard]] store::EntryToAppend central(const ThreadId& thread, domain::Kind kind, const QByteArray& content,
                                               const std::optional<ScopeId>& newThreadScope = {});
    [[nodiscard]] store::EntryToAppend structural(domain::Kind kind, const QByteArray& content);
    [[nodiscard]] Status push(store::EntryToAppend entry);
    [[nodiscard]] Status putReferences();
    [[nodiscard]] Status writeReadMarkers();
    [[nodiscard]] Status flush();

    store::Store& store_;
    Timestamp now_;
    const sample::World& world_;
    QString passwordHash_;
    sample::Dice dice_;
    quint64 seed_;
    std::map<UserId, Device> devices_;
    std::map<ThreadId, quint64> newest_; // tseq of every thread that was written
    std::set<ThreadId> mine_;            // conversations of the first team
    std::vector<store::EntryToAppend> pending_;
    SeedReport report_;
};

} // namespace holdfast::seed

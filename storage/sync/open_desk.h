// Everything of one desk while it is open: database, exchange and the services that the windows use.
#pragma once

#include "storage/local/desk_reader.h"
#include "storage/sync/copy_saver.h"
#include "storage/sync/desk_acts.h"
#include "storage/sync/engine.h"

#include <QThread>

namespace holdfast::sync {

// What unlocking or enrolling gives: made on a worker, then handed over.
struct UnlockedDesk
{
    std::unique_ptr<local::Database> database;
    local::DeskIdentity identity;
    QUrl server;
};

// Made and destroyed on the GUI thread. The destructor stops the exchange, then closes the database.
class OpenDesk
{
public:
    // `signInNeeded` is called on the sync thread.
    [[nodiscard]] static Result<std::unique_ptr<OpenDesk>> make(UnlockedDesk desk, const QString& pinnedCa,
                                                                Clock& clock, RandomSource& random,
                                                                std::function<void()> signInNeeded);
    ~OpenDesk();
    OpenDesk(const OpenDesk&) = delete;
    OpenDesk& operator=(const OpenDesk&) = delete;

    [[nodiscard]] views::Desk& desk() { return desk_; }
    [[nodiscard]] const local::DeskIdentity& identity() const { return identity_; }
    [[nodiscard]] const log::SigningKey& key() const { return key_; }
    [[nodiscard]] Transport& transport() { return *transport_; }
    void signedIn(const Tokens& tokens);

private:
    OpenDesk(UnlockedDesk desk, std::unique_ptr<Transport> transport, log::SigningKey key, Clock& clock,
             RandomSource& random, std::function<void()> signInNeeded);
    void onLocalChange(const LocalChange& change);

    local::DeskIdentity identity_;
    log::SigningKey key_;
    std::unique_ptr<local::Database> database_;
    local::DeskSettings settings_;
    local::MediaStore media_;
    local::Outbox outbox_;
    local::LostEntries lost_;
    local::Applier applier_;
    std::unique_ptr<Transport> transport_;
    NewsRelay news_;
    BlobTransfer blobs_;
    local::LocalDeskReader reader_;
    CopySaver copies_;
    QThread thread_;
    std::unique_ptr<SyncEngine> engine_; // lives on thread_
    DeskActsService acts_;
    views::Desk desk_;
};

} // namespace holdfast::sync

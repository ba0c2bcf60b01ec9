// Applies the feed to the local database: checks, stores, projects, indexes, all in one transaction with the cursor.
#pragma once

#include "storage/local/database.h"
#include "storage/local/feed.h"

namespace holdfast::local {

class DeviceKeys;

class Applier
{
public:
    // `me`: whose unread counts and queue the lists show.
    Applier(Database& database, const OrgId& org, const UserId& me);

    // Idempotent. One transaction up to 500 entries; a longer batch is cut, and the cursor goes with its last piece.
    // An entry that fails a check (form, commitment, chain, signature) is stored as it came and reported as a fault;
    // what it says is not shown, unless only its place in the chain is wrong.
    QFuture<Result<Applied>> apply(FeedBatch batch);

    // Throws the derived tables away and folds every stored entry again, outbox included, in one transaction.
    QFuture<Result<void>> rebuild();

private:
    Database& database_;
    UserId me_;
    std::shared_ptr<DeviceKeys> keys_; // touched by jobs on the writer thread only
};

} // namespace holdfast::local

// Applies the feed to the local database: checks, stores, projects, indexes, all in one transaction with the cursor.
#pragma once

#include "storage/local/database.h"
#include "storage/local/feed.h"

namespace holdfast::local
{

class Applier
{
public:
    // `me`: whose unread counts and queue the lists show.
    Applier(Database& database, const OrgId& org, const UserId& me);

    // Idempotent. One transaction up to 500 entries; a longer batch is cut, and the cursor goes with its last piece.
    // A failed check of an entry (form, commitment, chain, signature) stores it as it came and is reported as a fault.
    QFuture<Result<Applied>> apply(FeedBatch batch);

    // Throws the derived tables away and folds every stored entry again, outbox included, in batches.
    QFuture<Result<void>> rebuild();

private:
    Database& database_;
    OrgId org_;
    UserId me_;
};

} // namespace holdfast::local

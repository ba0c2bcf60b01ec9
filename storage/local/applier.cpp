#include "storage/local/applier.h"

#include "storage/local/entry_checks.h"
#include "storage/local/feed_transaction.h"
#include "storage/local/media_store.h"
#include "storage/local/prepared_entry.h"
#include "storage/local/rebuild.h"

#include <algorithm>

namespace holdfast::local {
namespace {

constexpr size_t largestPiece = 500; // rows: about what a send may have to wait for

void merge(Applied& all, Applied piece)
{
    all.stored += piece.stored;
    all.threads += piece.threads;
    all.wanted += piece.wanted;
    all.blobs += piece.blobs;
    all.erased += piece.erased;
    all.settled += piece.settled;
    all.listsChanged = all.listsChanged || piece.listsChanged;
    if (!all.fault)
        all.fault = piece.fault;
}

// A batch on its way: each piece is a job of its own, so that a send gets between two of them.
struct Batch
{
    FeedBatch feed;
    size_t done = 0;
    Applied applied;
    QPromise<Result<Applied>> promise;
};

// What was erased leaves the media file and both write-ahead logs as well, as soon as nothing more urgent waits.
void finish(Database& database, Batch& batch)
{
    if (!batch.applied.erased.isEmpty()) {
        eraseMedia(database, batch.applied.erased);
        database.truncateLog();
    }
    batch.promise.addResult(std::move(batch.applied));
    batch.promise.finish();
}

void applyNext(Database& database, const std::shared_ptr<Batch>& batch, const std::shared_ptr<DeviceKeys>& keys,
               const UserId& me)
{
    const auto job = [&database, batch, keys, me](sql::WriteConnection& connection) -> Result<void> {
        std::vector<FeedEntry>& all = batch->feed.entries;
        const size_t end = std::min(all.size(), batch->done + largestPiece);
        const bool isLast = end == all.size();
        const auto at = [&all](size_t index) { return std::next(all.begin(), static_cast<std::ptrdiff_t>(index)); };
        std::vector<FeedEntry> piece(std::make_move_iterator(at(batch->done)), std::make_move_iterator(at(end)));
        if (Status loaded = keys->load(connection); !loaded) {
            batch->promise.addResult(tl::unexpected(loaded.error()));
            batch->promise.finish();
            return {};
        }
        std::vector<PreparedEntry> prepared = prepareOnTwoCores(std::move(piece), *keys);
        // Scopes close with the first piece: nothing of them may stay while the rest arrives.
        const std::vector<ScopeEvent> scopes =
            batch->done == 0 ? std::move(batch->feed.scopes) : std::vector<ScopeEvent>();
        Result<Applied> applied = FeedTransaction(connection, *keys, me)
                                      .run(std::move(prepared), scopes, isLast ? batch->feed.cursor : QByteArray());
        batch->done = end;
        if (!applied) {
            batch->promise.addResult(tl::unexpected(applied.error()));
            batch->promise.finish();
        } else if (isLast) {
            merge(batch->applied, std::move(*applied));
            finish(database, *batch);
        } else {
            merge(batch->applied, std::move(*applied));
            applyNext(database, batch, keys, me);
        }
        return {};
    };
    database.write<void>(Priority::bulk, job);
}

} // namespace

Applier::Applier(Database& database, const OrgId& org, const UserId& me)
    : database_(database), me_(me), keys_(std::make_shared<DeviceKeys>(org))
{}

QFuture<Result<Applied>> Applier::apply(FeedBatch feed)
{
    const auto batch = std::make_shared<Batch>();
    batch->feed = std::move(feed);
    batch->promise.start();
    const QFuture<Result<Applied>> future = batch->promise.future();
    applyNext(database_, batch, keys_, me_);
    return future;
}

QFuture<Result<void>> Applier::rebuild()
{
    return rebuildProjections(database_, me_);
}

} // namespace holdfast::local

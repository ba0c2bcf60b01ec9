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
    all.advanced.insert(piece.advanced);
    all.threads += piece.threads;
    all.closed += piece.closed;
    all.closings += piece.closings;
    all.wanted += piece.wanted;
    all.blobs += piece.blobs;
    all.erased += piece.erased;
    all.settled += piece.settled;
    all.destroyed = all.destroyed || piece.destroyed;
    all.listsChanged = all.listsChanged || piece.listsChanged;
    if (!all.fault)
        all.fault = piece.fault;
}

// They go with the first piece: nothing of what was lost may stay while the rest arrives.
Closings closingsOf(const FeedBatch& feed)
{
    Closings closings;
    for (const ScopeEvent& event : feed.scopes) {
        (event.opened ? closings.opened : closings.scopes).append(event.scope);
        if (event.opened && event.window)
            closings.windows.append(event.scope);
    }
    for (const ThreadEvent& event : feed.threads)
        (event.opened ? closings.openedThreads : closings.threads).append(event.thread);
    closings.erased = feed.erased;
    return closings;
}

// A batch on its way: each piece is a job of its own, so that a send gets between two of them.
struct Batch
{
    FeedBatch feed;
    size_t done = 0;
    Applied applied;
    QPromise<Result<Applied>> promise;
};

void answer(Batch& batch, Result<Applied> result)
{
    batch.promise.addResult(std::move(result));
    batch.promise.finish();
}

// Whoever hears the answer may rely on it: what was erased has left the media file and both write-ahead logs. A batch
// that failed half-way has erased with its first pieces. The truncation is asked for only once the chunks are gone.
void finish(Database& database, const std::shared_ptr<Batch>& batch, const Status& outcome)
{
    const auto end = [batch, outcome](const Status& gone) {
        if (!gone)
            batch->applied.left = gone.error();
        answer(*batch, outcome ? Result<Applied>(std::move(batch->applied)) : tl::unexpected(outcome.error()));
    };
    if (!batch->applied.destroyed)
        return end({});
    eraseChunks(database, batch->applied.erased)
        .then([&database](const Result<void>& gone) {
            return gone ? database.truncateLog() : QtFuture::makeReadyFuture(gone);
        })
        .unwrap()
        .then([&database, batch](const Result<void>& gone) {
            return gone ? noteGone(database, batch->applied.closings) : QtFuture::makeReadyFuture(gone);
        })
        .unwrap()
        .then(end);
}

Result<Applied> applyPiece(FeedTransaction transaction, FeedBatch& batch, std::vector<PreparedEntry> piece,
                           bool isFirst, bool isLast)
{
    if (batch.arrival == Arrival::history)
        return transaction.runHistory(std::move(piece), batch.windows, isLast);
    return transaction.run(std::move(piece), isFirst ? closingsOf(batch) : Closings(),
                           isLast ? batch.cursor : QByteArray(), isLast ? batch.sums : QList<ScopeSum>());
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
            finish(database, batch, loaded);
            return {};
        }
        std::vector<PreparedEntry> prepared = prepareOnTwoCores(std::move(piece), *keys);
        Result<Applied> applied = applyPiece(FeedTransaction(connection, *keys, me), batch->feed, std::move(prepared),
                                             batch->done == 0, isLast);
        batch->done = end;
        if (!applied) {
            finish(database, batch, tl::unexpected(applied.error()));
        } else if (isLast) {
            merge(batch->applied, std::move(*applied));
            finish(database, batch, {});
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

// Erasing, step by step: Store::erase() and what makes up for its interruption.
#include "central/store/erasure_journal.h"
#include "central/store/store.h"

#include <future>

namespace holdfast::store {

namespace {

constexpr int looks = 5; // at a conversation that goes on meanwhile

Error movesOn()
{
    return {ErrorCode::unavailable,
            QStringLiteral("The conversation goes on too quickly to be erased now. Nothing was erased; try again.")};
}

} // namespace

struct Store::Erasing
{
    ErasureRequest request;
    std::optional<EntryToAppend> record;
    Done<ErasureReport> done;
    std::vector<ThreadErasure> plan;
    std::vector<qint64> rawBodies;
    ErasureReport report;
    int looked = 0;
    bool movedOn = false;
};

void Store::erase(const ErasureRequest& request, std::optional<EntryToAppend> record, Done<ErasureReport> done)
{
    auto erasing = std::make_shared<Erasing>();
    erasing->request = request;
    erasing->record = std::move(record);
    erasing->done = std::move(done);
    planErasure(erasing);
}

// What takes long is found out first, where no append waits for it.
void Store::planErasure(const std::shared_ptr<Erasing>& erasing)
{
    ++erasing->looked;
    erasing->movedOn = false;
    postLongRead([this, erasing](StoreReader* reader, const Error* error) {
        if (!reader)
            return erasing->done(tl::unexpected<Error>(*error));
        Result<std::vector<ThreadErasure>> plan = reader->erasures().plan(erasing->request);
        if (!plan)
            return erasing->done(tl::unexpected<Error>(plan.error()));
        Result<std::vector<qint64>> bodies = reader->erasures().rawBodies(*plan);
        if (!bodies)
            return erasing->done(tl::unexpected<Error>(bodies.error()));
        erasing->plan = std::move(*plan);
        erasing->rawBodies = std::move(*bodies);
        performErasure(erasing);
    });
}

void Store::performErasure(const std::shared_ptr<Erasing>& erasing)
{
    AppendBatch batch;
    batch.allOrNothing = true;
    batch.compose = [erasing](StoreWriter& writer) -> Result<std::vector<EntryToAppend>> {
        const Result<std::vector<ThreadErasure>> plan = writer.erasures().plan(erasing->request);
        if (!plan)
            return tl::unexpected<Error>(plan.error());
        erasing->movedOn = *plan != erasing->plan;
        if (erasing->movedOn)
            return tl::unexpected<Error>(movesOn());
        std::vector<EntryToAppend> entries;
        for (const ThreadErasure& erasure : *plan) {
            for (EntryToAppend& entry : writer.erasures().entriesOf(erasure, erasing->request.reason))
                entries.push_back(std::move(entry));
        }
        if (erasing->record && !entries.empty())
            entries.push_back(*erasing->record);
        return entries;
    };
    batch.after = [erasing](StoreWriter& writer, std::span<const AppendResult>) -> Status {
        erasing->report = {};
        if (const Status forgotten = writer.erasures().forgetRawBodies(erasing->rawBodies); !forgotten)
            return forgotten;
        for (const ThreadErasure& erasure : erasing->plan) {
            const Result<ErasureReport> one = writer.erasures().perform(erasure);
            if (!one)
                return tl::unexpected<Error>(one.error());
            erasing->report.threads += one->threads;
            erasing->report.entries += one->entries;
            erasing->report.blobs += one->blobs;
        }
        return {};
    };
    append(std::move(batch), [this, erasing](const Result<std::vector<AppendResult>>& results) {
        if (!results && erasing->movedOn && erasing->looked < looks)
            return planErasure(erasing);
        if (!results)
            return erasing->done(tl::unexpected<Error>(results.error()));
        if (erasing->plan.empty())
            return erasing->done(erasing->report);
        // Committed: nobody is given the contents any more. Now what could still open them.
        destroyOldKeys([this, erasing](const Status& destroyed) {
            cleanFiles([erasing, destroyed](const Status& cleaned) {
                erasing->report.settled = destroyed && cleaned;
                erasing->done(erasing->report);
            });
        });
    });
}

// A transaction a piece, so that appends get through between them.
void Store::destroyOldKeys(std::function<void(Status)> done)
{
    const auto more = std::make_shared<bool>(false);
    AppendBatch piece; // without entries, but behind the lock of the log's head
    piece.compose = [more](StoreWriter& writer) -> Result<std::vector<EntryToAppend>> {
        const Result<bool> worked = writer.rekeying().step();
        if (!worked)
            return tl::unexpected<Error>(worked.error());
        *more = *worked;
        return std::vector<EntryToAppend>();
    };
    append(std::move(piece),
           [this, more, done = std::move(done)](const Result<std::vector<AppendResult>>& results) mutable {
               if (results && *more)
                   destroyOldKeys(std::move(done));
               else
                   done(results ? Status() : tl::unexpected<Error>(results.error()));
           });
}

void Store::settleErasures(Done<void> done)
{
    destroyOldKeys([this, done = std::move(done)](const Status& destroyed) {
        if (!destroyed || !cleanDue())
            return done(destroyed);
        cleanFiles(done);
    });
}

// A store restored from a backup may hold again what was erased after the backup was made.
Status Store::replayErasures()
{
    for (const ErasureRecord& record : erasures().atOpening()) {
        std::promise<Result<std::vector<EntryId>>> present;
        read<std::vector<EntryId>>(
            [&record](StoreReader& reader) { return reader.erasures().withContent(record.entries); },
            [&present](Result<std::vector<EntryId>> found) { present.set_value(std::move(found)); });
        Result<std::vector<EntryId>> again = present.get_future().get();
        if (!again)
            return tl::unexpected<Error>(again.error());
        if (again->empty())
            continue;
        ErasureRequest request;
        if (record.person)
            request.person = PersonId(record.thread);
        else
            request.entries = std::move(*again);
        request.reason = QStringLiteral("journal");
        std::promise<Result<ErasureReport>> erased;
        erase(request, {}, [&erased](Result<ErasureReport> report) { erased.set_value(std::move(report)); });
        if (const Result<ErasureReport> report = erased.get_future().get(); !report)
            return tl::unexpected<Error>(report.error());
    }
    return {};
}

} // namespace holdfast::store

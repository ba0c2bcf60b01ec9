#include "central/store/group_runner.h"

#include "central/store/session.h"
#include "storage/sql/transaction.h"

namespace holdfast::store {

namespace {

// May share one bulk insert with its neighbours: nothing has to happen between its entries and theirs.
bool isPlain(const Work& work)
{
    const auto* append = std::get_if<AppendWork>(&work);
    return append && !append->batch.compose && !append->batch.after && !append->batch.allOrNothing;
}

bool anyRefused(const std::vector<AppendResult>& results)
{
    return std::any_of(results.begin(), results.end(),
                       [](const AppendResult& result) { return result.outcome == AppendResult::Outcome::refused; });
}

void refuseTheOthers(std::vector<AppendResult>& results)
{
    for (AppendResult& result : results) {
        if (result.outcome != AppendResult::Outcome::accepted)
            continue;
        AppendResult held;
        held.entry = result.entry;
        held.refusal = {QStringLiteral("later"), QStringLiteral("Another entry of the same batch was refused.")};
        result = std::move(held);
    }
}

} // namespace

Result<std::vector<Outcome>> GroupRunner::run(const std::vector<Work>& group)
{
    Result<sql::Transaction> transaction = sql::Transaction::begin(*context_.writer);
    if (!transaction)
        return tl::unexpected<Error>(transaction.error());
    std::vector<Outcome> outcomes(group.size());
    Status status = runAll(group, outcomes);
    if (status)
        status = transaction->commit();
    if (!status) {
        transaction->rollback();
        writer_.rolledBack();
        raw_.clear();
        return tl::unexpected<Error>(status.error());
    }
    writer_.committed();
    return outcomes;
}

Status GroupRunner::runAll(const std::vector<Work>& group, std::vector<Outcome>& outcomes)
{
    for (size_t i = 0; i < group.size();) {
        Status status;
        size_t next = i + 1;
        if (isPlain(group[i])) {
            while (next < group.size() && isPlain(group[next]))
                ++next;
            status = stageTogether(std::span(group).subspan(i, next - i), std::span(outcomes).subspan(i, next - i));
        } else if (const auto* append = std::get_if<AppendWork>(&group[i])) {
            status = this->append(*append, outcomes[i]);
        } else if (const auto* write = std::get_if<WriteWork>(&group[i])) {
            status = this->write(*write, outcomes[i]);
        } else if (const auto* raw = std::get_if<RawWork>(&group[i])) {
            Result<qint64> id = raw_.stage(raw->channel, raw->bytes);
            if (!id)
                return tl::unexpected<Error>(id.error());
            outcomes[i] = std::move(id);
        }
        if (!status)
            return status;
        i = next;
    }
    if (const Status flushed = raw_.flush(); !flushed)
        return flushed;
    if (const Status flushed = writer_.flush(); !flushed)
        return flushed;
    return writer_.finish();
}

Status GroupRunner::stageTogether(std::span<const Work> works, std::span<Outcome> outcomes)
{
    if (const Status locked = writer_.lockHead(); !locked)
        return locked;
    std::vector<const EntryToAppend*> entries;
    for (const Work& work : works) {
        for (const EntryToAppend& entry : std::get<AppendWork>(work).batch.entries)
            entries.push_back(&entry);
    }
    Result<std::vector<AppendResult>> results = writer_.stage(entries);
    if (!results)
        return tl::unexpected<Error>(results.error());
    auto from = results->begin();
    for (size_t i = 0; i < works.size(); ++i) {
        const auto count = std::ptrdiff_t(std::get<AppendWork>(works[i]).batch.entries.size());
        outcomes[i] =
            Result<std::vector<AppendResult>>(std::vector(std::move_iterator(from), std::move_iterator(from + count)));
        from += count;
    }
    return {};
}

Status GroupRunner::behindSavepoint(const std::function<bool()>& body)
{
    // What is staged must be in the tables before the body looks, and must survive its undoing.
    if (const Status flushed = raw_.flush(); !flushed)
        return flushed;
    if (const Status flushed = writer_.flush(); !flushed)
        return flushed;
    if (const Status begun = context_.writer->execute(QStringLiteral("SAVEPOINT batch")); !begun)
        return begun;
    LogWriter::Mark mark = writer_.mark();
    if (!body()) {
        writer_.restore(std::move(mark));
        if (const Status undone = context_.writer->execute(QStringLiteral("ROLLBACK TO SAVEPOINT batch")); !undone)
            return undone;
    }
    return context_.writer->execute(QStringLiteral("RELEASE SAVEPOINT batch"));
}

Status GroupRunner::append(const AppendWork& work, Outcome& outcome)
{
    if (const Status locked = writer_.lockHead(); !locked)
        return locked;
    return behindSavepoint([&] {
        bool undo = false;
        Result<std::vector<AppendResult>> results = appendInside(work.batch, undo);
        const bool keep = results && !undo;
        outcome = std::move(results);
        return keep;
    });
}

Result<std::vector<AppendResult>> GroupRunner::appendInside(const AppendBatch& batch, bool& undo)
{
    StoreWriter writer(context_);
    Result<std::vector<EntryToAppend>> composed;
    if (batch.compose) {
        composed = batch.compose(writer);
        if (!composed)
            return tl::unexpected<Error>(composed.error());
    }
    const std::vector<EntryToAppend>& entries = batch.compose ? *composed : batch.entries;
    std::vector<const EntryToAppend*> pointers;
    for (const EntryToAppend& entry : entries)
        pointers.push_back(&entry);
    Result<std::vector<AppendResult>> results = writer_.stage(pointers);
    if (!results)
        return results;
    if (batch.allOrNothing && anyRefused(*results)) {
        refuseTheOthers(*results);
        undo = true;
        return results;
    }
    if (const Status flushed = writer_.flush(); !flushed)
        return tl::unexpected<Error>(flushed.error());
    if (batch.after) {
        if (const Status followed = batch.after(writer, *results); !followed)
            return tl::unexpected<Error>(followed.error());
    }
    return results;
}

Status GroupRunner::write(const WriteWork& work, Outcome& outcome)
{
    // The keys that this thread remembers are the newest only behind the lock: another central may have begun the next
    // generation of one. What a fenced central writes beside the log is harmless.
    if (const Status locked = writer_.lockHead(); !locked && locked.error().code != ErrorCode::fenced)
        return locked;
    return behindSavepoint([&] {
        StoreWriter writer(context_);
        Status status = work.job(writer);
        const bool keep = status.has_value();
        outcome = std::move(status);
        return keep;
    });
}

} // namespace holdfast::store

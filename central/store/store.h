// Central's store: the one door for everything above it.
#pragma once

#include "central/store/append.h"
#include "central/store/blobs.h"
#include "central/store/config.h"
#include "central/store/export.h"
#include "central/store/incidents.h"
#include "central/store/keyring.h"
#include "central/store/organisation.h"
#include "central/store/session.h"
#include "central/store/tailer.h"
#include "central/store/verify.h"

#include <memory>

namespace holdfast::store {

template <typename T>
using Done = std::function<void(Result<T>)>;

// Every call returns at once; every completion is called exactly once, on a thread of the store: hand over to your own
// executor and do not block there. A full queue answers ErrorCode::unavailable (503 with Retry-After) at once, on the
// caller's thread. Jobs that wait when the store closes are answered ErrorCode::cancelled.
class Store
{
public:
    // Makes keys, schema and the organisation's first entries. conflict when there is a store or key files already.
    [[nodiscard]] static Result<Organisation> initialise(const StoreConfig& config, const QString& organisationName,
                                                         Clock& clock, RandomSource& random);
    // busy: another process has the embedded store. notFound: no store, or a key file is missing. fenced: the store
    // is behind its anchor, so appending would fork the log.
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(const StoreConfig& config, Clock& clock,
                                                             RandomSource& random);
    // Finishes the running job and stops the threads; never called from a completion.
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    [[nodiscard]] const Organisation& organisation() const;
    // Was there a last signed checkpoint to compare the store with when it was opened?
    [[nodiscard]] bool wasAnchored() const;
    [[nodiscard]] const Keyring& keys() const;
    [[nodiscard]] Clock& clock() const;
    [[nodiscard]] RandomSource& random() const;

    // `job` runs on a reader thread, in one read transaction.
    template <typename T>
    void read(std::function<Result<T>(StoreReader&)> job, Done<T> done);
    // `job` runs in the appender's transaction; an error undoes what it wrote. `done` is called after COMMIT.
    template <typename T>
    void write(std::function<Result<T>(StoreWriter&)> job, Done<T> done);

    // Results are in the order of the entries. Called back after COMMIT only.
    void append(AppendBatch batch, AppendDone done);
    // A raw webhook body; answered with its inbox id after COMMIT.
    void putRaw(const QString& channel, const QByteArray& bytes, Done<qint64> done);

    // One chunk; after the last one the hash is checked on a reader thread before `complete` is set.
    void putBlobChunk(const BlobId& blob, qint64 index, const QByteArray& bytes, Done<BlobFacts> done);

    // At most 200 threads. `from` above the newest checkpoint's size: without consistency. notFound before the first
    // one.
    void proofs(quint64 from, std::vector<ThreadId> threads, Done<ProofAnswer> done);
    // Appends log.heads if there is something new and signs a note; answers the newest note.
    void checkpointNow(Done<QByteArray> done);

    // Destroys contents and files, for good: design section 2. `record`, who wanted it, is appended with what erases.
    // Nothing is left to erase: an answer of zeros, and no record.
    void erase(const ErasureRequest& request, std::optional<EntryToAppend> record, Done<ErasureReport> done);
    [[nodiscard]] const ErasureJournal& erasures() const;
    // Destroys what a crash or a busy moment left of erasures: older keys, freed pages. May be repeated at any time.
    void settleErasures(Done<void> done);

    [[nodiscard]] Tailer& tailer();

    // On threads of their own, two at a time; `write` may block one.
    void verify(Done<VerifyReport> done);
    void exportAll(LineWriter write, Done<quint64> done);

    // Words when the appender stopped taking entries (lost epoch, behind the anchor, disk); nothing: all is well.
    [[nodiscard]] std::optional<QString> fault() const;
    // Called at once when there is a fault, and then whenever it changes; on a thread of the store, and not for long.
    void watchFault(std::function<void(const std::optional<QString>&)> watcher);
    [[nodiscard]] Incidents& incidents();

private:
    class Impl;
    explicit Store(std::unique_ptr<Impl> impl);
    using ReadJob = std::function<void(StoreReader*, const Error*)>; // exactly one is given
    struct Erasing;
    [[nodiscard]] Status replayErasures(); // before anything is served
    void planErasure(const std::shared_ptr<Erasing>& erasing);
    void performErasure(const std::shared_ptr<Erasing>& erasing);
    void destroyOldKeys(std::function<void(Status)> done);
    void cleanFiles(std::function<void(Status)> done);
    [[nodiscard]] bool cleanDue() const;
    void postRead(ReadJob job);
    void postLongRead(ReadJob job);
    void postWrite(std::function<Status(StoreWriter&)> job, std::function<void(Status)> done);

    std::unique_ptr<Impl> impl_;
};

template <typename T>
void Store::read(std::function<Result<T>(StoreReader&)> job, Done<T> done)
{
    postRead([job = std::move(job), done = std::move(done)](StoreReader* reader, const Error* error) {
        if (reader)
            done(job(*reader));
        else
            done(tl::unexpected<Error>(*error));
    });
}

template <typename T>
void Store::write(std::function<Result<T>(StoreWriter&)> job, Done<T> done)
{
    // The value travels beside the status: it only counts once COMMIT succeeded.
    auto kept = std::make_shared<std::optional<Result<T>>>();
    postWrite(
        [job = std::move(job), kept](StoreWriter& writer) -> Status {
            kept->emplace(job(writer));
            if (!**kept)
                return tl::unexpected<Error>((*kept)->error());
            return {};
        },
        [done = std::move(done), kept](Status status) {
            if (status)
                done(std::move(**kept));
            else
                done(tl::unexpected<Error>(status.error()));
        });
}

} // namespace holdfast::store

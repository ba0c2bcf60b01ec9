#include "central/store/store.h"

#include "central/store/appender.h"
#include "central/store/context.h"
#include "central/store/daily_anchor.h"
#include "central/store/erasure_journal.h"
#include "central/store/open_database.h"
#include "central/store/organisation_rows.h"
#include "central/store/proof_reads.h"
#include "central/store/reader_pool.h"
#include "central/store/schema.h"
#include "central/store/tailer_thread.h"

#include <QFile>

#include <atomic>

namespace holdfast::store {

// Order matters: what is used is declared before what uses it.
class Store::Impl
{
public:
    Impl(StoreConfig givenConfig, Keyring givenKeys, OpenDatabase givenDatabase, Organisation givenOrganisation,
         std::unique_ptr<ErasureJournal> givenJournal, Clock& givenClock, RandomSource& givenRandom)
        : config(std::move(givenConfig)), keys(std::move(givenKeys)), open(std::move(givenDatabase)),
          organisation(std::move(givenOrganisation)), journal(std::move(givenJournal)), clock(givenClock),
          random(givenRandom), anchor(anchorPath(config)), heads(organisation.logThread),
          tailer({*open.database, keys, organisation, clock, random, incidents}),
          appender({config, *open.database, keys, organisation, anchor, *journal, heads, answers, clock, random, tailer,
                    incidents})
    {}
    ~Impl()
    {
        appender.stop();
        answers.finish(); // completions may still ask for reads, which are answered
        tailer.stop();
        if (longReaders)
            longReaders->stop();
        if (readers)
            readers->stop(); // readers close before the writer does, in the appender's destructor
    }

    StoreConfig config;
    Keyring keys;
    OpenDatabase open;
    Organisation organisation;
    std::unique_ptr<ErasureJournal> journal;
    Clock& clock;
    RandomSource& random;
    Anchor anchor;
    const bool wasAnchored = QFile::exists(anchorPath(config));
    HeadsKeeper heads;
    Incidents incidents;
    std::atomic<bool> cleanDue = false; // freed pages may still hold what was erased
    AnswerThread answers;
    TailerThread tailer;
    std::unique_ptr<ReaderPool> readers;
    std::unique_ptr<ReaderPool> longReaders; // what takes minutes keeps no desk waiting
    Appender appender;
};

namespace {

constexpr int longThreads = 2;
constexpr size_t longJobs = 4; // exports, verifications and erasures that may wait

// PostgreSQL's dead rows. What its own log and backups hold dies with the key-encryption key of their time.
Status vacuumErased(const sql::Database& database)
{
    const Result<std::unique_ptr<sql::WriteConnection>> db = database.openWriter();
    if (!db)
        return tl::unexpected<Error>(db.error());
    return (*db)->execute(QStringLiteral("VACUUM thread_key, raw_inbox, job, identity, content, blob, blob_chunk"));
}

Status checkQuiet(const sql::Connection& db)
{
    if (db.hardened())
        return {};
    return fail(
        ErrorCode::denied,
        QStringLiteral("PostgreSQL would write statements with customers' data into its log. As its superuser: ALTER "
                       "ROLE <the role> SET log_min_error_statement = panic; and the same with log_statement = "
                       "none and log_min_duration_statement = -1. Then start again."));
}

// Migrates, and reads what must be known before the threads start.
Result<Organisation> prepare(const sql::Database& database, const Keyring& keys)
{
    const Result<std::unique_ptr<sql::WriteConnection>> db = database.openWriter();
    if (!db)
        return tl::unexpected<Error>(db.error());
    if (const Status quiet = checkQuiet(**db); !quiet)
        return tl::unexpected<Error>(quiet.error());
    const Result<int> version = sql::schemaVersion(**db);
    if (!version)
        return tl::unexpected<Error>(version.error());
    if (*version == 0)
        return fail(ErrorCode::notFound, QStringLiteral("There is no store in that database. Run \"holdfast-admin "
                                                        "init\"."));
    const std::vector<sql::Migration> steps = migrations(database.dialect());
    if (const Status migrated = sql::migrate(**db, steps); !migrated)
        return tl::unexpected<Error>(migrated.error());
    Result<Organisation> organisation = loadOrganisation(**db);
    if (!organisation)
        return organisation;
    // A key that was changed since is recorded with the next checkpoint.
    if (!keys.changesSince(organisation->id, organisation->logPublicKey)) {
        return fail(ErrorCode::wrongKey, QStringLiteral("The log's signing key is not the one that this store was set "
                                                        "up with. Check the [keys] section of the configuration."));
    }
    return organisation;
}

} // namespace

Result<std::unique_ptr<Store>> Store::open(const StoreConfig& config, Clock& clock, RandomSource& random)
{
    if (const Status anchors = DailyAnchor(config.anchorDirectory).check(); !anchors)
        return tl::unexpected<Error>(anchors.error());
    Result<Keyring> keys = Keyring::load(config.keyDirectory, config.signerFile);
    if (!keys)
        return tl::unexpected<Error>(keys.error());
    Result<OpenDatabase> database = openDatabase(config, *keys, sql::OpenMode::mustExist);
    if (!database)
        return tl::unexpected<Error>(database.error());
    Result<Organisation> organisation = prepare(*database->database, *keys);
    if (!organisation)
        return tl::unexpected<Error>(organisation.error());
    Result<std::unique_ptr<ErasureJournal>> journal = ErasureJournal::open(journalPath(config));
    if (!journal)
        return tl::unexpected<Error>(journal.error());
    auto impl = std::make_unique<Impl>(config, std::move(*keys), std::move(*database), std::move(*organisation),
                                       std::move(*journal), clock, random);
    if (const Status started = impl->appender.start(); !started)
        return tl::unexpected<Error>(started.error());
    const ReaderParts parts{*impl->open.database, impl->keys, impl->organisation, clock, random, impl->incidents};
    impl->readers = std::make_unique<ReaderPool>(parts, config.readers, size_t(config.queueLimit));
    impl->longReaders = std::make_unique<ReaderPool>(parts, longThreads, longJobs);
    impl->cleanDue = !impl->journal->atOpening().empty(); // it may have been cut off
    std::unique_ptr<Store> store(new Store(std::move(impl)));
    // A store restored from a backup may hold again what was erased after the backup was made.
    if (const Status replayed = store->replayErasures(); !replayed)
        return tl::unexpected<Error>(replayed.error());
    return store;
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

bool Store::wasAnchored() const
{
    return impl_->wasAnchored;
}

const Organisation& Store::organisation() const
{
    return impl_->organisation;
}

const Keyring& Store::keys() const
{
    return impl_->keys;
}

Clock& Store::clock() const
{
    return impl_->clock;
}

RandomSource& Store::random() const
{
    return impl_->random;
}

Tailer& Store::tailer()
{
    return impl_->tailer;
}

std::optional<QString> Store::fault() const
{
    return impl_->appender.fault();
}

void Store::watchFault(std::function<void(const std::optional<QString>&)> watcher)
{
    impl_->appender.watchFault(std::move(watcher));
}

Incidents& Store::incidents()
{
    return impl_->incidents;
}

void Store::postRead(ReadJob job)
{
    impl_->readers->submit([job = std::move(job)](Context* context, const Error* error) {
        if (!context) {
            job(nullptr, error);
            return;
        }
        StoreReader reader(*context);
        job(&reader, nullptr);
    });
}

void Store::postLongRead(ReadJob job)
{
    impl_->longReaders->submit([job = std::move(job)](Context* context, const Error* error) {
        if (!context) {
            job(nullptr, error);
            return;
        }
        StoreReader reader(*context);
        job(&reader, nullptr);
    });
}

void Store::postWrite(std::function<Status(StoreWriter&)> job, std::function<void(Status)> done)
{
    impl_->appender.submit(WriteWork{std::move(job), std::move(done)});
}

void Store::append(AppendBatch batch, AppendDone done)
{
    impl_->appender.submit(AppendWork{std::move(batch), std::move(done)});
}

void Store::putRaw(const QString& channel, const QByteArray& bytes, Done<qint64> done)
{
    impl_->appender.submit(RawWork{channel, bytes, std::move(done)});
}

void Store::checkpointNow(Done<QByteArray> done)
{
    impl_->appender.submit(CheckpointWork{std::move(done)});
}

void Store::putBlobChunk(const BlobId& blob, qint64 index, const QByteArray& bytes, Done<BlobFacts> done)
{
    const auto finish = [this, blob](const Digest& computed, const Done<BlobFacts>& answer) {
        write<BlobFacts>([blob, computed](StoreWriter& writer) { return writer.blobs().finish(blob, computed); },
                         [answer](Result<BlobFacts> facts) {
                             if (facts && !facts->complete)
                                 answer(fail(ErrorCode::invalidInput,
                                             QStringLiteral("The attachment's bytes are not the announced ones. "
                                                            "Nothing was kept: send it again.")));
                             else
                                 answer(std::move(facts));
                         });
    };
    const auto check = [this, blob, finish](const Done<BlobFacts>& answer) {
        read<Digest>([blob](StoreReader& reader) { return reader.blobs().hash(blob); },
                     [finish, answer](Result<Digest> computed) {
                         if (computed)
                             finish(*computed, answer);
                         else
                             answer(tl::unexpected<Error>(computed.error()));
                     });
    };
    write<BlobFacts>([blob, index, bytes](StoreWriter& writer) { return writer.blobs().putChunk(blob, index, bytes); },
                     [check, done = std::move(done)](Result<BlobFacts> facts) {
                         const bool whole =
                             facts && !facts->complete && facts->nextChunk * blobChunkBytes >= facts->size;
                         if (whole)
                             check(done);
                         else
                             done(std::move(facts));
                     });
}

void Store::proofs(quint64 from, std::vector<ThreadId> threads, Done<ProofAnswer> done)
{
    impl_->readers->submit(
        [this, from, threads = std::move(threads), done = std::move(done)](Context* context, const Error* error) {
            if (!context) {
                done(tl::unexpected<Error>(*error));
                return;
            }
            // A snapshot is fixed by its first statement, so taking the lock here makes map and snapshot agree.
            auto lock = impl_->heads.lock();
            Result<ProofAnswer> answer = prove(*context, impl_->heads, from, threads);
            lock.unlock();
            done(std::move(answer));
        });
}

void Store::verify(Done<VerifyReport> done)
{
    impl_->longReaders->submit([done = std::move(done)](Context* context, const Error* error) {
        done(context ? verifyStore(*context) : tl::unexpected<Error>(*error));
    });
}

void Store::exportAll(LineWriter write, Done<quint64> done)
{
    impl_->longReaders->submit(
        [write = std::move(write), done = std::move(done)](Context* context, const Error* error) {
            done(context ? exportJsonl(*context, write) : tl::unexpected<Error>(*error));
        });
}

void Store::cleanFiles(std::function<void(Status)> done)
{
    const auto finish = [this, done = std::move(done)](const Status& status) {
        if (status)
            impl_->cleanDue = false;
        done(status);
    };
    impl_->cleanDue = true;
    if (impl_->open.database->dialect() == sql::Dialect::sqlCipher) {
        impl_->appender.submit(CleanWork{finish});
        return;
    }
    // On a connection of its own: it takes as long as the tables are large.
    impl_->longReaders->submit([this, finish](Context*, const Error* error) {
        finish(error ? Status(tl::unexpected<Error>(*error)) : vacuumErased(*impl_->open.database));
    });
}

bool Store::cleanDue() const
{
    return impl_->cleanDue;
}

const ErasureJournal& Store::erasures() const
{
    return *impl_->journal;
}

} // namespace holdfast::store

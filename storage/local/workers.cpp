#include "storage/local/workers.h"

#include "storage/local/schema.h"

#include <QFileInfo>

#include <future>

namespace holdfast::local {
namespace {

// Above this the writer moves the log into the file between two jobs.
constexpr qint64 largeLogBytes = 4 * 1024 * 1024;

} // namespace

Database::Workers::Workers(DeskFiles files, sql::SecretBytes key, sql::DatabaseLock lock)
    : files_(std::move(files)), key_(std::move(key)), lock_(std::move(lock)),
      writer_(std::make_unique<JobQueue>(
          1, [](int) {}, [this](int) { closeWriter(); }))
{}

Database::Workers::~Workers()
{
    finish();
}

void Database::Workers::finish()
{
    if (reader_)
        reader_->finish();
    writer_->finish();
}

Status Database::Workers::start(sql::OpenMode mode)
{
    if (const Status opened = runNow(*writer_, [this, mode](int) { return openWriter(mode); }); !opened)
        return opened;
    // A reader's connections belong to the thread that opened them, so each opens its own and tells how it went.
    std::array<std::promise<Status>, readers> opened;
    const auto setUp = [this, &opened](int worker) {
        const auto index = static_cast<size_t>(worker);
        opened[index].set_value(openReader(readers_[index]));
    };
    const auto tearDown = [this](int worker) { readers_[static_cast<size_t>(worker)] = {}; };
    reader_ = std::make_unique<JobQueue>(readers, setUp, tearDown);
    Status all;
    for (std::promise<Status>& one : opened) {
        if (const Status status = one.get_future().get(); !status)
            all = status;
    }
    return all;
}

Status Database::Workers::runNow(JobQueue& queue, const std::function<Status(int)>& job)
{
    std::promise<Status> done;
    queue.post(Priority::send, [&](int worker) { done.set_value(job(worker)); });
    return done.get_future().get();
}

sql::DatabaseFile Database::Workers::fileOf(const QString& path, int cacheKiB, bool media, sql::OpenMode mode) const
{
    return {path, mode, cacheKiB, sql::newestVersion(media ? mediaSchema() : historySchema())};
}

Status Database::Workers::openWriter(sql::OpenMode mode)
{
    auto history = sql::WriteConnection::open(fileOf(files_.history(), sql::writerCache, false, mode), key_);
    if (!history)
        return tl::unexpected(history.error());
    history_ = std::move(*history);
    auto media = sql::WriteConnection::open(fileOf(files_.media(), sql::mediaCache, true, mode), key_);
    if (!media)
        return tl::unexpected(media.error());
    media_ = std::move(*media);
    if (mode == sql::OpenMode::mustExist) {
        // A file without a schema was never finished; filling it now would pass an empty desk off as this person's.
        for (sql::WriteConnection* connection : {history_.get(), media_.get()}) {
            const Result<int> version = sql::schemaVersion(*connection);
            if (!version)
                return tl::unexpected(version.error());
            if (*version == 0)
                return fail(
                    ErrorCode::corrupt,
                    QStringLiteral("This desk's database is empty. Nothing was changed; set the desk up again."));
        }
    }
    if (const Status migrated = sql::migrate(*history_, historySchema()); !migrated)
        return migrated;
    return sql::migrate(*media_, mediaSchema());
}

Status Database::Workers::openReader(Reader& reader)
{
    constexpr sql::OpenMode mode = sql::OpenMode::mustExist;
    auto history = sql::ReadConnection::open(fileOf(files_.history(), sql::readerCache, false, mode), key_);
    if (!history)
        return tl::unexpected(history.error());
    reader.history = std::move(*history);
    auto media = sql::ReadConnection::open(fileOf(files_.media(), sql::mediaCache, true, mode), key_);
    if (!media)
        return tl::unexpected(media.error());
    reader.media = std::move(*media);
    return {};
}

void Database::Workers::postWrite(Priority priority, bool media, std::function<void(sql::WriteConnection&)> job)
{
    writer_->post(priority, [this, media, job = std::move(job)](int) {
        job(media ? *media_ : *history_);
        checkpointIfLarge();
    });
}

void Database::Workers::postRead(bool media, std::function<void(sql::ReadConnection&)> job)
{
    reader_->post(Priority::normal, [this, media, job = std::move(job)](int worker) {
        const std::shared_lock running(readersRun_);
        Reader& reader = readers_[static_cast<size_t>(worker)];
        job(media ? *reader.media : *reader.history);
    });
}

QFuture<Result<void>> Database::Workers::truncateLog()
{
    const auto promise = std::make_shared<QPromise<Result<void>>>();
    promise->start();
    const QFuture<Result<void>> future = promise->future();
    writer_->post(Priority::normal, [this, promise](int) {
        Status done;
        {
            const std::unique_lock paused(readersRun_);
            done = history_->checkpoint(sql::CheckpointMode::truncate);
            if (done)
                done = media_->checkpoint(sql::CheckpointMode::truncate);
        }
        promise->addResult(done);
        promise->finish();
    });
    return future;
}

// A passive checkpoint waits for nobody; what a reader still needs stays for the next one.
void Database::Workers::checkpointIfLarge()
{
    const auto check = [](const QString& file, sql::WriteConnection& connection) {
        if (QFileInfo(file + QStringLiteral("-wal")).size() > largeLogBytes)
            static_cast<void>(connection.checkpoint(sql::CheckpointMode::passive));
    };
    check(files_.history(), *history_);
    check(files_.media(), *media_);
}

void Database::Workers::closeWriter()
{
    for (std::unique_ptr<sql::WriteConnection>* connection : {&history_, &media_}) {
        // What cannot be moved now stays in the log, which the next opening reads.
        if (*connection)
            static_cast<void>((*connection)->checkpoint(sql::CheckpointMode::truncate));
        connection->reset();
    }
}

} // namespace holdfast::local

// The console's encrypted history: one writer thread, two reader threads, one lock file.
#pragma once

#include "models/base/error.h"
#include "storage/local/desk_directory.h"
#include "storage/local/job_queue.h"

#include <QFuture>
#include <QPromise>

#include <functional>
#include <memory>

namespace holdfast::sql {
class ReadConnection;
class SecretBytes;
class WriteConnection;
} // namespace holdfast::sql

namespace holdfast::local {

// Jobs run on the database's threads and get a connection; they begin and end their own transactions. Futures finish on
// those threads: continue with `.then(context, ...)`. Thread-safe. The destructor runs what was queued, then closes.
class Database
{
public:
    // create: conflict if either file exists. open: notFound if one is missing; never makes a file. wrongKey: the key
    // does not open it, nothing was changed. newerVersion: written by a newer Holdfast. busy: another process has it.
    [[nodiscard]] static Result<std::unique_ptr<Database>> create(const DeskFiles& files, sql::SecretBytes key);
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const DeskFiles& files, sql::SecretBytes key);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    template <typename T>
    QFuture<Result<T>> write(Priority priority, std::function<Result<T>(sql::WriteConnection&)> job);
    template <typename T>
    QFuture<Result<T>> read(std::function<Result<T>(sql::ReadConnection&)> job);
    // The media file has its own writer connection, on the writer thread.
    template <typename T>
    QFuture<Result<T>> writeMedia(Priority priority, std::function<Result<T>(sql::WriteConnection&)> job);
    template <typename T>
    QFuture<Result<T>> readMedia(std::function<Result<T>(sql::ReadConnection&)> job);

    // Moves the write-ahead log into the file and empties it, with the readers paused: after erasure and before
    // closing.
    QFuture<Result<void>> truncateLog();
    // True if a job of a higher priority than `than` waits for the writer: bulk work ends its batch early.
    [[nodiscard]] bool writerIsWanted(Priority than) const;

private:
    class Workers; // the connections and threads
    explicit Database(std::unique_ptr<Workers> workers);
    void postWrite(Priority priority, bool media, std::function<void(sql::WriteConnection&)> job);
    void postRead(bool media, std::function<void(sql::ReadConnection&)> job);

    template <typename T, typename Connection>
    static auto promised(std::function<Result<T>(Connection&)> job, std::shared_ptr<QPromise<Result<T>>> promise)
    {
        return [job = std::move(job), promise = std::move(promise)](Connection& connection) {
            promise->addResult(job(connection));
            promise->finish();
        };
    }

    std::unique_ptr<Workers> workers_;
};

template <typename T>
QFuture<Result<T>> Database::write(Priority priority, std::function<Result<T>(sql::WriteConnection&)> job)
{
    const auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    const QFuture<Result<T>> future = promise->future();
    postWrite(priority, false, promised<T>(std::move(job), promise));
    return future;
}

template <typename T>
QFuture<Result<T>> Database::read(std::function<Result<T>(sql::ReadConnection&)> job)
{
    const auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    const QFuture<Result<T>> future = promise->future();
    postRead(false, promised<T>(std::move(job), promise));
    return future;
}

template <typename T>
QFuture<Result<T>> Database::writeMedia(Priority priority, std::function<Result<T>(sql::WriteConnection&)> job)
{
    const auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    const QFuture<Result<T>> future = promise->future();
    postWrite(priority, true, promised<T>(std::move(job), promise));
    return future;
}

template <typename T>
QFuture<Result<T>> Database::readMedia(std::function<Result<T>(sql::ReadConnection&)> job)
{
    const auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    const QFuture<Result<T>> future = promise->future();
    postRead(true, promised<T>(std::move(job), promise));
    return future;
}

} // namespace holdfast::local

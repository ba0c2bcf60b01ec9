#include "storage/local/database.h"

#include "storage/files/durable_file.h"
#include "storage/local/workers.h"

#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <unistd.h>

namespace holdfast::local {
namespace {

// SQLite gives its log files the rights of the database file, so an empty one with the right rights comes first.
Status makeEmptyPrivate(const QString& path)
{
    const int descriptor =
        ::open(QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return fail(ErrorCode::io, QStringLiteral("The database of this desk could not be made in its folder."));
    ::close(descriptor);
    return {};
}

// Without the key slots nobody can open what an interrupted set-up left; it is kept beside, never deleted.
Status clearUnfinished(const DeskFiles& files)
{
    for (const QString& path : {files.history(), files.media()}) {
        if (!QFile::exists(path))
            continue;
        if (QFile::exists(files.keys()))
            return fail(ErrorCode::conflict,
                        QStringLiteral("There is already a desk of this person here. Unlock it instead."));
        if (const Result<QString> aside = sql::setAside(path); !aside)
            return tl::unexpected(aside.error());
    }
    return {};
}

} // namespace

Database::Database(std::unique_ptr<Workers> workers) : workers_(std::move(workers)) {}

Database::~Database()
{
    // While jobs run that may post others, this object is still whole.
    workers_->finish();
}

Result<std::unique_ptr<Database>> Database::create(const DeskFiles& files, sql::SecretBytes key)
{
    if (const Status folder = files::makePrivateFolder(files.folder); !folder)
        return tl::unexpected(folder.error());
    Result<sql::DatabaseLock> lock = sql::DatabaseLock::take(files.history());
    if (!lock)
        return tl::unexpected(lock.error());
    if (const Status clear = clearUnfinished(files); !clear)
        return tl::unexpected(clear.error());
    for (const QString& path : {files.history(), files.media()}) {
        if (const Status made = makeEmptyPrivate(path); !made)
            return tl::unexpected(made.error());
    }
    auto workers = std::make_unique<Workers>(files, std::move(key), std::move(*lock));
    if (const Status started = workers->start(sql::OpenMode::createIfMissing); !started)
        return tl::unexpected(started.error());
    return std::unique_ptr<Database>(new Database(std::move(workers)));
}

Result<std::unique_ptr<Database>> Database::open(const DeskFiles& files, sql::SecretBytes key)
{
    for (const QString& path : {files.history(), files.media()}) {
        if (!QFile::exists(path))
            return fail(ErrorCode::notFound,
                        QStringLiteral("A database of this desk is missing. Nothing was made in its place."));
    }
    Result<sql::DatabaseLock> lock = sql::DatabaseLock::take(files.history());
    if (!lock)
        return tl::unexpected(lock.error());
    auto workers = std::make_unique<Workers>(files, std::move(key), std::move(*lock));
    if (const Status started = workers->start(sql::OpenMode::mustExist); !started)
        return tl::unexpected(started.error());
    return std::unique_ptr<Database>(new Database(std::move(workers)));
}

QFuture<Result<void>> Database::truncateLog()
{
    return workers_->truncateLog();
}

bool Database::writerIsWanted(Priority than) const
{
    return workers_->writerIsWanted(than);
}

void Database::postWrite(Priority priority, bool media, std::function<void(sql::WriteConnection&)> job)
{
    workers_->postWrite(priority, media, std::move(job));
}

void Database::postRead(bool media, std::function<void(sql::ReadConnection&)> job)
{
    workers_->postRead(media, std::move(job));
}

} // namespace holdfast::local

#include "storage/files/durable_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace holdfast::files {
namespace {

Error diskError(const QString& path, const QString& what)
{
    const ErrorCode code = errno == ENOSPC || errno == EDQUOT ? ErrorCode::full : ErrorCode::io;
    const QString why = code == ErrorCode::full ? QStringLiteral("The disk is full.")
                                                : QString::fromLocal8Bit(strerror(errno)) + QLatin1Char('.');
    return {code, what.arg(QFileInfo(path).fileName()) + QLatin1Char(' ') + why};
}

bool writeAll(int descriptor, const QByteArray& bytes)
{
    qsizetype done = 0;
    while (done < bytes.size()) {
        const ssize_t step = ::write(descriptor, bytes.constData() + done, static_cast<size_t>(bytes.size() - done));
        if (step < 0 && errno == EINTR)
            continue;
        if (step <= 0)
            return false;
        done += step;
    }
    return true;
}

bool syncFolder(const QString& folder)
{
    const int descriptor = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool good = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return good;
}

// A file of the bytes under a name that nobody reads yet.
Status writeBeside(const QString& file, const QByteArray& beside, const QByteArray& bytes)
{
    const QString failure = QStringLiteral("The file %1 could not be written.");
    const int descriptor = ::open(beside.constData(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return tl::unexpected(diskError(file, failure));
    // A left-over from a crash may have other rights.
    const bool good = ::fchmod(descriptor, 0600) == 0 && writeAll(descriptor, bytes) && ::fsync(descriptor) == 0;
    const Error error = diskError(file, failure);
    ::close(descriptor);
    if (good)
        return {};
    ::unlink(beside.constData());
    return tl::unexpected(error);
}

Status syncFolderOf(const QString& file)
{
    if (syncFolder(QFileInfo(file).path()))
        return {};
    return tl::unexpected(diskError(file, QStringLiteral("The folder of %1 could not be synced.")));
}

} // namespace

Status writeDurably(const QString& file, const QByteArray& bytes)
{
    const QByteArray path = QFile::encodeName(file);
    const QByteArray beside = path + ".new";
    if (const Status written = writeBeside(file, beside, bytes); !written)
        return written;
    if (::rename(beside.constData(), path.constData()) != 0)
        return tl::unexpected(diskError(file, QStringLiteral("The file %1 could not be replaced.")));
    return syncFolderOf(file);
}

Status createDurably(const QString& file, const QByteArray& bytes)
{
    const QByteArray path = QFile::encodeName(file);
    const QByteArray beside = path + ".new";
    if (const Status written = writeBeside(file, beside, bytes); !written)
        return written;
    // Not rename(), which would replace what another process made meanwhile.
    if (::link(beside.constData(), path.constData()) != 0) {
        const bool isThere = errno == EEXIST;
        const Error error = diskError(file, QStringLiteral("The file %1 could not be made."));
        ::unlink(beside.constData());
        return isThere ? fail(ErrorCode::conflict,
                              QStringLiteral("The file %1 exists already.").arg(QFileInfo(file).fileName()))
                       : tl::unexpected(error);
    }
    ::unlink(beside.constData());
    return syncFolderOf(file);
}

Status makePrivateFolder(const QString& folder)
{
    const QString path = QDir::cleanPath(QDir::current().absoluteFilePath(folder));
    QStringList missing; // innermost first
    for (QString one = path; !QFileInfo::exists(one); one = QFileInfo(one).path())
        missing.append(one);
    if (!QDir().mkpath(path))
        return tl::unexpected(diskError(path, QStringLiteral("The folder %1 could not be made.")));
    if (::chmod(QFile::encodeName(path).constData(), 0700) != 0)
        return tl::unexpected(diskError(path, QStringLiteral("The folder %1 could not be made private.")));
    // Else a power cut could take the folder's name, and with it everything that was synced inside.
    for (const QString& made : std::as_const(missing)) {
        if (const Status synced = syncFolderOf(made); !synced)
            return synced;
    }
    return {};
}

Result<QByteArray> readSmallFile(const QString& file, qint64 most)
{
    const QString name = QFileInfo(file).fileName();
    QFile source(file);
    if (!source.exists())
        return fail(ErrorCode::notFound, QStringLiteral("The file %1 is missing.").arg(name));
    if (!source.open(QIODevice::ReadOnly))
        return fail(ErrorCode::io, QStringLiteral("The file %1 could not be read.").arg(name));
    QByteArray bytes = source.read(most + 1);
    if (bytes.size() > most)
        return fail(ErrorCode::tooLarge, QStringLiteral("The file %1 is larger than it can be.").arg(name));
    return bytes;
}

} // namespace holdfast::files

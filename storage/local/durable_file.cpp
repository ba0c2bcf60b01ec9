#include "storage/local/durable_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace holdfast::local {
namespace {

Error diskError(const QString& what)
{
    const ErrorCode code = errno == ENOSPC || errno == EDQUOT ? ErrorCode::full : ErrorCode::io;
    const QString why = code == ErrorCode::full ? QStringLiteral("The disk is full.")
                                                : QString::fromLocal8Bit(strerror(errno)) + QLatin1Char('.');
    return {code, what + QLatin1Char(' ') + why};
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

bool syncFolder(const QByteArray& folder)
{
    const int descriptor = ::open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool good = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return good;
}

} // namespace

Status writeDurably(const QString& file, const QByteArray& bytes)
{
    const QByteArray path = QFile::encodeName(file);
    const QByteArray beside = path + ".new";
    const int descriptor = ::open(beside.constData(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return tl::unexpected(diskError(QStringLiteral("A file of this desk could not be written.")));
    // A left-over from a crash may have other rights.
    const bool good = ::fchmod(descriptor, 0600) == 0 && writeAll(descriptor, bytes) && ::fsync(descriptor) == 0;
    const Error error = diskError(QStringLiteral("A file of this desk could not be written."));
    ::close(descriptor);
    if (!good) {
        ::unlink(beside.constData());
        return tl::unexpected(error);
    }
    if (::rename(beside.constData(), path.constData()) != 0)
        return tl::unexpected(diskError(QStringLiteral("A file of this desk could not be replaced.")));
    if (!syncFolder(QFile::encodeName(QFileInfo(file).path())))
        return tl::unexpected(diskError(QStringLiteral("The folder of this desk could not be synced.")));
    return {};
}

Status makePrivateFolder(const QString& folder)
{
    if (!QDir().mkpath(folder))
        return tl::unexpected(diskError(QStringLiteral("The folder of this desk could not be made.")));
    if (::chmod(QFile::encodeName(folder).constData(), 0700) != 0)
        return tl::unexpected(diskError(QStringLiteral("The folder of this desk could not be made private.")));
    return {};
}

Result<QByteArray> readSmallFile(const QString& file, qint64 most)
{
    QFile source(file);
    if (!source.exists())
        return fail(ErrorCode::notFound, QStringLiteral("A file of this desk is missing."));
    if (!source.open(QIODevice::ReadOnly))
        return fail(ErrorCode::io, QStringLiteral("A file of this desk could not be read."));
    QByteArray bytes = source.read(most + 1);
    if (bytes.size() > most)
        return fail(ErrorCode::tooLarge, QStringLiteral("A file of this desk is larger than it can be."));
    return bytes;
}

} // namespace holdfast::local

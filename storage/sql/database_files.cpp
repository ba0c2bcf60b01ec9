#include "storage/sql/database_files.h"

#include <QFile>
#include <QFileInfo>
#include <QStorageInfo>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace holdfast::sql {
namespace {

constexpr int maxAside = 10000;

bool isSlash(QChar c)
{
    return c == QLatin1Char('/') || c == QLatin1Char('\\');
}

// Not QDir::isAbsolutePath: it takes ":memory:" for a resource.
bool isAbsolute(const QString& path)
{
    const bool hasDrive =
        path.size() > 2 && path.at(0).isLetter() && path.at(1) == QLatin1Char(':') && isSlash(path.at(2));
    return hasDrive || path.startsWith(QLatin1Char('/'));
}

bool isOnNetworkDisk(const QString& path)
{
    static constexpr const char* networks[] = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "fuse.sshfs"};
    const QByteArray type = QStorageInfo(QFileInfo(path).absolutePath()).fileSystemType();
    for (const char* network : networks) {
        if (type == network)
            return true;
    }
    return false;
}

bool rename(const QString& from, const QString& to)
{
    return !QFile::exists(from) || QFile::rename(from, to);
}

} // namespace

Result<DatabaseLock> DatabaseLock::take(const QString& databasePath)
{
    if (const Status local = checkLocalPath(databasePath); !local)
        return tl::unexpected(local.error());
    const QByteArray name = QFile::encodeName(databasePath + QStringLiteral(".lock"));
    const int descriptor = ::open(name.constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) {
        return fail(ErrorCode::io, QStringLiteral("The database's folder cannot be written. Check that it exists and "
                                                  "belongs to you."));
    }
    DatabaseLock lock(descriptor);
    while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            return fail(ErrorCode::busy, QStringLiteral("Another Holdfast has this database open. Close it, then try "
                                                        "again."));
        }
        if (errno != EINTR)
            return fail(ErrorCode::io, QStringLiteral("The database's disk does not support locks. Use a local disk."));
    }
    return lock;
}

DatabaseLock::DatabaseLock(int descriptor) : descriptor_(descriptor) {}

DatabaseLock::DatabaseLock(DatabaseLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

DatabaseLock& DatabaseLock::operator=(DatabaseLock&& other) noexcept
{
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

DatabaseLock::~DatabaseLock()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

Result<QString> setAside(const QString& databasePath)
{
    if (const Status local = checkLocalPath(databasePath); !local)
        return tl::unexpected(local.error());
    if (!QFile::exists(databasePath))
        return fail(ErrorCode::notFound, QStringLiteral("There is no database file to set aside."));
    QString aside;
    for (int n = 1; n <= maxAside && aside.isEmpty(); ++n) {
        const QString candidate = databasePath + QStringLiteral(".damaged-%1").arg(n);
        if (!QFile::exists(candidate) && !QFile::exists(candidate + QStringLiteral("-wal")))
            aside = candidate;
    }
    // The WAL goes first: left behind, it would be played into the file that takes the database's place.
    bool moved = !aside.isEmpty();
    for (const char* suffix : {"-wal", "-shm", ""}) {
        const QLatin1StringView ending(suffix);
        moved = moved && rename(databasePath + ending, aside + ending);
    }
    if (!moved)
        return fail(ErrorCode::io, QStringLiteral("The damaged database could not be renamed. Nothing was deleted."));
    return aside;
}

Status checkLocalPath(const QString& path)
{
    const bool isNetwork = path.size() > 1 && isSlash(path.at(0)) && isSlash(path.at(1));
    if (isNetwork || !isAbsolute(path) || path.contains(QChar(0)) || isOnNetworkDisk(path)) {
        return fail(ErrorCode::invalidInput, QStringLiteral("The database must be in a folder of this computer, not on "
                                                            "the network."));
    }
    return {};
}

} // namespace holdfast::sql

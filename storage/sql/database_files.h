// The files of a SQLCipher database: keeping other processes out, setting damaged ones aside.
#pragma once

#include "models/base/error.h"

#include <QString>

#include <memory>

namespace holdfast::sql {

// Holds PATH.lock with flock(2) until it dies; the kernel releases it when the process does, so it is never stale.
class DatabaseLock
{
public:
    // busy: another window or process has the database open. The lock file itself stays.
    [[nodiscard]] static Result<DatabaseLock> take(const QString& databasePath);
    DatabaseLock(DatabaseLock&& other) noexcept;
    DatabaseLock& operator=(DatabaseLock&& other) noexcept;
    DatabaseLock(const DatabaseLock&) = delete;
    DatabaseLock& operator=(const DatabaseLock&) = delete;
    ~DatabaseLock();

private:
    explicit DatabaseLock(int descriptor);
    int descriptor_;
};

// Renames the file with its -wal and -shm to PATH.damaged-N, never deletes. All connections must be closed. Answers the
// new path.
[[nodiscard]] Result<QString> setAside(const QString& databasePath);

// invalidInput for an empty, relative or network path.
[[nodiscard]] Status checkLocalPath(const QString& path);

} // namespace holdfast::sql

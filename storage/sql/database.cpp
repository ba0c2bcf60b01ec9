#include "storage/sql/database.h"

#include <algorithm>

namespace holdfast::sql {

SqlCipherDatabase::SqlCipherDatabase(DatabaseFile file, SecretBytes key) : file_(std::move(file)), key_(std::move(key))
{}

Result<std::unique_ptr<WriteConnection>> SqlCipherDatabase::openWriter() const
{
    return WriteConnection::open(file_, key_);
}

Result<std::unique_ptr<ReadConnection>> SqlCipherDatabase::openReader() const
{
    DatabaseFile file = file_;
    file.mode = OpenMode::mustExist;
    file.cacheKiB = std::min(file_.cacheKiB, readerCache);
    return ReadConnection::open(file, key_);
}

PostgresDatabase::PostgresDatabase(PostgresUrl url) : url_(std::move(url)) {}

Result<std::unique_ptr<WriteConnection>> PostgresDatabase::openWriter() const
{
    return WriteConnection::open(url_);
}

Result<std::unique_ptr<ReadConnection>> PostgresDatabase::openReader() const
{
    return ReadConnection::open(url_);
}

} // namespace holdfast::sql

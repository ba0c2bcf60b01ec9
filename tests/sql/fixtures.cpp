#include "tests/sql/fixtures.h"

#include <QDir>
#include <QFile>

namespace holdfast::test {

std::unique_ptr<sql::WriteConnection> TemporaryFile::writer() const
{
    auto connection = sql::WriteConnection::open(file(sql::OpenMode::createIfMissing), keyOf('k'));
    REQUIRE(connection);
    return std::move(*connection);
}

std::unique_ptr<sql::ReadConnection> TemporaryFile::reader() const
{
    auto connection = sql::ReadConnection::open(file(sql::OpenMode::mustExist), keyOf('k'));
    REQUIRE(connection);
    return std::move(*connection);
}

QMap<QString, QByteArray> TemporaryFile::contents() const
{
    QMap<QString, QByteArray> contents;
    const QDir dir(folder());
    for (const QString& name : dir.entryList(QDir::Files | QDir::Hidden)) {
        QFile file(dir.filePath(name));
        REQUIRE(file.open(QIODevice::ReadOnly));
        contents.insert(name, file.readAll());
    }
    return contents;
}

bool TemporaryFile::holds(const QByteArray& marker) const
{
    for (const QByteArray& bytes : contents()) {
        if (bytes.contains(marker))
            return true;
    }
    return false;
}

EitherDatabase::EitherDatabase(sql::Dialect dialect)
{
    if (dialect == sql::Dialect::postgres)
        postgres_ = std::make_unique<TemporaryPostgres>();
    else
        file_ = std::make_unique<TemporaryFile>();
}

std::unique_ptr<sql::WriteConnection> EitherDatabase::writer()
{
    if (file_)
        return file_->writer();
    auto connection = sql::WriteConnection::open(postgres_->url());
    REQUIRE(connection);
    return std::move(*connection);
}

std::unique_ptr<sql::ReadConnection> EitherDatabase::reader()
{
    if (file_)
        return file_->reader();
    auto connection = sql::ReadConnection::open(postgres_->url());
    REQUIRE(connection);
    return std::move(*connection);
}

} // namespace holdfast::test

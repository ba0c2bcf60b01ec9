// Files, keys and the scan that the SQL tests share.
#pragma once

#include "storage/sql/connection.h"
#include "tests/support/postgres.h"
#include "tests/support/string_makers.h"

#include <QByteArray>
#include <QMap>
#include <QString>
#include <QTemporaryDir>

#include <catch2/catch_test_macros.hpp>

#include <memory>

namespace holdfast::test {

[[nodiscard]] inline sql::SecretBytes keyOf(char fill)
{
    return sql::SecretBytes::copyOf(QByteArray(32, fill));
}

// A folder with one SQLCipher file; connections must die before it.
class TemporaryFile
{
public:
    TemporaryFile() { REQUIRE(folder_.isValid()); }
    [[nodiscard]] QString folder() const { return folder_.path(); }
    [[nodiscard]] QString path() const { return folder_.filePath(QStringLiteral("history.db")); }
    [[nodiscard]] sql::DatabaseFile file(sql::OpenMode mode) const { return {path(), mode}; }
    [[nodiscard]] std::unique_ptr<sql::WriteConnection> writer() const;
    [[nodiscard]] std::unique_ptr<sql::ReadConnection> reader() const;
    [[nodiscard]] QMap<QString, QByteArray> contents() const; // of every file in the folder
    [[nodiscard]] bool holds(const QByteArray& marker) const;

private:
    QTemporaryDir folder_;
};

// The same test against both dialects: PostgreSQL's part is skipped when there is no cluster.
class EitherDatabase
{
public:
    explicit EitherDatabase(sql::Dialect dialect);
    [[nodiscard]] std::unique_ptr<sql::WriteConnection> writer();
    [[nodiscard]] std::unique_ptr<sql::ReadConnection> reader();

private:
    std::unique_ptr<TemporaryFile> file_;
    std::unique_ptr<TemporaryPostgres> postgres_;
};

} // namespace holdfast::test

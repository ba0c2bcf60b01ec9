// Numbered schema changes and the version that a database is at.
#pragma once

#include "models/base/error.h"
#include "storage/sql/connection.h"

#include <QString>
#include <QStringList>

#include <functional>
#include <span>

namespace holdfast::sql {

// One step. Published steps are never changed; statements run first, then `then` if there is one.
struct Migration
{
    int version = 0; // 1, 2, 3 ... without gaps
    QString name;
    QStringList statements;
    std::function<Status(WriteConnection&)> then;
};

[[nodiscard]] int newestVersion(std::span<const Migration> migrations);

// 0 for a new database. SQLCipher: PRAGMA user_version. PostgreSQL: the table schema_version.
[[nodiscard]] Result<int> schemaVersion(Connection& connection);

// Runs what is missing, each step in a transaction of its own. newerVersion: nothing was touched.
[[nodiscard]] Status migrate(WriteConnection& connection, std::span<const Migration> migrations);

// The whole schema as comparable text, for tests that a migrated database equals a fresh one.
[[nodiscard]] Result<QString> schemaText(Connection& connection);

} // namespace holdfast::sql

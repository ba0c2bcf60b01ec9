// What the databases' codes mean to us, in words without any value.
#pragma once

#include "models/base/error.h"
#include "storage/sql/connection.h"

#include <QSqlError>

namespace holdfast::sql {

// `code` is SQLite's extended result code, of a connection whose key is known to be good.
[[nodiscard]] Error sqliteError(int code);

// An empty state means that the connection broke before the server could answer.
[[nodiscard]] Error postgresError(const QString& sqlState);

// Reads the native code only: the text of a QSqlError may quote values.
[[nodiscard]] Error errorOf(Dialect dialect, const QSqlError& error);

} // namespace holdfast::sql

// Where a PostgreSQL database is: postgresql://user[:password]@host[:port]/database[?sslmode=...].
#pragma once

#include "models/base/error.h"

#include <QString>

namespace holdfast::sql {

struct PostgresUrl
{
    QString host;
    quint16 port = 5432;
    QString user;
    QString password; // may be empty
    QString database;
    QString sslMode; // "disable" only for loopback; verify-full unless the URL says require or verify-ca

    // invalidInput with words; the text never repeats the URL.
    [[nodiscard]] static Result<PostgresUrl> parse(const QString& url);
};

} // namespace holdfast::sql

// A fresh PostgreSQL database for one test, in the cluster that HOLDFAST_TEST_PG names.
#pragma once

#include "storage/sql/connection.h"

#include <QString>

#include <memory>

namespace holdfast::test {

// Without HOLDFAST_TEST_PG the test is skipped with a message; with HOLDFAST_TEST_REQUIRE_PG set it fails instead. The
// database is dropped at the end. Must outlive every connection to it.
class TemporaryPostgres
{
public:
    TemporaryPostgres();
    TemporaryPostgres(const TemporaryPostgres&) = delete;
    TemporaryPostgres& operator=(const TemporaryPostgres&) = delete;
    ~TemporaryPostgres();

    [[nodiscard]] const sql::PostgresUrl& url() const { return url_; }
    [[nodiscard]] QString urlText() const; // for programs under test
    // A copy of the database as it is, and going back to it. No connection to the database may be open.
    [[nodiscard]] Status backUp();
    [[nodiscard]] Status restore();
    [[nodiscard]] sql::WriteConnection& admin() { return *admin_; } // of the database postgres, as superuser

private:
    [[nodiscard]] QString backup() const { return url_.database + QStringLiteral("_backup"); }

    sql::PostgresUrl url_;
    std::unique_ptr<sql::WriteConnection> admin_;
};

} // namespace holdfast::test

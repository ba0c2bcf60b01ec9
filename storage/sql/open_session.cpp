#include "storage/sql/open_session.h"

#include "storage/sql/database_files.h"
#include "storage/sql/sql_errors.h"
#include "storage/sql/sqlcipher_driver.h"

#include <QSqlError>
#include <QSqlQuery>

namespace holdfast::sql {
namespace {

// Only a superuser may set these; without them the server's log may show statements that failed or took long.
constexpr const char* quietServer[] = {
    "SET log_min_error_statement = panic", "SET log_parameter_max_length_on_error = 0",
    "SET log_parameter_max_length = 0",    "SET log_statement = 'none'",
    "SET log_min_duration_statement = -1", "SET log_min_duration_sample = -1",
};

constexpr const char* sameEverywhere[] = {
    "SET client_min_messages = error", // notices would go to our stderr
    "SET TIME ZONE 'UTC'",
    "SET bytea_output = 'hex'",
    "SET lock_timeout = '30s'",
    "SET idle_in_transaction_session_timeout = '60s'",
};

void forget(QSqlDatabase& database, const QString& name)
{
    database = QSqlDatabase();
    QSqlDatabase::removeDatabase(name);
}

bool runs(const QSqlDatabase& database, const char* sql)
{
    QSqlQuery query(database);
    return query.exec(QString::fromLatin1(sql));
}

// Does the server keep the text of statements, in which QPSQL writes values out, to itself?
bool isQuiet(const QSqlDatabase& database)
{
    QSqlQuery query(database);
    return query.exec(QStringLiteral("SELECT current_setting('log_min_error_statement') IN ('fatal', 'panic') AND "
                                     "current_setting('log_statement') = 'none' AND "
                                     "current_setting('log_min_duration_statement') = '-1'")) &&
           query.next() && query.value(0).toBool();
}

} // namespace

Result<std::unique_ptr<Session>> openFile(const DatabaseFile& file, const SecretBytes& key, Access access)
{
    if (const Status local = checkLocalPath(file.path); !local)
        return tl::unexpected(local.error());
    const SqlCipherSettings settings{access == Access::read,
                                     access == Access::write && file.mode == OpenMode::createIfMissing, file.cacheKiB,
                                     file.newestVersion};
    auto* driver = new SqlCipherDriver(settings, key.clone()); // owned by Qt's registry from the next line on
    const QString name = Session::uniqueName();
    QSqlDatabase database = QSqlDatabase::addDatabase(driver, name);
    database.setDatabaseName(file.path);
    if (!database.open()) {
        const Error failure = driver->openFailure();
        forget(database, name);
        return tl::unexpected(failure);
    }
    return std::make_unique<Session>(Dialect::sqlCipher, std::move(database), driver, true);
}

Result<std::unique_ptr<Session>> openPostgres(const PostgresUrl& url, Access access)
{
    if (!QSqlDatabase::isDriverAvailable(QStringLiteral("QPSQL")))
        return fail(ErrorCode::unavailable, QStringLiteral("Support for PostgreSQL is not installed."));
    const QString name = Session::uniqueName();
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QPSQL"), name);
    database.setHostName(url.host);
    database.setPort(url.port);
    database.setUserName(url.user);
    database.setPassword(url.password);
    database.setDatabaseName(url.database);
    database.setConnectOptions(QStringLiteral("connect_timeout=10;application_name=holdfast;sslmode=") + url.sslMode);
    if (!database.open()) {
        forget(database, name);
        return fail(ErrorCode::unavailable,
                    QStringLiteral("PostgreSQL could not be opened. Check that it runs, and its address, login and "
                                   "database name."));
    }
    for (const char* setting : quietServer)
        (void)runs(database, setting); // a role that may not may have it set for it: what counts is what is in force
    const bool hardened = isQuiet(database);
    bool ready = true;
    for (const char* setting : sameEverywhere)
        ready = ready && runs(database, setting);
    if (ready && access == Access::read)
        ready = runs(database, "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY");
    if (!ready) {
        database.close();
        forget(database, name);
        return fail(ErrorCode::unavailable, QStringLiteral("PostgreSQL refused the settings of the connection."));
    }
    return std::make_unique<Session>(Dialect::postgres, std::move(database), nullptr, hardened);
}

} // namespace holdfast::sql

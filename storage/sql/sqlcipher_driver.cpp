#include "storage/sql/sqlcipher_driver.h"

#include "storage/sql/sqlcipher_result.h"
#include "storage/sql/sqlcipher_setup.h"

#include <QSqlError>

#include <sqlcipher/sqlite3.h>

namespace holdfast::sql {

SqlCipherDriver::SqlCipherDriver(const SqlCipherSettings& settings, SecretBytes key)
    : settings_(settings), key_(std::move(key))
{}

SqlCipherDriver::~SqlCipherDriver()
{
    close();
}

bool SqlCipherDriver::hasFeature(DriverFeature feature) const
{
    switch (feature) {
    case Transactions:
    case BLOB:
    case Unicode:
    case PreparedQueries:
    case PositionalPlaceholders:
    case LastInsertId:
    case LowPrecisionNumbers:
    case FinishQuery:
        return true;
    case NamedPlaceholders: // Qt rewrites names to positions, so the result binds by position alone
    case QuerySize:
    case BatchOperations:
    case SimpleLocking:
    case EventNotifications:
    case MultipleResultSets:
    case CancelQuery:
        return false;
    }
    return false;
}

bool SqlCipherDriver::open(const QString& path, const QString&, const QString&, const QString&, int, const QString&)
{
    close();
    const Status connected = connect(path);
    key_.wipe();
    if (!connected) {
        openFailure_ = connected.error();
        close();
        setLastError(QSqlError(QStringLiteral("Unable to open"), {}, QSqlError::ConnectionError));
        setOpenError(true);
        return false;
    }
    setOpen(true);
    setOpenError(false);
    return true;
}

Status SqlCipherDriver::connect(const QString& path)
{
    const Result<sqlite3*> handle = connectSqlCipher(path, settings_, key_);
    if (!handle)
        return tl::unexpected(handle.error());
    database_ = *handle;
    return {};
}

void SqlCipherDriver::close()
{
    if (database_) {
        // Results that still live keep the handle half-open until they are finalised.
        sqlite3_close_v2(database_);
        database_ = nullptr;
    }
    setOpen(false);
    setOpenError(false);
}

QSqlResult* SqlCipherDriver::createResult() const
{
    return new SqlCipherResult(this);
}

bool SqlCipherDriver::beginTransaction()
{
    return run(settings_.readOnly ? "BEGIN" : "BEGIN IMMEDIATE");
}

bool SqlCipherDriver::commitTransaction()
{
    return run("COMMIT");
}

bool SqlCipherDriver::rollbackTransaction()
{
    // A full disk or an I/O error has rolled back already.
    return !database_ || sqlite3_get_autocommit(database_) != 0 || run("ROLLBACK");
}

void SqlCipherDriver::interrupt()
{
    if (database_)
        sqlite3_interrupt(database_);
}

bool SqlCipherDriver::run(const char* sql)
{
    const int code = database_ ? sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) : SQLITE_MISUSE;
    if (code == SQLITE_OK)
        return true;
    setLastError(QSqlError(QStringLiteral("Transaction failed"), QString::fromLatin1(sqlite3_errstr(code)),
                           QSqlError::TransactionError, QString::number(code)));
    return false;
}

} // namespace holdfast::sql

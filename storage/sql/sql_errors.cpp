#include "storage/sql/sql_errors.h"

#include <sqlcipher/sqlite3.h>

namespace holdfast::sql {
namespace {

QString words(ErrorCode code)
{
    switch (code) {
    case ErrorCode::busy:
        return QStringLiteral("The database is in use just now. Try again.");
    case ErrorCode::io:
        return QStringLiteral("The disk could not be read or written. Check the disk and try again.");
    case ErrorCode::full:
        return QStringLiteral("The disk is full. Free some space and try again.");
    case ErrorCode::corrupt:
        return QStringLiteral("The database is damaged. Nothing was deleted.");
    case ErrorCode::conflict:
        return QStringLiteral("The stored state has moved on. Look again.");
    case ErrorCode::invalidInput:
        return QStringLiteral("A value cannot be stored like this.");
    case ErrorCode::denied:
        return QStringLiteral("The database does not allow this.");
    case ErrorCode::tooLarge:
        return QStringLiteral("A value is too large to be stored.");
    case ErrorCode::cancelled:
        return QStringLiteral("The query was stopped.");
    case ErrorCode::timeout:
        return QStringLiteral("The database took too long. Try again.");
    case ErrorCode::unavailable:
        return QStringLiteral("The database server cannot be reached. Check that it runs and try again.");
    case ErrorCode::notFound:
        return QStringLiteral("The database does not exist.");
    default:
        return QStringLiteral("The database refused a statement. This is a defect of Holdfast.");
    }
}

ErrorCode constraintCode(int extended)
{
    switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return ErrorCode::conflict;
    case SQLITE_CONSTRAINT_TRIGGER: // RAISE(): the schema's own walls
        return ErrorCode::denied;
    default:
        return ErrorCode::invalidInput;
    }
}

ErrorCode sqliteCode(int extended)
{
    if (extended == SQLITE_READONLY_DBMOVED)
        return ErrorCode::io;
    switch (extended & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return ErrorCode::busy;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return ErrorCode::io;
    case SQLITE_FULL:
        return ErrorCode::full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ErrorCode::corrupt;
    case SQLITE_CONSTRAINT:
        return constraintCode(extended);
    case SQLITE_MISMATCH:
        return ErrorCode::invalidInput;
    case SQLITE_READONLY:
        return ErrorCode::denied;
    case SQLITE_TOOBIG:
        return ErrorCode::tooLarge;
    case SQLITE_INTERRUPT:
        return ErrorCode::cancelled;
    default:
        return ErrorCode::internal;
    }
}

struct StateMeaning
{
    const char* prefix;
    ErrorCode code;
};

// PostgreSQL 15, appendix A. The first prefix that fits decides, so longer ones stand first.
constexpr StateMeaning stateMeanings[] = {
    {"40001", ErrorCode::busy},      {"40P01", ErrorCode::busy},
    {"55P03", ErrorCode::busy},      {"23505", ErrorCode::conflict},
    {"23P01", ErrorCode::conflict},  {"23503", ErrorCode::conflict},
    {"23", ErrorCode::invalidInput}, {"22", ErrorCode::invalidInput},
    {"25006", ErrorCode::denied},    {"42501", ErrorCode::denied},
    {"28", ErrorCode::denied},       {"P0001", ErrorCode::denied}, // RAISE: the schema's own walls
    {"3D000", ErrorCode::notFound},  {"53100", ErrorCode::full},
    {"53", ErrorCode::unavailable},  {"54", ErrorCode::tooLarge},
    {"57014", ErrorCode::timeout},   {"25P03", ErrorCode::timeout},
    {"57P", ErrorCode::unavailable}, {"58", ErrorCode::io},
    {"08", ErrorCode::unavailable},  {"XX001", ErrorCode::corrupt},
    {"XX002", ErrorCode::corrupt},
};

} // namespace

Error sqliteError(int code)
{
    const ErrorCode meaning = sqliteCode(code);
    return {meaning, words(meaning) + QStringLiteral(" (SQLite %1)").arg(code)};
}

Error postgresError(const QString& sqlState)
{
    if (sqlState.isEmpty())
        return {ErrorCode::unavailable, words(ErrorCode::unavailable)};
    ErrorCode meaning = ErrorCode::internal;
    for (const StateMeaning& candidate : stateMeanings) {
        if (sqlState.startsWith(QLatin1StringView(candidate.prefix))) {
            meaning = candidate.code;
            break;
        }
    }
    return {meaning, words(meaning) + QStringLiteral(" (PostgreSQL %1)").arg(sqlState.left(5))};
}

Error errorOf(Dialect dialect, const QSqlError& error)
{
    if (dialect == Dialect::postgres)
        return postgresError(error.nativeErrorCode());
    bool isNumber = false;
    const int code = error.nativeErrorCode().toInt(&isNumber);
    return sqliteError(isNumber ? code : SQLITE_ERROR);
}

} // namespace holdfast::sql

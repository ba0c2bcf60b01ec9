#include "storage/sql/sqlcipher_result.h"

#include "storage/sql/sqlcipher_driver.h"

#include <QSqlError>
#include <QSqlField>
#include <QSqlRecord>
#include <QVariant>

#include <sqlcipher/sqlite3.h>

namespace holdfast::sql {
namespace {

bool isNothing(const QVariant& value)
{
    if (!value.isValid() || value.isNull())
        return true;
    // Qt's convention for SQL: a null string or array is NULL, an empty one is not.
    if (value.typeId() == QMetaType::QString)
        return static_cast<const QString*>(value.constData())->isNull();
    if (value.typeId() == QMetaType::QByteArray)
        return static_cast<const QByteArray*>(value.constData())->isNull();
    return false;
}

bool onlySpaceOrEnd(const char* tail, const char* end)
{
    for (; tail != end; ++tail) {
        if (*tail != ' ' && *tail != '\n' && *tail != '\t' && *tail != '\r' && *tail != ';')
            return false;
    }
    return true;
}

} // namespace

SqlCipherResult::SqlCipherResult(const SqlCipherDriver* driver) : QSqlResult(driver), driver_(driver) {}

SqlCipherResult::~SqlCipherResult()
{
    finalize();
}

bool SqlCipherResult::prepare(const QString& query)
{
    finalize();
    setForwardOnly(true);
    setSelect(false);
    sqlite3* database = driver_->database();
    if (!database)
        return refuse(SQLITE_MISUSE, QSqlError::ConnectionError);
    const QByteArray sql = query.toUtf8();
    const char* tail = nullptr;
    const int code =
        sqlite3_prepare_v3(database, sql.constData(), int(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement_, &tail);
    if (code != SQLITE_OK)
        return refuse(code, QSqlError::StatementError);
    if (!statement_ || !onlySpaceOrEnd(tail, sql.constData() + sql.size())) {
        finalize();
        return refuse(SQLITE_MISUSE, QSqlError::StatementError);
    }
    return true;
}

bool SqlCipherResult::reset(const QString& query)
{
    return prepare(query) && exec();
}

bool SqlCipherResult::exec()
{
    if (!statement_)
        return refuse(SQLITE_MISUSE, QSqlError::StatementError);
    rewind();
    setLastError({});
    setAt(QSql::BeforeFirstRow);
    affected_ = -1;
    texts_.clear();
    if (!bindAll())
        return false;
    if (!step())
        return false;
    rowWaits_ = hasRow_;
    setSelect(sqlite3_column_count(statement_) > 0);
    if (sqlite3_stmt_readonly(statement_) == 0)
        affected_ = sqlite3_changes(driver_->database());
    setActive(true);
    return true;
}

void SqlCipherResult::bindValue(int place, const QVariant& value, QSql::ParamType)
{
    if (place < 0)
        return;
    auto& values = boundValues();
    if (values.size() <= place)
        values.resize(place + 1);
    values[place] = value;
}

bool SqlCipherResult::bindAll()
{
    const QList<QVariant>& values = boundValues();
    if (values.size() != sqlite3_bind_parameter_count(statement_))
        return refuse(SQLITE_RANGE, QSqlError::StatementError);
    texts_.reserve(size_t(values.size()));
    for (int i = 0; i < int(values.size()); ++i) {
        if (const int code = bindOne(i + 1, values.at(i)); code != SQLITE_OK)
            return refuse(code, QSqlError::StatementError);
    }
    return true;
}

int SqlCipherResult::bindOne(int index, const QVariant& value)
{
    if (isNothing(value))
        return sqlite3_bind_null(statement_, index);
    switch (value.typeId()) {
    case QMetaType::Bool:
    case QMetaType::Short:
    case QMetaType::UShort:
    case QMetaType::Int:
    case QMetaType::UInt:
    case QMetaType::Long:
    case QMetaType::LongLong:
        return sqlite3_bind_int64(statement_, index, value.toLongLong());
    case QMetaType::Double:
        return sqlite3_bind_double(statement_, index, value.toDouble());
    case QMetaType::QByteArray: {
        // boundValues() keeps the bytes alive until the statement is reset.
        const auto* bytes = static_cast<const QByteArray*>(value.constData());
        return sqlite3_bind_blob64(statement_, index, bytes->constData(), sqlite3_uint64(bytes->size()), SQLITE_STATIC);
    }
    case QMetaType::QString: {
        const QByteArray& utf8 = texts_.emplace_back(value.toString().toUtf8());
        return sqlite3_bind_text64(statement_, index, utf8.constData(), sqlite3_uint64(utf8.size()), SQLITE_STATIC,
                                   SQLITE_UTF8);
    }
    default:
        return SQLITE_MISMATCH;
    }
}

bool SqlCipherResult::step()
{
    const int code = sqlite3_step(statement_);
    hasRow_ = code == SQLITE_ROW;
    if (hasRow_)
        return true;
    rewind();
    return code == SQLITE_DONE || refuse(code, QSqlError::StatementError);
}

bool SqlCipherResult::fetchNext()
{
    if (!statement_ || !isActive())
        return false;
    if (rowWaits_)
        rowWaits_ = false;
    else if (hasRow_)
        step();
    setAt(hasRow_ ? (at() < 0 ? 0 : at() + 1) : int(QSql::AfterLastRow));
    return hasRow_;
}

bool SqlCipherResult::fetchFirst()
{
    return at() == QSql::BeforeFirstRow && fetchNext();
}

bool SqlCipherResult::fetchLast()
{
    return false;
}

bool SqlCipherResult::fetch(int row)
{
    if (at() == QSql::AfterLastRow || row < at())
        return false;
    while (at() < row) {
        if (!fetchNext())
            return false;
    }
    return true;
}

QVariant SqlCipherResult::data(int column)
{
    if (!hasRow_ || column < 0 || column >= sqlite3_column_count(statement_))
        return {};
    switch (sqlite3_column_type(statement_, column)) {
    case SQLITE_INTEGER:
        return QVariant(qlonglong(sqlite3_column_int64(statement_, column)));
    case SQLITE_FLOAT:
        return QVariant(sqlite3_column_double(statement_, column));
    case SQLITE_TEXT: {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
        return QVariant(QString::fromUtf8(text, sqlite3_column_bytes(statement_, column)));
    }
    case SQLITE_BLOB: {
        const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
        const int size = sqlite3_column_bytes(statement_, column);
        return QVariant(size == 0 ? QByteArray("") : QByteArray(bytes, size));
    }
    default:
        return {};
    }
}

bool SqlCipherResult::isNull(int column)
{
    return !hasRow_ || column < 0 || column >= sqlite3_column_count(statement_) ||
           sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

QVariant SqlCipherResult::lastInsertId() const
{
    sqlite3* database = driver_->database();
    return isActive() && database ? QVariant(qlonglong(sqlite3_last_insert_rowid(database))) : QVariant();
}

QSqlRecord SqlCipherResult::record() const
{
    QSqlRecord record;
    if (!isActive() || !isSelect())
        return record;
    for (int i = 0; i < sqlite3_column_count(statement_); ++i)
        record.append(QSqlField(QString::fromUtf8(sqlite3_column_name(statement_, i))));
    return record;
}

void SqlCipherResult::detachFromResultSet()
{
    rewind();
    dropValues();
}

// Values of people do not wait in memory for the next use.
void SqlCipherResult::dropValues()
{
    if (statement_)
        sqlite3_clear_bindings(statement_);
    texts_.clear();
    boundValues().clear();
}

bool SqlCipherResult::refuse(int code, int errorType)
{
    // The static text of the code alone: SQLite's own message may quote values.
    dropValues();
    setLastError(QSqlError(QStringLiteral("Statement failed"), QString::fromLatin1(sqlite3_errstr(code)),
                           QSqlError::ErrorType(errorType), QString::number(code)));
    setActive(false);
    return false;
}

void SqlCipherResult::finalize()
{
    sqlite3_finalize(statement_);
    statement_ = nullptr;
    texts_.clear();
    rowWaits_ = hasRow_ = false;
    affected_ = -1;
    setAt(QSql::BeforeFirstRow);
    setActive(false);
}

void SqlCipherResult::rewind()
{
    if (statement_)
        sqlite3_reset(statement_);
    rowWaits_ = hasRow_ = false;
}

} // namespace holdfast::sql

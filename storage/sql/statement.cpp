#include "storage/sql/statement.h"

#include "storage/sql/session.h"
#include "storage/sql/sql_errors.h"

#include <QSqlError>

#include <utility>

namespace holdfast::sql {

Statement::Statement(CachedQuery& query) : query_(&query) {}

Statement::Statement(Statement&& other) noexcept
    : query_(std::exchange(other.query_, nullptr)), bindFailure_(std::move(other.bindFailure_)),
      failure_(std::move(other.failure_))
{}

Statement::~Statement()
{
    if (query_)
        query_->session.giveBack(*query_);
}

void Statement::bind(int index, std::nullptr_t)
{
    bindVariant(index, QVariant());
}

void Statement::bind(int index, const QString& text)
{
    // QPSQL would end the literal at U+0000.
    if (query_->session.dialect() == Dialect::postgres && text.contains(QChar(0))) {
        refuse(ErrorCode::invalidInput, QStringLiteral("A text with a zero character cannot be stored."));
        return;
    }
    bindVariant(index, text.isNull() ? QStringLiteral("") : text);
}

void Statement::bind(int index, const QByteArray& bytes)
{
    bindVariant(index, bytes.isNull() ? QByteArray("") : bytes);
}

void Statement::bind(int index, QByteArrayView bytes)
{
    bind(index, bytes.toByteArray());
}

void Statement::bind(int index, const JsonRows& rows)
{
    bind(index, QString::fromUtf8(rows.json()));
}

void Statement::bindInt64(int index, qint64 number)
{
    bindVariant(index, QVariant(qlonglong(number)));
}

void Statement::bindVariant(int index, const QVariant& value)
{
    if (!query_->prepareFailure)
        query_->query.bindValue(index, value);
}

Status Statement::execute()
{
    failure_ = std::exchange(bindFailure_, std::nullopt);
    if (query_->prepareFailure)
        failure_ = query_->prepareFailure;
    if (!failure_ && !query_->query.exec())
        failure_ = errorOf(query_->session.dialect(), query_->query.lastError());
    return status();
}

bool Statement::next()
{
    if (failure_)
        return false;
    if (query_->query.next())
        return true;
    if (query_->query.lastError().isValid())
        failure_ = errorOf(query_->session.dialect(), query_->query.lastError());
    return false;
}

Status Statement::status() const
{
    if (failure_)
        return tl::unexpected(*failure_);
    return {};
}

bool Statement::isNull(int column) const
{
    return query_->query.isNull(column);
}

qint64 Statement::int64(int column) const
{
    return query_->query.value(column).toLongLong();
}

QString Statement::text(int column) const
{
    return query_->query.value(column).toString();
}

QByteArray Statement::bytes(int column) const
{
    return query_->query.value(column).toByteArray();
}

Digest Statement::digest(int column)
{
    if (isNull(column))
        return {};
    const std::optional<Digest> digest = Digest::fromBytes(bytes(column));
    if (!digest)
        refuseStored();
    return digest.value_or(Digest{});
}

qint64 Statement::affected() const
{
    return query_->query.numRowsAffected();
}

qint64 Statement::lastInsertId() const
{
    return query_->query.lastInsertId().toLongLong();
}

void Statement::refuse(ErrorCode code, const QString& text)
{
    if (!bindFailure_)
        bindFailure_ = Error{code, text};
}

void Statement::refuseStored()
{
    if (!failure_)
        failure_ = Error{ErrorCode::corrupt, QStringLiteral("A stored value has a wrong length. Nothing was deleted.")};
}

} // namespace holdfast::sql

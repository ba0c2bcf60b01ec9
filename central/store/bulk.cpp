#include "central/store/bulk.h"

#include <QStringList>

namespace holdfast::store {

namespace {

QString arrayType(Cell cell)
{
    switch (cell) {
    case Cell::bytes:
        return QStringLiteral("bytea[]");
    case Cell::number:
        return QStringLiteral("bigint[]");
    case Cell::text:
        break;
    }
    return QStringLiteral("text[]");
}

// An element of an array literal (PostgreSQL 8.15.2): quoted, with backslashes before quotes and backslashes.
struct ElementWriter
{
    QString& out;

    void operator()(std::monostate) const { out += QStringLiteral("NULL"); }
    void operator()(qint64 number) const { out += QString::number(number); }
    void operator()(const QByteArray& bytes) const
    {
        out += QStringLiteral("\"\\\\x");
        out += QLatin1StringView(bytes.toHex());
        out += u'"';
    }
    void operator()(const QString& text) const
    {
        out += u'"';
        for (const QChar c : text) {
            if (c == u'"' || c == u'\\')
                out += u'\\';
            out += c;
        }
        out += u'"';
    }
};

QString columnOf(const BulkRows& rows, size_t column, size_t columns)
{
    QString array(u'{');
    const ElementWriter writer{array};
    for (size_t at = column; at < rows.values().size(); at += columns) {
        if (at != column)
            array += u',';
        std::visit(writer, rows.values()[at]);
    }
    return array += u'}';
}

void bindValue(sql::Statement& statement, int index, const BulkRows::Value& value)
{
    if (std::holds_alternative<std::monostate>(value))
        statement.bind(index, nullptr);
    else if (const auto* number = std::get_if<qint64>(&value))
        statement.bind(index, *number);
    else if (const auto* bytes = std::get_if<QByteArray>(&value))
        statement.bind(index, *bytes);
    else
        statement.bind(index, std::get<QString>(value));
}

} // namespace

BulkInsert::BulkInsert(const QString& table, std::initializer_list<BulkColumn> columns, const QString& onConflict)
{
    QStringList names, places, arrays;
    for (const BulkColumn& column : columns) {
        names.append(QString::fromLatin1(column.name));
        places.append(QStringLiteral("?"));
        arrays.append(QStringLiteral("?::") + arrayType(column.cell));
        cells_.push_back(column.cell);
    }
    const QString comma = QStringLiteral(", ");
    const QString head = QStringLiteral("INSERT INTO %1 (%2) ").arg(table, names.join(comma));
    const QString tail = onConflict.isEmpty() ? QString() : u' ' + onConflict;
    rowStatement_ = head + QStringLiteral("VALUES (%1)").arg(places.join(comma)) + tail;
    arrayStatement_ = head + QStringLiteral("SELECT * FROM unnest(%1)").arg(arrays.join(comma)) + tail;
}

Status BulkInsert::run(sql::Connection& db, const BulkRows& rows) const
{
    if (rows.isEmpty())
        return {};
    if (rows.values().size() != rows.count() * cells_.size())
        return fail(ErrorCode::internal, QStringLiteral("Rows to be written do not have the columns of their table."));
    return db.dialect() == sql::Dialect::postgres ? runArrays(db, rows) : runRows(db, rows);
}

Status BulkInsert::runRows(sql::Connection& db, const BulkRows& rows) const
{
    sql::Statement statement = db.statement(rowStatement_);
    auto value = rows.values().begin();
    for (size_t row = 0; row < rows.count(); ++row) {
        for (size_t column = 0; column < cells_.size(); ++column)
            bindValue(statement, int(column), *value++);
        if (const Status executed = statement.exec(); !executed)
            return executed;
    }
    return {};
}

Status BulkInsert::runArrays(sql::Connection& db, const BulkRows& rows) const
{
    sql::Statement statement = db.statement(arrayStatement_);
    for (size_t column = 0; column < cells_.size(); ++column)
        statement.bind(int(column), columnOf(rows, column, cells_.size()));
    return statement.exec();
}

} // namespace holdfast::store

#include "central/store/bulk.h"

#include <QStringList>

namespace holdfast::store {

namespace {

QString cellSqlCipher(int index, Cell cell)
{
    const QString value = QStringLiteral("r.value->>%1").arg(index);
    return cell == Cell::bytes ? QStringLiteral("unhex(%1)").arg(value) : value;
}

QString cellPostgres(int index, Cell cell)
{
    const QString value = QStringLiteral("(r.value->>%1)").arg(index);
    switch (cell) {
    case Cell::bytes:
        return QStringLiteral("decode(%1, 'hex')").arg(value);
    case Cell::number:
        return value + QStringLiteral("::bigint");
    case Cell::text:
        break;
    }
    return value;
}

} // namespace

BulkInsert::BulkInsert(const QString& table, std::initializer_list<BulkColumn> columns, const QString& onConflict)
{
    QStringList names;
    QStringList here;
    QStringList there;
    for (const BulkColumn& column : columns) {
        here.append(cellSqlCipher(int(names.size()), column.cell));
        there.append(cellPostgres(int(names.size()), column.cell));
        names.append(QString::fromLatin1(column.name));
    }
    const QString comma = QStringLiteral(", ");
    const QString head = QStringLiteral("INSERT INTO %1 (%2) SELECT ").arg(table, names.join(comma));
    // "WHERE true" keeps SQLite's parser from reading ON CONFLICT as a join condition.
    const QString tail = onConflict.isEmpty() ? QString() : QStringLiteral(" WHERE true ") + onConflict;
    sqlCipher_ = head + here.join(comma) + QStringLiteral(" FROM json_each(?) AS r") + tail;
    postgres_ = head + there.join(comma) + QStringLiteral(" FROM jsonb_array_elements(?::jsonb) AS r(value)") + tail;
}

Status BulkInsert::run(sql::Connection& db, const sql::JsonRows& rows) const
{
    if (rows.isEmpty())
        return {};
    return db.statement(db.choose(sqlCipher_, postgres_)).exec(rows);
}

} // namespace holdfast::store

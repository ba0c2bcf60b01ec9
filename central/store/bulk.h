// Many rows in one statement, in both dialects: rows travel as one JSON parameter.
#pragma once

#include "storage/sql/connection.h"
#include "storage/sql/json_rows.h"

#include <initializer_list>

namespace holdfast::store {

enum class Cell { bytes, number, text };

struct BulkColumn
{
    const char* name;
    Cell cell;
};

// INSERT INTO table(columns) SELECT ... FROM the JSON rows, with an optional ON CONFLICT clause (same in both
// dialects).
class BulkInsert
{
public:
    BulkInsert(const QString& table, std::initializer_list<BulkColumn> columns, const QString& onConflict = {});
    // Nothing to do for no rows.
    [[nodiscard]] Status run(sql::Connection& db, const sql::JsonRows& rows) const;

private:
    QString sqlCipher_;
    QString postgres_;
};

} // namespace holdfast::store

// The limit of central's appends: only the two bulk inserts, of the rows that a store holds.
#pragma once

#include "storage/sql/connection.h"

namespace holdfast::bench {

constexpr int bareTransaction = 256; // entries, as in the appender's groups

// The headers and contents of the store behind `db`, into copies of the two tables with the same indexes, durable, from
// JSON that is ready.
[[nodiscard]] double bareInsertSeconds(sql::WriteConnection& db);

} // namespace holdfast::bench

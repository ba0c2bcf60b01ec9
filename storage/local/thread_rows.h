// Builds the row of a thread list from its columns.
#pragma once

#include "models/views/values.h"
#include "storage/sql/statement.h"

namespace holdfast::local {

// Columns and joins for rowOf(); binds this desk's person twice (in the columns, before all other values).
extern const QString threadColumns;
extern const QString threadJoins;

[[nodiscard]] views::ThreadRow rowOf(sql::Statement& row, const UserId& me);

} // namespace holdfast::local

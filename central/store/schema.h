// The schema of central's store: one text for both dialects.
#pragma once

#include "storage/sql/migrations.h"

#include <vector>

namespace holdfast::store {

[[nodiscard]] std::vector<sql::Migration> migrations(sql::Dialect dialect);

} // namespace holdfast::store

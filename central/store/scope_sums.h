// The checksums of what a store of an earlier version holds.
#pragma once

#include "storage/sql/connection.h"

namespace holdfast::store {

// Sums every entry; inside the migration's transaction. No thread was ever moved before this step.
[[nodiscard]] Status sumScopes(sql::WriteConnection& db);

} // namespace holdfast::store

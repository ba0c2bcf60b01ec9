// Folds the whole local log again: derived tables are thrown away and made anew.
#pragma once

#include "models/base/ids.h"
#include "storage/local/database.h"
#include "storage/sql/connection.h"

namespace holdfast::local {

// In one transaction, so that readers see the old tables or the new ones, never half of them. Sends wait meanwhile.
[[nodiscard]] QFuture<Result<void>> rebuildProjections(Database& database, const UserId& me);

// The same within a transaction of the caller's, on the writer thread.
[[nodiscard]] Status foldAnew(sql::WriteConnection& connection, const UserId& me);
// One thread whose derived rows are gone, within the open transaction; with what waits in the outbox.
[[nodiscard]] Status foldThread(sql::WriteConnection& connection, const UserId& me, const ThreadId& thread);

} // namespace holdfast::local

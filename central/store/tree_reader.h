// Subtree roots of the stored log: full tiles from their rows, the rest from the leaves.
#pragma once

#include "models/log/tree.h"
#include "storage/sql/connection.h"

namespace holdfast::store {

// Valid while `db` lives, inside one snapshot.
[[nodiscard]] log::SubtreeReader subtreeReader(sql::Connection& db);

// The root that the log had at `size`.
[[nodiscard]] Result<Digest> rootAtSize(sql::Connection& db, quint64 size);

} // namespace holdfast::store

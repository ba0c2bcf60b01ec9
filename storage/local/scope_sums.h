// What this desk holds of each scope, compared with what central says that it should.
#pragma once

#include "models/log/checksum.h"
#include "storage/local/feed.h"
#include "storage/sql/connection.h"

namespace holdfast::local {

// Counts and sums the entries of every thread: the step from a schema without sums.
[[nodiscard]] Status sumThreads(sql::WriteConnection& connection);

// The scopes whose entries here are not those that central counted. Inside the transaction that applied the answer.
[[nodiscard]] Result<QList<ScopeId>> differing(sql::WriteConnection& connection, const QList<ScopeSum>& sums);

// Notes that the scope is to be delivered anew. False: it was already, and differs still; asking again would not end.
[[nodiscard]] Result<bool> noteDiffering(sql::WriteConnection& connection, const ScopeId& scope);
[[nodiscard]] Status noteReopened(sql::WriteConnection& connection, const ScopeId& scope);
[[nodiscard]] Result<QList<ScopeId>> scopesToReopen(sql::Connection& connection);

} // namespace holdfast::local

// The word of a desk that it verified more of the log than the store holds: then the store was restored to an earlier
// point without its anchor, and nothing is appended until a new epoch begins. Kept in the store, for every central on
// it.
#pragma once

#include "models/base/error.h"
#include "storage/sql/connection.h"

#include <QByteArray>

namespace holdfast::store {

struct Context;

[[nodiscard]] QString fenceSetting(); // the checkpoint that the desk showed
[[nodiscard]] Error fencedError();

// Whether the log's key signed this checkpoint and the store does not hold the log that it is of; false for anything
// else.
[[nodiscard]] Result<bool> disproves(Context& context, const QByteArray& note);
// Does nothing unless `note` disproves the store.
[[nodiscard]] Status raiseFence(Context& context, const QByteArray& note);
// The checkpoint that it was raised by; empty: none.
[[nodiscard]] Result<QByteArray> raisedFence(sql::Connection& db);
[[nodiscard]] Status lowerFence(sql::Connection& db);

} // namespace holdfast::store

// Where the threads held here were last written: what the witness still has to have proved after a restart.
#pragma once

#include "storage/local/database.h"

#include <QList>

namespace holdfast::local {

struct ThreadPosition
{
    ThreadId thread;
    Position newest;
};

// Threads with an entry at or above `from`, each with its newest position; without the log's own thread, and
// without those whose newest window is still to come.
[[nodiscard]] QFuture<Result<QList<ThreadPosition>>> threadsSince(Database& database, Position from);

} // namespace holdfast::local

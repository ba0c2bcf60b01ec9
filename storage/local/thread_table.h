// Loads and stores ThreadState rows in bulk. Used inside a transaction, on the writer thread.
#pragma once

#include "storage/local/thread_state.h"
#include "storage/sql/connection.h"

#include <QHash>
#include <QSet>

namespace holdfast::local {

// The accepted states (without pending entries) of the threads that a transaction touches.
class ThreadTable
{
public:
    explicit ThreadTable(sql::WriteConnection& connection);

    [[nodiscard]] Status load(const QSet<ThreadId>& threads); // once per thread; unknown ones start empty
    [[nodiscard]] ThreadState& at(const ThreadId& thread);    // empty if it was not loaded
    [[nodiscard]] QHash<ThreadId, ThreadState>& all() { return states_; }
    [[nodiscard]] const QSet<ThreadId>& unknown() const { return unknown_; } // loaded, and had no row
    // Writes every loaded state; those in `shown` differ from the accepted ones by pending entries.
    [[nodiscard]] Status store(const QHash<ThreadId, ThreadState>& shown);

private:
    sql::WriteConnection& connection_;
    QHash<ThreadId, ThreadState> states_;
    QSet<ThreadId> unknown_;
};

} // namespace holdfast::local

// Folds entries into the derived tables within one transaction: rows in bulk, thread states in memory.
#pragma once

#include "storage/local/row_batch.h"
#include "storage/local/thread_table.h"

#include <QSet>

namespace holdfast::local {

// Accepted entries first, then finish(), which folds the outbox over the threads that were touched. Writer thread.
class Projection
{
public:
    Projection(sql::WriteConnection& connection, const UserId& me);

    // Reads the rows of these threads at once; without it they would start empty.
    [[nodiscard]] Status load(const QSet<ThreadId>& threads) { return threads_.load(threads); }
    [[nodiscard]] ThreadState& thread(const ThreadId& id) { return threads_.at(id); }

    void fold(const domain::Entry& entry);
    void foldChanges(const std::vector<domain::RowChange>& changes, Position pos);
    // The rows of an entry that is only in the outbox, where it is already; its effect on the thread comes with
    // finish(), which also adds the rows of those that waited while their thread was not here.
    void addPendingRows(const domain::Entry& entry);

    // Writes everything. A pending entry that central accepted in this transaction must have left the outbox before.
    [[nodiscard]] Status finish();

private:
    class Folder;
    void showPending(const domain::Entry& entry);
    [[nodiscard]] Status restorePending();
    [[nodiscard]] Status recountUnread();
    [[nodiscard]] Status countInto(ThreadState& state);
    [[nodiscard]] Status clearPendingLinks();
    [[nodiscard]] Status foldOutbox();

    sql::WriteConnection& connection_;
    UserId me_;
    ThreadTable threads_;
    RowBatch rows_;
    RowBatch pendingLinks_;
    QSet<ThreadId> recount_;
    QSet<EntryId> pending_;              // whose rows were added
    QHash<ThreadId, ThreadState> shown_; // with pending entries folded in
};

// An entry of the outbox as project() takes it.
[[nodiscard]] Result<domain::Entry> pendingEntry(const QByteArray& authorPart, const QByteArray& content);

} // namespace holdfast::local

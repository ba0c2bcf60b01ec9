// Destroys what this desk holds of scopes and threads that its person may no longer see.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"
#include "storage/sql/connection.h"

#include <QList>
#include <QSet>

namespace holdfast::local {

// Used inside a transaction, on the writer thread.
class ScopeEraser
{
public:
    explicit ScopeEraser(sql::WriteConnection& connection);
    [[nodiscard]] Result<QSet<ThreadId>> threadsOf(const ScopeId& scope);
    [[nodiscard]] Status forgetWindow(const ScopeId& scope); // and what of it was only listed
    // Entries, everything derived from them, receipts, notes of retries, and drafts, of which the author keeps his own
    // words (kept_drafts.h); of the outbox only what central has accepted, never what is still to be sent, nor its
    // files. Faults stay: their evidence is headers and checkpoints, which hold nothing personal. Answers the blobs
    // whose chunks must go from the media file, once the transaction is committed.
    [[nodiscard]] Result<QList<BlobId>> destroy(const QSet<ThreadId>& threads);
    // Only what the feed will bring again: drafts, files, receipts and the whole outbox stay.
    [[nodiscard]] Status drop(const QSet<ThreadId>& threads);
    // Only what is derived from the threads' entries, to be folded anew.
    [[nodiscard]] Status removeProjections(const QSet<ThreadId>& threads);

private:
    [[nodiscard]] Result<QList<BlobId>> removeDerived(const QSet<ThreadId>& threads, const sql::JsonRows& rows);
    [[nodiscard]] Result<QList<BlobId>> removeAll(const QSet<ThreadId>& threads, const sql::JsonRows& rows);
    [[nodiscard]] Result<QList<BlobId>> eraseMessages(const sql::JsonRows& threads);

    sql::WriteConnection& connection_;
};

} // namespace holdfast::local

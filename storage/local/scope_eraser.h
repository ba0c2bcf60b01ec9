// Destroys what this desk holds of a scope that its person may no longer see.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"
#include "storage/sql/connection.h"

#include <QList>
#include <QSet>

namespace holdfast::local {

// What a closed scope leaves to be done once the transaction is committed.
struct Destroyed
{
    QSet<ThreadId> threads; // for whoever shows them
    QList<BlobId> blobs;    // whose chunks must go from the media file
};

// Entries, everything derived from them, drafts, receipts and notes of retries; never the outbox, nor the files of its
// unsent replies. Faults stay: their evidence is headers and checkpoints, which hold nothing personal. Used inside a
// transaction, on the writer thread.
class ScopeEraser
{
public:
    explicit ScopeEraser(sql::WriteConnection& connection);
    [[nodiscard]] Result<Destroyed> destroy(const ScopeId& scope);

private:
    [[nodiscard]] Result<QSet<ThreadId>> threadsOf(const ScopeId& scope);
    [[nodiscard]] Result<QList<BlobId>> eraseMessages(const sql::JsonRows& threads);

    sql::WriteConnection& connection_;
};

} // namespace holdfast::local

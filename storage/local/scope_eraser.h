// Destroys what this desk holds of a scope that its person may no longer see.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"
#include "storage/sql/connection.h"

#include <QList>
#include <QSet>

namespace holdfast::local {

// Entries, everything derived from them, drafts and receipts; never the outbox. Used inside a transaction, on the
// writer thread. Answers the blobs whose bytes must go from the media store, once the transaction is committed.
class ScopeEraser
{
public:
    explicit ScopeEraser(sql::WriteConnection& connection);
    [[nodiscard]] Result<QList<BlobId>> destroy(const ScopeId& scope);

private:
    [[nodiscard]] Result<QSet<ThreadId>> threadsOf(const ScopeId& scope);
    [[nodiscard]] Result<QList<BlobId>> eraseMessages(const sql::JsonRows& threads);

    sql::WriteConnection& connection_;
};

} // namespace holdfast::local

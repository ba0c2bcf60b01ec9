// The one way by which messages leave the database: rows, search terms, identifiers and attachment facts together.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"
#include "storage/sql/connection.h"

#include <QList>
#include <QSet>

namespace holdfast::local {

// Used inside a transaction, on the writer thread.
class MessageEraser
{
public:
    explicit MessageEraser(sql::WriteConnection& connection);

    // Pending rows of entries that were settled or let go. Attachment facts stay: the accepted entry has the same id.
    [[nodiscard]] Status removePending(const QSet<EntryId>& entries);
    // Content, salt and everything derived from it; the header stays. Answers the blobs whose bytes must go from the
    // media store, once the transaction is committed.
    [[nodiscard]] Result<QList<BlobId>> erase(const QSet<EntryId>& entries);

private:
    [[nodiscard]] Status removeRows(const QString& rowsSql, const QSet<EntryId>& entries);

    sql::WriteConnection& connection_;
};

} // namespace holdfast::local

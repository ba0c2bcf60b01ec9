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
    // The messages made of these entries; the log's own rows stay. Answers the blobs that they named.
    [[nodiscard]] Result<QList<BlobId>> remove(const QSet<EntryId>& entries);
    // The names of bytes that nothing needs any more go too: a crash leaves chunks that nothing names, which the sweep
    // takes. Answers the blobs whose chunks must go from the media file, once the transaction is committed: those of
    // `blobs` that no message and no unsent entry names.
    [[nodiscard]] Result<QList<BlobId>> forgetBlobs(const QList<BlobId>& blobs);

private:
    [[nodiscard]] Status removeRows(const QString& rowsSql, const QSet<EntryId>& entries);

    sql::WriteConnection& connection_;
};

} // namespace holdfast::local

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
    // Content, salt and the message made of it; the header stays. The names of its attachments' bytes go with it: a
    // crash leaves chunks that nothing names, which the sweep takes. Answers the blobs whose chunks must go from the
    // media file, once the transaction is committed: those that no other message and no unsent entry needs.
    [[nodiscard]] Result<QList<BlobId>> erase(const QSet<EntryId>& entries);

private:
    [[nodiscard]] Result<QList<BlobId>> forgetBlobs(const QList<BlobId>& blobs);
    [[nodiscard]] Status removeRows(const QString& rowsSql, const QSet<EntryId>& entries);

    sql::WriteConnection& connection_;
};

} // namespace holdfast::local

// Contents that central erased leave this desk: the log keeps its headers, everything derived is folded anew without
// them.
#pragma once

#include "models/domain/project.h"
#include "storage/sql/connection.h"

#include <QList>

namespace holdfast::local {

// Used inside a transaction, on the writer thread. Drafts that quote what goes lose the quotes; the outbox stays.
class ContentEraser
{
public:
    ContentEraser(sql::WriteConnection& connection, const UserId& me);
    // Answers the blobs whose bytes must go from the media store, once the transaction is committed.
    [[nodiscard]] Result<QList<BlobId>> erase(const domain::EraseContents& erasure);

private:
    [[nodiscard]] Status eraseCopies(const domain::EraseContents& erasure, const QList<EntryId>& entries);
    [[nodiscard]] Result<QList<EntryId>> affected(const domain::EraseContents& erasure);

    sql::WriteConnection& connection_;
    UserId me_;
};

} // namespace holdfast::local

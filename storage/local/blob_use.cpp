#include "storage/local/blob_use.h"

#include "storage/local/outbox.h"

namespace holdfast::local {

// The outbox keeps its ids joined; a match across two of them would only keep a file longer.
QString isUnneeded(const QString& blob)
{
    return QStringLiteral("NOT EXISTS (SELECT 1 FROM attachment WHERE attachment.blob = %1)"
                          " AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.state <> %2"
                          " AND instr(outbox.blobs, %1) > 0)"
                          " AND NOT EXISTS (SELECT 1 FROM lost_entry WHERE instr(lost_entry.blobs, %1) > 0)")
        .arg(blob)
        .arg(static_cast<int>(OutboxState::discarded));
}

} // namespace holdfast::local

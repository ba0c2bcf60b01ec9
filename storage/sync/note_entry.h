// Makes the outbox entry of an internal note. Knows nothing of replies: a note has no way to a customer.
#pragma once

#include "storage/local/outbox.h"

namespace holdfast::sync {

[[nodiscard]] Result<local::NewEntry> noteEntry(const ThreadId& thread, const QString& text,
                                                const QList<UserId>& mentions);

} // namespace holdfast::sync

// Rows of the outbox: reading, signing and putting them. Used inside a transaction.
#pragma once

#include "storage/local/outbox.h"
#include "storage/sql/connection.h"

namespace holdfast::local {

[[nodiscard]] Result<QList<OutboxEntry>> readOutbox(sql::Connection& connection, OutboxState state, int limit);
[[nodiscard]] Result<std::optional<OutboxEntry>> findOutbox(sql::Connection& connection, const EntryId& id);

// Takes the next number of the device, which is dense because it is taken in the transaction that stores the entry.
[[nodiscard]] Result<OutboxEntry> writeAndSign(sql::WriteConnection& connection, const Author& author,
                                               const log::SigningKey& key, RandomSource& random, const Clock& clock,
                                               const NewEntry& entry);
// A waiting entry takes the device's next number and keeps its id, time and content; for others nothing happens.
[[nodiscard]] Status renumberRow(sql::WriteConnection& connection, const Author& author, const log::SigningKey& key,
                                 const EntryId& id);
// Stores the entry and its effect on this desk; the entry that it replaces is let go.
[[nodiscard]] Status putRow(sql::WriteConnection& connection, const UserId& me, const OutboxEntry& entry,
                            const std::optional<EntryId>& replaces);
// The draft that says what was written is spent; what was typed since stays.
[[nodiscard]] Status dropSpentDraft(sql::WriteConnection& connection, const OutboxEntry& entry);
// What is to be written again: a not-sent entry of the outbox, or one's own reply that the provider could not deliver.
// notFound for others, and for what was written again before: a second press must not send twice.
[[nodiscard]] Result<NewEntry> entryToRetry(sql::WriteConnection& connection, const EntryId& id, const UserId& me);
// Remembers which entry stands for a reply that was not delivered.
[[nodiscard]] Status noteRetry(sql::WriteConnection& connection, const EntryId& id, const EntryId& by);
// A not-sent entry becomes a record. Answers its thread; nothing if there is no such entry.
[[nodiscard]] Result<std::optional<ThreadId>> letGo(sql::WriteConnection& connection, const EntryId& id);

} // namespace holdfast::local

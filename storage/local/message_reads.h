// Pages of messages, read from the projections. Reader threads.
#pragma once

#include "models/views/values.h"
#include "storage/sql/connection.h"

#include <QSet>

namespace holdfast::local {

enum class Direction { before, after, around };

// newest: `before` the largest key. `limit` is held to 1..200.
[[nodiscard]] Result<views::MessagePage> readMessages(sql::Connection& connection, const ThreadId& thread,
                                                      Direction direction, const views::MessageKey& key, int limit);
[[nodiscard]] views::MessageKey newestKey();
[[nodiscard]] Result<views::Message> readMessage(sql::Connection& connection, const EntryId& id);

[[nodiscard]] views::MessageKey keyOf(qint64 ord); // see schema.h
[[nodiscard]] qint64 ordOf(const views::MessageKey& key);
[[nodiscard]] views::MessageKind messageKindOf(qint64 kind); // as the column holds it

// The statements behind the pages, for the test of their query plans.
[[nodiscard]] QStringList pageStatements();

} // namespace holdfast::local

// The log of a thread in words, the not-sent list and drafts. Reader threads.
#pragma once

#include "models/views/values.h"
#include "storage/sql/connection.h"

namespace holdfast::local {

[[nodiscard]] Result<QList<views::LogLine>> readThreadLog(sql::Connection& connection, const ThreadId& thread,
                                                          int limit);
[[nodiscard]] Result<QList<views::NotSent>> readNotSent(sql::Connection& connection);
[[nodiscard]] Result<QString> readDraft(sql::Connection& connection, const ThreadId& thread, bool note);

} // namespace holdfast::local

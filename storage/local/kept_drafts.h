// Drafts that outlived their conversation: the author's own words, private to this desk, beside every thread.
#pragma once

#include "models/views/values.h"
#include "storage/local/database.h"
#include "storage/sql/connection.h"

namespace holdfast::local {

// Moves what is the author's own of these threads' drafts over, before their rows go. `threads`: one id a row. Inside a
// transaction, on the writer thread.
[[nodiscard]] Status keepDrafts(sql::WriteConnection& connection, const sql::JsonRows& threads);

// Drafts of the thread lose what they repeat of `texts`; kept ones never had it.
[[nodiscard]] Status unquoteDrafts(sql::WriteConnection& connection, const ThreadId& thread, const QStringList& texts);

[[nodiscard]] Result<QList<views::KeptDraft>> readKeptDrafts(sql::Connection& connection); // newest first
QFuture<Result<void>> dropKeptDraft(Database& database, qint64 number);

} // namespace holdfast::local

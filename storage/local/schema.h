// The console's two schemas as numbered steps, and the numbers that SQL and C++ share.
#pragma once

#include "storage/sql/migrations.h"

#include <QStringList>

#include <span>

namespace holdfast::local {

[[nodiscard]] std::span<const sql::Migration> historySchema();
[[nodiscard]] std::span<const sql::Migration> mediaSchema();

// A search index changes its format with its first secure deletion, and SQLite 3.46 forgets that it did when that
// transaction is rolled back: from then on the index on disk calls itself older than it is, and is malformed. So an
// index that was just made or emptied sees its first deletion at once, before any transaction that may fail.
[[nodiscard]] const QStringList& firstDeletions();

// Pending messages stand after every accepted one: ord and row = pendingBase + device sequence. Accepted ones have
// ord = tseq and row = pos, so that "newest first" is the order of the index itself.
constexpr qint64 pendingBase = qint64(1) << 62;

// entry.checked
enum class Checked : int { unknownDevice = 0, good = 1, bad = 2 };

// record.what
enum class Record : int { person = 0, policy = 1, thread = 2 };

} // namespace holdfast::local

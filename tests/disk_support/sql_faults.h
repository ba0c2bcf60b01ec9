// Faults of single SQL operations: stands between our driver and SQLite, for tests alone.
#pragma once

#include <QByteArray>

namespace holdfast::test {

// Preparing, stepping and running a statement count as operations; a rollback does not, because it needs no disk. While
// none is ordered, everything passes. Thread-safe.
namespace sql_faults {

void failOnce(int nth, int code); // SQLite's code; the operation is not done
void failFrom(int nth, int code);
void calm();
[[nodiscard]] bool hasFailed();
[[nodiscard]] QByteArray failedStatement(); // the first one, for a failing test's words
[[nodiscard]] int operations();             // since failOnce(), failFrom() or calm()

// Statements that say `from` say `to` instead: how a test weakens the product without a seam in it. Empty: no more.
void replace(const QByteArray& from, const QByteArray& to);

} // namespace sql_faults
} // namespace holdfast::test

// Transactions that end with their scope.
#pragma once

#include "models/base/error.h"
#include "storage/sql/connection.h"

namespace holdfast::sql {

// BEGIN IMMEDIATE on SQLCipher, BEGIN on PostgreSQL. Rolled back unless commit() succeeded. Not nested. On PostgreSQL a
// failed statement spoils the whole transaction; ErrorCode::busy then means: run it again from the start.
class Transaction
{
public:
    [[nodiscard]] static Result<Transaction> begin(WriteConnection& connection);
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    [[nodiscard]] Status commit(); // after a failure the transaction is rolled back
    void rollback();

private:
    explicit Transaction(Session& session);
    Session* session_; // null when ended
};

// One consistent view for several reads: a deferred transaction, REPEATABLE READ READ ONLY on PostgreSQL.
class Snapshot
{
public:
    [[nodiscard]] static Result<Snapshot> begin(Connection& connection);
    Snapshot(Snapshot&& other) noexcept;
    Snapshot& operator=(Snapshot&&) = delete;
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    ~Snapshot();

private:
    explicit Snapshot(Session& session);
    Session* session_;
};

} // namespace holdfast::sql

// thread_head rows as the appender holds them: loaded in bulk, changed in memory, written back in bulk.
#pragma once

#include "central/store/append.h"
#include "models/log/checksum.h"
#include "storage/sql/connection.h"

#include <span>
#include <unordered_map>
#include <unordered_set>

namespace holdfast::store {

struct HeldThread
{
    ThreadFacts facts;
    Position pos; // of the newest entry
    log::Checksum checksum;
};

// Appender's thread only.
class ThreadTable
{
public:
    // Makes sure that all existing ones of `threads` are held.
    [[nodiscard]] Status load(sql::Connection& db, std::span<const ThreadId> threads);
    [[nodiscard]] HeldThread* find(const ThreadId& thread);
    HeldThread& open(const ThreadId& thread);
    void touch(const ThreadId& thread) { dirty_.insert(thread); }
    [[nodiscard]] Status flush(sql::Connection& db);
    // After a rollback, or when another central appended.
    void forget();
    // Between transactions: keeps the memory bounded.
    void trim();

private:
    std::unordered_map<ThreadId, HeldThread> held_;
    std::unordered_set<ThreadId> dirty_;
};

// Columns in the order that readThreadFacts() expects.
[[nodiscard]] QString threadColumns(const QString& alias);
[[nodiscard]] HeldThread readThread(sql::Statement& row);

} // namespace holdfast::store

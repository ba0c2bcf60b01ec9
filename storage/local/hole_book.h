// Which entries of a thread are missing here, kept while a transaction fills and opens holes.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"
#include "storage/sql/connection.h"

#include <QHash>
#include <QSet>

#include <vector>

namespace holdfast::local {

struct Hole
{
    ThreadSeq first;
    ThreadSeq last;
    Position below; // all of it stands below this position
    friend bool operator==(const Hole&, const Hole&) = default;
};

// Holes of one thread: ascending, apart from each other. Two that touch are one. Pure.
class HoleList
{
public:
    [[nodiscard]] bool covers(ThreadSeq seq) const;
    void open(const Hole& hole);            // of entries that are in no hole yet
    void fill(ThreadSeq seq, Position pos); // the entry came; nothing happens if it was not missing
    [[nodiscard]] const std::vector<Hole>& all() const { return holes_; }

private:
    std::vector<Hole> holes_;
};

// Writer thread; used inside a transaction.
class HoleBook
{
public:
    explicit HoleBook(sql::WriteConnection& connection) : connection_(connection) {}

    // Also which of the threads wait for their newest window, and which scopes are windows.
    [[nodiscard]] Status load(const QSet<ThreadId>& threads);
    [[nodiscard]] bool isWindow(const ScopeId& scope) const { return windowScopes_.contains(scope); }
    [[nodiscard]] bool isListed(const ThreadId& thread) const { return listed_.contains(thread); }
    // Its newest window is still to come, or there are holes.
    [[nodiscard]] bool awaits(const ThreadId& thread) const;
    [[nodiscard]] bool covers(const ThreadId& thread, ThreadSeq seq) const;
    void open(const ThreadId& thread, const Hole& hole);
    void fill(const ThreadId& thread, ThreadSeq seq, Position pos);
    // The thread is not here from its beginning: its newest window is asked for.
    void list(const ThreadId& thread, const ScopeId& scope, Position newest);
    // Writes what changed; these windows have come.
    [[nodiscard]] Status flush(const QSet<ThreadId>& windows);

private:
    sql::WriteConnection& connection_;
    QHash<ThreadId, HoleList> holes_;
    QSet<ThreadId> changed_;
    QSet<ThreadId> listed_;
    sql::JsonRows newlyListed_;
    QSet<ScopeId> windowScopes_;
};

} // namespace holdfast::local

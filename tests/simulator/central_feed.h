// The model's feed, as docs/api.md promises it: a function of the log, the cursor and the reader's rights of now.
#pragma once

#include "tests/simulator/central_log.h"

namespace holdfast::simulation {

struct FeedCursor
{
    quint64 upTo = 0;                    // entries of `scopes` below it are delivered
    quint64 toldTo = 0;                  // moves below it are told
    std::set<ScopeId> scopes;            // caught up
    std::map<ScopeId, quint64> openings; // how far what was never moved is delivered
    std::map<ThreadId, quint64> threads; // on their way by themselves: how many entries are delivered
};

[[nodiscard]] QByteArray seal(const FeedCursor& cursor);
[[nodiscard]] FeedCursor unseal(const QByteArray& bytes); // empty: the beginning

struct FeedAnswer
{
    sync::Changes changes;
    FeedCursor cursor;
    [[nodiscard]] bool hasNews() const
    {
        return !changes.entries.isEmpty() || !changes.scopes.isEmpty() || !changes.threads.isEmpty() || changes.more;
    }
};

// Bugs to plant in it. All false: it does as central does.
struct FeedBugs
{
    bool keepsQuietOfMoves = false;  // what leaves the reader's scopes is not closed
    bool goesOnAfterClosing = false; // with a thread half of which was destroyed with a scope of its past
};

[[nodiscard]] FeedAnswer readFeed(const CentralLog& log, FeedCursor cursor, const std::set<ScopeId>& readable,
                                  int limit, const FeedBugs& bugs = {});

} // namespace holdfast::simulation

// The model's feed, as docs/api.md promises it: a function of the log, the cursor and the reader's rights of now.
#pragma once

#include "tests/simulator/central_log.h"

namespace holdfast::simulation {

struct FeedCursor
{
    quint64 upTo = 0;         // entries of `scopes` below it are delivered
    std::set<ScopeId> scopes; // caught up
    std::map<ScopeId, quint64> openings;
};

[[nodiscard]] QByteArray seal(const FeedCursor& cursor);
[[nodiscard]] FeedCursor unseal(const QByteArray& bytes); // empty: the beginning

struct FeedAnswer
{
    sync::Changes changes;
    FeedCursor cursor;
    [[nodiscard]] bool hasNews() const
    {
        return !changes.entries.isEmpty() || !changes.scopes.isEmpty() || changes.more;
    }
};

[[nodiscard]] FeedAnswer readFeed(const CentralLog& log, FeedCursor cursor, const std::set<ScopeId>& readable,
                                  int limit);

} // namespace holdfast::simulation

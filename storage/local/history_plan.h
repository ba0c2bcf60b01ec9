// What of the history is to be fetched next, read from what is missing here.
#pragma once

#include "storage/local/database.h"
#include "storage/local/hole_book.h"

#include <QList>
#include <QSet>

#include <optional>

namespace holdfast::local {

// Threads of these scopes, below this position.
struct HistoryListing
{
    QList<ScopeId> scopes;
    bool records = false; // else conversations
    Position below;
};

struct ListedThread
{
    ThreadId thread;
    ScopeId scope;
    Position newest;
};

struct HistoryRange
{
    ThreadId thread;
    ThreadSeq first;
    ThreadSeq last;
    bool continues = true; // the entry after `last` is here
};

// One of the three, in this order of urgency; nothing: all is here.
struct HistoryPlan
{
    QList<ThreadId> windows; // whose newest entries are to come first
    std::optional<HistoryListing> listing;
    QList<HistoryRange> ranges; // newest first
};

constexpr int windowEntries = 50;
constexpr int windowsAtOnce = 50;
constexpr int rangesAtOnce = 50;

QFuture<Result<HistoryPlan>> nextHistory(Database& database, const QSet<ThreadId>& setAside);
// Of the range only what is missing, the newest of it first; nothing: all of it is here.
QFuture<Result<std::optional<HistoryRange>>> missingOf(Database& database, const HistoryRange& range);

// What central answered to `asked`. Nothing happens if one of its scopes was closed meanwhile.
QFuture<Result<void>> noteListed(Database& database, const HistoryListing& asked, const QList<ListedThread>& threads,
                                 bool more);
// Central has no window of these for this person: they were closed or moved, and the feed tells if they come back.
QFuture<Result<void>> forgetListed(Database& database, const QList<ThreadId>& threads);

// The statements behind the plan, for the test of their query plans.
[[nodiscard]] QStringList planStatements();

} // namespace holdfast::local

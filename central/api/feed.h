// One answer of the feed: what a desk at `cursor` may be given now. Runs on a reader thread, in one consistent view.
#pragma once

#include "central/api/cursor.h"
#include "central/store/session.h"

#include <QByteArray>

namespace holdfast::api {

constexpr int maxFeedEntries = 500;
constexpr qsizetype maxFeedBytes = 1024 * 1024;

struct ScopeEvent
{
    ScopeId scope;
    bool opened = false; // else closed
    bool window = false; // opened, and the desk asks for what is below the cursor by itself (history_routes.h)
};

struct ThreadEvent
{
    ThreadId thread;
    bool opened = false; // else closed
};

struct ScopeSum
{
    ScopeId scope;
    log::Checksum checksum;
};

struct FeedAnswer
{
    std::vector<store::FeedEntry> entries;
    std::vector<ScopeEvent> scopes;
    std::vector<domain::EraseContents> erased; // to be applied before everything else
    std::vector<ThreadEvent> threads;          // that were moved in or out of what the caller may see
    std::vector<ScopeSum> sums; // what a desk holds of these scopes once it applied this answer; see addSums()
    Cursor cursor;
    bool more = false;
    quint64 head = 0;
    QByteArray checkpoint;   // empty before the first
    bool startsOver = false; // the device holds nothing of what it still was to destroy
    [[nodiscard]] bool hasNews() const
    {
        return !entries.empty() || !scopes.empty() || !threads.empty() || !erased.empty() || more;
    }
};

// `readable`: the caller's scopes now, sorted. Scopes that the cursor has and the caller lost are closed; new ones are
// opened and delivered from their beginning while the caught-up ones go on. With `windows` only the tail of the new
// ones is fed, once there is a checkpoint to prove the rest against; what everybody gets always comes whole, and so
// does a thread that was moved here: it is closed or opened like a small scope of its own.
[[nodiscard]] Result<FeedAnswer> readFeed(store::StoreReader& reader, Cursor cursor,
                                          const std::vector<ScopeId>& readable, int limit, bool windows = false);

// To an answer that goes out: once per checkpoint, when the desk is caught up with all of its scopes. A desk with
// `windows` holds only what everybody has for certain.
[[nodiscard]] Status addSums(store::StoreReader& reader, FeedAnswer& feed, bool windows);
// The entries that a checkpoint covers; 0: none.
[[nodiscard]] quint64 sizeOf(const QByteArray& checkpoint);

} // namespace holdfast::api

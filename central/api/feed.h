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

struct FeedAnswer
{
    std::vector<store::FeedEntry> entries;
    std::vector<ScopeEvent> scopes;
    Cursor cursor;
    bool more = false;
    quint64 head = 0;
    QByteArray checkpoint; // empty before the first
    [[nodiscard]] bool hasNews() const { return !entries.empty() || !scopes.empty() || more; }
};

// `readable`: the caller's scopes now, sorted. Scopes that the cursor has and the caller lost are closed; new ones are
// opened and delivered from their beginning while the caught-up ones go on. With `windows` only the tail of the new
// ones is fed, once there is a checkpoint to prove the rest against; what everybody gets always comes whole.
[[nodiscard]] Result<FeedAnswer> readFeed(store::StoreReader& reader, Cursor cursor,
                                          const std::vector<ScopeId>& readable, int limit, bool windows = false);

} // namespace holdfast::api

// The feed's answers as JSON text. Entries are encoded once and shared by all who get them.
#pragma once

#include "central/api/feed.h"
#include "central/http/message.h"

namespace holdfast::api {

[[nodiscard]] QByteArray entryJson(const store::FeedEntry& entry); // one element of "entries"

struct FeedBody
{
    QList<QByteArray> entries; // of entryJson()
    std::vector<ScopeEvent> scopes;
    QByteArray cursor; // sealed
    bool more = false;
    quint64 head = 0;
    QByteArray checkpoint;
    std::vector<ThreadEvent> threads = {};
    std::vector<domain::EraseContents> erased = {};
    std::vector<ScopeSum> sums = {};
};
[[nodiscard]] http::Response feedResponse(const FeedBody& body);

} // namespace holdfast::api

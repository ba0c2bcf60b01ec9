// How messages stand among their neighbours, as pure functions over plain values.
#pragma once

#include "models/views/values.h"

#include <QHash>
#include <QSet>
#include <QTimeZone>

#include <vector>

namespace holdfast::views {

// The day and the unread line are drawn above the message that starts them.
struct RowPlace
{
    bool startsRun = true; // author, kind, five minutes, day
    bool endsRun = true;
    bool startsDay = false;
    bool startsUnread = false;
    friend bool operator==(const RowPlace&, const RowPlace&) = default;
};

[[nodiscard]] std::vector<RowPlace> placesOf(const std::vector<Message>& messages,
                                             const std::optional<EntryId>& firstUnread, const QTimeZone& zone);

[[nodiscard]] bool sameMessage(const Message& left, const Message& right);

// Counts as something that `me` has to read.
[[nodiscard]] bool isForReading(const Message& message, const UserId& me);

// Ids whose order in `next` is their order in `rows`; the others moved, came or went.
[[nodiscard]] QSet<EntryId> keptOf(const QHash<EntryId, int>& rows, const std::vector<Message>& next);

} // namespace holdfast::views

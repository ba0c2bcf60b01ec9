// Rows of entry_header and content, read together and opened.
#pragma once

#include "central/store/context.h"
#include "central/store/feed.h"

namespace holdfast::store {

// Columns for readFeedRow(), from entry_header h LEFT JOIN content c.
[[nodiscard]] QString feedColumns();
constexpr int feedColumnCount = 9;
[[nodiscard]] QString feedJoin(); // "entry_header h LEFT JOIN content c ON c.pos = h.pos"

struct FeedRow
{
    FeedEntry entry; // without salt and content
    std::optional<qint64> generation;
    QByteArray sealed;
};

[[nodiscard]] FeedRow readFeedRow(sql::Statement& row);
// Decrypts. A content whose key was destroyed counts as erased; one that does not open is marked as damaged.
[[nodiscard]] Result<FeedEntry> openRow(Context& context, FeedRow row);
[[nodiscard]] Result<std::vector<FeedEntry>> openRows(Context& context, std::vector<FeedRow> rows);

} // namespace holdfast::store

#include "central/api/feed.h"

#include <algorithm>

namespace holdfast::api {
namespace {

bool contains(const std::vector<ScopeId>& sorted, const ScopeId& scope)
{
    return std::binary_search(sorted.begin(), sorted.end(), scope);
}

void closeLost(FeedAnswer& out, const std::vector<ScopeId>& readable)
{
    const auto lost = [&](const ScopeId& scope) {
        if (contains(readable, scope))
            return false;
        out.scopes.push_back({scope, false, false});
        return true;
    };
    std::erase_if(out.cursor.scopes, lost);
    std::erase_if(out.cursor.openings, [&lost](const Cursor::Opening& opening) { return lost(opening.scope); });
}

// `whole`: the scope that no window is made of; nothing: there are no windows at all.
void openGained(FeedAnswer& out, const std::vector<ScopeId>& readable, const std::optional<ScopeId>& whole)
{
    std::vector<ScopeId>& caughtUp = out.cursor.scopes;
    if (caughtUp.empty())
        out.cursor.upTo = out.head;
    for (const ScopeId& scope : readable) {
        const bool opening = std::any_of(out.cursor.openings.begin(), out.cursor.openings.end(),
                                         [&scope](const Cursor::Opening& known) { return known.scope == scope; });
        if (opening || contains(caughtUp, scope))
            continue;
        const bool window = whole && scope != *whole;
        out.scopes.push_back({scope, true, window});
        if (window)
            caughtUp.insert(std::lower_bound(caughtUp.begin(), caughtUp.end(), scope), scope);
        else
            out.cursor.openings.push_back({scope, 0});
    }
    std::sort(out.cursor.openings.begin(), out.cursor.openings.end(),
              [](const Cursor::Opening& l, const Cursor::Opening& r) { return l.scope < r.scope; });
}

struct Budget
{
    int entries;
    qsizetype bytes;
    [[nodiscard]] bool spent() const { return entries <= 0 || bytes <= 0; }
    void take(const std::vector<store::FeedEntry>& page)
    {
        entries -= static_cast<int>(page.size());
        for (const store::FeedEntry& entry : page)
            bytes -= entry.header.size() + (entry.content ? entry.content->size() : 0);
    }
};

void moveInto(std::vector<store::FeedEntry>& all, std::vector<store::FeedEntry> page)
{
    all.insert(all.end(), std::make_move_iterator(page.begin()), std::make_move_iterator(page.end()));
}

// Delivers the scopes that are being opened, one after the other, up to where the caught-up ones are.
Status deliverOpenings(store::StoreReader& reader, FeedAnswer& out, Budget& budget)
{
    while (!out.cursor.openings.empty()) {
        if (budget.spent()) {
            out.more = true;
            return {};
        }
        Cursor::Opening& opening = out.cursor.openings.front();
        auto page =
            reader.feed().entriesOfScope(opening.scope, opening.pos, out.cursor.upTo, budget.entries, budget.bytes);
        if (!page)
            return tl::unexpected(page.error());
        budget.take(page->entries);
        opening.pos = page->scannedTo;
        moveInto(out.entries, std::move(page->entries));
        if (page->more || opening.pos < out.cursor.upTo) {
            out.more = true;
            return {};
        }
        auto& scopes = out.cursor.scopes;
        scopes.insert(std::lower_bound(scopes.begin(), scopes.end(), opening.scope), opening.scope);
        out.cursor.openings.erase(out.cursor.openings.begin());
    }
    return {};
}

} // namespace

Result<FeedAnswer> readFeed(store::StoreReader& reader, Cursor cursor, const std::vector<ScopeId>& readable, int limit,
                            bool windows)
{
    auto head = reader.feed().head();
    if (!head)
        return tl::unexpected(head.error());
    FeedAnswer out;
    out.cursor = std::move(cursor);
    out.head = head->size;
    auto checkpoint = reader.feed().newestCheckpoint();
    if (checkpoint)
        out.checkpoint = std::move(*checkpoint);
    else if (checkpoint.error().code != ErrorCode::notFound)
        return tl::unexpected(checkpoint.error());
    closeLost(out, readable);
    const bool canProve = windows && !out.checkpoint.isEmpty();
    openGained(out, readable, canProve ? std::optional(reader.organisation().everyone) : std::nullopt);
    Budget budget{limit, maxFeedBytes};
    if (!out.cursor.scopes.empty()) {
        auto page =
            reader.feed().entriesAfter(out.cursor.scopes, out.cursor.upTo, head->size, budget.entries, budget.bytes);
        if (!page)
            return tl::unexpected(page.error());
        budget.take(page->entries);
        out.cursor.upTo = page->scannedTo;
        out.more = page->more;
        out.entries = std::move(page->entries);
    }
    if (const Status delivered = deliverOpenings(reader, out, budget); !delivered)
        return tl::unexpected(delivered.error());
    return out;
}

} // namespace holdfast::api

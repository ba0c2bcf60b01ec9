#include "storage/sync/history_check.h"

#include "models/log/entry.h"

#include <algorithm>

namespace holdfast::sync {
namespace {

struct Opened
{
    local::FeedEntry raw;
    log::Header header;
    Digest leaf;
};

std::optional<Opened> open(const WireEntry& entry, const ThreadId& thread)
{
    const auto header = log::decodeHeader(entry.header);
    const auto part = header ? log::decodeAuthorPart(header->authorPart) : fail(ErrorCode::invalidInput, {});
    if (!part || part->thread != thread)
        return std::nullopt;
    return Opened{{entry.header, entry.salt, entry.content}, *header, log::leafHash(entry.header)};
}

bool isIncluded(const Opened& entry, const log::Proof& proof, const Verified& verified)
{
    return entry.header.pos.value < verified.size &&
           log::verifyInclusion(entry.leaf, entry.header.pos.value, verified.size, proof, verified.root);
}

bool beginsWhereAsked(const Opened& first, const RangeRequest& asked, const HistoryRange& range)
{
    if (asked.at.value > 0)
        return true;
    return asked.below.value > 0 ? first.header.threadSeq.value + 1 == asked.below.value
                                 : first.header.threadSeq == range.newest;
}

bool isProven(const Opened& first, const RangeRequest& asked, const HistoryRange& range, const Verified& verified)
{
    if (!asked.alone || isIncluded(first, range.inclusion, verified))
        return true;
    const bool isNewer = first.header.pos.value >= verified.size;
    return isNewer && asked.below.value == 0 && first.header.threadSeq == range.newest;
}

// Words when the range does not hold.
QString readEntries(const HistoryRange& range, const RangeRequest& asked, const Verified& verified,
                    std::vector<Opened>& entries)
{
    for (const WireEntry& wire : range.entries) {
        auto entry = open(wire, range.thread);
        if (!entry)
            return QStringLiteral("Central sent an entry of another conversation, or one that is not of the format.");
        if (!entries.empty()) {
            const log::Header& above = entries.back().header;
            if (above.threadSeq.value != entry->header.threadSeq.value + 1 || above.prev != entry->leaf)
                return QStringLiteral("Central sent older messages of a conversation that do not continue each other.");
        }
        entries.push_back(std::move(*entry));
    }
    if (!beginsWhereAsked(entries.front(), asked, range))
        return QStringLiteral("Central left out older messages of a conversation.");
    if (!isProven(entries.front(), asked, range, verified))
        return QStringLiteral("Central could not prove that older messages of a conversation are in its log.");
    const ThreadSeq lowest = entries.back().header.threadSeq;
    for (const HistoryRange::Deciding& deciding : range.state) {
        auto entry = open(deciding.entry, range.thread);
        if (!entry || !asked.state || entry->header.threadSeq >= lowest ||
            !isIncluded(*entry, deciding.inclusion, verified))
            return QStringLiteral("Central could not prove what decides the state of a conversation.");
        entries.push_back(std::move(*entry));
    }
    return {};
}

} // namespace

CheckedHistory checkHistory(const History& history, const QList<RangeRequest>& asked, const Verified& verified)
{
    CheckedHistory checked;
    checked.batch.arrival = local::Arrival::history;
    std::vector<Opened> all;
    for (const HistoryRange& range : history.ranges) {
        const auto wanted = std::find_if(asked.begin(), asked.end(),
                                         [&](const RangeRequest& request) { return request.thread == range.thread; });
        if (wanted == asked.end() || range.entries.isEmpty() || checked.answered.contains(range.thread))
            continue; // not asked for
        checked.answered.insert(range.thread);
        std::vector<Opened> entries;
        if (const QString words = readEntries(range, *wanted, verified, entries); !words.isEmpty()) {
            if (!checked.refused)
                checked.refused = event::HistoryRefused{entries.empty() ? 0 : entries.front().header.pos.value, words};
            continue;
        }
        if (wanted->state) {
            const auto lowest = static_cast<size_t>(range.entries.size()) - 1;
            checked.batch.windows.append({range.thread, entries[lowest].header.threadSeq});
        }
        std::move(entries.begin(), entries.end(), std::back_inserter(all));
    }
    std::sort(all.begin(), all.end(), [](const Opened& l, const Opened& r) { return l.header.pos < r.header.pos; });
    for (Opened& entry : all) {
        checked.bytes += entry.raw.header.size() + (entry.raw.content ? entry.raw.content->size() : 0);
        checked.batch.entries.push_back(std::move(entry.raw));
    }
    return checked;
}

} // namespace holdfast::sync

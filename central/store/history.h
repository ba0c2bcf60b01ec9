// History from its newest end: which threads there are, ranges of their entries, and what proves a range that stands
// alone.
#pragma once

#include "central/store/append.h"
#include "central/store/feed.h"
#include "models/log/tree.h"

namespace holdfast::store {

struct ListedThread
{
    ThreadId thread;
    ScopeId scope;
    ThreadSeq newest;
    Position pos; // of its newest entry
};

enum class ThreadGroup {
    conversations, // cases, rooms, direct conversations
    records        // people, policies and whatever else is a thread
};

class HistoryReads
{
public:
    explicit HistoryReads(Context& context) : context_(context) {}

    // Threads of these scopes whose newest entry is below `below`, most recently written first.
    [[nodiscard]] Result<std::vector<ListedThread>> threads(std::span<const ScopeId> scopes, ThreadGroup group,
                                                            Position below, int limit);
    // Newest first, without a gap. At least one entry when there is any, whatever its size.
    [[nodiscard]] Result<std::vector<FeedEntry>> entriesBelow(const ThreadId& thread, ThreadSeq below, int limit,
                                                              qsizetype maxBytes);
    // What still decides the state of a thread although it is below `below`: how it was opened, its newest assignment,
    // state and customer message, its links, and what `reader` has read. Few, and newest first.
    [[nodiscard]] Result<std::vector<FeedEntry>> decisive(const ThreadFacts& thread, ThreadSeq below,
                                                          const UserId& reader);
    // The first entry that central took at `at` or later; nothing: all are older.
    [[nodiscard]] Result<std::optional<ThreadSeq>> firstAt(const ThreadFacts& thread, Timestamp at);
    // Of the entry at `pos` in the tree of the first `size` leaves; pos < size <= the log's size.
    [[nodiscard]] Result<log::Proof> inclusion(Position pos, quint64 size);

private:
    [[nodiscard]] Result<std::vector<ThreadSeq>> decisiveSeqs(const ThreadFacts& thread, ThreadSeq below,
                                                              const UserId& reader);

    Context& context_;
};

} // namespace holdfast::store

#include "central/api/feed.h"

#include <algorithm>
#include <set>

namespace holdfast::api {
namespace {

// Threads on their way at once: bounds the cursor. More moves wait, and the tail with them, until these are delivered.
constexpr size_t maxThreads = 256;
constexpr int maxRemovals = 100;
constexpr qsizetype maxErasedIds = 10'000; // of one answer

using Scopes = std::vector<ScopeId>; // sorted

bool contains(const Scopes& sorted, const ScopeId& scope)
{
    return std::binary_search(sorted.begin(), sorted.end(), scope);
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

// One answer in the making.
class FeedReader
{
public:
    // `whole`: the scope that no window is made of; nothing: there are no windows at all.
    FeedReader(store::StoreReader& reader, FeedAnswer& out, const Scopes& readable, int limit,
               const std::optional<ScopeId>& whole)
        : reader_(reader), out_(out), readable_(readable), whole_(whole), budget_{limit, maxFeedBytes}
    {}

    [[nodiscard]] Status run();

private:
    void closeLost();
    void openGained();
    void restartThreads();
    [[nodiscard]] Status tellRemovals();
    [[nodiscard]] Status tell(const store::Removal& removal);
    [[nodiscard]] Status tellMoves();
    void tell(const store::ThreadMove& move);
    [[nodiscard]] bool mayHold(const ScopeId& scope) const;
    [[nodiscard]] Status deliverTail();
    [[nodiscard]] Status deliverThreads();
    [[nodiscard]] Status deliverThread(Cursor::Thread& thread, bool& done);
    [[nodiscard]] Status deliverOpenings();
    [[nodiscard]] Status deliverOpening(Cursor::Opening& opening, bool& done);

    store::StoreReader& reader_;
    FeedAnswer& out_;
    Cursor& cursor_ = out_.cursor;
    const Scopes& readable_;
    const std::optional<ScopeId> whole_;
    Budget budget_;
    quint64 tellTo_ = out_.head; // how far moves and removals are told by this answer
    std::set<ThreadId> closed_;
    std::set<ThreadId> apart_; // delivered by themselves: the tail leaves them out
};

void FeedReader::closeLost()
{
    const auto lost = [&](const ScopeId& scope) {
        if (contains(readable_, scope))
            return false;
        out_.scopes.push_back({scope, false, false});
        return true;
    };
    std::erase_if(cursor_.scopes, lost);
    std::erase_if(cursor_.openings, [&lost](const Cursor::Opening& opening) { return lost(opening.scope); });
    // A thread that was moved from there to a scope that stays goes with it on a desk to which the tail has not brought
    // the move yet: such moves are told again, now as of a thread that comes whole.
    if (!out_.scopes.empty())
        cursor_.toldTo = std::min(cursor_.toldTo, cursor_.upTo);
}

void FeedReader::openGained()
{
    // A desk that holds nothing need not hear of what happened before.
    if (cursor_.scopes.empty() && cursor_.openings.empty() && out_.scopes.empty())
        cursor_.toldTo = out_.head;
    if (cursor_.scopes.empty())
        cursor_.upTo = out_.head;
    for (const ScopeId& scope : readable_) {
        const bool opening = std::any_of(cursor_.openings.begin(), cursor_.openings.end(),
                                         [&scope](const Cursor::Opening& known) { return known.scope == scope; });
        if (opening || contains(cursor_.scopes, scope))
            continue;
        const bool window = whole_ && scope != *whole_;
        out_.scopes.push_back({scope, true, window});
        if (window)
            cursor_.scopes.insert(std::lower_bound(cursor_.scopes.begin(), cursor_.scopes.end(), scope), scope);
        else
            cursor_.openings.push_back({scope, 0, {}});
    }
    std::sort(cursor_.openings.begin(), cursor_.openings.end(),
              [](const Cursor::Opening& l, const Cursor::Opening& r) { return l.scope < r.scope; });
}

// What a desk has of a thread on its way may still be in a scope of the thread's past, and go with that.
void FeedReader::restartThreads()
{
    const bool closes =
        std::any_of(out_.scopes.begin(), out_.scopes.end(), [](const ScopeEvent& event) { return !event.opened; });
    if (!closes)
        return;
    for (Cursor::Thread& thread : cursor_.threads)
        thread.next = ThreadSeq{1};
}

bool FeedReader::mayHold(const ScopeId& scope) const
{
    const auto closedNow = [&scope](const ScopeEvent& event) { return event.scope == scope && !event.opened; };
    return contains(cursor_.scopes, scope) ||
           std::any_of(cursor_.openings.begin(), cursor_.openings.end(),
                       [&scope](const Cursor::Opening& opening) { return opening.scope == scope; }) ||
           std::any_of(out_.scopes.begin(), out_.scopes.end(), closedNow);
}

// Erasures, and losses that the cursor does not show, as of a scope that was given and taken back between two looks:
// the device is asked all the same, so that it can say that it holds nothing.
Status FeedReader::tellRemovals()
{
    if (cursor_.toldTo >= out_.head || cursor_.device.isNull())
        return {};
    const auto removals = reader_.removals().of(cursor_.device, cursor_.toldTo, out_.head, maxRemovals);
    if (!removals)
        return tl::unexpected(removals.error());
    qsizetype ids = 0;
    for (const store::Removal& removal : *removals) {
        if (const Status told = tell(removal); !told)
            return told;
        if (removal.what == store::Removal::What::erasure)
            ids += out_.erased.back().entries.size();
        if (&removal == &removals->back() ? removals->size() < size_t(maxRemovals) : ids < maxErasedIds)
            continue;
        tellTo_ = removal.pos.value + 1;
        break;
    }
    return {};
}

Status FeedReader::tell(const store::Removal& removal)
{
    switch (removal.what) {
    case store::Removal::What::scope: {
        const ScopeId scope = ScopeId::fromBytes(removal.id).value_or(ScopeId());
        const auto told = [&scope](const ScopeEvent& event) { return event.scope == scope; };
        if (std::none_of(out_.scopes.begin(), out_.scopes.end(), told))
            out_.scopes.push_back({scope, false, false});
        return {};
    }
    case store::Removal::What::thread: {
        const ThreadId thread = ThreadId::fromBytes(removal.id).value_or(ThreadId());
        if (closed_.insert(thread).second)
            out_.threads.push_back({thread, false});
        return {};
    }
    case store::Removal::What::erasure:
        break;
    }
    auto erasure = reader_.erasures().erasure(EntryId::fromBytes(removal.id).value_or(EntryId()));
    if (!erasure)
        return tl::unexpected(erasure.error());
    out_.erased.push_back(std::move(*erasure));
    return {};
}

Status FeedReader::tellMoves()
{
    while (cursor_.toldTo < tellTo_ && cursor_.threads.size() < maxThreads) {
        const int room = static_cast<int>(maxThreads - cursor_.threads.size());
        const auto moves = reader_.feed().moves(cursor_.toldTo, tellTo_, room);
        if (!moves)
            return tl::unexpected(moves.error());
        for (const store::ThreadMove& move : *moves)
            tell(move);
        cursor_.toldTo = moves->size() < size_t(room) ? tellTo_ : moves->back().pos.value + 1;
    }
    return {};
}

void FeedReader::tell(const store::ThreadMove& move)
{
    const auto delivering = std::find_if(cursor_.threads.begin(), cursor_.threads.end(),
                                         [&move](const Cursor::Thread& one) { return one.thread == move.thread; });
    const bool known = delivering != cursor_.threads.end();
    if (!contains(readable_, move.now)) {
        // Who never saw the thread does not learn of it.
        if ((known || mayHold(move.from)) && closed_.insert(move.thread).second)
            out_.threads.push_back({move.thread, false});
        if (known)
            cursor_.threads.erase(delivering);
        return;
    }
    // Between scopes that are both caught up, the move is one more entry of the tail.
    if (known || (contains(cursor_.scopes, move.from) && contains(cursor_.scopes, move.to)))
        return;
    out_.threads.push_back({move.thread, true});
    cursor_.threads.push_back({move.thread, ThreadSeq{1}});
}

Status FeedReader::deliverTail()
{
    if (cursor_.scopes.empty())
        return {};
    const std::vector<ThreadId> apart(apart_.begin(), apart_.end());
    auto page =
        reader_.feed().entriesAfter(cursor_.scopes, cursor_.upTo, out_.head, budget_.entries, budget_.bytes, apart);
    if (!page)
        return tl::unexpected(page.error());
    budget_.take(page->entries);
    cursor_.upTo = page->scannedTo;
    out_.more = page->more;
    moveInto(out_.entries, std::move(page->entries));
    return {};
}

Status FeedReader::deliverThreads()
{
    while (!cursor_.threads.empty()) {
        if (budget_.spent()) {
            out_.more = true;
            return {};
        }
        bool done = false;
        if (const Status delivered = deliverThread(cursor_.threads.front(), done); !delivered)
            return delivered;
        if (!done) {
            out_.more = true;
            return {};
        }
        cursor_.threads.erase(cursor_.threads.begin());
    }
    return {};
}

Status FeedReader::deliverThread(Cursor::Thread& thread, bool& done)
{
    // Its scope may have been lost since, by a grant that ended.
    const auto facts = reader_.threads().facts(thread.thread);
    if (!facts)
        return tl::unexpected(facts.error());
    if (!contains(readable_, facts->scope)) {
        if (closed_.insert(thread.thread).second)
            out_.threads.push_back({thread.thread, false});
        done = true;
        return {};
    }
    auto page = reader_.feed().pageOfThread(thread.thread, thread.next, budget_.entries, budget_.bytes);
    if (!page)
        return tl::unexpected(page.error());
    budget_.take(page->entries);
    thread.next.value = page->scannedTo;
    done = !page->more;
    moveInto(out_.entries, std::move(page->entries));
    return {};
}

// Delivers the scopes that are being opened, one after the other, up to where the caught-up ones are.
Status FeedReader::deliverOpenings()
{
    while (!cursor_.openings.empty()) {
        bool done = false;
        if (!budget_.spent()) {
            if (const Status delivered = deliverOpening(cursor_.openings.front(), done); !delivered)
                return delivered;
        }
        if (!done) {
            out_.more = true;
            return {};
        }
        const ScopeId scope = cursor_.openings.front().scope;
        cursor_.scopes.insert(std::lower_bound(cursor_.scopes.begin(), cursor_.scopes.end(), scope), scope);
        cursor_.openings.erase(cursor_.openings.begin());
    }
    return {};
}

Status FeedReader::deliverOpening(Cursor::Opening& opening, bool& done)
{
    if (opening.pos < cursor_.upTo) {
        auto page =
            reader_.feed().entriesOfScope(opening.scope, opening.pos, cursor_.upTo, budget_.entries, budget_.bytes);
        if (!page)
            return tl::unexpected(page.error());
        budget_.take(page->entries);
        opening.pos = page->scannedTo;
        moveInto(out_.entries, std::move(page->entries));
        if (page->more || opening.pos < cursor_.upTo)
            return {};
    }
    while (cursor_.threads.size() < maxThreads) {
        const int room = static_cast<int>(maxThreads - cursor_.threads.size());
        const auto moved = reader_.feed().threadsMovedInto(opening.scope, opening.moved, room);
        if (!moved)
            return tl::unexpected(moved.error());
        for (const ThreadId& thread : *moved) {
            opening.moved = thread;
            const auto same = [&thread](const Cursor::Thread& one) { return one.thread == thread; };
            if (std::none_of(cursor_.threads.begin(), cursor_.threads.end(), same))
                cursor_.threads.push_back({thread, ThreadSeq{1}});
        }
        if (moved->size() < size_t(room)) {
            done = true;
            return {};
        }
    }
    return {};
}

Status FeedReader::run()
{
    closeLost();
    openGained();
    if (const Status told = tellRemovals(); !told)
        return told;
    restartThreads();
    if (const Status told = tellMoves(); !told)
        return told;
    for (const Cursor::Thread& thread : cursor_.threads)
        apart_.insert(thread.thread);
    // The tail may not run ahead of a move that was not told: it would show a thread without its beginning.
    if (cursor_.toldTo == out_.head) {
        if (const Status delivered = deliverTail(); !delivered)
            return delivered;
    } else {
        out_.more = true;
    }
    if (const Status delivered = deliverThreads(); !delivered)
        return delivered;
    if (const Status delivered = deliverOpenings(); !delivered)
        return delivered;
    return deliverThreads(); // of the scopes that were just opened
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
    const bool canProve = windows && !out.checkpoint.isEmpty();
    const auto whole = canProve ? std::optional(reader.organisation().everyone) : std::nullopt;
    if (const Status read = FeedReader(reader, out, readable, limit, whole).run(); !read)
        return tl::unexpected(read.error());
    return out;
}

// The second line of a checkpoint is its size.
quint64 sizeOf(const QByteArray& checkpoint)
{
    return checkpoint.split('\n').value(1).toULongLong();
}

Status addSums(store::StoreReader& reader, FeedAnswer& feed, bool windows)
{
    Cursor& cursor = feed.cursor;
    const bool whole = !feed.more && cursor.upTo == feed.head && cursor.openings.empty() && cursor.threads.empty();
    const quint64 size = sizeOf(feed.checkpoint);
    if (!whole || size <= cursor.summedAt)
        return {};
    for (const ScopeId& scope : cursor.scopes) {
        if (windows && scope != reader.organisation().everyone)
            continue;
        const auto checksum = reader.feed().checksum(scope);
        if (!checksum)
            return tl::unexpected(checksum.error());
        feed.sums.push_back({scope, *checksum});
    }
    cursor.summedAt = size;
    return {};
}

} // namespace holdfast::api

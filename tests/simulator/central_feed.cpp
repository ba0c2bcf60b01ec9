#include "tests/simulator/central_feed.h"

namespace holdfast::simulation {
namespace {

constexpr qsizetype numberBytes = 8;

void addNumber(QByteArray& to, quint64 number)
{
    to.append(bigEndian64(number));
}

quint64 takeNumber(QByteArrayView& from)
{
    quint64 number = 0;
    for (const char byte : from.first(numberBytes))
        number = number << 8 | static_cast<uint8_t>(byte);
    from = from.sliced(numberBytes);
    return number;
}

template <typename IdType>
IdType takeId(QByteArrayView& from)
{
    const IdType id = *IdType::fromBytes(from.first(IdType::size));
    from = from.sliced(IdType::size);
    return id;
}

// One answer in the making, as central/api/feed.cpp makes it.
class Reader
{
public:
    Reader(const CentralLog& log, FeedAnswer& answer, const std::set<ScopeId>& readable, int limit,
           const FeedBugs& bugs)
        : log_(log), answer_(answer), at_(answer.cursor), readable_(readable), limit_(limit), bugs_(bugs)
    {}

    void run()
    {
        closeLost();
        openGained();
        if (!closed_.empty() && !bugs_.goesOnAfterClosing) {
            for (auto& [thread, delivered] : at_.threads)
                delivered = 0; // what was given of it may have been in the closed scope
            at_.toldTo = std::min(at_.toldTo, at_.upTo); // moves out of it that the tail has not brought yet
        }
        for (; at_.toldTo < log_.size(); ++at_.toldTo)
            tell(log_.entries()[at_.toldTo]);
        for (const auto& [thread, delivered] : at_.threads)
            apart_.insert(thread);
        deliverTail();
        deliverThreads();
        deliverOpenings();
        deliverThreads(); // of the scopes that were just opened
    }

private:
    void closeLost()
    {
        const auto lost = [this](const ScopeId& scope) {
            if (readable_.contains(scope))
                return false;
            answer_.changes.scopes.append({scope, false});
            closed_.insert(scope);
            return true;
        };
        std::erase_if(at_.scopes, lost);
        std::erase_if(at_.openings, [&lost](const auto& opening) { return lost(opening.first); });
    }

    void openGained()
    {
        if (at_.scopes.empty() && at_.openings.empty() && closed_.empty())
            at_.toldTo = log_.size(); // who holds nothing need not hear of what happened before
        for (const ScopeId& scope : readable_) {
            if (at_.scopes.contains(scope) || at_.openings.contains(scope))
                continue;
            answer_.changes.scopes.append({scope, true});
            at_.openings.emplace(scope, 0);
        }
    }

    [[nodiscard]] bool mayHold(const ScopeId& scope) const
    {
        return at_.scopes.contains(scope) || at_.openings.contains(scope) || closed_.contains(scope);
    }

    void tell(const LogEntry& entry)
    {
        if (entry.draft.kind != kind::moved)
            return;
        const ThreadId& thread = entry.draft.thread;
        const ScopeId now = log_.threads().at(thread).scope;
        const ScopeId to = *ScopeId::fromBytes(entry.draft.content);
        const bool known = at_.threads.contains(thread);
        if (!readable_.contains(now)) {
            if (known || mayHold(entry.scope))
                close(thread);
            at_.threads.erase(thread);
        } else if (!known && !(at_.scopes.contains(entry.scope) && at_.scopes.contains(to))) {
            answer_.changes.threads.append({thread, true});
            at_.threads.emplace(thread, 0);
        }
    }

    void close(const ThreadId& thread)
    {
        if (!bugs_.keepsQuietOfMoves && closedThreads_.insert(thread).second)
            answer_.changes.threads.append({thread, false});
    }

    void give(const LogEntry& entry) { answer_.changes.entries.append({entry.header, {}, entry.draft.content}); }
    [[nodiscard]] bool isFull() const { return answer_.changes.entries.size() >= limit_; }

    void deliverTail()
    {
        if (at_.scopes.empty())
            at_.upTo = log_.size();
        for (; at_.upTo < log_.size(); ++at_.upTo) {
            const LogEntry& entry = log_.entries()[at_.upTo];
            if (!at_.scopes.contains(log_.threads().at(entry.draft.thread).scope) ||
                apart_.contains(entry.draft.thread))
                continue;
            if (isFull()) {
                answer_.changes.more = true;
                return;
            }
            give(entry);
        }
    }

    void deliverThreads()
    {
        while (!at_.threads.empty()) {
            const auto thread = at_.threads.begin();
            const LogThread& whole = log_.threads().at(thread->first);
            if (!readable_.contains(whole.scope)) {
                close(thread->first); // lost since, by a grant that ended
            } else {
                for (; thread->second < whole.positions.size(); ++thread->second) {
                    if (isFull()) {
                        answer_.changes.more = true;
                        return;
                    }
                    give(log_.entries()[whole.positions[thread->second]]);
                }
            }
            at_.threads.erase(thread);
        }
    }

    void deliverOpenings()
    {
        while (!at_.openings.empty()) {
            const auto opening = at_.openings.begin();
            if (!deliverOpening(opening->first, opening->second)) {
                answer_.changes.more = true;
                return;
            }
            at_.scopes.insert(opening->first);
            at_.openings.erase(opening);
        }
    }

    // Up to where the caught-up scopes are; then what was moved into it follows thread by thread.
    [[nodiscard]] bool deliverOpening(const ScopeId& scope, quint64& pos)
    {
        for (; pos < at_.upTo; ++pos) {
            const LogEntry& entry = log_.entries()[pos];
            if (entry.scope != scope || log_.threads().at(entry.draft.thread).lastMove)
                continue;
            if (isFull())
                return false;
            give(entry);
        }
        for (const auto& [id, thread] : log_.threads()) {
            if (thread.scope == scope && thread.lastMove)
                at_.threads.emplace(id, 0);
        }
        return true;
    }

    const CentralLog& log_;
    FeedAnswer& answer_;
    FeedCursor& at_;
    const std::set<ScopeId>& readable_;
    const int limit_;
    const FeedBugs bugs_;
    std::set<ScopeId> closed_;
    std::set<ThreadId> closedThreads_;
    std::set<ThreadId> apart_; // delivered by themselves: the tail leaves them out
};

} // namespace

QByteArray seal(const FeedCursor& cursor)
{
    QByteArray bytes;
    addNumber(bytes, cursor.upTo);
    addNumber(bytes, cursor.toldTo);
    addNumber(bytes, cursor.scopes.size());
    for (const ScopeId& scope : cursor.scopes)
        bytes.append(scope.toBytes());
    addNumber(bytes, cursor.openings.size());
    for (const auto& [scope, pos] : cursor.openings) {
        bytes.append(scope.toBytes());
        addNumber(bytes, pos);
    }
    for (const auto& [thread, delivered] : cursor.threads) {
        bytes.append(thread.toBytes());
        addNumber(bytes, delivered);
    }
    return bytes;
}

FeedCursor unseal(const QByteArray& bytes)
{
    FeedCursor cursor;
    if (bytes.isEmpty())
        return cursor;
    QByteArrayView rest(bytes);
    cursor.upTo = takeNumber(rest);
    cursor.toldTo = takeNumber(rest);
    for (quint64 left = takeNumber(rest); left > 0; --left)
        cursor.scopes.insert(takeId<ScopeId>(rest));
    for (quint64 left = takeNumber(rest); left > 0; --left) {
        const auto scope = takeId<ScopeId>(rest);
        cursor.openings.emplace(scope, takeNumber(rest));
    }
    while (!rest.isEmpty()) {
        const auto thread = takeId<ThreadId>(rest);
        cursor.threads.emplace(thread, takeNumber(rest));
    }
    return cursor;
}

FeedAnswer readFeed(const CentralLog& log, FeedCursor cursor, const std::set<ScopeId>& readable, int limit,
                    const FeedBugs& bugs)
{
    FeedAnswer answer{{}, std::move(cursor)};
    sync::Changes& changes = answer.changes;
    changes.head = log.size();
    Reader(log, answer, readable, limit, bugs).run();
    changes.cursor = seal(answer.cursor);
    if (const SignedHeads* heads = log.newestHeads())
        changes.checkpoint = heads->note;
    return answer;
}

} // namespace holdfast::simulation

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

ScopeId takeScope(QByteArrayView& from)
{
    const ScopeId scope = *ScopeId::fromBytes(from.first(ScopeId::size));
    from = from.sliced(ScopeId::size);
    return scope;
}

sync::WireEntry wireOf(const LogEntry& entry)
{
    return {entry.header, QByteArray(), entry.draft.content};
}

void appendFromBeginning(const CentralLog& log, const LogThread& thread, quint64 before, QList<sync::WireEntry>& out)
{
    for (const quint64 pos : thread.positions) {
        if (pos < before)
            out.append(wireOf(log.entries()[pos]));
    }
}

// Walks [from, to) and gives what belongs to threads that are now in `scopes`. A thread that was ever moved comes from
// its beginning where the walk passes its last move, and not before. Of every earlier move out of `scopes` the move
// alone is given, so that the reader drops the thread: the rights may change before the walk comes to the last one.
// Returns where it stopped.
quint64 walk(const CentralLog& log, const std::set<ScopeId>& scopes, quint64 from, quint64 to, int limit,
             QList<sync::WireEntry>& out)
{
    for (quint64 pos = from; pos < to; ++pos) {
        const LogEntry& entry = log.entries()[pos];
        const LogThread& thread = log.threads().at(entry.draft.thread);
        const bool stays = scopes.contains(thread.scope);
        const bool comes = stays && pos == thread.lastMove;
        const bool goes = !comes && entry.draft.kind == kind::moved && scopes.contains(entry.scope);
        const bool isHere = stays && (!thread.lastMove || pos > *thread.lastMove);
        if (!comes && !goes && !isHere)
            continue;
        if (out.size() >= limit)
            return pos;
        if (comes)
            appendFromBeginning(log, thread, pos, out);
        out.append(wireOf(entry));
    }
    return to;
}

void closeLost(FeedAnswer& answer, const std::set<ScopeId>& readable)
{
    const auto lost = [&](const ScopeId& scope) {
        if (readable.contains(scope))
            return false;
        answer.changes.scopes.append({scope, false});
        return true;
    };
    std::erase_if(answer.cursor.scopes, lost);
    std::erase_if(answer.cursor.openings, [&lost](const auto& opening) { return lost(opening.first); });
}

void openGained(FeedAnswer& answer, const std::set<ScopeId>& readable)
{
    for (const ScopeId& scope : readable) {
        if (answer.cursor.scopes.contains(scope) || answer.cursor.openings.contains(scope))
            continue;
        answer.changes.scopes.append({scope, true});
        answer.cursor.openings.emplace(scope, 0);
    }
}

} // namespace

QByteArray seal(const FeedCursor& cursor)
{
    QByteArray bytes;
    addNumber(bytes, cursor.upTo);
    addNumber(bytes, cursor.scopes.size());
    for (const ScopeId& scope : cursor.scopes)
        bytes.append(scope.toBytes());
    for (const auto& [scope, pos] : cursor.openings) {
        bytes.append(scope.toBytes());
        addNumber(bytes, pos);
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
    for (quint64 left = takeNumber(rest); left > 0; --left)
        cursor.scopes.insert(takeScope(rest));
    while (!rest.isEmpty()) {
        const ScopeId scope = takeScope(rest);
        cursor.openings.emplace(scope, takeNumber(rest));
    }
    return cursor;
}

FeedAnswer readFeed(const CentralLog& log, FeedCursor cursor, const std::set<ScopeId>& readable, int limit)
{
    FeedAnswer answer{{}, std::move(cursor)};
    FeedCursor& at = answer.cursor;
    sync::Changes& changes = answer.changes;
    changes.head = log.size();
    closeLost(answer, readable);
    openGained(answer, readable);
    at.upTo = at.scopes.empty() ? log.size() : walk(log, at.scopes, at.upTo, log.size(), limit, changes.entries);
    changes.more = at.upTo < log.size();
    while (!at.openings.empty() && changes.entries.size() < limit) {
        const auto opening = at.openings.begin();
        opening->second = walk(log, {opening->first}, opening->second, at.upTo, limit, changes.entries);
        if (opening->second < at.upTo)
            break;
        at.scopes.insert(opening->first);
        at.openings.erase(opening);
    }
    changes.more = changes.more || !at.openings.empty();
    changes.cursor = seal(at);
    if (const SignedHeads* heads = log.newestHeads())
        changes.checkpoint = heads->note;
    return answer;
}

} // namespace holdfast::simulation

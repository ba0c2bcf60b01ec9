#include "storage/local/projection.h"

#include "storage/local/outbox.h"

#include <algorithm>

namespace holdfast::local {
namespace {

template <typename... Cases>
struct Overloaded : Cases...
{
    using Cases::operator()...;
};

// Unread: others' messages after the read marker. Pending ones are one's own.
const QString countSql = QStringLiteral(
    "SELECT count(*), coalesce(sum(mentions IS NOT NULL AND instr(hex(mentions), ?) > 0), 0) FROM message"
    " WHERE thread = ? AND ord > ? AND ord < ? AND author <> ? AND kind <> 0");

const QString pendingSql = QStringLiteral("SELECT o.thread, o.author_part, o.content, o.state FROM json_each(?) AS j"
                                          " CROSS JOIN outbox AS o ON o.thread = unhex(j.value->>0)"
                                          " WHERE o.state <> %1 ORDER BY o.thread, o.device_seq")
                               .arg(static_cast<int>(OutboxState::discarded));

QString hexOf(const UserId& user)
{
    return user.toHexString().toUpper();
}

} // namespace

Projection::Projection(sql::WriteConnection& connection, const UserId& me)
    : connection_(connection), me_(me), threads_(connection), rows_(connection), pendingLinks_(connection)
{}

void Projection::fold(const domain::Entry& entry)
{
    foldChanges(domain::project(entry), entry.pos);
}

void Projection::foldChanges(const std::vector<domain::RowChange>& changes, Position pos)
{
    const auto row = static_cast<qint64>(pos.value);
    const Overloaded apply{
        [&](const domain::OpenThread& change) {
            thread(change.thread).open(change);
            rows_.add(change);
        },
        [&](const domain::PutMessage& change) {
            const auto ord = static_cast<qint64>(change.threadSeq.value);
            ThreadState& state = thread(change.thread);
            state.addMessage(ord, change.at, change.kind);
            if (change.author != me_)
                state.countUnread(change.threadSeq, change.mentions.contains(me_));
            rows_.add(change, row, ord);
        },
        [&](const domain::KeepUnknown& change) { rows_.add(change, row, static_cast<qint64>(change.threadSeq.value)); },
        [&](const domain::AssignThread& change) { thread(change.thread).assign(change); },
        [&](const domain::SetThreadState& change) { thread(change.thread).setState(change); },
        [&](const domain::MoveThread& change) { thread(change.thread).move(change); },
        [&](const domain::MarkRead& change) {
            rows_.add(change);
            ThreadState& state = thread(change.thread);
            if (change.user == me_ && change.upTo > state.readSeq) {
                state.readSeq = change.upTo;
                recount_.insert(change.thread);
            }
        },
        [&](const domain::AdvanceThread& change) { thread(change.thread).advance(change); },
        [&](const domain::PutPerson& change) { rows_.add(change, pos); },
        [&](const domain::PutPolicy& change) { rows_.add(change, pos); },
        [&](const domain::PutUser& change) { rows_.add(change, pos); },
        [&](const domain::PutScope& change) { rows_.add(change, pos); },
        [&](const domain::SetGrant& change) { rows_.add(change, pos); },
        [](const domain::EraseContents&) {}, // told beside the entries, and applied before them
        [&](const auto& change) { rows_.add(change); },
    };
    for (const domain::RowChange& change : changes)
        std::visit(apply, change);
}

void Projection::addPendingRows(const domain::Entry& entry)
{
    if (!threads_.unknown().contains(entry.author.thread)) // else restorePending() decides
        showPending(entry);
}

void Projection::showPending(const domain::Entry& entry)
{
    const qint64 row = pendingBase + static_cast<qint64>(entry.author.deviceSeq.value);
    pending_.insert(entry.author.entryId);
    const Overloaded apply{
        [&](const domain::PutMessage& change) { rows_.add(change, row, row); },
        [&](const domain::OpenThread& change) { rows_.add(change); },
        [](const auto&) {},
    };
    for (const domain::RowChange& change : domain::project(entry))
        std::visit(apply, change);
}

Status Projection::finish()
{
    if (const Status done = restorePending(); !done)
        return done;
    if (const Status done = rows_.flush(); !done)
        return done;
    if (const Status done = recountUnread(); !done)
        return done;
    if (const Status done = clearPendingLinks(); !done)
        return done;
    if (const Status done = foldOutbox(); !done)
        return done;
    if (const Status done = pendingLinks_.flush(); !done)
        return done;
    if (const Status done = threads_.store(shown_); !done)
        return done;
    return rows_.storeFirstPolicies(rows_.linkedThreads() + pendingLinks_.linkedThreads());
}

// A scope that closed took the rows of waiting entries along, but not the entries.
Status Projection::restorePending()
{
    sql::JsonRows rows;
    for (const ThreadId& thread : threads_.unknown())
        rows.row().add(thread);
    if (rows.isEmpty())
        return {};
    QSet<ThreadId> opened; // by the outbox itself
    sql::Statement select = connection_.statement(pendingSql);
    select.bind(0, rows);
    return select.forEach([&](sql::Statement& row) {
        const Result<domain::Entry> entry = pendingEntry(row.bytes(1), row.bytes(2));
        if (!entry || pending_.contains(entry->author.entryId))
            return;
        const ThreadId& id = entry->author.thread;
        if (entry->author.kind == domain::number(domain::Kind::threadOpened))
            opened.insert(id);
        // A closed thread does not come back by what is still to be sent in it.
        if (thread(id).headSeq.value > 0 || opened.contains(id))
            showPending(*entry);
    });
}

Status Projection::recountUnread()
{
    for (const ThreadId& id : std::as_const(recount_)) {
        if (const Status done = countInto(thread(id)); !done)
            return done;
    }
    return {};
}

Status Projection::countInto(ThreadState& state)
{
    sql::Statement count = connection_.statement(countSql);
    // Older than the newest window: history, not news.
    const ThreadSeq history{std::max(state.since.value, quint64(1)) - 1};
    const Result<bool> found = count.first(hexOf(me_), state.id, std::max(state.readSeq, history), pendingBase, me_);
    if (!found)
        return tl::unexpected(found.error());
    state.unread = static_cast<int>(count.int64(0));
    state.mentions = static_cast<int>(count.int64(1));
    return {};
}

// Links that only pending entries made are decided anew from what is still in the outbox.
Status Projection::clearPendingLinks()
{
    sql::JsonRows rows;
    for (const ThreadState& state : std::as_const(threads_.all()))
        rows.row().add(state.id);
    if (rows.isEmpty())
        return {};
    sql::Statement find = connection_.statement(
        QStringLiteral("SELECT DISTINCT p.thread FROM json_each(?) AS j CROSS JOIN thread_policy AS p"
                       " ON p.thread = unhex(j.value->>0) WHERE p.pending IS NOT NULL"));
    find.bind(0, rows);
    QSet<ThreadId> cleared;
    const Status found = find.forEach([&](sql::Statement& row) { cleared.insert(row.id<ThreadId>(0)); });
    if (!found || cleared.isEmpty())
        return found;
    for (const QString& sql : {
             QStringLiteral("DELETE FROM thread_policy WHERE seq = 0 AND pending IS NOT NULL AND thread IN"
                            " (SELECT unhex(value->>0) FROM json_each(?))"),
             QStringLiteral("UPDATE thread_policy SET pending = NULL WHERE pending IS NOT NULL AND thread IN"
                            " (SELECT unhex(value->>0) FROM json_each(?))"),
         }) {
        if (const Status done = connection_.statement(sql).exec(rows); !done)
            return done;
    }
    return rows_.storeFirstPolicies(cleared);
}

// A refused or held entry shows as a message that was not sent, and has no other effect.
Status Projection::foldOutbox()
{
    sql::JsonRows rows;
    for (const ThreadState& state : std::as_const(threads_.all()))
        rows.row().add(state.id);
    if (rows.isEmpty())
        return {};
    std::vector<std::pair<domain::Entry, OutboxState>> entries;
    sql::Statement select = connection_.statement(pendingSql);
    select.bind(0, rows);
    const Status read = select.forEach([&entries](sql::Statement& row) {
        if (Result<domain::Entry> entry = pendingEntry(row.bytes(1), row.bytes(2)))
            entries.emplace_back(std::move(*entry), row.enumeration<OutboxState>(3));
    });
    if (!read)
        return read;
    QSet<ThreadId> marked;
    for (const auto& [entry, outboxState] : entries) {
        const ThreadId& id = entry.author.thread;
        if (!shown_.contains(id))
            shown_.insert(id, thread(id));
        ThreadState& state = shown_[id];
        const bool counts = outboxState == OutboxState::waiting || outboxState == OutboxState::sent;
        const qint64 ord = pendingBase + static_cast<qint64>(entry.author.deviceSeq.value);
        const Overloaded apply{
            [&](const domain::PutMessage& change) { state.addMessage(ord, change.at, change.kind); },
            [&](const domain::OpenThread& change) { state.open(change); },
            [&](const domain::AssignThread& change) {
                if (counts)
                    state.assign(change);
            },
            [&](const domain::SetThreadState& change) {
                if (counts)
                    state.setState(change);
            },
            [&](const domain::LinkPolicy& change) {
                if (counts)
                    pendingLinks_.addPending(change);
            },
            [&](const domain::MarkRead& change) {
                if (counts && change.upTo > state.readSeq) {
                    state.readSeq = change.upTo;
                    marked.insert(id);
                }
            },
            [](const auto&) {},
        };
        for (const domain::RowChange& change : domain::project(entry))
            std::visit(apply, change);
    }
    for (const ThreadId& id : std::as_const(marked)) {
        if (const Status done = countInto(shown_[id]); !done)
            return done;
    }
    return {};
}

Result<domain::Entry> pendingEntry(const QByteArray& authorPart, const QByteArray& content)
{
    Result<log::AuthorPart> part = log::decodeAuthorPart(authorPart);
    if (!part)
        return tl::unexpected(part.error());
    domain::Entry entry;
    entry.centralAt = part->claimedAt;
    entry.author = std::move(*part);
    entry.content = content;
    return entry;
}

} // namespace holdfast::local

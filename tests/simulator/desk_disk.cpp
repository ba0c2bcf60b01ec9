#include "tests/simulator/desk_disk.h"

#include "models/log/entry.h"

namespace holdfast::simulation {

struct DeskDisk::Batch
{
    std::map<ThreadId, quint64> threads; // position of the newest entry that came
    bool settled = false;
};

BatchSummary DeskDisk::apply(const sync::Changes& changes)
{
    const BatchSummary summary = applyRows(changes);
    cursor = changes.cursor;
    return summary;
}

BatchSummary DeskDisk::applyRows(const sync::Changes& changes)
{
    for (const sync::ScopeEvent& scope : changes.scopes) {
        if (scope.opened) {
            open_.insert(scope.scope);
            continue;
        }
        open_.erase(scope.scope);
        std::erase_if(threads_, [&scope](const auto& thread) { return thread.second.scope == scope.scope; });
    }
    for (const sync::ThreadEvent& thread : changes.threads) {
        if (!thread.opened)
            threads_.erase(thread.thread);
    }
    Batch batch;
    for (const sync::WireEntry& entry : changes.entries)
        take(entry, batch);
    if (!changes.more)
        checkPlaces();
    BatchSummary summary;
    summary.settled = batch.settled;
    for (const auto& [thread, newest] : batch.threads) {
        if (thread != numbered<ThreadId>('t', 0))
            summary.threads.append({thread, Position{newest}});
    }
    return summary;
}

void DeskDisk::take(const sync::WireEntry& entry, Batch& batch)
{
    const auto header = log::decodeHeader(entry.header);
    const auto part = header ? log::decodeAuthorPart(header->authorPart) : fail(ErrorCode::invalidInput, {});
    if (!part) {
        world_.violate(QStringLiteral("a desk was given an entry that it cannot read"));
        return;
    }
    const auto own = outbox_.find(part->deviceSeq.value);
    if (own != outbox_.end() && own->second.entry.entry == part->entryId) {
        outbox_.erase(own);
        batch.settled = true;
    }
    const auto [place, isNew] = threads_.try_emplace(part->thread);
    HeldThread& thread = place->second;
    if (isNew)
        thread.scope = header->scope;
    quint64& newest = batch.threads[part->thread];
    newest = std::max(newest, header->pos.value);
    const quint64 held = thread.headers.size();
    if (header->threadSeq.value <= held) {
        if (thread.headers[header->threadSeq.value - 1] != entry.header)
            world_.violate(QStringLiteral("a place of a thread came with other bytes"));
        return;
    }
    if (header->threadSeq.value > held + 1) {
        world_.violate(QStringLiteral("a thread has a hole"));
        return;
    }
    thread.newest = header->pos.value;
    extend(thread, entry, part->kind);
    if (part->kind == kind::moved)
        thread.scope = *ScopeId::fromBytes(*entry.content);
}

void DeskDisk::extend(HeldThread& thread, const sync::WireEntry& entry, log::KindNumber kind)
{
    thread.headers.push_back(entry.header);
    thread.leaves.push_back(log::leafHash(entry.header));
    const qint64 value = entry.content->toLongLong();
    switch (kind) {
    case kind::message:
        ++thread.messages;
        break;
    case kind::assigned:
        thread.assignee = value;
        break;
    case kind::delivery:
        thread.delivered = std::max(thread.delivered, value);
        break;
    case kind::read:
        thread.read = std::max(thread.read, value);
        break;
    default:
        break;
    }
}

// A thread on its way names scopes of its past, and may have been lost half-way. Once all is told, nothing may be here
// whose scope was closed or never opened.
void DeskDisk::checkPlaces()
{
    for (const auto& [id, thread] : threads_) {
        if (!open_.contains(thread.scope))
            world_.violate(QStringLiteral("a thread is held whose scope is closed here"));
    }
}

void DeskDisk::put(const OutboxRow& row)
{
    outbox_.emplace(row.entry.deviceSeq.value, row);
}

void DeskDisk::mark(const sync::OutboxMark& mark)
{
    if (mark.accepted)
        receipts_.insert(mark.entry);
    for (auto& [seq, row] : outbox_) {
        if (row.entry.entry == mark.entry && row.state == OutboxState::waiting)
            row.state = mark.accepted ? OutboxState::sent : OutboxState::notSent;
    }
}

void DeskDisk::discard(DeviceSeq seq)
{
    const auto row = outbox_.find(seq.value);
    if (row == outbox_.end() || row->second.state != OutboxState::notSent)
        return;
    discarded_.insert(row->second.entry.entry);
    outbox_.erase(row);
}

sync::event::Started DeskDisk::started() const
{
    sync::event::Started started{refresh, cursor, verifiedSize, verifiedUpTo, faultAt, {}};
    for (const auto& [id, thread] : threads_) {
        if (thread.newest >= verifiedCovers && id != numbered<ThreadId>('t', 0))
            started.unverified.append({id, Position{thread.newest}});
    }
    return started;
}

QList<OutboxRow> DeskDisk::waiting(int limit) const
{
    QList<OutboxRow> rows;
    for (const auto& [seq, row] : outbox_) {
        if (rows.size() == limit)
            break;
        if (row.state == OutboxState::waiting)
            rows.append(row);
    }
    return rows;
}

int DeskDisk::count(OutboxState state) const
{
    return static_cast<int>(
        std::count_if(outbox_.begin(), outbox_.end(), [state](const auto& row) { return row.second.state == state; }));
}

std::optional<OutboxRow> DeskDisk::firstNotSent() const
{
    for (const auto& [seq, row] : outbox_) {
        if (row.state == OutboxState::notSent)
            return row;
    }
    return std::nullopt;
}

const OutboxRow* DeskDisk::find(const EntryId& id) const
{
    for (const auto& [seq, row] : outbox_) {
        if (row.entry.entry == id)
            return &row;
    }
    return nullptr;
}

} // namespace holdfast::simulation

#include "tests/simulator/desk_disk.h"

#include "models/log/entry.h"

namespace holdfast::simulation {

struct DeskDisk::Batch
{
    struct Seen
    {
        quint64 newest = 0;  // position
        quint64 highest = 0; // tseq
        bool endsInMove = false;
    };
    std::map<ThreadId, Seen> threads;
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
    Batch batch;
    for (const sync::WireEntry& entry : changes.entries)
        take(entry, batch);
    dropWhatLeft(batch);
    BatchSummary summary;
    summary.settled = batch.settled;
    for (const auto& [thread, seen] : batch.threads) {
        if (thread != numbered<ThreadId>('t', 0))
            summary.threads.append({thread, Position{seen.newest}});
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
    Batch::Seen& seen = batch.threads[part->thread];
    seen.newest = std::max(seen.newest, header->pos.value);
    if (header->threadSeq.value >= seen.highest) {
        seen.highest = header->threadSeq.value;
        seen.endsInMove = part->kind == kind::moved;
    }
    const quint64 held = thread.headers.size();
    if (header->threadSeq.value <= held) {
        if (thread.headers[header->threadSeq.value - 1] != entry.header)
            world_.violate(QStringLiteral("a place of a thread came with other bytes"));
        return;
    }
    if (header->threadSeq.value == held + 1) {
        thread.newest = header->pos.value;
        extend(thread, entry, part->kind);
    }
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

// A thread whose last entry moved it out of what is open here goes; any other entry of what is not open is a leak. A
// thread that was moved into a scope that is still being opened goes too if it is not whole: that scope brings it.
void DeskDisk::dropWhatLeft(const Batch& batch)
{
    for (const auto& [id, seen] : batch.threads) {
        const auto thread = threads_.find(id);
        const bool isOpen = open_.contains(thread->second.scope);
        const bool isWhole = thread->second.headers.size() >= seen.highest;
        if (isOpen && isWhole)
            continue;
        if (!seen.endsInMove)
            world_.violate(isOpen ? QStringLiteral("a thread has a hole")
                                  : QStringLiteral("an entry came for a scope that is closed here"));
        threads_.erase(thread);
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

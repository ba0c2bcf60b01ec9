#include "tests/simulator/central_log.h"

#include "models/log/checkpoint.h"
#include "models/log/entry.h"

namespace holdfast::simulation {

CentralLog::CentralLog()
    : org_(numbered<OrgId>('o', 1)), key_(std::move(*log::SigningKey::fromSeed(QByteArray(32, 'k')))),
      publicKey_(key_.publicKey()), everyone_(numbered<ScopeId>('s', 0)), ownThread_(numbered<ThreadId>('t', 0)),
      roots_(1)
{
    openThread(ownThread_, everyone_);
}

void CentralLog::openThread(const ThreadId& thread, const ScopeId& scope)
{
    threads_[thread].scope = scope;
}

const LogEntry& CentralLog::append(const Draft& draft)
{
    LogThread& thread = threads_.at(draft.thread);
    LogEntry entry{draft, Position{size()}, thread.scope, ThreadSeq{thread.positions.size() + 1}, {}};
    log::Header header;
    header.authorPart = draft.authorPart;
    header.signature = draft.signature;
    header.pos = entry.pos;
    header.scope = entry.scope;
    header.threadSeq = entry.seq;
    header.prev = thread.leaf;
    entry.header = log::encode(header);
    thread.leaf = log::leafHash(entry.header);
    thread.positions.push_back(entry.pos.value);
    if (draft.kind == kind::moved) {
        thread.scope = *ScopeId::fromBytes(draft.content);
        thread.lastMove = entry.pos.value;
    }
    roots_.push_back(sha256({QByteArrayView(roots_.back().toBytes()), QByteArrayView(thread.leaf.toBytes())}));
    byId_.try_emplace(draft.id, entry.pos.value);
    entries_.push_back(std::move(entry));
    return entries_.back();
}

void CentralLog::sign()
{
    Draft draft;
    draft.id = numbered<EntryId>('h', size());
    draft.thread = ownThread_;
    draft.kind = kind::heads;
    draft.content = QByteArray::number(size());
    log::AuthorPart part;
    part.entryId = draft.id;
    part.thread = draft.thread;
    part.kind = draft.kind;
    draft.authorPart = log::encode(part);
    heads_.heads.clear();
    for (const auto& [id, thread] : threads_) {
        if (id != ownThread_ && !thread.positions.empty())
            heads_.heads.push_back({id, ThreadSeq{thread.positions.size()}, thread.leaf});
    }
    heads_.pos = append(draft).pos;
    heads_.size = size();
    heads_.root = roots_.back();
    heads_.note = log::signCheckpoint({org_, Epoch{}, heads_.size, heads_.root}, key_);
    notes_.emplace(heads_.note, std::pair(heads_.size, heads_.root));
}

void CentralLog::forget(quint64 newest)
{
    for (; newest > 0 && !entries_.empty() && entries_.back().draft.kind == kind::message; --newest) {
        LogThread& thread = threads_.at(entries_.back().draft.thread);
        thread.positions.pop_back();
        thread.leaf = thread.positions.empty() ? Digest() : log::leafHash(entries_[thread.positions.back()].header);
        byId_.erase(entries_.back().draft.id);
        roots_.pop_back();
        entries_.pop_back();
    }
}

const LogEntry* CentralLog::find(const EntryId& id) const
{
    const auto found = byId_.find(id);
    return found == byId_.end() ? nullptr : &entries_[found->second];
}

const QByteArray& CentralLog::receiptFor(const EntryId& id) const
{
    QByteArray& receipt = receipts_[id];
    if (receipt.isEmpty()) {
        const LogEntry* entry = find(id);
        receipt = key_.sign(log::receiptMessage(org_, id, entry->draft.commit.toBytes(), entry->pos, Epoch{}));
    }
    return receipt;
}

std::optional<std::pair<quint64, Digest>> CentralLog::noteOf(const QByteArray& note) const
{
    const auto found = notes_.find(note);
    return found == notes_.end() ? std::nullopt : std::optional(found->second);
}

} // namespace holdfast::simulation

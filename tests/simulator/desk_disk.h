// What a simulated desk keeps through kills: rows, outbox, cursor and settings. Each call is one transaction.
#pragma once

#include "models/base/ids.h"
#include "storage/sync/core.h"
#include "tests/simulator/central_log.h"
#include "tests/simulator/world.h"

#include <map>
#include <set>

namespace holdfast::simulation {

struct HeldThread
{
    ScopeId scope;
    std::vector<QByteArray> headers; // by tseq
    std::vector<Digest> leaves;
    quint64 newest = 0; // position
    // Folded entry by entry, one for each way in which rows follow from entries.
    int messages = 0;
    qint64 assignee = 0;
    qint64 delivered = 0;
    qint64 read = 0;
    friend bool operator==(const HeldThread&, const HeldThread&) = default;
};

enum class OutboxState { waiting, sent, notSent };

struct OutboxRow
{
    sync::PushEntry entry;
    ThreadId thread;
    bool hasBlob = false;
    OutboxState state = OutboxState::waiting;
};

struct BatchSummary
{
    QList<sync::event::AppliedThread> threads;
    bool settled = false; // entries of the outbox came by the feed
};

class DeskDisk
{
public:
    explicit DeskDisk(World& world) : world_(world) {}

    [[nodiscard]] BatchSummary apply(const sync::Changes& changes); // rows and cursor
    [[nodiscard]] BatchSummary applyRows(const sync::Changes& changes);
    void put(const OutboxRow& row);
    void mark(const sync::OutboxMark& mark);
    void discard(DeviceSeq seq);

    [[nodiscard]] sync::event::Started started() const;
    [[nodiscard]] QList<OutboxRow> waiting(int limit) const;
    [[nodiscard]] int count(OutboxState state) const;
    [[nodiscard]] std::optional<OutboxRow> firstNotSent() const;
    [[nodiscard]] const OutboxRow* find(const EntryId& id) const;

    [[nodiscard]] const std::map<ThreadId, HeldThread>& threads() const { return threads_; }
    [[nodiscard]] const std::set<ScopeId>& open() const { return open_; }
    [[nodiscard]] const std::map<quint64, OutboxRow>& outbox() const { return outbox_; }
    [[nodiscard]] const std::set<EntryId>& receipts() const { return receipts_; }
    [[nodiscard]] bool isDiscarded(const EntryId& id) const { return discarded_.contains(id); }

    // Each is one small write of its own.
    QByteArray cursor;
    QByteArray refresh;
    quint64 verifiedSize = 0; // of the newest checkpoint found consistent
    Digest verifiedRoot;
    quint64 verifiedUpTo = 0; // SaveVerified
    quint64 verifiedCovers = 0;
    std::optional<quint64> faultAt;

private:
    struct Batch;
    void take(const sync::WireEntry& entry, Batch& batch);
    void extend(HeldThread& thread, const sync::WireEntry& entry, log::KindNumber kind);
    void checkPlaces();

    World& world_;
    std::set<ScopeId> open_;
    std::map<ThreadId, HeldThread> threads_;
    std::map<quint64, OutboxRow> outbox_; // by deviceSeq
    std::set<EntryId> receipts_;
    std::set<EntryId> discarded_; // not sent, and let go by the person
};

} // namespace holdfast::simulation

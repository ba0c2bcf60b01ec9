#include "tests/simulator/inspection.h"

namespace holdfast::simulation {
namespace {

using Threads = std::map<ThreadId, HeldThread>;

constexpr int fetchLimit = 100;

class Inspector
{
public:
    Inspector(World& world, const Central& central) : world_(world), central_(central)
    {
        for (const LogEntry& entry : central.log().entries())
            ++count_[entry.draft.id];
    }

    // Each written entry is in the log once, or visibly not sent.
    void entries(const SimulatedDesk& desk)
    {
        for (const auto& [id, isPoison] : desk.written()) {
            const OutboxRow* row = desk.disk().find(id);
            const bool setAside = desk.disk().isDiscarded(id) || (row && row->state == OutboxState::notSent);
            const int times = count_.contains(id) ? count_.at(id) : 0;
            if (times > 1)
                tell(desk, "an entry is in the log more than once");
            if (times == 0 && !setAside)
                tell(desk, "an entry is neither in the log nor shown as not sent");
            if (times > 0 && row && row->state == OutboxState::notSent && isReadable(desk, id))
                tell(desk, "an entry is shown as not sent although it is in the log");
            if (times > 0 && isPoison)
                tell(desk, "an entry is in the log that central must refuse");
            if (times > 0 && row && row->state == OutboxState::sent && isReadable(desk, id))
                tell(desk, "an entry came back from the log and is still in the outbox");
            if (row && row->state == OutboxState::waiting)
                tell(desk, "an entry still waits");
        }
        for (const EntryId& id : desk.disk().receipts()) {
            if (!count_.contains(id))
                tell(desk, "an acknowledged entry is lost");
        }
    }

    // State and events are a fresh fetch, and both are the log's own replay.
    void rows(const SimulatedDesk& desk)
    {
        const Threads& held = desk.disk().threads();
        const DeskDisk fresh = fetch(desk);
        if (desk.disk().open() != fresh.open())
            tell(desk, "other scopes are open than after a fresh fetch");
        if (held != fresh.threads())
            tell(desk, "its rows are not those of a fresh fetch");
        if (held != replay(desk))
            tell(desk, "its rows are not those of the replayed log");
    }

    void divergence(const SimulatedDesk& one, const SimulatedDesk& other)
    {
        if (central_.readable(one.number()) == central_.readable(other.number()) &&
            one.disk().threads() != other.disk().threads())
            tell(other, "it has other rows than a desk of equal rights");
    }

private:
    [[nodiscard]] bool isReadable(const SimulatedDesk& desk, const EntryId& id) const
    {
        const LogEntry* entry = central_.log().find(id);
        return central_.readable(desk.number()).contains(central_.log().threads().at(entry->draft.thread).scope);
    }

    [[nodiscard]] DeskDisk fetch(const SimulatedDesk& desk)
    {
        DeskDisk disk(world_);
        FeedAnswer answer;
        do {
            answer = readFeed(central_.log(), answer.cursor, central_.readable(desk.number()), fetchLimit);
            static_cast<void>(disk.apply(answer.changes));
        } while (answer.changes.more);
        return disk;
    }

    [[nodiscard]] Threads replay(const SimulatedDesk& desk)
    {
        DeskDisk disk(world_);
        sync::Changes all;
        for (const auto& [id, thread] : central_.log().threads()) {
            if (!central_.readable(desk.number()).contains(thread.scope))
                continue;
            all.scopes.append({thread.scope, true});
            for (const quint64 pos : thread.positions) {
                const LogEntry& entry = central_.log().entries()[pos];
                all.entries.append({entry.header, QByteArray(), entry.draft.content});
            }
        }
        static_cast<void>(disk.apply(all));
        return disk.threads();
    }

    void tell(const SimulatedDesk& desk, const char* what)
    {
        world_.violate(QStringLiteral("desk %1: %2").arg(desk.number()).arg(QLatin1String(what)));
    }

    World& world_;
    const Central& central_;
    std::map<EntryId, int> count_;
};

} // namespace

void inspect(World& world, const Central& central, const Desks& desks)
{
    Inspector inspector(world, central);
    for (const auto& desk : desks) {
        inspector.entries(*desk);
        inspector.rows(*desk);
    }
    for (size_t i = 1; i < desks.size(); ++i)
        inspector.divergence(*desks[i - 1], *desks[i]);
}

} // namespace holdfast::simulation

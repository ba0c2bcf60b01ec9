// The model's log: what central has committed. It survives every restart.
#pragma once

#include "models/log/entry.h"
#include "models/log/signing.h"
#include "storage/sync/wire.h"

#include <deque>
#include <map>
#include <set>
#include <unordered_map>

namespace holdfast::simulation {

// The kinds of the model, one for each way in which rows follow from entries: one row each, the newest wins, the
// largest wins (delivery states, read markers), and a move between scopes.
namespace kind {
constexpr log::KindNumber message = 1;
constexpr log::KindNumber assigned = 11;
constexpr log::KindNumber read = 14;
constexpr log::KindNumber heads = 40;
constexpr log::KindNumber delivery = 300;
constexpr log::KindNumber moved = 15;
} // namespace kind

constexpr int nobody = -1;

struct Draft
{
    EntryId id;
    ThreadId thread;
    log::KindNumber kind = kind::message;
    int desk = nobody; // that wrote it
    DeviceSeq deviceSeq;
    Digest commit;
    QByteArray authorPart;
    QByteArray signature;
    QByteArray content; // a number; of a move the new scope
};

struct LogEntry
{
    Draft draft;
    Position pos;
    ScopeId scope; // where the thread was
    ThreadSeq seq;
    QByteArray header;
};

struct LogThread
{
    ScopeId scope; // where it is now
    Digest leaf;
    std::vector<quint64> positions;  // of its entries
    std::optional<quint64> lastMove; // position
};

struct SignedHeads
{
    QByteArray note;
    quint64 size = 0;
    Digest root;
    Position pos; // of the heads entry; it covers all below
    std::vector<log::ThreadHead> heads;
};

class CentralLog
{
public:
    CentralLog();

    void openThread(const ThreadId& thread, const ScopeId& scope);
    const LogEntry& append(const Draft& draft);
    void sign();                 // heads entry and checkpoint
    void forget(quint64 newest); // a planted bug: what a database without fsync does

    [[nodiscard]] const std::deque<LogEntry>& entries() const { return entries_; }
    [[nodiscard]] quint64 size() const { return entries_.size(); }
    [[nodiscard]] const std::map<ThreadId, LogThread>& threads() const { return threads_; }
    [[nodiscard]] const LogEntry* find(const EntryId& id) const; // the first, should there be several
    [[nodiscard]] const QByteArray& receiptFor(const EntryId& id) const;
    [[nodiscard]] const SignedHeads* newestHeads() const { return heads_.size > 0 ? &heads_ : nullptr; }
    // The note's size and root if the log signed it. Stands for the check of its signature where a desk checks proofs.
    [[nodiscard]] std::optional<std::pair<quint64, Digest>> noteOf(const QByteArray& note) const;
    [[nodiscard]] Digest rootAt(quint64 size) const { return roots_[size]; }

    [[nodiscard]] OrgId org() const { return org_; }
    [[nodiscard]] QByteArray publicKey() const { return publicKey_; }
    [[nodiscard]] ScopeId everyone() const { return everyone_; }
    [[nodiscard]] ThreadId ownThread() const { return ownThread_; }

private:
    OrgId org_;
    log::SigningKey key_;
    QByteArray publicKey_;
    ScopeId everyone_;
    ThreadId ownThread_;
    std::deque<LogEntry> entries_;
    std::vector<Digest> roots_; // by size: a chain over the leaves, which stands for the tree
    std::map<ThreadId, LogThread> threads_;
    std::unordered_map<EntryId, quint64> byId_;
    mutable std::unordered_map<EntryId, QByteArray> receipts_; // signed when first asked for
    SignedHeads heads_;
    std::map<QByteArray, std::pair<quint64, Digest>> notes_;
};

template <typename IdType>
[[nodiscard]] IdType numbered(char tag, quint64 number)
{
    QByteArray bytes(IdType::size, tag);
    for (int i = 0; i < 8; ++i)
        bytes[IdType::size - 1 - i] = static_cast<char>(number >> (8 * i));
    return *IdType::fromBytes(bytes);
}

} // namespace holdfast::simulation

// Entries on their way into the log within the appender's open transaction: design section 2, "Order".
#pragma once

#include "central/store/bulk.h"
#include "central/store/context.h"
#include "central/store/decision_rows.h"
#include "central/store/device_numbers.h"
#include "central/store/tailer.h"
#include "central/store/thread_table.h"
#include "central/store/tile_tree.h"

#include <map>
#include <unordered_map>

namespace holdfast::store {

// Appender's thread only. Order of calls: lockHead(), stage() ..., flush(), finish(), then committed() or rolledBack().
class LogWriter
{
public:
    explicit LogWriter(Context& context) : context_(context), decisions_(context) {}

    // Locks and reads the head once per transaction; another central's appends make held state be read again.
    [[nodiscard]] Status lockHead();
    // Decides each entry in order. Accepted ones have a position; their rows are written by flush().
    [[nodiscard]] Result<std::vector<AppendResult>> stage(std::span<const EntryToAppend* const> entries);
    [[nodiscard]] Status flush();
    // Compare-and-set of the head. Nothing to do when nothing was accepted.
    [[nodiscard]] Status finish();
    void committed();
    void rolledBack();
    // What the last commit added; once.
    [[nodiscard]] Tail takeTail() { return std::exchange(tail_, {}); }

    // A savepoint's memory; take it only right after flush().
    struct Mark
    {
        TileTree tree;
        size_t entries = 0;
    };
    [[nodiscard]] Mark mark() const { return {tree_, accepted_.size()}; }
    void restore(Mark mark);

    [[nodiscard]] Epoch epoch() const { return epoch_; }
    [[nodiscard]] const TileTree& tree() const { return tree_; }

private:
    struct Accepted
    {
        EntryId entry;
        Position pos;
        QByteArray header;
    };

    [[nodiscard]] Status loadKnown(std::span<const EntryToAppend* const> entries);
    [[nodiscard]] Result<AppendResult> stageOne(const EntryToAppend& entry);
    [[nodiscard]] std::optional<AppendResult> knownAlready(const EntryToAppend& entry) const;
    [[nodiscard]] tl::expected<HeldThread, Refusal> threadFor(const EntryToAppend& entry);
    void sum(HeldThread& thread, const ScopeId& before, const Digest& leaf);
    [[nodiscard]] BulkRows takeScopeChanges();
    void accept(const EntryToAppend& entry, const log::Header& header, const QByteArray& bytes, const Digest& leaf,
                const ThreadKey& key);

    Context& context_;
    DecisionRows decisions_;
    DeviceNumbers numbers_;
    ThreadTable threads_;
    TileTree tree_;
    Epoch epoch_;
    quint64 baseSize_ = 0;                        // of the head row as it is in the database
    bool headKnown_ = false;                      // tree_ is what the last committed head said
    bool headLocked_ = false;                     // in this transaction
    std::unordered_map<EntryId, Accepted> known_; // of this transaction: found or accepted
    std::vector<EntryId> accepted_;               // in order
    std::vector<FeedEntry> written_;              // the same, as the feed gives them
    Tail tail_;                                   // of the last commit
    std::vector<TileRoot> tiles_;
    std::map<ScopeId, log::Checksum> scopeChanges_; // of their checksums
    BulkRows headers_;
    BulkRows positions_;
    BulkRows contents_;
};

} // namespace holdfast::store

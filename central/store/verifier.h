// The walk over the whole log that verifyStore() makes.
#pragma once

#include "central/store/context.h"
#include "central/store/tile_tree.h"
#include "central/store/verify.h"
#include "models/domain/content.h"
#include "models/log/heads.h"

#include <unordered_map>
#include <unordered_set>

namespace holdfast::store {

// One entry as its rows hold it.
struct StoredEntry
{
    Position pos;
    EntryId entry;
    ThreadId thread;
    ThreadSeq threadSeq;
    ScopeId scope;
    log::KindNumber kind = 0;
    UserId author;
    Digest leaf;
    QByteArray header;
    std::optional<Position> noted; // entry_position's answer for this entry id
    std::optional<qint64> generation;
    QByteArray sealed;
};

class Verifier
{
public:
    explicit Verifier(Context& context) : context_(context) {}
    [[nodiscard]] Result<VerifyReport> run();

private:
    struct Chain
    {
        ThreadSeq newest;
        Position pos;
        Digest leaf;
    };
    struct Decoded
    {
        log::Header header;
        log::AuthorPart author;
    };

    void found(const StoredEntry& entry, const char* what);
    void found(const QString& what);

    [[nodiscard]] Status walkEntries();
    [[nodiscard]] Result<std::vector<StoredEntry>> page(qint64 from);
    [[nodiscard]] Status check(const StoredEntry& entry);
    [[nodiscard]] std::optional<Decoded> decode(const StoredEntry& entry);
    void checkColumns(const StoredEntry& entry, const Decoded& decoded);
    [[nodiscard]] Result<Digest> leafOf(const StoredEntry& entry, bool& headerChanged);
    void checkChain(const StoredEntry& entry, const std::optional<Decoded>& decoded, const Digest& leaf);
    [[nodiscard]] Result<std::optional<QByteArray>> checkContent(const StoredEntry& entry, const Decoded& decoded);
    [[nodiscard]] Status checkSignature(const StoredEntry& entry, const Decoded& decoded);
    [[nodiscard]] Result<std::optional<QByteArray>> deviceKey(const DeviceId& device);
    void learn(const StoredEntry& entry, const Decoded& decoded, const QByteArray& content);
    [[nodiscard]] Status checkTree(const Digest& leaf);

    [[nodiscard]] Status checkHead();
    [[nodiscard]] Status checkThreads();
    [[nodiscard]] Status loadCheckpoints();
    [[nodiscard]] Status checkCheckpoint();
    [[nodiscard]] Status checkBlobs();

    Context& context_;
    VerifyReport report_;
    TileTree tree_;
    log::HeadsMap heads_;
    std::unordered_map<ThreadId, Chain> chains_;
    std::unordered_map<DeviceId, QByteArray> devices_; // as enrolled so far
    std::map<quint64, QByteArray> checkpoints_;        // by size; one page of them
    qint64 newestCheckpoint_ = -1;                     // size of the last one loaded
    bool allCheckpoints_ = false;
    std::unordered_set<quint64> foundAt_; // positions that have findings
    quint64 tiles_ = 0;
};

} // namespace holdfast::store

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
    Verifier(Context& context, QString anchors) : context_(context), anchors_(std::move(anchors)) {}
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

    [[nodiscard]] Status checkPages();
    [[nodiscard]] Status walkEntries();
    [[nodiscard]] Result<std::vector<StoredEntry>> page(qint64 from);
    [[nodiscard]] Status check(const StoredEntry& entry);
    [[nodiscard]] std::optional<Decoded> decode(const StoredEntry& entry);
    void checkColumns(const StoredEntry& entry, const Decoded& decoded);
    [[nodiscard]] Result<Digest> leafOf(const StoredEntry& entry, bool& headerChanged);
    void checkChain(const StoredEntry& entry, const std::optional<Decoded>& decoded, const Digest& leaf);
    [[nodiscard]] Result<std::optional<QByteArray>> checkContent(const StoredEntry& entry, const Decoded& decoded);
    [[nodiscard]] Status checkAuthor(const StoredEntry& entry, const Decoded& decoded);
    [[nodiscard]] Result<std::optional<domain::DeviceEnrolled>> enrolled(const DeviceId& device);
    void followKey(const StoredEntry& entry, const domain::LogKey& key);
    void learn(const StoredEntry& entry, const Decoded& decoded, const QByteArray& content);
    [[nodiscard]] Status checkTree(const Digest& leaf);

    void checkErased();
    [[nodiscard]] Status checkHead();
    [[nodiscard]] Status checkThreads();
    [[nodiscard]] Status loadFirstLogKey();
    [[nodiscard]] Status loadCheckpoints();
    [[nodiscard]] Status checkCheckpoint();
    [[nodiscard]] Status checkLogKey();
    [[nodiscard]] Status checkAnchors();
    [[nodiscard]] const QByteArray& logKeyAt(quint64 size) const;
    [[nodiscard]] Status checkBlobs();

    struct KeyStart
    {
        quint64 size; // of the smallest log that the key signs
        QByteArray key;
    };

    Context& context_;
    const QString anchors_;
    VerifyReport report_;
    TileTree tree_;
    log::HeadsMap heads_;
    std::unordered_map<ThreadId, Chain> chains_;
    std::unordered_map<DeviceId, domain::DeviceEnrolled> devices_; // as enrolled so far; the first time counts
    std::map<quint64, QByteArray> checkpoints_;                    // by size; one page of them
    qint64 newestCheckpoint_ = -1;                                 // size of the last one loaded
    bool allCheckpoints_ = false;
    std::vector<KeyStart> logKeys_;                       // as far as the log was walked
    Epoch epoch_;                                         // of the newest entry that could be read
    std::unordered_set<quint64> foundAt_;                 // positions that have findings
    std::vector<StoredEntry> missing_;                    // without content; header and sealed left out
    std::unordered_set<EntryId> erased_;                  // by entries that name them
    std::unordered_map<ThreadId, ThreadSeq> erasedBelow_; // by entries that erased a whole thread
    quint64 tiles_ = 0;
};

} // namespace holdfast::store

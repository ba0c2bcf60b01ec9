// What verifying compares beside the entries: head, thread rows, checkpoints, blobs.
#include "central/store/blobs.h"
#include "central/store/daily_anchor.h"
#include "central/store/log_keys.h"
#include "central/store/tree_reader.h"
#include "central/store/verifier.h"
#include "models/log/checkpoint.h"

#include <ranges>

namespace holdfast::store {

namespace {

constexpr int checkpointPage = 1000;

} // namespace

Status Verifier::loadFirstLogKey()
{
    const Result<std::vector<log::KeyHandover>> handovers = recordedHandovers(context_.db);
    if (!handovers)
        return tl::unexpected<Error>(handovers.error());
    logKeys_ = {{0, handovers->empty() ? context_.organisation.logPublicKey : handovers->front().previous}};
    if (!context_.keys.changesSince(context_.organisation.id, logKeys_.front().key)) {
        found(QStringLiteral("The key directory's handovers do not lead from the key that the log began with to the "
                             "present one."));
    }
    return {};
}

// There may be millions, one per ten seconds of years: a page at a time, ahead of the walk.
Status Verifier::loadCheckpoints()
{
    if (!checkpoints_.empty() || allCheckpoints_)
        return {};
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT size, note FROM checkpoint WHERE size > ? ORDER BY size LIMIT ?"));
    query.bind(0, newestCheckpoint_);
    query.bind(1, checkpointPage);
    const Status read = query.forEach([this](sql::Statement& row) {
        newestCheckpoint_ = row.int64(0);
        checkpoints_.emplace(quint64(newestCheckpoint_), row.bytes(1));
    });
    allCheckpoints_ = checkpoints_.size() < size_t(checkpointPage);
    return read;
}

Status Verifier::checkCheckpoint()
{
    if (const Status loaded = loadCheckpoints(); !loaded)
        return loaded;
    const auto stored = checkpoints_.find(tree_.size());
    if (stored == checkpoints_.end())
        return {};
    ++report_.checkpoints;
    const Result<log::Checkpoint> note = log::openCheckpoint(stored->second, QByteArrayView(logKeyAt(tree_.size())));
    if (!note)
        found(QStringLiteral("The checkpoint of size %1 is not signed by the log.").arg(stored->first));
    else if (note->org != context_.organisation.id || note->size != tree_.size() || note->root != tree_.root() ||
             note->epoch != epoch_)
        found(QStringLiteral("The checkpoint of size %1 is not that of the log.").arg(stored->first));
    checkpoints_.erase(stored);
    return {};
}

Status Verifier::checkHead()
{
    for (const auto& [size, note] : checkpoints_)
        found(QStringLiteral("There is a checkpoint of size %1, but the log is shorter.").arg(size));
    {
        sql::Statement head = context_.db.statement(QStringLiteral("SELECT size, edge FROM log_head WHERE id = 1"));
        const Result<bool> present = head.first();
        if (!present)
            return tl::unexpected<Error>(present.error());
        if (!*present || quint64(head.int64(0)) != tree_.size())
            found(QStringLiteral("The log's head does not say how many entries there are."));
        else if (head.bytes(1) != tree_.edge())
            found(QStringLiteral("The log's head does not hold the edge of the tree over its entries."));
    }
    const std::pair<QString, quint64> counts[] = {
        {QStringLiteral("SELECT count(*) FROM entry_position"), report_.entries},
        {QStringLiteral("SELECT count(*) FROM tile_root"), tiles_},
        {QStringLiteral("SELECT count(*) FROM content"), report_.entries - report_.erased},
    };
    for (const auto& [text, expected] : counts) {
        sql::Statement query = context_.db.statement(text);
        const Result<bool> counted = query.first();
        if (!counted)
            return tl::unexpected<Error>(counted.error());
        if (quint64(query.int64(0)) != expected)
            found(QStringLiteral("There are rows that belong to no entry, or entries without a row."));
    }
    return {};
}

Status Verifier::checkLogKey()
{
    const Result<QByteArray> inForce = logKeyInForce(context_.db);
    if (!inForce)
        return tl::unexpected<Error>(inForce.error());
    if (*inForce != logKeys_.back().key)
        found(
            QStringLiteral("The key that the store names as the log's is not the one that the log's entries lead to."));
    return {};
}

const QByteArray& Verifier::logKeyAt(quint64 size) const
{
    auto key = logKeys_.rbegin();
    while (key->size > size)
        ++key;
    return key->key;
}

Status Verifier::checkAnchors()
{
    if (anchors_.isEmpty())
        return {};
    const Result<std::vector<KeptAnchor>> kept = keptAnchors(anchors_);
    if (!kept && kept.error().code == ErrorCode::notFound && report_.checkpoints > 0) {
        found(kept.error().text);
        return {};
    }
    if (!kept && kept.error().code == ErrorCode::notFound)
        return {}; // nothing was signed yet, so nothing could be kept
    if (!kept)
        return tl::unexpected<Error>(kept.error());
    for (const KeptAnchor& anchor : *kept) {
        ++report_.anchors;
        const auto keys = std::views::transform(logKeys_, &KeyStart::key);
        const std::vector<QByteArray> all(keys.begin(), keys.end());
        const Result<log::Checkpoint> note = log::openCheckpoint(anchor.note, all);
        if (!note || note->org != context_.organisation.id ||
            !log::openCheckpoint(anchor.note, QByteArrayView(logKeyAt(note->size)))) {
            found(QStringLiteral("The anchor %1 is not a checkpoint that this log's key signed.").arg(anchor.name));
            continue;
        }
        if (note->size > tree_.size()) {
            found(QStringLiteral("The anchor %1 covers %2 entries, but the log has only %3: it was cut or restored.")
                      .arg(anchor.name)
                      .arg(note->size)
                      .arg(tree_.size()));
            continue;
        }
        const Result<Digest> root = rootAtSize(context_.db, note->size);
        if (!root && root.error().code != ErrorCode::corrupt)
            return tl::unexpected<Error>(root.error());
        if (!root || *root != note->root)
            found(QStringLiteral("The anchor %1 is of another history: the log was written anew.").arg(anchor.name));
    }
    return {};
}

Status Verifier::checkThreads()
{
    quint64 rows = 0;
    sql::Statement query = context_.db.statement(QStringLiteral("SELECT thread, tseq, leaf, pos FROM thread_head"));
    const Status read = query.forEach([&](sql::Statement& row) {
        ++rows;
        const auto chain = chains_.find(ThreadId::fromBytes(row.bytes(0)).value_or(ThreadId()));
        const bool same = chain != chains_.end() && chain->second.newest == row.strong<ThreadSeq>(1) &&
                          Digest::fromBytes(row.bytes(2)) == chain->second.leaf &&
                          chain->second.pos == row.strong<Position>(3);
        if (!same)
            found(QStringLiteral("A thread's row does not name its newest entry."));
    });
    if (!read)
        return read;
    if (rows < chains_.size())
        found(QStringLiteral("A thread has no row."));
    return {};
}

Status Verifier::checkBlobs()
{
    std::vector<BlobId> blobs;
    {
        sql::Statement query = context_.db.statement(QStringLiteral("SELECT blob FROM blob WHERE complete = 1"));
        const Status read = query.forEach([&](sql::Statement& row) { blobs.push_back(row.id<BlobId>(0)); });
        if (!read)
            return read;
    }
    BlobReads reads(context_);
    for (const BlobId& blob : blobs) {
        ++report_.blobs;
        const Result<BlobFacts> facts = reads.facts(blob);
        const Result<Digest> hash = facts ? reads.hash(blob) : tl::unexpected<Error>(facts.error());
        if (!hash && hash.error().code != ErrorCode::corrupt && hash.error().code != ErrorCode::notFound)
            return tl::unexpected<Error>(hash.error());
        if (!hash || *hash != facts->sha256)
            found(QStringLiteral("The attachment %1 is damaged or was changed.").arg(blob.toHexString()));
    }
    return {};
}

} // namespace holdfast::store

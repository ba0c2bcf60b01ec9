#include "models/log/heads.h"

#include "models/log/entry.h"

#include <algorithm>

namespace holdfast::log {
namespace {

QByteArrayView view(const Digest& digest)
{
    return {digest.bytes.data(), qsizetype(digest.bytes.size())};
}

// A bucket's root is the data of a leaf, so it is hashed as a leaf once more.
Digest bucketLeaf(const Digest& bucketRoot)
{
    return leafHash(view(bucketRoot));
}

std::vector<Digest> leavesOf(const std::map<ThreadId, ThreadHead>& heads)
{
    std::vector<Digest> leaves;
    leaves.reserve(heads.size());
    for (const auto& [thread, head] : heads)
        leaves.push_back(leafHash(headRecord(head)));
    return leaves;
}

} // namespace

QByteArray headRecord(const ThreadHead& head)
{
    return head.thread.toBytes() + bigEndian64(head.threadSeq.value) + head.leaf.toBytes();
}

unsigned bucketOf(const ThreadId& thread)
{
    const Digest digest = sha256({QByteArrayView(thread.bytes().data(), ThreadId::size)});
    return unsigned(digest.bytes[0]) << 8 | digest.bytes[1];
}

bool verifyHead(const ThreadHead& head, const HeadProof& proof, const Digest& headsRoot)
{
    const std::optional<Digest> bucketRoot =
        rootOfInclusion(leafHash(headRecord(head)), proof.indexInBucket, proof.bucketSize, proof.inBucket);
    return bucketRoot &&
           verifyInclusion(bucketLeaf(*bucketRoot), bucketOf(head.thread), headsBuckets, proof.ofBucket, headsRoot);
}

HeadsMap::HeadsMap()
{
    Digest node = bucketLeaf(emptyRoot());
    for (size_t width = headsBuckets; width > 0; width /= 2) {
        levels_.emplace_back(width, node);
        node = nodeHash(node, node);
    }
}

void HeadsMap::set(const ThreadHead& head)
{
    const unsigned number = bucketOf(head.thread);
    Bucket& bucket = buckets_[number];
    if (bucket.heads.insert_or_assign(head.thread, head).second)
        ++size_;
    if (!bucket.dirty)
        dirty_.push_back(number);
    bucket.dirty = true;
}

void HeadsMap::refresh()
{
    std::sort(dirty_.begin(), dirty_.end());
    for (const unsigned number : dirty_) {
        Bucket& bucket = buckets_[number];
        levels_[0][number] = bucketLeaf(treeRoot(leavesOf(bucket.heads)));
        bucket.dirty = false;
    }
    std::vector<unsigned> changed = std::move(dirty_);
    dirty_.clear();
    for (size_t level = 1; level < levels_.size(); ++level) {
        for (unsigned& number : changed)
            number /= 2;
        changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
        for (const unsigned number : changed)
            levels_[level][number] = nodeHash(levels_[level - 1][2 * number], levels_[level - 1][2 * number + 1]);
    }
}

Digest HeadsMap::root()
{
    refresh();
    return levels_.back()[0];
}

Result<HeadProof> HeadsMap::prove(const ThreadId& thread)
{
    refresh();
    const unsigned number = bucketOf(thread);
    const auto bucket = buckets_.find(number);
    const auto unknown = fail(ErrorCode::notFound, QStringLiteral("The log has no entry of this thread."));
    if (bucket == buckets_.end())
        return unknown;
    const auto& heads = bucket->second.heads;
    const auto place = heads.find(thread);
    if (place == heads.end())
        return unknown;
    const std::vector<Digest> leaves = leavesOf(heads);
    HeadProof proof;
    proof.indexInBucket = static_cast<quint64>(std::distance(heads.begin(), place));
    proof.bucketSize = leaves.size();
    Result<Proof> inBucket = inclusionProof(proof.indexInBucket, leaves);
    if (!inBucket)
        return tl::unexpected(inBucket.error());
    proof.inBucket = std::move(*inBucket);
    for (size_t level = 0; level + 1 < levels_.size(); ++level)
        proof.ofBucket.push_back(levels_[level][(number >> level) ^ 1]);
    return proof;
}

} // namespace holdfast::log

#include "verify/tree.h"

namespace verify {
namespace {

size_t bucketOf(const Bytes& thread)
{
    const Bytes digest = sha256(thread);
    return size_t(static_cast<uint8_t>(digest[0])) << 8 | static_cast<uint8_t>(digest[1]);
}

} // namespace

void Tree::append(Bytes leaf)
{
    for (uint64_t rest = size_; rest % 2 == 1; rest /= 2) {
        leaf = nodeHash(edge_.back(), leaf);
        edge_.pop_back();
    }
    edge_.push_back(std::move(leaf));
    ++size_;
}

Bytes Tree::root() const
{
    if (edge_.empty())
        return sha256("");
    Bytes root = edge_.back();
    for (size_t i = edge_.size() - 1; i > 0; --i)
        root = nodeHash(edge_[i - 1], root);
    return root;
}

Heads::Heads() : levels_(levelCount)
{
    empty_.push_back(leafHash(sha256("")));
    while (empty_.size() < levelCount)
        empty_.push_back(nodeHash(empty_.back(), empty_.back()));
}

const Bytes& Heads::node(size_t level, size_t index) const
{
    const auto found = levels_[level].find(index);
    return found == levels_[level].end() ? empty_[level] : found->second;
}

void Heads::set(const Bytes& thread, uint64_t threadSeq, const Bytes& leaf)
{
    const size_t bucket = bucketOf(thread);
    buckets_[bucket][thread] = leafHash(thread + bigEndian(threadSeq, 8) + leaf);
    changed_.insert(bucket);
}

void Heads::remove(const Bytes& thread)
{
    const size_t bucket = bucketOf(thread);
    if (buckets_[bucket].erase(thread) > 0)
        changed_.insert(bucket);
}

Bytes Heads::root()
{
    for (const size_t bucket : changed_) {
        Tree records;
        for (const auto& [thread, leaf] : buckets_[bucket])
            records.append(leaf);
        levels_[0][bucket] = leafHash(records.root());
    }
    for (size_t level = 1; level < levels_.size(); ++level) {
        std::set<size_t> parents;
        for (const size_t index : changed_)
            parents.insert(index / 2);
        for (const size_t index : parents)
            levels_[level][index] = nodeHash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
        changed_ = std::move(parents);
    }
    changed_.clear();
    return node(levelCount - 1, 0);
}

} // namespace verify

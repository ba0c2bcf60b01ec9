#include "models/log/tree.h"

#include <algorithm>
#include <bit>

namespace holdfast::log {
namespace {

tl::unexpected<Error> outOfRange()
{
    return fail(ErrorCode::invalidInput, QStringLiteral("A proof was asked for a place outside the log."));
}

// The left half of a tree of n > 1 leaves: the largest power of two below n.
quint64 leftPart(quint64 n)
{
    return std::bit_floor(n - 1);
}

// The right edge as roots of complete subtrees, largest first, folded into one root.
Digest fold(std::span<const Digest> edge)
{
    Digest root = edge.back();
    for (size_t i = edge.size() - 1; i > 0; --i)
        root = nodeHash(edge[i - 1], root);
    return root;
}

// Root of the leaves [begin, begin + count). `begin` is a multiple of a power of two not below `count`, so that each
// set bit of `count` is one complete subtree.
Result<Digest> rangeRoot(quint64 begin, quint64 count, const SubtreeReader& subtree)
{
    std::vector<Digest> edge;
    while (count > 0) {
        const auto level = static_cast<unsigned>(std::bit_width(count)) - 1;
        const quint64 width = quint64(1) << level;
        Result<Digest> root = subtree(level, begin >> level);
        if (!root)
            return root;
        edge.push_back(*root);
        begin += width;
        count -= width;
    }
    return fold(edge);
}

struct Range
{
    quint64 begin;
    quint64 count;
};

// Proofs are found from the root down and sent from the leaf up.
Result<Proof> rootsUpwards(const std::vector<Range>& downwards, const SubtreeReader& subtree)
{
    Proof proof;
    proof.reserve(downwards.size());
    for (auto range = downwards.rbegin(); range != downwards.rend(); ++range) {
        const Result<Digest> root = rangeRoot(range->begin, range->count, subtree);
        if (!root)
            return tl::unexpected(root.error());
        proof.push_back(*root);
    }
    return proof;
}

SubtreeReader readerOf(std::span<const Digest> leaves)
{
    return [leaves](unsigned level, quint64 index) -> Result<Digest> {
        return treeRoot(leaves.subspan(index << level, size_t(1) << level));
    };
}

// Where a proof's walk stands, as in RFC 9162: the node's number and the last node's number on the same level.
struct Walk
{
    quint64 node;
    quint64 last;

    void up()
    {
        node >>= 1;
        last >>= 1;
    }
    // At the tree's right edge, levels where the node has no sibling are passed over.
    void upPastLonely()
    {
        while ((node & 1) == 0 && node != 0)
            up();
        up();
    }
    [[nodiscard]] bool siblingIsLeft() const { return (node & 1) != 0 || node == last; }
};

} // namespace

Digest emptyRoot()
{
    return sha256({});
}

Digest nodeHash(const Digest& left, const Digest& right)
{
    std::array<char, 65> data;
    data[0] = 0x01;
    std::memcpy(data.data() + 1, left.bytes.data(), 32);
    std::memcpy(data.data() + 33, right.bytes.data(), 32);
    return sha256({QByteArrayView(data.data(), qsizetype(data.size()))});
}

Digest treeRoot(std::span<const Digest> leaves)
{
    if (leaves.empty())
        return emptyRoot();
    std::array<Digest, 64> edge; // on the stack: no allocation however many leaves
    size_t depth = 0;
    for (size_t i = 0; i < leaves.size(); ++i) {
        Digest node = leaves[i];
        for (int merges = std::countr_one(i); merges > 0; --merges)
            node = nodeHash(edge[--depth], node);
        edge[depth++] = node;
    }
    return fold({edge.data(), depth});
}

Result<CompactTree> CompactTree::fromEdge(quint64 size, std::vector<Digest> edge)
{
    if (edge.size() != static_cast<size_t>(std::popcount(size)))
        return fail(ErrorCode::corrupt, QStringLiteral("The stored edge of the log's tree does not fit its size. "
                                                       "Verify the log to find out what is damaged."));
    CompactTree tree;
    tree.size_ = size;
    tree.edge_ = std::move(edge);
    return tree;
}

void CompactTree::append(const Digest& leaf)
{
    Digest node = leaf;
    for (int merges = std::countr_one(size_); merges > 0; --merges) {
        node = nodeHash(edge_.back(), node);
        edge_.pop_back();
    }
    edge_.push_back(node);
    ++size_;
}

Digest CompactTree::root() const
{
    return edge_.empty() ? emptyRoot() : fold(edge_);
}

Result<Proof> inclusionProof(quint64 index, quint64 size, const SubtreeReader& subtree)
{
    if (index >= size)
        return outOfRange();
    std::vector<Range> siblings;
    Range range{0, size};
    while (range.count > 1) {
        const quint64 left = leftPart(range.count);
        const Range leftRange{range.begin, left};
        const Range rightRange{range.begin + left, range.count - left};
        const bool goLeft = index - range.begin < left;
        siblings.push_back(goLeft ? rightRange : leftRange);
        range = goLeft ? leftRange : rightRange;
    }
    return rootsUpwards(siblings, subtree);
}

Result<Proof> consistencyProof(quint64 first, quint64 second, const SubtreeReader& subtree)
{
    if (first == 0 || first > second)
        return outOfRange();
    std::vector<Range> parts;
    Range range{0, second};
    bool isOldRoot = true; // the verifier already has the old root, so it is left out where it is a whole subtree
    while (first != range.begin + range.count) {
        const quint64 left = leftPart(range.count);
        const Range leftRange{range.begin, left};
        const Range rightRange{range.begin + left, range.count - left};
        const bool goLeft = first - range.begin <= left;
        parts.push_back(goLeft ? rightRange : leftRange);
        range = goLeft ? leftRange : rightRange;
        isOldRoot = isOldRoot && goLeft;
    }
    if (!isOldRoot)
        parts.push_back(range);
    return rootsUpwards(parts, subtree);
}

Result<Proof> inclusionProof(quint64 index, std::span<const Digest> leaves)
{
    return inclusionProof(index, leaves.size(), readerOf(leaves));
}

Result<Proof> consistencyProof(quint64 first, std::span<const Digest> leaves)
{
    return consistencyProof(first, leaves.size(), readerOf(leaves));
}

std::optional<Digest> rootOfInclusion(const Digest& leaf, quint64 index, quint64 size, std::span<const Digest> proof)
{
    if (index >= size)
        return std::nullopt;
    Walk walk{index, size - 1};
    Digest root = leaf;
    for (const Digest& sibling : proof) {
        if (walk.last == 0)
            return std::nullopt;
        if (walk.siblingIsLeft()) {
            root = nodeHash(sibling, root);
            walk.upPastLonely();
        } else {
            root = nodeHash(root, sibling);
            walk.up();
        }
    }
    if (walk.last != 0)
        return std::nullopt;
    return root;
}

bool verifyInclusion(const Digest& leaf, quint64 index, quint64 size, std::span<const Digest> proof, const Digest& root)
{
    return rootOfInclusion(leaf, index, size, proof) == root;
}

bool verifyConsistency(quint64 first, quint64 second, const Digest& firstRoot, const Digest& secondRoot,
                       std::span<const Digest> proof)
{
    if (first > second)
        return false;
    if (first == second)
        return proof.empty() && firstRoot == secondRoot;
    if (first == 0) // nothing was promised by an empty log
        return proof.empty() && firstRoot == emptyRoot();
    const bool startsAtOldRoot = std::has_single_bit(first);
    if (!startsAtOldRoot && proof.empty())
        return false;
    Walk walk{first - 1, second - 1};
    while ((walk.node & 1) != 0)
        walk.up();
    Digest oldRoot = startsAtOldRoot ? firstRoot : proof.front();
    Digest newRoot = oldRoot;
    for (const Digest& part : startsAtOldRoot ? proof : proof.subspan(1)) {
        if (walk.last == 0)
            return false;
        if (walk.siblingIsLeft()) {
            oldRoot = nodeHash(part, oldRoot);
            newRoot = nodeHash(part, newRoot);
            walk.upPastLonely();
        } else {
            newRoot = nodeHash(newRoot, part);
            walk.up();
        }
    }
    return walk.last == 0 && oldRoot == firstRoot && newRoot == secondRoot;
}

} // namespace holdfast::log

#include "central/store/tile_tree.h"

#include <bit>

namespace holdfast::store {

Result<TileTree> TileTree::fromEdge(quint64 size, QByteArrayView edge)
{
    TileTree tree;
    tree.size_ = size;
    if (edge.size() != 32 * std::popcount(size))
        return fail(ErrorCode::corrupt,
                    QStringLiteral("The stored edge of the log's tree does not fit the log's size."));
    std::vector<Digest> digests;
    for (qsizetype at = 0; at < edge.size(); at += 32)
        digests.push_back(*Digest::fromBytes(edge.sliced(at, 32)));
    // The edge is largest first, so the lowest level's part is at its end.
    auto end = digests.end();
    for (quint64 rest = size; rest != 0; rest >>= 8) {
        const quint64 part = rest & 0xff;
        const auto begin = end - std::popcount(part);
        Result<log::CompactTree> level = log::CompactTree::fromEdge(part, std::vector<Digest>(begin, end));
        if (!level)
            return tl::unexpected<Error>(level.error());
        tree.levels_.push_back(std::move(*level));
        end = begin;
    }
    return tree;
}

void TileTree::append(const Digest& leaf, std::vector<TileRoot>& full)
{
    ++size_;
    Digest node = leaf;
    for (unsigned level = 0;; ++level) {
        if (level == levels_.size())
            levels_.emplace_back();
        log::CompactTree& tile = levels_[level];
        tile.append(node);
        if (tile.size() < 256)
            return;
        node = tile.root();
        tile = log::CompactTree();
        full.push_back({level + 1, (size_ >> (8 * (level + 1))) - 1, node});
    }
}

std::vector<Digest> TileTree::edgeDigests() const
{
    std::vector<Digest> digests;
    for (auto level = levels_.rbegin(); level != levels_.rend(); ++level)
        digests.insert(digests.end(), level->edge().begin(), level->edge().end());
    return digests;
}

QByteArray TileTree::edge() const
{
    QByteArray bytes;
    for (const Digest& digest : edgeDigests())
        bytes.append(digest.toBytes());
    return bytes;
}

Digest TileTree::root() const
{
    const Result<log::CompactTree> whole = log::CompactTree::fromEdge(size_, edgeDigests());
    Q_ASSERT(whole);
    return whole->root();
}

} // namespace holdfast::store

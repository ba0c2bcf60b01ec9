// The log's tree as the appender keeps it: the right edge, and the roots of full 256-wide tiles as they complete.
#pragma once

#include "models/log/tree.h"

#include <vector>

namespace holdfast::store {

// The root of 2^(8 * level) leaves that starts at leaf index << (8 * level); level >= 1.
struct TileRoot
{
    unsigned level = 0;
    quint64 index = 0;
    Digest root;
};

class TileTree
{
public:
    TileTree() = default;
    // `edge`: as CompactTree::edge(), 32 bytes each.
    [[nodiscard]] static Result<TileTree> fromEdge(quint64 size, QByteArrayView edge);
    // Tile roots that this leaf completed are added to `full`.
    void append(const Digest& leaf, std::vector<TileRoot>& full);
    [[nodiscard]] quint64 size() const { return size_; }
    [[nodiscard]] QByteArray edge() const;
    [[nodiscard]] Digest root() const;

private:
    [[nodiscard]] std::vector<Digest> edgeDigests() const;

    quint64 size_ = 0;
    std::vector<log::CompactTree> levels_; // each holds < 256: bits 8 * level .. 8 * level + 7 of size_
};

} // namespace holdfast::store

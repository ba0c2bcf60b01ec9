// T12: the tree that central stores, as tiles, is RFC 6962's at the tiles' edges.
#include "central/store/tile_tree.h"
#include "models/log/entry.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::store;

TEST_CASE("T12: the tile tree has the tree's root at every edge of a tile, and goes on from its stored edge")
{
    constexpr quint64 edges[] = {0, 1, 2, 255, 256, 257, 65535, 65536, 65537};
    std::vector<Digest> leaves;
    for (quint64 i = 0; i < 65537; ++i)
        leaves.push_back(log::leafHash(QByteArray::number(i)));
    TileTree tree;
    std::vector<TileRoot> full;
    for (const quint64 size : edges) {
        while (tree.size() < size)
            tree.append(leaves[tree.size()], full);
        CHECK(tree.root() == log::treeRoot(std::span(leaves).first(size)));
        const Result<TileTree> stored = TileTree::fromEdge(size, tree.edge());
        REQUIRE(stored);
        CHECK(stored->root() == tree.root());
        tree = *stored; // what follows is appended to what was read back
    }
    REQUIRE(full.size() == 256 + 1);
    size_t wrong = 0;
    for (const TileRoot& tile : full) {
        const size_t width = size_t(1) << (8 * tile.level);
        wrong += tile.root != log::treeRoot(std::span(leaves).subspan(tile.index * width, width));
    }
    CHECK(wrong == 0);
    CHECK_FALSE(TileTree::fromEdge(257, tree.edge().first(32)));
}

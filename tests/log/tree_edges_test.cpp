// T12: the edges of 256-wide tiles. T13: a consistency proof verifies if and only if the old log begins the new one.
#include "models/log/entry.h"
#include "models/log/tree.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

#include <random>

using namespace holdfast;
using namespace holdfast::log;

namespace {

std::vector<Digest> countedLeaves(size_t count)
{
    std::vector<Digest> leaves;
    for (size_t i = 0; i < count; ++i)
        leaves.push_back(leafHash(QByteArray::number(qulonglong(i))));
    return leaves;
}

constexpr size_t edges[] = {1, 2, 255, 256, 257, 65535, 65536, 65537};

} // namespace

TEST_CASE("T12: roots and proofs hold at the edges of tiles")
{
    const std::vector<Digest> leaves = countedLeaves(65537);
    CHECK(CompactTree().root() == treeRoot({}));
    CHECK(treeRoot({}) == emptyRoot());
    CompactTree growing;
    size_t failures = 0;
    for (const size_t size : edges) {
        const auto part = std::span(leaves).first(size);
        while (growing.size() < size)
            growing.append(leaves[growing.size()]);
        const Digest root = treeRoot(part);
        failures += growing.root() != root;
        for (const size_t index : {size_t(0), size / 2, size - 1}) {
            const Proof proof = *inclusionProof(index, part);
            failures += !verifyInclusion(leaves[index], index, size, proof, root);
            failures += verifyInclusion(leafHash("another"), index, size, proof, root);
        }
        for (const size_t older : edges) {
            if (older > size)
                break;
            const Proof proof = *consistencyProof(older, part);
            failures += !verifyConsistency(older, size, treeRoot(part.first(older)), root, proof);
            failures += verifyConsistency(older, size, leafHash("another"), root, proof);
        }
    }
    CHECK(failures == 0);
    CHECK_FALSE(consistencyProof(0, std::span(leaves).first(256)));
    CHECK_FALSE(inclusionProof(256, std::span(leaves).first(256)));
}

TEST_CASE("T13: a consistency proof verifies if and only if the old log is a beginning of the new one")
{
    const std::vector<Digest> truth = countedLeaves(1500);
    std::mt19937 random(13);
    size_t continued = 0;
    size_t forked = 0;
    size_t wrong = 0;
    for (int round = 0; round < 600; ++round) {
        const size_t size = 1 + random() % truth.size();
        const size_t older = 1 + random() % size;
        const Digest remembered = treeRoot(std::span(truth).first(older));
        std::vector<Digest> shown(truth.begin(), truth.begin() + std::ptrdiff_t(size));
        const size_t changed = random() % size;
        shown[changed] = leafHash("rewritten");
        const bool isBeginning = changed >= older;
        ++(isBeginning ? continued : forked);
        const Proof proof = *consistencyProof(older, shown);
        wrong += verifyConsistency(older, size, remembered, treeRoot(shown), proof) != isBeginning;
        // Nor does the true log's proof carry the forked root.
        const Proof borrowed = *consistencyProof(older, std::span(truth).first(size));
        wrong += !isBeginning && verifyConsistency(older, size, remembered, treeRoot(shown), borrowed);
    }
    CHECK(wrong == 0);
    CHECK(continued > 100);
    CHECK(forked > 100);
}

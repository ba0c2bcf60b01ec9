#include "models/log/entry.h"
#include "models/log/tree.h"
#include "tests/log/vectors.h"
#include "tests/support/string_makers.h"

#include <bit>

using namespace holdfast;
using namespace holdfast::log;
using namespace holdfast::test;

namespace {

constexpr size_t largest = 70;

std::vector<Digest> countedLeaves(size_t count)
{
    std::vector<Digest> leaves;
    for (size_t i = 0; i < count; ++i)
        leaves.push_back(leafHash(QByteArray::number(qulonglong(i))));
    return leaves;
}

// The eight leaves and their answers have been the common test of RFC 6962 programs since the RFC was written.
std::vector<Digest> knownLeaves()
{
    std::vector<Digest> leaves;
    for (const char* data :
         {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"})
        leaves.push_back(leafHash(QByteArray::fromHex(data)));
    return leaves;
}

const char* const knownRoots[] = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

struct KnownProof
{
    quint64 first; // index, or the older size
    size_t second; // size
    std::vector<const char*> nodes;
};

const char* const node6to7 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
const char* const node0to3 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
const char* const leaf1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const char* const leaf2 = "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7";
const char* const leaf4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const char* const node0to1 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
const char* const node2to3 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const char* const node4to7 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
const char* const node4to5 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";

Digest hexDigest(const char* hex)
{
    return *Digest::fromBytes(QByteArray::fromHex(hex));
}

Proof hexProof(const std::vector<const char*>& nodes)
{
    Proof proof;
    for (const char* node : nodes)
        proof.push_back(hexDigest(node));
    return proof;
}

// Calls `check` with proofs that differ from `proof` in one bit (one in each byte), lack one node, or have one more.
template <typename Check>
void spoil(const Proof& proof, const Check& check)
{
    for (size_t node = 0; node < proof.size(); ++node) {
        for (size_t byte = 0; byte < 32; ++byte) {
            Proof bad = proof;
            bad[node].bytes[byte] ^= static_cast<uint8_t>(1U << (byte % 8));
            check(bad);
        }
        Proof shorter = proof;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(node));
        check(shorter);
    }
    for (size_t place = 0; place <= proof.size(); ++place) {
        Proof longer = proof;
        longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(place), emptyRoot());
        check(longer);
    }
}

} // namespace

TEST_CASE("T11: RFC 6962: the well-known roots")
{
    const std::vector<Digest> leaves = knownLeaves();
    for (size_t size = 0; size <= leaves.size(); ++size) {
        INFO("size " << size);
        CHECK(treeRoot(std::span(leaves).first(size)) == hexDigest(knownRoots[size]));
    }
}

TEST_CASE("T11: RFC 6962: the well-known audit paths")
{
    const std::vector<Digest> leaves = knownLeaves();
    const KnownProof known[] = {{0, 1, {}},
                                {0, 8, {leaf1, node2to3, node4to7}},
                                {5, 8, {leaf4, node6to7, node0to3}},
                                {2, 3, {node0to1}},
                                {1, 5, {knownRoots[1], node2to3, leaf4}}};
    for (const KnownProof& wanted : known) {
        const auto proof = inclusionProof(wanted.first, std::span(leaves).first(wanted.second));
        REQUIRE(proof);
        CHECK(*proof == hexProof(wanted.nodes));
        CHECK(verifyInclusion(leaves[wanted.first], wanted.first, wanted.second, *proof,
                              hexDigest(knownRoots[wanted.second])));
    }
}

TEST_CASE("T11: RFC 6962: the well-known consistency proofs")
{
    const std::vector<Digest> leaves = knownLeaves();
    const KnownProof known[] = {{1, 1, {}},
                                {1, 8, {leaf1, node2to3, node4to7}},
                                {6, 8, {node4to5, node6to7, node0to3}},
                                {2, 5, {node2to3, leaf4}},
                                {3, 7, {leaf2, nullptr, node0to1, nullptr}}};
    for (const KnownProof& wanted : known) {
        const auto proof = consistencyProof(wanted.first, std::span(leaves).first(wanted.second));
        REQUIRE(proof);
        REQUIRE(proof->size() == wanted.nodes.size());
        for (size_t i = 0; i < proof->size(); ++i) {
            if (wanted.nodes[i])
                CHECK((*proof)[i] == hexDigest(wanted.nodes[i]));
        }
        CHECK(verifyConsistency(wanted.first, wanted.second, hexDigest(knownRoots[wanted.first]),
                                hexDigest(knownRoots[wanted.second]), *proof));
    }
}

TEST_CASE("Every inclusion proof up to 70 leaves verifies, and no spoilt one does")
{
    const std::vector<Digest> leaves = countedLeaves(largest);
    size_t failures = 0;
    for (size_t size = 1; size <= largest; ++size) {
        const auto part = std::span(leaves).first(size);
        const Digest root = treeRoot(part);
        for (size_t index = 0; index < size; ++index) {
            const auto proof = inclusionProof(index, part);
            REQUIRE(proof);
            failures += !verifyInclusion(leaves[index], index, size, *proof, root);
            failures += size > 1 && verifyInclusion(leaves[index], (index + 1) % size, size, *proof, root);
            failures += verifyInclusion(leaves[index], index + size, size, *proof, root);
            failures += verifyInclusion(leaves[index], index, 0, *proof, root);
            spoil(*proof,
                  [&](const Proof& bad) { failures += verifyInclusion(leaves[index], index, size, bad, root); });
        }
    }
    CHECK(failures == 0);
}

TEST_CASE("Every consistency proof up to 70 leaves verifies, and no spoilt one does")
{
    const std::vector<Digest> leaves = countedLeaves(largest);
    const Digest stranger = leafHash("another log");
    size_t failures = 0;
    for (size_t second = 1; second <= largest; ++second) {
        const auto part = std::span(leaves).first(second);
        const Digest newRoot = treeRoot(part);
        for (size_t first = 1; first <= second; ++first) {
            const Digest oldRoot = treeRoot(part.first(first));
            const auto proof = consistencyProof(first, part);
            REQUIRE(proof);
            failures += !verifyConsistency(first, second, oldRoot, newRoot, *proof);
            failures += verifyConsistency(first, second, stranger, newRoot, *proof);
            failures += verifyConsistency(first, second, oldRoot, stranger, *proof);
            failures += first != second && verifyConsistency(second, first, oldRoot, newRoot, *proof);
            spoil(*proof,
                  [&](const Proof& bad) { failures += verifyConsistency(first, second, oldRoot, newRoot, bad); });
        }
    }
    CHECK(failures == 0);
}

TEST_CASE("Proofs from stored subtrees are those from leaves")
{
    const std::vector<Digest> leaves = countedLeaves(largest);
    bool asksForWhole = true;
    const SubtreeReader stored = [&](unsigned level, quint64 index) -> Result<Digest> {
        const size_t width = size_t(1) << level;
        asksForWhole = asksForWhole && (index + 1) * width <= leaves.size();
        return treeRoot(std::span(leaves).subspan(index * width, width));
    };
    for (size_t i = 0; i < largest; ++i) {
        CHECK(*inclusionProof(i, largest, stored) == *inclusionProof(i, leaves));
        CHECK(*consistencyProof(i + 1, largest, stored) == *consistencyProof(i + 1, leaves));
    }
    CHECK(asksForWhole);
}

TEST_CASE("A proof is refused outside the tree, and a reader's error is passed on")
{
    const SubtreeReader broken = [](unsigned, quint64) -> Result<Digest> { return fail(ErrorCode::io, {}); };
    CHECK(inclusionProof(3, 3, broken).error().code == ErrorCode::invalidInput);
    CHECK(consistencyProof(0, 3, broken).error().code == ErrorCode::invalidInput);
    CHECK(consistencyProof(4, 3, broken).error().code == ErrorCode::invalidInput);
    CHECK(inclusionProof(1, 3, broken).error().code == ErrorCode::io);
    CHECK(consistencyProof(2, 3, broken).error().code == ErrorCode::io);
}

TEST_CASE("The compact tree has the tree's root at every size, and goes on from its edge")
{
    const std::vector<Digest> leaves = countedLeaves(largest);
    CompactTree tree;
    for (size_t size = 0; size < largest; ++size) {
        CHECK(tree.root() == treeRoot(std::span(leaves).first(size)));
        auto again = CompactTree::fromEdge(tree.size(), tree.edge());
        REQUIRE(again);
        tree = *again;
        tree.append(leaves[size]);
    }
    auto edge = tree.edge();
    edge.pop_back();
    CHECK(CompactTree::fromEdge(tree.size(), edge).error().code == ErrorCode::corrupt);
}

TEST_CASE("Sizes at the end of the number range neither crash nor verify")
{
    const Digest leaf = leafHash("x");
    const quint64 huge = ~quint64(0);
    const Proof proof(64, leaf);
    CHECK_FALSE(verifyInclusion(leaf, huge - 1, huge, proof, leaf));
    CHECK_FALSE(verifyInclusion(leaf, huge, huge, proof, leaf));
    CHECK_FALSE(verifyConsistency(huge - 1, huge, leaf, leaf, proof));
    CHECK_FALSE(verifyConsistency(1, huge, leaf, leaf, proof));
    const SubtreeReader same = [&](unsigned, quint64) -> Result<Digest> { return leaf; };
    const auto long1 = inclusionProof(huge - 1, huge, same);
    REQUIRE(long1);
    CHECK(rootOfInclusion(leaf, huge - 1, huge, *long1).has_value());
}

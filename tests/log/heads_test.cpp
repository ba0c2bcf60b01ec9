#include "models/log/entry.h"
#include "models/log/heads.h"
#include "tests/log/vectors.h"
#include "tests/support/string_makers.h"

using namespace holdfast;
using namespace holdfast::log;
using namespace holdfast::test;

namespace {

ThreadHead headOf(int number, quint64 seq = 1)
{
    const Digest digest = sha256({QByteArray::number(number)});
    return {*ThreadId::fromBytes(digest.toBytes().first(16)), {seq}, leafHash(QByteArray::number(number))};
}

// The definition, written out: nothing is kept between calls.
Digest slowRoot(const std::vector<ThreadHead>& heads)
{
    std::map<unsigned, std::map<ThreadId, Digest>> buckets;
    for (const ThreadHead& head : heads)
        buckets[bucketOf(head.thread)][head.thread] = leafHash(headRecord(head));
    std::vector<Digest> roots(headsBuckets, leafHash(emptyRoot().toBytes()));
    for (const auto& [number, bucket] : buckets) {
        std::vector<Digest> leaves;
        for (const auto& [thread, leaf] : bucket)
            leaves.push_back(leaf);
        roots[number] = leafHash(treeRoot(leaves).toBytes());
    }
    return treeRoot(roots);
}

} // namespace

TEST_CASE("The map follows its definition while heads come and move on")
{
    HeadsMap map;
    std::vector<ThreadHead> heads;
    for (int i = 0; i < 900; ++i) {
        heads.push_back(headOf(i));
        map.set(heads.back());
        if (i % 300 == 0)
            CHECK(map.root() == slowRoot(heads));
    }
    CHECK(map.size() == 900);
    heads[10].threadSeq = {2};
    heads[10].leaf = leafHash("newer");
    map.set(heads[10]);
    CHECK(map.size() == 900);
    CHECK(map.root() == slowRoot(heads));
}

TEST_CASE("Two threads in one bucket are both proved")
{
    // Found by trying: with this many threads some bucket holds at least two.
    HeadsMap map;
    std::map<unsigned, std::vector<ThreadHead>> byBucket;
    for (int i = 0; i < 2000; ++i) {
        byBucket[bucketOf(headOf(i).thread)].push_back(headOf(i));
        map.set(headOf(i));
    }
    size_t shared = 0;
    const Digest root = map.root();
    for (const auto& [number, heads] : byBucket) {
        if (heads.size() < 2)
            continue;
        ++shared;
        for (const ThreadHead& head : heads) {
            const auto proof = map.prove(head.thread);
            REQUIRE(proof);
            CHECK(proof->bucketSize == heads.size());
            CHECK(verifyHead(head, *proof, root));
        }
    }
    CHECK(shared > 0);
}

TEST_CASE("A head proof holds for its head alone")
{
    HeadsMap map;
    for (int i = 0; i < 50; ++i)
        map.set(headOf(i));
    const Digest root = map.root();
    const auto proof = map.prove(headOf(3).thread);
    REQUIRE(proof);
    CHECK(verifyHead(headOf(3), *proof, root));
    CHECK_FALSE(verifyHead(headOf(3, 2), *proof, root));
    CHECK_FALSE(verifyHead(headOf(4), *proof, root));
    CHECK_FALSE(verifyHead(headOf(3), *proof, emptyRoot()));
    for (size_t i = 0; i < proof->ofBucket.size(); ++i) {
        HeadProof bad = *proof;
        bad.ofBucket[i].bytes[0] ^= 1;
        CHECK_FALSE(verifyHead(headOf(3), bad, root));
        bad.ofBucket.erase(bad.ofBucket.begin() + static_cast<std::ptrdiff_t>(i));
        CHECK_FALSE(verifyHead(headOf(3), bad, root));
    }
    HeadProof wrongPlace = *proof;
    wrongPlace.indexInBucket = wrongPlace.bucketSize;
    CHECK_FALSE(verifyHead(headOf(3), wrongPlace, root));
    CHECK(map.prove(headOf(51).thread).error().code == ErrorCode::notFound);
}

#include "models/log/checkpoint.h"
#include "models/log/entry.h"
#include "models/log/heads.h"
#include "models/log/signing.h"
#include "tests/log/vectors.h"
#include "tests/support/string_makers.h"

using namespace holdfast;
using namespace holdfast::log;
using namespace holdfast::test;

namespace {

std::vector<Digest> vectorLeaves(const QJsonObject& all)
{
    std::vector<Digest> leaves;
    for (const QJsonValue entry : all["entries"].toArray())
        leaves.push_back(digestOf(entry["leaf"]));
    return leaves;
}

} // namespace

TEST_CASE("Keys of the vectors give their public keys and the device's id")
{
    const QJsonObject all = vectors();
    const auto device = SigningKey::fromSeed(unhex(all["device_seed"]));
    const auto log = SigningKey::fromSeed(unhex(all["log_seed"]));
    REQUIRE(device);
    REQUIRE(log);
    CHECK(device->publicKey() == unhex(all["device_public"]));
    CHECK(log->publicKey() == unhex(all["log_public"]));
    CHECK(deviceOf(device->publicKey()).toBytes() == unhex(all["device"]));
}

TEST_CASE("Every entry of the vectors is reproduced, byte by byte")
{
    const QJsonObject all = vectors();
    const auto key = SigningKey::fromSeed(unhex(all["device_seed"]));
    const OrgId org = *OrgId::fromBytes(unhex(all["org"]));
    REQUIRE(all["entries"].toArray().size() == 8);
    int signedEntries = 0;
    for (const QJsonValue entry : all["entries"].toArray()) {
        INFO("pos " << entry["pos"].toInt());
        const auto kind = static_cast<KindNumber>(entry["kind"].toInt());
        const QByteArray content = unhex(entry["content_hex"]);
        CHECK(content == entry["content"].toString().toUtf8());
        CHECK(commitment(unhex(entry["salt"]), kind, content) == digestOf(entry["commit"]));

        const auto part = decodeAuthorPart(unhex(entry["author_part"]));
        REQUIRE(part);
        CHECK(part->entryId.toBytes() == unhex(entry["entry_id"]));
        CHECK(part->thread.toBytes() == unhex(entry["thread"]));
        CHECK(part->kind == kind);
        CHECK(part->commit == digestOf(entry["commit"]));
        CHECK(encode(*part) == unhex(entry["author_part"]));

        const auto header = decodeHeader(unhex(entry["header"]));
        REQUIRE(header);
        CHECK(header->authorPart == unhex(entry["author_part"]));
        CHECK(header->signature == unhex(entry["sig"]));
        CHECK(header->pos.value == static_cast<quint64>(entry["pos"].toInteger()));
        CHECK(header->threadSeq.value == static_cast<quint64>(entry["tseq"].toInteger()));
        CHECK(header->prev == digestOf(entry["prev"]));
        CHECK(encode(*header) == unhex(entry["header"]));
        CHECK(leafHash(unhex(entry["header"])) == digestOf(entry["leaf"]));

        if (part->device.isNull()) {
            CHECK(header->signature.isEmpty());
            continue;
        }
        ++signedEntries;
        CHECK(key->sign(entryMessage(org, header->authorPart)) == header->signature);
        CHECK(verifySignature(key->publicKey(), entryMessage(org, header->authorPart), header->signature));
    }
    CHECK(signedEntries > 0);
}

TEST_CASE("Tree roots, inclusion and consistency proofs of the vectors are reproduced")
{
    const QJsonObject all = vectors();
    const std::vector<Digest> leaves = vectorLeaves(all);
    const QJsonArray roots = all["tree_roots"].toArray();
    REQUIRE(roots.size() == 9);
    CompactTree tree;
    for (size_t size = 0; size <= leaves.size(); ++size) {
        INFO("size " << size);
        CHECK(treeRoot(std::span(leaves).first(size)) == digestOf(roots[qsizetype(size)]));
        CHECK(tree.root() == digestOf(roots[qsizetype(size)]));
        if (size < leaves.size())
            tree.append(leaves[size]);
    }
    REQUIRE(all["inclusion"].toArray().size() == 6);
    for (const QJsonValue wanted : all["inclusion"].toArray()) {
        const auto index = static_cast<quint64>(wanted["index"].toInteger());
        const auto size = static_cast<size_t>(wanted["size"].toInteger());
        const auto proof = inclusionProof(index, std::span(leaves).first(size));
        REQUIRE(proof);
        CHECK(*proof == proofOf(wanted["proof"]));
        CHECK(verifyInclusion(leaves[index], index, size, *proof, digestOf(roots[qsizetype(size)])));
    }
    REQUIRE(all["consistency"].toArray().size() == 6);
    for (const QJsonValue wanted : all["consistency"].toArray()) {
        const auto first = static_cast<size_t>(wanted["first"].toInteger());
        const auto second = static_cast<size_t>(wanted["second"].toInteger());
        const auto proof = consistencyProof(first, std::span(leaves).first(second));
        REQUIRE(proof);
        CHECK(*proof == proofOf(wanted["proof"]));
        CHECK(verifyConsistency(first, second, digestOf(roots[qsizetype(first)]), digestOf(roots[qsizetype(second)]),
                                *proof));
    }
}

TEST_CASE("Trees over counted leaves have the roots of the vectors")
{
    const QJsonObject roots = vectors()["counted_leaves"].toObject()["roots"].toObject();
    REQUIRE(roots.size() == 11);
    for (auto root = roots.begin(); root != roots.end(); ++root) {
        std::vector<Digest> leaves;
        for (int i = 0; i < root.key().toInt(); ++i)
            leaves.push_back(leafHash(QByteArray::number(i)));
        INFO("size " << leaves.size());
        CHECK(treeRoot(leaves) == digestOf(root.value()));
    }
}

TEST_CASE("The map of heads has the roots of the vectors, and proves each head")
{
    const QJsonObject all = vectors();
    HeadsMap map;
    CHECK(map.root() == digestOf(all["heads_root_of_none"]));
    std::vector<ThreadHead> heads;
    for (const QJsonValue value : all["heads"].toArray()) {
        heads.push_back({*ThreadId::fromBytes(unhex(value["thread"])),
                         {static_cast<quint64>(value["tseq"].toInteger())},
                         digestOf(value["leaf"])});
        map.set(heads.back());
    }
    REQUIRE(heads.size() == 3);
    const Digest root = digestOf(all["heads_root"]);
    CHECK(map.root() == root);
    for (const ThreadHead& head : heads) {
        const auto proof = map.prove(head.thread);
        REQUIRE(proof);
        CHECK(verifyHead(head, *proof, root));
    }
}

TEST_CASE("The checkpoint of the vectors is written and opened")
{
    const QJsonObject all = vectors();
    const auto key = SigningKey::fromSeed(unhex(all["log_seed"]));
    const Checkpoint checkpoint{
        *OrgId::fromBytes(unhex(all["org"])), {1}, 8, digestOf(all["tree_roots"].toArray().last())};
    const QByteArray note = all["checkpoint"].toString().toUtf8();
    CHECK(signCheckpoint(checkpoint, *key) == note);
    const auto opened = openCheckpoint(note, key->publicKey());
    REQUIRE(opened);
    CHECK(*opened == checkpoint);
}

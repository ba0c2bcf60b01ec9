#include "models/log/key_handover.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::log;

namespace {

const OrgId org = *OrgId::fromBytes(QByteArray(16, 'o'));

SigningKey keyOf(char seed)
{
    return std::move(*SigningKey::fromSeed(QByteArray(32, seed)));
}

} // namespace

TEST_CASE("A handover is what docs/log-format.md says, byte by byte")
{
    const SigningKey first = keyOf('1');
    const QByteArray second = keyOf('2').publicKey();
    const KeyHandover handover = handOver(org, first, second);
    CHECK(handover.previous == first.publicKey());
    CHECK(handover.next == second);
    const QByteArray message = "holdfast/log-key/v1\n" + QByteArray(16, 'o') + first.publicKey() + second;
    CHECK(handoverMessage(org, first.publicKey(), second) == message);
    CHECK(verifySignature(first.publicKey(), message, handover.signature));
    CHECK(verifyHandover(org, handover));
}

TEST_CASE("No flipped bit of a handover verifies, nor another organisation's, nor one to the same key")
{
    const SigningKey first = keyOf('1');
    const KeyHandover good = handOver(org, first, keyOf('2').publicKey());
    int accepted = 0;
    for (QByteArray KeyHandover::*field : {&KeyHandover::previous, &KeyHandover::next, &KeyHandover::signature}) {
        for (qsizetype bit = 0; bit < 8 * (good.*field).size(); ++bit) {
            KeyHandover bad = good;
            (bad.*field)[bit / 8] = char((bad.*field)[bit / 8] ^ (1 << (bit % 8)));
            accepted += verifyHandover(org, bad);
        }
    }
    CHECK(accepted == 0);
    CHECK_FALSE(verifyHandover(OrgId(), good));
    CHECK_FALSE(verifyHandover(org, handOver(org, first, first.publicKey())));
    CHECK_FALSE(verifyHandover(org, {}));
}

TEST_CASE("Handovers lead from a key to the newest, in whatever order they come, and never in a circle")
{
    const SigningKey a = keyOf('a');
    const SigningKey b = keyOf('b');
    const SigningKey c = keyOf('c');
    const KeyHandover ab = handOver(org, a, b.publicKey());
    const KeyHandover bc = handOver(org, b, c.publicKey());
    const KeyHandover ca = handOver(org, c, a.publicKey());
    using Path = std::vector<KeyHandover>;
    CHECK(handoversFrom(org, a.publicKey(), Path{bc, ab}) == Path{ab, bc});
    CHECK(handoversFrom(org, b.publicKey(), Path{bc, ab}) == Path{bc});
    CHECK(handoversFrom(org, c.publicKey(), Path{bc, ab}).empty());
    CHECK(handoversFrom(org, a.publicKey(), Path{ab, bc, ca}) == Path{ab, bc});
    KeyHandover forged = bc;
    forged.signature = ab.signature;
    CHECK(handoversFrom(org, a.publicKey(), Path{ab, forged}) == Path{ab});
}

TEST_CASE("Handovers are kept as 128 bytes each")
{
    const SigningKey a = keyOf('a');
    const std::vector<KeyHandover> path{handOver(org, a, keyOf('b').publicKey()),
                                        handOver(org, keyOf('b'), keyOf('c').publicKey())};
    const QByteArray bytes = encode(path);
    CHECK(bytes.size() == 256);
    CHECK(decodeHandovers(bytes) == path);
    CHECK(decodeHandovers({})->empty());
    CHECK_FALSE(decodeHandovers(bytes.first(255)));
}

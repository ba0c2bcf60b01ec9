#include "models/log/checkpoint.h"
#include "tests/log/vectors.h"
#include "tests/support/string_makers.h"

#include <limits>
#include <random>

using namespace holdfast;
using namespace holdfast::log;
using namespace holdfast::test;

namespace {

SigningKey keyOf(char fill)
{
    return std::move(*SigningKey::fromSeed(QByteArray(32, fill)));
}

const Checkpoint sample{
    *OrgId::fromHex(QByteArrayView("00112233445566778899aabbccddeeff")), {7}, 123456789, emptyRoot()};

QByteArray signatureLineOf(const QByteArray& note)
{
    return note.sliced(note.indexOf("\n\n") + 2);
}

} // namespace

TEST_CASE("A checkpoint is opened with its log's key, and with no other")
{
    const SigningKey key = keyOf('k');
    const QByteArray note = signCheckpoint(sample, key);
    const auto opened = openCheckpoint(note, key.publicKey());
    REQUIRE(opened);
    CHECK(*opened == sample);
    CHECK(openCheckpoint(note, keyOf('x').publicKey()).error().code == ErrorCode::denied);
    CHECK(openCheckpoint(note, QByteArray()).error().code == ErrorCode::denied);
    Checkpoint largest = sample;
    largest.size = std::numeric_limits<quint64>::max();
    CHECK(*openCheckpoint(signCheckpoint(largest, key), key.publicKey()) == largest);
}

TEST_CASE("T9: no flipped bit of a checkpoint is accepted")
{
    const SigningKey key = keyOf('k');
    const QByteArray good = signCheckpoint(sample, key);
    for (qsizetype bit = 0; bit < 8 * good.size(); ++bit) {
        QByteArray flipped = good;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
        INFO("bit " << bit);
        CHECK_FALSE(openCheckpoint(flipped, key.publicKey()));
    }
    for (qsizetype size = 0; size < good.size(); ++size)
        CHECK_FALSE(openCheckpoint(good.first(size), key.publicKey()));
}

TEST_CASE("T9: signatures of witnesses are passed over; more than sixteen lines or 64 KiB are refused")
{
    const SigningKey key = keyOf('k');
    const QByteArray good = signCheckpoint(sample, key);
    const QByteArray ours = signatureLineOf(good);
    const QByteArray witness = QByteArray("\xe2\x80\x94 witness.example ") + QByteArray(68, 'w').toBase64() + '\n';
    const QByteArray text = good.chopped(ours.size());
    CHECK(openCheckpoint(text + witness + ours, key.publicKey()));
    CHECK(openCheckpoint(text + ours + witness.repeated(15), key.publicKey()));
    CHECK(openCheckpoint(text + ours + witness.repeated(16), key.publicKey()).error().code == ErrorCode::invalidInput);
    CHECK(openCheckpoint(text + witness, key.publicKey()).error().code == ErrorCode::denied);
    CHECK(openCheckpoint(text, key.publicKey()).error().code == ErrorCode::invalidInput);
    const QByteArray huge = QByteArray("\xe2\x80\x94 w ") + QByteArray(64 * 1024, 'w').toBase64() + '\n';
    CHECK(openCheckpoint(text + ours + huge, key.publicKey()).error().code == ErrorCode::invalidInput);
}

TEST_CASE("A good line does not excuse a bad one of the same key")
{
    const SigningKey key = keyOf('k');
    const QByteArray good = signCheckpoint(sample, key);
    Checkpoint other = sample;
    other.size = 5;
    const QByteArray note = good + signatureLineOf(signCheckpoint(other, key));
    CHECK(openCheckpoint(note, key.publicKey()).error().code == ErrorCode::denied);
}

TEST_CASE("T9: other notes, other spellings and random bytes are not checkpoints")
{
    const SigningKey key = keyOf('k');
    const QByteArray good = signCheckpoint(sample, key);
    const auto replaced = [&](const char* from, const char* to) {
        QByteArray note = good;
        note.replace(from, to);
        return openCheckpoint(note, key.publicKey());
    };
    CHECK(replaced("123456789", "0123456789").error().code == ErrorCode::invalidInput);
    CHECK(replaced("123456789", "+123456789").error().code == ErrorCode::invalidInput);
    CHECK(replaced("123456789", "123456789999999999999").error().code == ErrorCode::invalidInput);
    CHECK(replaced("123456789", "123456789\nmore").error().code == ErrorCode::invalidInput);
    CHECK(replaced("aabbccddeeff", "AABBCCDDEEFF").error().code == ErrorCode::invalidInput);
    CHECK(replaced("123456789", "123456789\r").error().code == ErrorCode::invalidInput);
    CHECK(replaced("123456789", "123456788").error().code == ErrorCode::denied);
    std::mt19937 random(7);
    for (int round = 0; round < 3000; ++round) {
        QByteArray bytes(qsizetype(random() % 300), '\n');
        for (char& byte : bytes)
            byte = random() % 4 == 0 ? '\n' : static_cast<char>(random());
        CHECK_FALSE(openCheckpoint(bytes, key.publicKey()));
    }
}

TEST_CASE("T9: a note with a control character anywhere is no checkpoint, also in the line of a witness")
{
    const SigningKey key = keyOf('k');
    const QByteArray good =
        signCheckpoint(sample, key) + "\xe2\x80\x94 witness.example " + QByteArray(68, 'w').toBase64() + '\n';
    REQUIRE(openCheckpoint(good, key.publicKey()));
    for (char control = 0; control < 0x20; ++control) {
        if (control == '\n')
            continue;
        for (qsizetype place = 0; place <= good.size(); place += 3) {
            QByteArray note = good;
            note.insert(place, control);
            CHECK_FALSE(openCheckpoint(note, key.publicKey()));
        }
    }
}

TEST_CASE("Signing keys want 32 bytes; signatures and keys of other sizes verify nothing")
{
    CHECK(SigningKey::fromSeed(QByteArray(31, 's')).error().code == ErrorCode::invalidInput);
    const SigningKey key = keyOf('k');
    const QByteArray signature = key.sign("message");
    CHECK(verifySignature(key.publicKey(), "message", signature));
    CHECK_FALSE(verifySignature(key.publicKey(), "messagf", signature));
    CHECK_FALSE(verifySignature(key.publicKey(), "message", signature.chopped(1)));
    CHECK_FALSE(verifySignature(key.publicKey().chopped(1), "message", signature));
    SigningKey moved = keyOf('m');
    moved = keyOf('k');
    CHECK(moved.publicKey() == key.publicKey());
}

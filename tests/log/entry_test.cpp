#include "models/log/entry.h"
#include "tests/log/vectors.h"
#include "tests/support/string_makers.h"

#include <limits>
#include <random>

using namespace holdfast;
using namespace holdfast::log;
using namespace holdfast::test;

namespace {

// A damaged header must be refused, or be another header that is written in the one form there is.
size_t badAnswers(const QByteArray& bytes)
{
    const auto header = decodeHeader(bytes);
    const auto part = decodeAuthorPart(bytes);
    const size_t badHeader = header && encode(*header) != bytes;
    const size_t badPart = part && encode(*part) != bytes;
    return badHeader + badPart;
}

Header sampleHeader(quint64 number)
{
    Header header;
    header.authorPart = QByteArray("author");
    header.epoch = {number};
    header.pos = {number};
    header.threadSeq = {number};
    header.centralAt = {static_cast<qint64>(number & quint64(std::numeric_limits<qint64>::max()))};
    return header;
}

} // namespace

TEST_CASE("Any flipped bit of a header or an author part is refused or re-encodes to the same bytes")
{
    size_t bad = 0;
    size_t refused = 0;
    size_t accepted = 0;
    for (const QJsonValue entry : vectors()["entries"].toArray()) {
        for (const char* field : {"header", "author_part"}) {
            const QByteArray good = unhex(entry[QLatin1StringView(field)]);
            for (qsizetype bit = 0; bit < 8 * good.size(); ++bit) {
                QByteArray flipped = good;
                flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
                bad += badAnswers(flipped);
                const bool taken = decodeHeader(flipped) || decodeAuthorPart(flipped);
                ++(taken ? accepted : refused);
            }
        }
    }
    CHECK(bad == 0);
    CHECK(refused > 1000); // both outcomes were seen, so the corpus reaches the strict parts
    CHECK(accepted > 1000);
}

TEST_CASE("Truncated, lengthened and random headers are refused without harm")
{
    const QByteArray good = unhex(vectors()["entries"].toArray()[0].toObject()["header"]);
    for (qsizetype size = 0; size < good.size(); ++size)
        CHECK_FALSE(decodeHeader(good.first(size)));
    CHECK_FALSE(decodeHeader(good + '\0'));
    std::mt19937 random(20260101);
    size_t bad = 0;
    for (int round = 0; round < 20000; ++round) {
        QByteArray bytes(qsizetype(random() % 200), '\0');
        for (char& byte : bytes)
            byte = static_cast<char>(random());
        if (!bytes.isEmpty())
            bytes[0] = '\x89';
        bad += badAnswers(bytes);
    }
    CHECK(bad == 0);
}

TEST_CASE("Numbers have one form, the shortest")
{
    for (const quint64 number : {quint64(0), quint64(23), quint64(24), quint64(255), quint64(256), quint64(65535),
                                 quint64(65536), quint64(0xffffffff), quint64(0x100000000), ~quint64(0)}) {
        const Header header = sampleHeader(number);
        const QByteArray bytes = encode(header);
        const auto again = decodeHeader(bytes);
        REQUIRE(again);
        CHECK(*again == header);
    }
    // version 1 written in two bytes; an array of unknown length; a length in two bytes
    QByteArray bytes = encode(sampleHeader(5));
    QByteArray longVersion = bytes;
    longVersion.replace(1, 1, QByteArray("\x18\x01", 2));
    CHECK_FALSE(decodeHeader(longVersion));
    QByteArray openArray = bytes + '\xff';
    openArray[0] = '\x9f';
    CHECK_FALSE(decodeHeader(openArray));
    QByteArray longLength = bytes;
    longLength.replace(2, 1, QByteArray("\x58\x06", 2));
    CHECK_FALSE(decodeHeader(longLength));
    QByteArray nextVersion = bytes;
    nextVersion[1] = 2;
    CHECK_FALSE(decodeHeader(nextVersion));
}

TEST_CASE("Lengths and ranges are exact")
{
    Header header = sampleHeader(1);
    header.signature = QByteArray(63, 's');
    CHECK_FALSE(decodeHeader(encode(header)));
    header.signature = QByteArray(64, 's');
    CHECK(decodeHeader(encode(header)));
    header.authorPart = QByteArray(maxAuthorPartBytes + 1, 'a');
    CHECK_FALSE(decodeHeader(encode(header)));

    AuthorPart part;
    part.kind = std::numeric_limits<KindNumber>::max();
    part.claimedAt = {std::numeric_limits<qint64>::max()};
    part.deviceSeq = {~quint64(0)};
    const QByteArray bytes = encode(part);
    CHECK(bytes.size() <= maxAuthorPartBytes);
    REQUIRE(decodeAuthorPart(bytes));
    CHECK(*decodeAuthorPart(bytes) == part);
    QByteArray kindTooLarge = bytes;
    const qsizetype kindAt = 1 + 1 + 17 + 17;
    kindTooLarge.replace(kindAt, 5, QByteArray::fromHex("1b0000000100000000"));
    CHECK_FALSE(decodeAuthorPart(kindTooLarge));
    part.claimedAt = {-1}; // before 1970: has no form
    CHECK_FALSE(decodeAuthorPart(encode(part)));
}

TEST_CASE("The commitment binds salt, kind and content")
{
    const Digest one = commitment("salt", 1, "{}");
    CHECK(one != commitment("salu", 1, "{}"));
    CHECK(one != commitment("salt", 2, "{}"));
    CHECK(one != commitment("salt", 1, "{ }"));
    CHECK(one == commitment("salt", 1, "{}"));
}

// T7: what stays of an erased entry does not tell its content, not even to who guesses it.
#include "models/log/entry.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::log;

namespace {

// HOLDFAST_TEST_DICTIONARY=1000000 is the long run.
int dictionarySize()
{
    return qEnvironmentVariableIntValue("HOLDFAST_TEST_DICTIONARY") > 0
               ? qEnvironmentVariableIntValue("HOLDFAST_TEST_DICTIONARY")
               : 20'000;
}

QByteArray word(int number)
{
    return R"({"text":"My id is )" + QByteArray::number(8000000000000 + number) + R"("})";
}

// Every key that somebody who holds the log, but not the salt, could try.
std::vector<QByteArray> keysWithinReach(const AuthorPart& part, const QByteArray& header)
{
    std::vector<QByteArray> keys{{}, QByteArray(32, '\0')};
    for (const QByteArray& known : {part.entryId.toBytes(), part.thread.toBytes(), part.device.toBytes(),
                                    part.author.toBytes(), leafHash(header).toBytes()}) {
        keys.push_back(known);
        keys.push_back(sha256({known}).toBytes());
    }
    return keys;
}

} // namespace

TEST_CASE("T7: an erased content is not found in a dictionary that holds it, for want of the salt alone")
{
    const QByteArray salt = sha256({"thirty-two random bytes"}).toBytes();
    const int secret = dictionarySize() / 2;
    AuthorPart part;
    part.entryId = *EntryId::fromBytes(QByteArray(16, 'e'));
    part.thread = *ThreadId::fromBytes(QByteArray(16, 't'));
    part.kind = 1;
    part.commit = commitment(salt, part.kind, word(secret));
    Header header;
    header.authorPart = encode(part);
    const QByteArray bytes = encode(header);
    const std::vector<QByteArray> keys = keysWithinReach(part, bytes);

    int found = 0;
    int foundWithSalt = 0;
    for (int number = 0; number < dictionarySize(); ++number) {
        const QByteArray guess = word(number);
        found += sha256({guess}) == part.commit;
        for (const QByteArray& key : keys)
            found += commitment(key, part.kind, guess) == part.commit;
        foundWithSalt += commitment(salt, part.kind, guess) == part.commit; // the control: the dictionary holds it
    }
    CHECK(found == 0);
    CHECK(foundWithSalt == 1);
    CHECK_FALSE(bytes.contains(word(secret)));
}

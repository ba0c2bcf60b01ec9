#include "storage/sync/wire.h"
#include "tests/support/seeded_random.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::sync;

namespace {

const QByteArray id(32, 'a');
const QByteArray hash = QByteArray(32, 'h').toBase64();

const QByteArray changesJson =
    R"({"entries":[{"header":"AAEC","salt":"c2FsdA==","content":"e30="},{"header":"AAEC"}],
 "scopes":[{"scope":")" +
    id + R"(","event":"closed"}],
 "threads":[{"thread":")" +
    id + R"(","event":"opened"}],
 "erased":[{"erasure":")" +
    id + R"(","thread":")" + id + R"(","entries":[")" + id + R"("],"below":7}],
 "sums":[{"scope":")" +
    id + R"(","entries":3,"sum":"00000000000000ff"}],"cursor":"abc","more":true,"checkpoint":"note","head":12})";
const QByteArray pushJson = R"({"results":[{"entry":")" + id + R"(","result":"accepted","pos":3,"header":"AAEC",
 "receipt":"AAEC"},{"entry":")" +
                            id + R"(","result":"refused","code":"denied","text":"No."}]})";
const QByteArray proofsJson = R"({"checkpoint":"note","consistency":[")" + hash + R"("],"heads":{"header":"AAEC",
 "salt":"c2FsdA==","content":"e30=","pos":9,"inclusion":[]},"threads":[{"thread":")" +
                              id + R"(","tseq":4,"leaf":")" + hash +
                              R"(","index":0,"bucket_size":1,"in_bucket":[],"of_bucket":[")" + hash + R"("]}]})";
const QByteArray tokensJson = R"({"token":"t","expires_at":5,"refresh":"r","user":{"id":")" + id +
                              R"(","name":"Thandi","login":"thandi","role":"agent"}})";
const QByteArray organisationJson =
    R"({"org":")" + id + R"(","name":"Umoya","log_key":")" + QByteArray(64, 'b') + R"(","epoch":1,"version":"0.1"})";

Result<HttpAnswer> answer(const QByteArray& body, int status = 200)
{
    return HttpAnswer{status, body, {}, {}};
}

} // namespace

TEST_CASE("Answers of the documented form are read")
{
    const auto changes = readChanges(answer(changesJson));
    REQUIRE(changes);
    CHECK(changes->entries.size() == 2);
    CHECK(changes->entries[0].content == QByteArray("{}"));
    CHECK_FALSE(changes->entries[1].content);
    CHECK_FALSE(changes->scopes[0].opened);
    CHECK(changes->threads[0].opened);
    CHECK(changes->erased[0].entries.size() == 1);
    CHECK(changes->erased[0].below == ThreadSeq{7});
    CHECK(changes->sums[0].checksum == holdfast::log::Checksum{3, 255});
    CHECK(changes->more);
    const auto push = readPush(answer(pushJson));
    REQUIRE(push);
    CHECK(push->results[0].pos.value == 3);
    CHECK(push->results[1].code == QStringLiteral("denied"));
    CHECK(readPush(answer(pushJson, 409)));
    const auto proofs = readProofs(answer(proofsJson));
    REQUIRE(proofs);
    CHECK(proofs->threads[0].head.threadSeq.value == 4);
    CHECK(readTokens(answer(tokensJson))->account.name == QStringLiteral("Thandi"));
    CHECK(readOrganisation(answer(organisationJson))->logKey.size() == 32);
    CHECK(readBlobProgress(answer(R"({"next":3})"))->next == 3);
    CHECK(readBlobProgress(answer(R"({"done":true})"))->done);
}

TEST_CASE("A field of another type spoils the whole answer")
{
    const QList<QByteArray> wrong{"{}", "[]", "null", "1", "\"text\"", "true", "-1", "1.5"};
    const QList<std::pair<QByteArray, QByteArray>> fields{{R"("cursor":"abc")", R"("cursor":)"},
                                                          {R"("more":true)", R"("more":)"},
                                                          {R"("head":12)", R"("head":)"},
                                                          {R"("header":"AAEC"})", R"("header":)"},
                                                          {R"("event":"closed")", R"("event":)"}};
    int refused = 0;
    for (const auto& [good, open] : fields) {
        REQUIRE(changesJson.contains(good));
        for (const QByteArray& value : wrong) {
            QByteArray body = changesJson;
            body.replace(good, open + value + (good.endsWith('}') ? "}" : ""));
            const bool same =
                (good.contains("more") && value == "true") || (good.contains("head\"") && value == "1") ||
                ((good.contains("cursor") || good.contains("header")) && value == "\"text\""); // base64, too
            if (same)
                continue;
            INFO(body.toStdString());
            CHECK_FALSE(readChanges(answer(body)));
            ++refused;
        }
    }
    CHECK(refused > 30);
}

TEST_CASE("Salt and content come or go together")
{
    QByteArray body = changesJson;
    body.replace(R"("salt":"c2FsdA==",)", "");
    CHECK_FALSE(readChanges(answer(body)));
}

TEST_CASE("No bytes make a reader misbehave")
{
    test::SeededRandom random(7);
    const QList<QByteArray> corpus{changesJson, pushJson, proofsJson, tokensJson, organisationJson};
    int rejected = 0;
    for (int i = 0; i < 20'000; ++i) {
        QByteArray body = corpus[static_cast<qsizetype>(random.below(5))];
        const quint64 how = random.below(3);
        if (how == 0)
            body.truncate(static_cast<qsizetype>(random.below(static_cast<quint64>(body.size()))));
        else if (how == 1)
            for (quint64 n = 0; n <= random.below(4); ++n)
                body[static_cast<qsizetype>(random.below(static_cast<quint64>(body.size())))] =
                    static_cast<char>(random.below(256));
        else
            body = random.bytes(static_cast<qsizetype>(random.below(200)));
        const auto got = answer(body, random.chance(80) ? 200 : 400);
        rejected += !readChanges(got) + !readPush(got) + !readProofs(got) + !readTokens(got) + !readOrganisation(got) +
                    !readDevice(got) + !readBlobProgress(got);
    }
    CHECK(rejected > 100'000); // most; a changed letter inside a name is still an answer
    CHECK_FALSE(readChanges(answer(QByteArray(100'000, '['))));
}

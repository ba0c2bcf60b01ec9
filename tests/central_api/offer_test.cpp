#include "tests/central_api/api_fixture.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::test;
using domain::Kind;

namespace {

QByteArray reply(quint64 seen, const QString& text)
{
    domain::AgentReply content;
    content.text = text;
    content.seen = ThreadSeq{seen};
    return domain::toJson(content);
}

QByteArray bytesOf(const QJsonObject& object, const char* field)
{
    return QByteArray::fromBase64(object.value(QLatin1StringView(field)).toString().toLatin1());
}

log::AuthorPart authorOf(const QJsonObject& entry)
{
    return *log::decodeAuthorPart(log::decodeHeader(bytesOf(entry, "header"))->authorPart);
}

QString outcome(const QJsonObject& result)
{
    return result.value(QStringLiteral("result")).toString() + u' ' + result.value(QStringLiteral("code")).toString();
}

// A desk that keeps every entry as it came, and the cursor.
struct Keeper
{
    explicit Keeper(ApiFixture& central) : fixture(central) {}

    Answer look()
    {
        QJsonObject body;
        if (!cursor.isEmpty())
            body.insert(QStringLiteral("cursor"), cursor);
        Answer answer = fixture.post(QStringLiteral("/v1/changes"), body, desk.token);
        if (answer.status == 200) {
            for (const QJsonValue& value : answer.body.value(QStringLiteral("entries")).toArray())
                entries.append(value.toObject());
        }
        if (answer.status == 200)
            cursor = answer.body.value(QStringLiteral("cursor")).toString();
        return answer;
    }
    // Where the log goes on, and the cursor for it.
    Answer askEpochs()
    {
        Answer answer = fixture.post(QStringLiteral("/v1/epochs"), {{QStringLiteral("cursor"), cursor}}, desk.token);
        if (answer.status == 200)
            cursor = answer.body.value(QStringLiteral("cursor")).toString();
        return answer;
    }
    void catchUp()
    {
        while (look().body.value(QStringLiteral("more")).toBool()) {
        }
    }
    QList<QJsonObject> from(quint64 pos) const
    {
        QList<QJsonObject> found;
        for (const QJsonObject& entry : entries) {
            const bool heads = authorOf(entry).kind == domain::number(Kind::logHeads);
            if (!heads && log::decodeHeader(bytesOf(entry, "header"))->pos.value >= pos)
                found.append(entry);
        }
        return found;
    }
    QStringList offer(const QList<QJsonObject>& offered)
    {
        QJsonArray array;
        for (const QJsonObject& entry : offered)
            array.append(entry);
        const Answer answer =
            fixture.post(QStringLiteral("/v1/offers"), {{QStringLiteral("entries"), array}}, desk.token);
        INFO(answer.raw.toStdString());
        REQUIRE(answer.status == 200);
        QStringList outcomes;
        for (const QJsonValue& value : answer.body.value(QStringLiteral("results")).toArray())
            outcomes.append(outcome(value.toObject()));
        return outcomes;
    }
    QString offerOne(const QJsonObject& entry) { return offer({entry}).value(0); }

    ApiFixture& fixture;
    Desk desk;
    QString cursor;
    QList<QJsonObject> entries;
};

// One message before the backup; a customer's and a reply after it, which the restore loses.
struct RestoredOffice
{
    RestoredOffice()
    {
        for (const char* login : {"lerato", "tshepo"})
            fixture.addUser(QLatin1StringView(login));
        thread = fixture.addCase(
            fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato"), QStringLiteral("tshepo")}));
        lerato.desk = fixture.signIn(QStringLiteral("lerato"));
        tshepo.desk = fixture.signIn(QStringLiteral("tshepo"));
        lerato.catchUp();
        tshepo.catchUp();
        fixture.backUp();
        fixture.customerWrites(thread, QStringLiteral("My car was hit"));
        written = fixture.entry(lerato.desk, thread, Kind::agentReply, reply(3, QStringLiteral("I am sorry")));
        receipt = fixture.push(lerato.desk, written);
        REQUIRE(outcome(receipt) == QStringLiteral("accepted "));
        lerato.catchUp();
        tshepo.catchUp();
        begun = fixture.restore();
        lost = tshepo.from(begun.size);
    }
    ApiFixture fixture;
    ThreadId thread;
    Keeper lerato{fixture}, tshepo{fixture};
    QJsonObject written, receipt;
    store::BegunEpoch begun;
    QList<QJsonObject> lost;
};

} // namespace

TEST_CASE("after a restore desks are told, and what they offer comes back once")
{
    RestoredOffice office;
    REQUIRE(office.lost.size() == 2);
    CHECK(office.lerato.look().status == 409);
    const Answer told = office.lerato.askEpochs();
    REQUIRE(told.status == 200);
    CHECK(office.lerato.askEpochs().status == 404); // of the new cursor none is missing
    const QJsonObject epoch = told.body.value(QStringLiteral("epochs")).toArray().at(0).toObject();
    CHECK(log::decodeHeader(bytesOf(epoch, "header"))->pos.value == office.begun.size);

    const int sent = office.fixture.acceptedReplies;
    CHECK(office.tshepo.offer(office.lost) == QStringList{QStringLiteral("accepted "), QStringLiteral("accepted ")});
    CHECK(office.lerato.offer(office.lerato.from(office.begun.size)) ==
          QStringList{QStringLiteral("duplicate "), QStringLiteral("duplicate ")});
    CHECK(office.fixture.acceptedReplies == sent); // nothing is sent to the customer again

    // The cursor of the answer goes on where the prefix ends: each comes once, with its id, bytes and time.
    office.lerato.entries.clear();
    office.lerato.catchUp();
    QList<EntryId> ids;
    for (const QJsonObject& entry : office.lerato.entries) {
        const auto header = log::decodeHeader(bytesOf(entry, "header"));
        CHECK(header->epoch == Epoch{2});
        if (authorOf(entry).thread != office.thread)
            continue;
        ids.append(authorOf(entry).entryId);
        CHECK(header->centralAt == log::decodeHeader(bytesOf(office.lost[ids.size() - 1], "header"))->centralAt);
        CHECK(bytesOf(entry, "content") == bytesOf(office.lost[ids.size() - 1], "content"));
    }
    CHECK(ids == QList<EntryId>{authorOf(office.lost[0]).entryId, authorOf(office.lost[1]).entryId});
}

TEST_CASE("a reply that its desk alone knows of comes back with its receipt")
{
    RestoredOffice office;
    QJsonObject own{{QStringLiteral("header"), office.receipt.value(QStringLiteral("header"))},
                    {QStringLiteral("salt"), office.written.value(QStringLiteral("salt"))},
                    {QStringLiteral("content"), office.written.value(QStringLiteral("content"))}};
    CHECK(office.lerato.offerOne(own) == QStringLiteral("refused denied"));
    own.insert(QStringLiteral("receipt"), office.receipt.value(QStringLiteral("receipt")));
    CHECK(office.lerato.offerOne(own) == QStringLiteral("accepted "));
    CHECK(office.lerato.offerOne(own) == QStringLiteral("duplicate "));
}

TEST_CASE("central takes back only what it gave")
{
    RestoredOffice office;
    const QJsonObject customers = office.lost[0];
    const QString voucher = QStringLiteral("voucher");
    QJsonObject forged = customers;
    forged.insert(voucher, office.lost[1].value(voucher)); // another entry's
    CHECK(office.tshepo.offerOne(forged) == QStringLiteral("refused denied"));
    forged.remove(voucher);
    CHECK(office.tshepo.offerOne(forged) == QStringLiteral("refused denied"));
    QJsonObject reworded = customers;
    QByteArray content = bytesOf(customers, "content");
    content.replace("hit", "hot");
    reworded.insert(QStringLiteral("content"), QString::fromLatin1(content.toBase64()));
    CHECK(office.tshepo.offerOne(reworded) == QStringLiteral("refused bad_content"));
    // Who may see what is never taken from a desk.
    const auto structural = std::find_if(office.lerato.entries.begin(), office.lerato.entries.end(), [](const auto& e) {
        return authorOf(e).kind == domain::number(Kind::deviceEnrolled);
    });
    REQUIRE(structural != office.lerato.entries.end());
    CHECK(office.lerato.offerOne(*structural) == QStringLiteral("refused not_recoverable"));
    // The control: as it was given, it is taken.
    CHECK(office.tshepo.offerOne(customers) == QStringLiteral("accepted "));
    CHECK(office.fixture.post(QStringLiteral("/v1/offers"), {{QStringLiteral("entries"), QJsonArray{customers}}})
              .status == 401);
}

TEST_CASE("a message that the provider delivered again itself is not restored beside it")
{
    RestoredOffice office;
    const auto content =
        domain::parseContent(domain::number(Kind::customerMessage), bytesOf(office.lost[0], "content"));
    office.fixture.customerWrites(office.thread, QStringLiteral("My car was hit"),
                                  std::get<domain::CustomerMessage>(content).providerId);
    CHECK(office.tshepo.offerOne(office.lost[0]) == QStringLiteral("refused already_there"));
}

TEST_CASE("what a desk fetched as history is vouched for too")
{
    RestoredOffice office;
    const QJsonObject range{{QStringLiteral("thread"), office.thread.toHexString()}};
    const auto fetched = [&] {
        const Answer answer = office.fixture.post(
            QStringLiteral("/v1/history"), {{QStringLiteral("ranges"), QJsonArray{range}}}, office.tshepo.desk.token);
        REQUIRE(answer.status == 200);
        return answer.body.value(QStringLiteral("ranges")).toArray().at(0).toObject();
    };
    REQUIRE(office.tshepo.offerOne(office.lost[0]) == QStringLiteral("accepted "));
    const QJsonObject newest = fetched().value(QStringLiteral("entries")).toArray().at(0).toObject();
    REQUIRE(authorOf(newest).entryId == authorOf(office.lost[0]).entryId);
    // Of this epoch, so nothing is missing; but it is known as central's own, unlike a changed one.
    CHECK(office.tshepo.offerOne(newest) == QStringLiteral("refused not_recoverable"));
    CHECK(bytesOf(newest, "voucher").size() == 32);
}

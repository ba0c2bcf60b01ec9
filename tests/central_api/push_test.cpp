#include "tests/central_api/api_fixture.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

#include <future>

using namespace holdfast;
using namespace holdfast::test;
using domain::Kind;

namespace {

QString outcome(const QJsonObject& result)
{
    return result.value(QStringLiteral("result")).toString() + u' ' + result.value(QStringLiteral("code")).toString();
}

QByteArray reply(quint64 seen, const QString& text = QStringLiteral("Good day"))
{
    domain::AgentReply content;
    content.text = text;
    content.seen = ThreadSeq{seen};
    return domain::toJson(content);
}

struct Office
{
    Office()
    {
        fixture.addUser(QStringLiteral("lerato"));
        fixture.addUser(QStringLiteral("fatima"));
        motor = fixture.addTeam(QStringLiteral("motor"), {QStringLiteral("lerato")});
        thread = fixture.addCase(motor); // tseq 1 opened, 2 the customer's message
        lerato = fixture.signIn(QStringLiteral("lerato"));
        fatima = fixture.signIn(QStringLiteral("fatima"));
    }
    ApiFixture fixture;
    ScopeId motor;
    ThreadId thread;
    Desk lerato, fatima;
};

} // namespace

TEST_CASE("an entry is accepted once, with a receipt that the log key signed; again it is a duplicate")
{
    Office office;
    const QJsonObject entry = office.fixture.entry(office.lerato, office.thread, Kind::agentReply, reply(2));
    const QJsonObject first = office.fixture.push(office.lerato, entry);
    REQUIRE(outcome(first) == QStringLiteral("accepted "));
    CHECK(office.fixture.acceptedReplies == 1);
    const auto part =
        log::decodeAuthorPart(QByteArray::fromBase64(entry.value(QStringLiteral("author_part")).toString().toLatin1()));
    const auto& organisation = office.fixture.store->organisation();
    const QByteArray message = log::receiptMessage(
        organisation.id, part->entryId, part->commit.toBytes(),
        Position{static_cast<quint64>(first.value(QStringLiteral("pos")).toDouble())}, organisation.epoch);
    CHECK(log::verifySignature(organisation.logPublicKey, message,
                               QByteArray::fromBase64(first.value(QStringLiteral("receipt")).toString().toLatin1())));
    const QJsonObject again = office.fixture.push(office.lerato, entry);
    CHECK(outcome(again) == QStringLiteral("duplicate "));
    CHECK(again.value(QStringLiteral("pos")) == first.value(QStringLiteral("pos")));
    CHECK(office.fixture.acceptedReplies == 1);
}

TEST_CASE("another entry with an id that is in the log is a conflict and an incident, and changes nothing")
{
    Office office;
    const QJsonObject entry = office.fixture.entry(office.lerato, office.thread, Kind::agentReply, reply(2));
    const QJsonObject first = office.fixture.push(office.lerato, entry);
    REQUIRE(outcome(first) == QStringLiteral("accepted "));
    auto part =
        log::decodeAuthorPart(QByteArray::fromBase64(entry.value(QStringLiteral("author_part")).toString().toLatin1()));
    const QByteArray other = reply(2, QStringLiteral("Good night"));
    const QByteArray salt(32, 's');
    part->commit = log::commitment(salt, part->kind, other);
    const QByteArray bytes = log::encode(*part);
    const QByteArray signature =
        office.lerato.key->sign(log::entryMessage(office.fixture.store->organisation().id, bytes));
    const auto text = [](const QByteArray& value) { return QString::fromLatin1(value.toBase64()); };
    const QJsonObject forged{{QStringLiteral("author_part"), text(bytes)},
                             {QStringLiteral("sig"), text(signature)},
                             {QStringLiteral("salt"), text(salt)},
                             {QStringLiteral("content"), text(other)}};
    const QJsonObject neighbour = office.fixture.entry(office.lerato, office.thread, Kind::agentReply, reply(3));
    const Answer answer =
        office.fixture.post(QStringLiteral("/v1/entries"), {{QStringLiteral("entries"), QJsonArray{forged, neighbour}}},
                            office.lerato.token);
    CHECK(answer.status == 409);
    const QJsonArray results = answer.body.value(QStringLiteral("results")).toArray();
    CHECK(outcome(results.at(0).toObject()) == QStringLiteral("refused same_id_other_bytes"));
    CHECK(outcome(results.at(1).toObject()) == QStringLiteral("accepted "));
    CHECK(office.fixture.store->incidents().conflictingIds == 1);
    CHECK(outcome(office.fixture.push(office.lerato, entry)) == QStringLiteral("duplicate "));
}

TEST_CASE("a reply is held back when the conversation moved, waited too long, or the 24 hours are over")
{
    Office office;
    CHECK(outcome(office.fixture.push(
              office.lerato, office.fixture.entry(office.lerato, office.thread, Kind::agentReply, reply(1)))) ==
          QStringLiteral("refused conversation_moved"));
    QJsonObject old = office.fixture.entry(office.lerato, office.thread, Kind::agentReply, reply(2));
    office.fixture.clock.advance(9 * 60); // the token still lives
    CHECK(outcome(office.fixture.push(office.lerato, old)) == QStringLiteral("accepted "));

    // Two agents press Send at once: one reply goes out.
    Office busy;
    busy.fixture.addUser(QStringLiteral("tshepo"));
    REQUIRE(busy.fixture
                .post(QStringLiteral("/v1/grants"),
                      {{QStringLiteral("login"), QStringLiteral("tshepo")},
                       {QStringLiteral("scope"), QStringLiteral("motor")}},
                      busy.fixture.adminToken())
                .status == 200);
    Desk second = busy.fixture.signIn(QStringLiteral("tshepo"));
    const QJsonObject mine = busy.fixture.entry(busy.lerato, busy.thread, Kind::agentReply, reply(2));
    const QJsonObject hers = busy.fixture.entry(second, busy.thread, Kind::agentReply, reply(2));
    CHECK(outcome(busy.fixture.push(busy.lerato, mine)) == QStringLiteral("accepted "));
    CHECK(outcome(busy.fixture.push(second, hers)) == QStringLiteral("refused conversation_moved"));

    // One's own acts are no news: two replies in a row, and one behind one's own assignment, go out.
    const QByteArray assigned = domain::toJson(domain::ThreadAssigned{busy.lerato.user});
    for (const auto& [kind, content] :
         {std::pair(Kind::agentReply, reply(2)), std::pair(Kind::threadAssigned, assigned),
          std::pair(Kind::agentReply, reply(2))})
        CHECK(outcome(busy.fixture.push(busy.lerato, busy.fixture.entry(busy.lerato, busy.thread, kind, content))) ==
              QStringLiteral("accepted "));
    busy.fixture.customerWrites(busy.thread, QStringLiteral("Wait"));
    CHECK(outcome(busy.fixture.push(busy.lerato,
                                    busy.fixture.entry(busy.lerato, busy.thread, Kind::agentReply, reply(2)))) ==
          QStringLiteral("refused conversation_moved"));

    Office late;
    late.fixture.clock.advance(25 * 3600);
    late.lerato = late.fixture.signIn(QStringLiteral("lerato"));
    CHECK(outcome(late.fixture.push(late.lerato,
                                    late.fixture.entry(late.lerato, late.thread, Kind::agentReply, reply(2)))) ==
          QStringLiteral("refused window_closed"));
}

TEST_CASE("a note is accepted and never reaches the channel")
{
    Office office;
    const QByteArray note = domain::toJson(domain::InternalNote{QStringLiteral("Hold settlement"), {}});
    CHECK(outcome(office.fixture.push(office.lerato,
                                      office.fixture.entry(office.lerato, office.thread, Kind::internalNote, note))) ==
          QStringLiteral("accepted "));
    CHECK(office.fixture.acceptedReplies == 0);
}

TEST_CASE("what is not one's own, not allowed or not whole is refused, and does not hold up its neighbours")
{
    Office office;
    ApiFixture& fixture = office.fixture;
    const auto good = [&] { return fixture.entry(office.lerato, office.thread, Kind::agentReply, reply(2)); };
    CHECK(outcome(fixture.push(office.fatima, fixture.entry(office.fatima, office.thread, Kind::agentReply,
                                                            reply(2)))) == QStringLiteral("refused denied"));
    CHECK(outcome(fixture.push(office.fatima, good())) != QStringLiteral("accepted "));
    CHECK(outcome(fixture.push(office.lerato, fixture.entry(office.lerato, office.thread, Kind::deliveryStatus,
                                                            "{}"))) == QStringLiteral("refused bad_content"));
    CHECK(outcome(fixture.push(office.lerato,
                               fixture.entry(office.lerato, office.thread, Kind::agentReply, "{\"text\":{}}"))) ==
          QStringLiteral("refused bad_content"));
    CHECK(outcome(fixture.push(office.lerato, fixture.entry(office.lerato, fixture.random.id<ThreadId>(),
                                                            Kind::agentReply, reply(2)))) ==
          QStringLiteral("refused unknown_thread"));
    QJsonObject forged = good();
    forged.insert(QStringLiteral("sig"), QString::fromLatin1(QByteArray(64, 'x').toBase64()));
    CHECK(outcome(fixture.push(office.lerato, forged)) == QStringLiteral("refused bad_signature"));

    const Answer mixed =
        fixture.post(QStringLiteral("/v1/entries"), {{QStringLiteral("entries"), QJsonArray{forged, good(), forged}}},
                     office.lerato.token);
    const QJsonArray results = mixed.body.value(QStringLiteral("results")).toArray();
    REQUIRE(results.size() == 3);
    CHECK(outcome(results.at(0).toObject()) == QStringLiteral("refused bad_signature"));
    CHECK(outcome(results.at(1).toObject()) == QStringLiteral("accepted "));
}

TEST_CASE("blobs are uploaded by chunks, checked, and seen only by those who see their thread")
{
    Office office;
    const QByteArray bytes = office.fixture.random.bytes(600'000);
    const auto blob = office.fixture.random.id<BlobId>();
    const auto begin = [&](const QByteArray& token) {
        return office.fixture.post(QStringLiteral("/v1/blobs"),
                                   {{QStringLiteral("thread"), office.thread.toHexString()},
                                    {QStringLiteral("blob"), blob.toHexString()},
                                    {QStringLiteral("size"), bytes.size()},
                                    {QStringLiteral("mime"), QStringLiteral("image/jpeg")},
                                    {QStringLiteral("sha256"), QString::fromLatin1(sha256({bytes}).toHex())}},
                                   token);
    };
    CHECK(begin(office.fatima.token).status == 404);
    REQUIRE(begin(office.lerato.token).status == 200);
    const QString path = QStringLiteral("/v1/blobs/") + blob.toHexString();
    CHECK(office.fixture.call("GET", path, {}, office.lerato.token).status == 404); // not complete yet
    CHECK(office.fixture.call("GET", path, {}, office.fatima.token).raw ==
          office.fixture.call("GET", QStringLiteral("/v1/blobs/") + QString(32, u'a'), {}, office.fatima.token).raw);
}

TEST_CASE("a desk records that a file was saved in the audit, which no desk receives")
{
    Office office;
    const Answer signedIn = office.fixture.post(
        QStringLiteral("/v1/token"),
        {{QStringLiteral("refresh"), QString::fromLatin1(office.lerato.refresh)},
         {QStringLiteral("proof"),
          QString::fromLatin1(office.lerato.key->sign(log::refreshMessage(office.lerato.refresh)).toBase64())}});
    REQUIRE(signedIn.status == 200);
    office.lerato.token = signedIn.body.value(QStringLiteral("token")).toString().toLatin1();
    const auto acts = ThreadId::fromHex(QStringView(signedIn.body.value(QStringLiteral("acts")).toString()));
    REQUIRE(acts == office.fixture.store->organisation().auditThread);

    const QByteArray saved = domain::toJson(
        domain::FileSaved{office.thread, office.fixture.random.id<EntryId>(), office.fixture.random.id<BlobId>()});
    const QJsonObject entry = office.fixture.entry(office.lerato, *acts, Kind::fileSaved, saved);
    const QJsonObject result = office.fixture.push(office.lerato, entry);
    CHECK(outcome(result) == QStringLiteral("accepted "));
    // Its kind only, and there only.
    CHECK(outcome(office.fixture.push(office.lerato, office.fixture.entry(office.lerato, office.thread, Kind::fileSaved,
                                                                          saved))) == QStringLiteral("refused denied"));
    CHECK(outcome(office.fixture.push(
              office.lerato, office.fixture.entry(office.lerato, *acts, Kind::internalNote, "{\"text\":\"x\"}"))) ==
          QStringLiteral("refused denied"));

    const QString header = result.value(QStringLiteral("header")).toString();
    REQUIRE_FALSE(header.isEmpty());
    const Answer feed = office.fixture.post(QStringLiteral("/v1/changes"), {}, office.lerato.token);
    REQUIRE(feed.status == 200);
    CHECK(feed.body.value(QStringLiteral("entries")).toArray().size() > 3);
    for (const QJsonValue& each : feed.body.value(QStringLiteral("entries")).toArray())
        CHECK(each.toObject().value(QStringLiteral("header")).toString() != header);
}

TEST_CASE("trouble of the store is never taken for a judgement on an entry: the desk keeps it and asks again")
{
    Office office;
    const QJsonObject entry = office.fixture.entry(office.lerato, office.thread, Kind::agentReply, reply(2));
    const auto push = [&] {
        return office.fixture.post(QStringLiteral("/v1/entries"), {{QStringLiteral("entries"), QJsonArray{entry}}},
                                   office.lerato.token);
    };
    for (const ErrorCode code :
         {ErrorCode::conflict, ErrorCode::fenced, ErrorCode::invalidInput, ErrorCode::tooLarge}) {
        office.fixture.channelFails = Error{code, QStringLiteral("Something is wrong here.")};
        CHECK(push().status == 503);
    }
    office.fixture.channelFails.reset();
    CHECK(push().status == 200);
}

TEST_CASE("rights that were lost while an entry waited for the store count")
{
    Office office;
    ApiFixture& fixture = office.fixture;
    const QJsonObject note = fixture.entry(office.lerato, office.thread, Kind::internalNote,
                                           domain::toJson(domain::InternalNote{QStringLiteral("Late"), {}}));
    // Holds the one thread that writes, and takes the account away at its end.
    std::promise<void> goOn;
    std::promise<bool> disabled;
    fixture.store->write<void>(
        [&goOn, user = office.lerato.user](store::StoreWriter& writer) -> Status {
            goOn.get_future().wait();
            auto account = writer.accounts().byId(user);
            if (!account)
                return tl::unexpected(account.error());
            (*account)->active = false;
            return writer.accounts().put(**account);
        },
        [&disabled](const Status& status) { disabled.set_value(status.has_value()); });
    auto pushed = std::async(std::launch::async, [&] { return fixture.push(office.lerato, note); });
    // Readers answer meanwhile; when this one did, the push was most likely admitted.
    CHECK(fixture.post(QStringLiteral("/v1/changes"), {}, office.lerato.token).status == 200);
    goOn.set_value();
    REQUIRE(disabled.get_future().get());
    CHECK(outcome(pushed.get()) != QStringLiteral("accepted "));
}

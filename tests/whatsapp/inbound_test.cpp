#include "central/channels/whatsapp/media_job.h"
#include "tests/support/store_tables.h"
#include "tests/whatsapp/channel_fixture.h"

#include <catch2/generators/catch_generators.hpp>

using namespace holdfast;
using namespace holdfast::test;
using namespace Qt::StringLiterals;
using domain::CustodyStep;
using store::InboxState;
using store::JobKind;

namespace {

Dialect anyDialect()
{
    const Dialect dialect = GENERATE(Dialect::embedded, Dialect::postgres);
    if (dialect == Dialect::postgres && !havePostgres())
        SKIP("HOLDFAST_TEST_PG names no PostgreSQL.");
    return dialect;
}

std::vector<CustodyStep> stepsOf(ChannelFixture& fixture)
{
    std::vector<CustodyStep> steps;
    for (const domain::MediaCustody& custody : fixture.all<domain::MediaCustody>())
        steps.push_back(custody.step);
    return steps;
}

std::vector<domain::ThreadOpened> casesOf(ChannelFixture& fixture)
{
    auto opened = fixture.all<domain::ThreadOpened>(); // the organisation's own threads too
    std::erase_if(opened, [](const auto& one) { return one.type != domain::ThreadType::customerCase; });
    return opened;
}

bool quiet(ChannelFixture& fixture)
{
    return fixture.inboxCount(InboxState::waiting) == 0 && fixture.jobs(JobKind::media) == 0;
}

} // namespace

TEST_CASE("the handshake answers the bare challenge to our token only")
{
    ChannelFixture fixture;
    http::ClientRequest ask;
    ask.url = fixture.url() + "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=verify%2Ffor%20tests";
    const auto answer = fixture.request(ask);
    CHECK(answer.status == 200);
    CHECK(answer.body == "1158201444");
    for (const QByteArray& query : {QByteArray("?hub.mode=subscribe&hub.challenge=1&hub.verify_token=wrong"),
                                    QByteArray("?hub.mode=subscribe&hub.challenge=1"), QByteArray()}) {
        ask.url = fixture.url() + query;
        CHECK(fixture.request(ask).status == 403);
    }
}

TEST_CASE("only signed bodies are kept, and signed ones whatever they hold")
{
    ChannelFixture fixture;
    const QByteArray body = jsonOf(bodyWith({textMessage(u"wamid.1"_s, u"Hello"_s)}));
    QByteArray other = ChannelFixture::signatureOf(body);
    other[10] = other[10] == 'a' ? 'b' : 'a';
    for (const QByteArray& signature :
         {QByteArray(), QByteArray("sha256="), QByteArray("sha256=zz"), other, ChannelFixture::signatureOf(body + ' ')})
        CHECK(fixture.post(body, signature).status == 401);
    CHECK(fixture.channels->counters().badSignatures == 5);
    CHECK(fixture.inboxCount(InboxState::waiting) + fixture.inboxCount(InboxState::done) == 0);

    CHECK(fixture.postSigned(QByteArray(4 * 1024 * 1024, 'x')).status == 413);
    const std::vector<QByteArray> bad{"{\"entry\":", "not JSON", QByteArray(3 * 1024 * 1024, '['),
                                      QByteArray("{\"a\":").repeated(10'000)};
    for (const QByteArray& one : bad)
        CHECK(fixture.postSigned(one).status == 200);
    CHECK(eventually([&] { return fixture.inboxCount(InboxState::failed) == qint64(bad.size()); }));
    CHECK(fixture.postSigned(body).status == 200); // the service goes on
    CHECK(eventually([&] { return fixture.all<domain::CustomerMessage>().size() == 1; }));
}

TEST_CASE("a customer's words open a case in the intake scope, and the next ones go there too")
{
    ChannelFixture fixture(anyDialect());
    (void)fixture.customerWrites(u"Good morning – is my claim paid? 😀"_s);
    // Webhooks come in no promised order: the second is written once the first is there.
    REQUIRE(eventually([&] { return fixture.all<domain::CustomerMessage>().size() == 1; }));
    (void)fixture.customerWrites(u"And one more thing"_s);
    REQUIRE(eventually([&] { return fixture.all<domain::CustomerMessage>().size() == 2; }));
    const auto messages = fixture.all<domain::CustomerMessage>();
    CHECK(messages[0].text == u"Good morning – is my claim paid? 😀"_s);
    CHECK(messages[0].fromName == u"Thandi"_s);
    CHECK(messages[0].fromAddress == u"+27825550143"_s);
    CHECK(messages[0].channel == u"main"_s);
    CHECK(messages[0].person == messages[1].person);
    const auto opened = casesOf(fixture);
    REQUIRE(opened.size() == 1);
    CHECK(opened.front().person == messages[0].person);
    const auto people = fixture.all<domain::PersonFacts>();
    REQUIRE(people.size() == 1);
    CHECK(people.front().name == u"Thandi"_s);
    CHECK(people.front().phones == QList<QString>{u"+27825550143"_s});
    const auto found = fixture.read<std::optional<PersonId>>(
        [](store::StoreReader& reader) { return reader.people().personByPhone(u"+27825550143"_s); });
    REQUIRE(found);
    CHECK(*found == messages[0].person);
}

TEST_CASE("a new case is linked to the policy of a customer who has just one")
{
    ChannelFixture fixture(anyDialect());
    const int policies = GENERATE(1, 2);
    domain::PersonFacts facts;
    facts.name = u"Thandi Mokoena"_s;
    facts.phones = {u"+27825550143"_s};
    store::AppendBatch batch;
    const PersonId person = fixture.random.id<PersonId>();
    batch.entries.push_back(
        store::centralEntry(fixture.clock, fixture.random, person, domain::Kind::personFacts, domain::toJson(facts)));
    for (int i = 0; i < policies; ++i) {
        domain::PolicyFacts policy;
        policy.number = u"HL-%1"_s.arg(i);
        policy.holder = person;
        batch.entries.push_back(store::centralEntry(fixture.clock, fixture.random, fixture.random.id<PolicyId>(),
                                                    domain::Kind::policyFacts, domain::toJson(policy)));
    }
    for (store::EntryToAppend& entry : batch.entries)
        entry.newThreadScope = fixture.store->organisation().everyone;
    const ThreadId policy = batch.entries.back().author.thread;
    std::promise<bool> put;
    fixture.store->append(std::move(batch), [&put](const auto& results) { put.set_value(results.has_value()); });
    REQUIRE(put.get_future().get());
    (void)fixture.openConversation();
    CHECK(casesOf(fixture).front().person == person);
    const auto links = fixture.all<domain::ThreadLinked>();
    REQUIRE(links.size() == (policies == 1 ? 1 : 0));
    CHECK((links.empty() || links.front().policy == policy));
}

TEST_CASE("repeated webhooks add nothing")
{
    ChannelFixture fixture(anyDialect());
    const QJsonObject one = textMessage(u"wamid.1"_s, u"Hello"_s);
    const QByteArray body = jsonOf(bodyWith({one, one, textMessage(u"wamid.2"_s, u"Again"_s)}));
    for (int i = 0; i < 3; ++i)
        CHECK(fixture.postSigned(body).status == 200);
    REQUIRE(eventually([&] { return fixture.inboxCount(InboxState::done) == 3; }));
    CHECK(fixture.all<domain::CustomerMessage>().size() == 2);
    CHECK(casesOf(fixture).size() == 1);
}

TEST_CASE("what was answered 200 and not read yet is read by the next process")
{
    ChannelFixture fixture(anyDialect());
    fixture.stopChannel();
    const QByteArray body = jsonOf(bodyWith({textMessage(u"wamid.1"_s, u"Before the kill"_s)}));
    std::promise<bool> put;
    fixture.store->putRaw(u"whatsapp"_s, body, [&put](const Result<qint64>& id) { put.set_value(id.has_value()); });
    REQUIRE(put.get_future().get());
    REQUIRE(fixture.inboxCount(InboxState::waiting) == 1);
    fixture.startChannel();
    REQUIRE(eventually([&] { return fixture.inboxCount(InboxState::done) == 1; }));
    CHECK(fixture.all<domain::CustomerMessage>().size() == 1);
    // The phone repeats what it did not see answered.
    CHECK(fixture.postSigned(body).status == 200);
    REQUIRE(eventually([&] { return fixture.inboxCount(InboxState::done) == 2; }));
    CHECK(fixture.all<domain::CustomerMessage>().size() == 1);
}

TEST_CASE("every type is in the log, also what nobody knows and what names nobody")
{
    ChannelFixture fixture;
    QJsonArray messages;
    for (const Sample& sample : messageSamples()) {
        QJsonObject message = sample.message;
        message.insert(u"id"_s, u"wamid."_s + sample.name);
        messages.append(message);
    }
    QJsonObject nobody = textMessage(u"wamid.nobody"_s, u"Who am I"_s);
    nobody.remove(u"from"_s);
    const QByteArray body = jsonOf(envelope({{u"messages"_s, QJsonArray{nobody}}}));
    CHECK(fixture.postSigned(jsonOf(bodyWith(messages))).status == 200);
    CHECK(fixture.postSigned(body).status == 200);
    REQUIRE(eventually([&] { return fixture.inboxCount(InboxState::done) == 2; }));
    const auto seen = fixture.all<domain::CustomerMessage>();
    REQUIRE(seen.size() == messageSamples().size() + 1);
    for (size_t i = 0; i < messageSamples().size(); ++i)
        CHECK(seen[i].unparsed.isEmpty() == messageSamples()[i].understood);
    CHECK(seen.back().text == u"Who am I"_s);
}

TEST_CASE("errors of the account are shown where people look, each time that they come")
{
    ChannelFixture fixture;
    const QJsonObject lost{{u"code"_s, 131035},
                           {u"title"_s, u"Webhook could not be delivered within data retention limit"_s}};
    const QByteArray body = jsonOf(envelope({{u"errors"_s, QJsonArray{lost}}}));
    CHECK(fixture.postSigned(body).status == 200);
    CHECK(fixture.postSigned(body).status == 200);
    REQUIRE(eventually([&] { return fixture.all<domain::CustomerMessage>().size() == 2; }));
    const auto seen = fixture.all<domain::CustomerMessage>();
    CHECK(seen[0].type == u"errors"_s);
    CHECK(seen[0].text.startsWith(u"Webhook could not be delivered"_s));
    CHECK(seen[0].fromName == u"WhatsApp notices (main)"_s);
    CHECK(casesOf(fixture).size() == 1);
}

TEST_CASE("a part that does not fit an entry is noted, and its raw body kept")
{
    ChannelFixture fixture;
    QJsonObject huge = messageSamples().back().message;
    huge.insert(u"hologram"_s, QString(200'000, u'x'));
    const QJsonObject endless = textMessage(u"wamid.long"_s, QString(300'000, u'ä'));
    CHECK(fixture.postSigned(jsonOf(bodyWith({huge, endless}))).status == 200);
    REQUIRE(eventually([&] { return fixture.inboxCount(InboxState::failed) == 1; }));
    const auto seen = fixture.all<domain::CustomerMessage>();
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].unparsed.contains(u"note"_s));
    CHECK(seen[1].text.size() > 1'000);
}

TEST_CASE("a number that is not ours is kept aside, and read once the configuration names it")
{
    ChannelFixture fixture;
    QByteArray body = jsonOf(bodyWith({textMessage(u"wamid.1"_s, u"Hello"_s)}));
    body.replace(numberId, "999999999999999");
    CHECK(fixture.postSigned(body).status == 200);
    CHECK(eventually([&] { return fixture.inboxCount(InboxState::unplaced) == 1; }));
    CHECK(fixture.all<domain::CustomerMessage>().empty());
    fixture.stopChannel();
    fixture.phoneNumberId = u"999999999999999"_s;
    fixture.startChannel();
    REQUIRE(eventually([&] { return fixture.inboxCount(InboxState::done) == 1; }));
    CHECK(fixture.all<domain::CustomerMessage>().size() == 1);
}

TEST_CASE("bodies for an intake scope that does not exist hold nobody up, and are read once it does")
{
    ChannelFixture fixture;
    fixture.stopChannel();
    fixture.intakeScope = u"Claims"_s;
    fixture.startChannel();
    // More than one look takes.
    for (int i = 0; i < 40; ++i)
        CHECK(fixture.postSigned(jsonOf(bodyWith({textMessage(u"wamid.%1"_s.arg(i), u"Hello"_s)}))).status == 200);
    CHECK(eventually([&] { return fixture.inboxCount(InboxState::unplaced) == 40; }));
    fixture.addScope(u"Claims"_s);
    fixture.stopChannel();
    fixture.startChannel(); // as if half a minute had gone by
    REQUIRE(eventually([&] { return fixture.inboxCount(InboxState::done) == 40; }));
    CHECK(fixture.all<domain::CustomerMessage>().size() == 40);
    CHECK(casesOf(fixture).size() == 1);
}

TEST_CASE("one damaged body in the inbox is put aside, and what came after it is read")
{
    ChannelFixture fixture(Dialect::postgres);
    fixture.channels->stop(); // bodies are kept, but not read
    CHECK(fixture.postSigned(jsonOf(bodyWith({textMessage(u"wamid.1"_s, u"Lost"_s)}))).status == 200);
    StoreTables(fixture.config).flipBit(u"raw_inbox"_s, u"sealed"_s);
    CHECK(fixture.postSigned(jsonOf(bodyWith({textMessage(u"wamid.2"_s, u"Here"_s)}))).status == 200);
    fixture.stopChannel();
    fixture.startChannel();
    REQUIRE(eventually([&] { return fixture.inboxCount(InboxState::done) == 1; }));
    CHECK(fixture.inboxCount(InboxState::failed) == 1);
    REQUIRE(fixture.all<domain::CustomerMessage>().size() == 1);
    CHECK(fixture.all<domain::CustomerMessage>().front().text == u"Here"_s);
}

TEST_CASE("a person is the same by phone, by user id, and after a change of number")
{
    ChannelFixture fixture;
    QJsonObject first = textMessage(u"wamid.1"_s, u"One"_s);
    first.insert(u"from_user_id"_s, u"ZA.1349"_s);
    QJsonObject second = textMessage(u"wamid.2"_s, u"Two"_s);
    second.remove(u"from"_s);
    second.insert(u"from_user_id"_s, u"ZA.1349"_s);
    QJsonObject third = textMessage(u"wamid.3"_s, u"Three"_s);
    third.insert(u"from"_s, u"27825550199"_s);
    for (const QJsonObject& message : {first, second, messageSamples()[14].message, third})
        CHECK(fixture.postSigned(jsonOf(envelope({{u"messages"_s, QJsonArray{message}}}))).status == 200);
    REQUIRE(eventually([&] { return fixture.all<domain::CustomerMessage>().size() == 4; }));
    const auto seen = fixture.all<domain::CustomerMessage>();
    for (const auto& message : seen)
        CHECK(message.person == seen.front().person);
    CHECK(casesOf(fixture).size() == 1);
}

TEST_CASE("a photo is pulled, checked, stored and deleted at the provider, each step in the log")
{
    ChannelFixture fixture(anyDialect());
    // The header of a picture of 960 x 720, and three chunks of anything.
    const QByteArray photo =
        QByteArray::fromHex("89504e470d0a1a0a0000000d49484452000003c0000002d0") + fixture.random.bytes(700'000);
    const QByteArray media = fixture.customerSends(photo, "image/jpeg");
    REQUIRE(eventually([&] { return !stepsOf(fixture).empty() && quiet(fixture); }));
    CHECK(stepsOf(fixture) ==
          std::vector{CustodyStep::pulled, CustodyStep::verified, CustodyStep::stored, CustodyStep::deletedAtProvider});
    const auto custody = fixture.all<domain::MediaCustody>();
    const domain::Attachment file = custody[2].attachment;
    CHECK(file.size == photo.size());
    CHECK(file.sha256 == sha256({photo}));
    CHECK(std::pair(file.width, file.height) == std::pair(960, 720));
    CHECK(fixture.all<domain::CustomerMessage>().front().attachments.front().id == file.id);
    const auto kept = fixture.read<QByteArray>(
        [&](store::StoreReader& reader) { return reader.blobs().range(file.id, 0, photo.size()); });
    REQUIRE(kept);
    CHECK(*kept == photo);
    const auto atProvider = fixture.phone->media().find(media);
    REQUIRE(atProvider);
    CHECK(atProvider->deletedAt.has_value());
    CHECK(atProvider->deletedBy == numberId);
}

TEST_CASE("a file whose hash differs is kept aside and stays at the provider")
{
    ChannelFixture fixture;
    const auto* kind = GENERATE("wrong_hash", "wrong_declared_hash");
    fixture.order("media", {{u"kind"_s, QString::fromLatin1(kind)}});
    const QByteArray media = fixture.customerSends(QByteArray("not really a photo"), "image/jpeg");
    REQUIRE(eventually([&] { return !stepsOf(fixture).empty() && quiet(fixture); }));
    CHECK(stepsOf(fixture) == std::vector{CustodyStep::pulled, CustodyStep::mismatch});
    const domain::Attachment file = fixture.all<domain::MediaCustody>().back().attachment;
    const auto kept =
        fixture.read<QByteArray>([&](store::StoreReader& reader) { return reader.blobs().range(file.id, 0, 100); });
    REQUIRE(kept);
    CHECK(kept->size() == 18);
    CHECK(fixture.phone->media().exists(media));
}

TEST_CASE("an address that is over, and a file that is not there yet, are asked for again")
{
    ChannelFixture fixture;
    fixture.order("media", {{u"kind"_s, u"expired_url"_s}, {u"count"_s, 2}});
    fixture.order("media", {{u"kind"_s, u"not_found"_s}, {u"count"_s, 3}});
    (void)fixture.customerSends(QByteArray("a quote"), "application/pdf", u"quote.pdf"_s);
    REQUIRE(eventually([&] { return !stepsOf(fixture).empty() && quiet(fixture); }));
    CHECK(stepsOf(fixture) == std::vector{CustodyStep::failed, CustodyStep::pulled, CustodyStep::verified,
                                          CustodyStep::stored, CustodyStep::deletedAtProvider});
    CHECK(fixture.all<domain::MediaCustody>().back().attachment.name == u"quote.pdf"_s);
}

TEST_CASE("a pull that was interrupted goes on in the next process")
{
    ChannelFixture fixture;
    fixture.order("media", {{u"kind"_s, u"not_found"_s}, {u"count"_s, 1'000}});
    (void)fixture.customerSends(QByteArray("a photo"), "image/png");
    REQUIRE(eventually([&] { return fixture.jobs(JobKind::media) == 1; }));
    fixture.stopChannel();
    (void)fixture.control("DELETE", "/control/faults");
    fixture.startChannel();
    REQUIRE(eventually([&] { return quiet(fixture); }));
    CHECK(stepsOf(fixture).back() == CustodyStep::deletedAtProvider);
}

TEST_CASE("a file that the token may not see any more does not count as deleted")
{
    ChannelFixture fixture;
    const ThreadId thread = fixture.openConversation();
    std::atomic<bool> mayUseNumber = false;
    std::atomic<int> asked = 0;
    // As the Graph API answers, whether the object is gone or the token lost its right.
    const auto unseen = [](const http::Request&, const http::Responder& responder) {
        responder.respond(http::Response::json(400, R"({"error":{"code":100,"error_subcode":33,"message":"No."}})"));
    };
    http::Router router;
    router.add("DELETE", "/v25.0/media-1", unseen);
    router.add("GET", "/v25.0/media-1", unseen);
    router.add("GET", "/v25.0/{number}/settings", [&](const http::Request&, const http::Responder& responder) {
        ++asked;
        responder.respond(http::Response::json(mayUseNumber ? 200 : 403, "{}"));
    });
    http::Server provider(http::ServerOptions(), std::move(router));
    REQUIRE(provider.start());
    fixture.stopChannel();
    fixture.graphUrl = u"http://127.0.0.1:%1"_s.arg(provider.port());
    store::Job job;
    job.entry = fixture.random.entryId(fixture.clock.now());
    job.part = fixture.random.id<BlobId>().toBytes();
    job.thread = thread;
    job.channel = u"main"_s;
    job.state = whatsapp::mediaDelete;
    job.dueAt = fixture.clock.now();
    job.payload = whatsapp::toPayload(
        whatsapp::MediaOrder{u"media-1"_s, u"image/jpeg"_s, {}, std::nullopt, fixture.clock.now(), {}});
    REQUIRE(fixture.write<void>([&](store::StoreWriter& writer) { return writer.media().put(job); }));
    fixture.startChannel();
    REQUIRE(eventually([&] { return asked >= 2; }));
    CHECK(stepsOf(fixture).empty());
    mayUseNumber = true;
    REQUIRE(eventually([&] { return fixture.jobs(JobKind::media) == 0; }));
    CHECK(stepsOf(fixture).back() == CustodyStep::deletedAtProvider);
    fixture.stopChannel();
    provider.stop();
}

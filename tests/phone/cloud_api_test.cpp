#include "central/http/multipart.h"
#include "models/base/digest.h"
#include "phone/send_request.h"
#include "tests/phone/phone_fixture.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray messages = QByteArray("/v25.0/") + PhoneFixture::numberId + "/messages";
const QByteArray photo = QByteArray::fromHex("ffd8ffe000104a464946") + QByteArray(5000, '\x7f');

QByteArray customerSendsPhoto(PhoneFixture& fixture)
{
    const auto answer = fixture.control("POST", "/control/messages",
                                        {{u"from"_s, QString::fromLatin1(PhoneFixture::customer)},
                                         {u"type"_s, u"image"_s},
                                         {u"text"_s, u"the bumper"_s},
                                         {u"file"_s, QString::fromLatin1(photo.toBase64())},
                                         {u"mime"_s, u"image/jpeg"_s}});
    REQUIRE(answer.status == 200);
    return objectOf(answer)[u"media"_s].toString().toLatin1();
}

void order(PhoneFixture& fixture, const QString& group, const QJsonObject& fault)
{
    REQUIRE(fixture.control("POST", "/control/faults", {{group, QJsonArray{fault}}}).status == 200);
}

} // namespace

TEST_CASE("Without the token nothing is answered but 190")
{
    PhoneFixture fixture;
    for (const QByteArray token : {"Bearer wrong", "Basic access-for-tests", "access-for-tests", "Bearer "}) {
        const auto answer = fixture.graph("POST", messages, "{}", {{"Authorization", token}});
        CHECK(answer.status == 401);
        CHECK(graphCode(answer) == 190);
        CHECK(objectOf(answer)[u"error"_s][u"type"_s] == u"OAuthException"_s);
    }
    CHECK(fixture.graph("GET", "/files/whatsapp/x", {}, {{"Authorization", "Bearer wrong"}}).status == 401);
}

TEST_CASE("A reply is accepted, arrives, and its statuses come back with the callback data")
{
    PhoneFixture fixture;
    const QByteArray question = fixture.customerWrites(u"Am I covered?"_s);
    (void)fixture.receiver.next();
    QJsonObject reply = textTo(PhoneFixture::customer, u"Yes, since 1 March."_s);
    reply.insert(u"biz_opaque_callback_data"_s, u"out-0001"_s);
    reply.insert(u"context"_s, QJsonObject{{u"message_id"_s, QString::fromLatin1(question)}});
    const auto answer = fixture.send(reply);
    REQUIRE(answer.status == 200);
    const QJsonObject accepted = objectOf(answer);
    CHECK(accepted[u"contacts"_s][0][u"input"_s] == u"+27825550143"_s);
    CHECK(accepted[u"contacts"_s][0][u"wa_id"_s] == u"27825550143"_s);
    const QString id = accepted[u"messages"_s][0][u"id"_s].toString();
    CHECK(id.startsWith(u"wamid."));
    const QJsonObject sent = fixture.receiver.next().status();
    CHECK(sent[u"status"_s] == u"sent"_s);
    CHECK(sent[u"id"_s] == id);
    CHECK(sent[u"recipient_id"_s] == u"27825550143"_s);
    CHECK(sent[u"biz_opaque_callback_data"_s] == u"out-0001"_s);
    CHECK(sent[u"pricing"_s][u"pricing_model"_s] == u"PMP"_s);
    CHECK(fixture.receiver.next().status()[u"status"_s] == u"delivered"_s);
    const QJsonObject read =
        objectOf(fixture.control("POST", "/control/read", {{u"from"_s, QString::fromLatin1(PhoneFixture::customer)}}));
    CHECK(read[u"read"_s] == 1);
    CHECK(fixture.receiver.next().status()[u"status"_s] == u"read"_s);
    const QJsonObject stored = fixture.state()[u"messages"_s][1].toObject();
    CHECK(stored[u"text"_s] == u"Yes, since 1 March."_s);
    CHECK(stored[u"reply_to"_s].toString().toLatin1() == question);
    CHECK(stored[u"status"_s] == u"read"_s);
}

TEST_CASE("The order of statuses, and statuses on demand, are as ordered")
{
    PhoneFixture fixture;
    (void)fixture.customerWrites(u"hello"_s);
    (void)fixture.receiver.next();
    order(fixture, u"webhooks"_s, {{u"kind"_s, u"reorder_statuses"_s}});
    (void)fixture.sendText(u"one"_s);
    CHECK(fixture.receiver.next().status()[u"status"_s] == u"delivered"_s);
    CHECK(fixture.receiver.next().status()[u"status"_s] == u"sent"_s);
    REQUIRE(fixture.control("POST", "/control/statuses", {{u"automatic"_s, QJsonArray{}}, {u"delay_ms"_s, 0}}).status ==
            200);
    const QByteArray id = fixture.sendText(u"two"_s);
    const QByteArray target = "/control/messages/" + id.toPercentEncoding() + "/status";
    CHECK(fixture.control("POST", target, {{u"status"_s, u"failed"_s}, {u"code"_s, 131026}}).status == 200);
    const QJsonObject failed = fixture.receiver.next().status();
    CHECK(failed[u"status"_s] == u"failed"_s);
    CHECK(failed[u"errors"_s][0][u"code"_s] == 131026);
    CHECK(fixture.receiver.waiting() == 0);
    CHECK(fixture.control("POST", target, {{u"status"_s, u"eaten"_s}}).status == 400);
    CHECK(fixture.control("POST", "/control/messages/none/status", {{u"status"_s, u"sent"_s}}).status == 404);
}

TEST_CASE("Messages that are not valid are refused in the provider's shape")
{
    PhoneFixture fixture;
    const QJsonObject good = textTo(PhoneFixture::customer, u"x"_s);
    const auto without = [&good](const QString& key) {
        QJsonObject object = good;
        object.remove(key);
        return object;
    };
    const auto with = [&good](const QString& key, const QJsonValue& value) {
        QJsonObject object = good;
        object.insert(key, value);
        return object;
    };
    const std::pair<QJsonObject, int> cases[] = {
        {without(u"messaging_product"_s), 100},
        {without(u"to"_s), 100},
        {with(u"to"_s, u"not a number"_s), 131009},
        {with(u"to"_s, qint64(27825550143)), 100},
        {without(u"text"_s), 131008},
        {with(u"text"_s, u"plain"_s), 131008},
        {with(u"text"_s, QJsonObject{{u"body"_s, QString(4097, u'x')}}), 131009},
        {with(u"type"_s, u"hologram"_s), 131051},
        {with(u"type"_s, u"image"_s), 131008},
        {with(u"biz_opaque_callback_data"_s, QString(513, u'x')), 131009},
        {with(u"context"_s, QJsonObject{{u"message_id"_s, u"other"_s}}), 131009},
    };
    for (const auto& [object, code] : cases) {
        INFO(QJsonDocument(object).toJson().left(200).toStdString());
        const auto answer = fixture.send(object);
        CHECK(answer.status == 400);
        CHECK(graphCode(answer) == code);
    }
    for (const QByteArray body : {"", "[]", "null", "{\"a\":", "\xff\xfe"})
        CHECK(graphCode(fixture.graph("POST", messages, body)) == 100);
    QJsonObject image = with(u"type"_s, u"image"_s);
    image.insert(u"image"_s, QJsonObject{{u"id"_s, u"123"_s}});
    CHECK(graphCode(fixture.send(image)) == 100);
    for (const QByteArray target : {"/v25.0/1/messages", "/nonsense", "/x25.0/500100200300400/messages"})
        CHECK(graphCode(fixture.graph("POST", target, "{}")) == 100);
    CHECK(fixture.state()[u"messages"_s].toArray().isEmpty());
}

TEST_CASE("Flipped and truncated messages are read or refused, never worse")
{
    QJsonObject object = textTo(PhoneFixture::customer, u"claim"_s);
    object.insert(u"context"_s, QJsonObject{{u"message_id"_s, u"wamid.a"_s}});
    const QByteArray good = QJsonDocument(object).toJson(QJsonDocument::Compact);
    REQUIRE(phone::parseSendRequest(good)); // the control
    int refused = 0;
    for (qsizetype at = 0; at < good.size(); ++at) {
        refused += phone::parseSendRequest(good.left(at)) ? 0 : 1;
        for (const char to : {'\0', '"', '{', '[', '9', '\xff'}) {
            QByteArray bytes = good;
            bytes[at] = to;
            const auto parsed = phone::parseSendRequest(bytes);
            if (parsed && std::holds_alternative<phone::OutboundMessage>(*parsed))
                CHECK_FALSE(std::get<phone::OutboundMessage>(*parsed).message.customer.isEmpty());
        }
    }
    CHECK(refused == good.size());
    const QByteArray deep = R"({"messaging_product":)" + QByteArray(100'000, '[');
    CHECK_FALSE(phone::parseSendRequest(deep));
}

TEST_CASE("Outside the window free text fails with 131047 and a template goes out")
{
    PhoneFixture fixture;
    (void)fixture.customerWrites(u"hello"_s);
    (void)fixture.receiver.next();
    REQUIRE(fixture.control("POST", "/control/time", {{u"advance_us"_s, 25LL * 3600 * 1'000'000}}).status == 200);
    (void)fixture.sendText(u"too late"_s);
    const QJsonObject failed = fixture.receiver.next().status();
    CHECK(failed[u"status"_s] == u"failed"_s);
    CHECK(failed[u"errors"_s][0][u"code"_s] == 131047);
    QJsonObject message = textTo(PhoneFixture::customer, {});
    message.insert(u"type"_s, u"template"_s);
    message.insert(u"template"_s,
                   QJsonObject{{u"name"_s, u"claim_update"_s}, {u"language"_s, QJsonObject{{u"code"_s, u"en"_s}}}});
    CHECK(fixture.send(message).status == 200);
    CHECK(fixture.receiver.next().status()[u"status"_s] == u"sent"_s);
}

TEST_CASE("Reading and typing are taken for customers' messages only")
{
    PhoneFixture fixture;
    const QByteArray id = fixture.customerWrites(u"hello"_s);
    QJsonObject read{{u"messaging_product"_s, u"whatsapp"_s},
                     {u"status"_s, u"read"_s},
                     {u"message_id"_s, QString::fromLatin1(id)},
                     {u"typing_indicator"_s, QJsonObject{{u"type"_s, u"text"_s}}}};
    CHECK(objectOf(fixture.send(read))[u"success"_s] == true);
    CHECK(fixture.state()[u"messages"_s][0][u"read_by_business"_s] == true);
    read.insert(u"message_id"_s, u"wamid.none"_s);
    CHECK(graphCode(fixture.send(read)) == 131009);
}

TEST_CASE("A customer's photo is announced, fetched for five minutes, and deleted for good")
{
    PhoneFixture fixture;
    const QByteArray id = customerSendsPhoto(fixture);
    const QJsonObject image = fixture.receiver.next().message()[u"image"_s].toObject();
    CHECK(image[u"id"_s].toString().toLatin1() == id);
    CHECK(image[u"caption"_s] == u"the bumper"_s);
    CHECK(image[u"sha256"_s].toString().toLatin1() == sha256({photo}).toBytes().toBase64());
    const QJsonObject described = objectOf(fixture.graph("GET", "/v25.0/" + id));
    CHECK(described[u"sha256"_s].toString().toLatin1() == sha256({photo}).toHex());
    CHECK(described[u"file_size"_s].toInt() == photo.size());
    const QByteArray url = described[u"url"_s].toString().toLatin1();
    const auto got = fixture.fetch(url);
    CHECK(got.status == 200);
    CHECK(got.body == photo);
    CHECK(got.headers.value("Content-Type") == "image/jpeg");
    REQUIRE(fixture.control("POST", "/control/time", {{u"advance_us"_s, 301'000'000}}).status == 200);
    CHECK(fixture.fetch(url).status == 404);
    const QByteArray fresh = objectOf(fixture.graph("GET", "/v25.0/" + id))[u"url"_s].toString().toLatin1();
    CHECK(fixture.fetch(fresh).status == 200);
    CHECK(fixture.graph("DELETE", "/v25.0/" + id + "?phone_number_id=999").status == 400);
    const auto deleted = fixture.graph("DELETE", "/v25.0/" + id + "?phone_number_id=" + PhoneFixture::numberId);
    CHECK(objectOf(deleted)[u"success"_s] == true);
    CHECK(fixture.graph("GET", "/v25.0/" + id).status == 404);
    CHECK(fixture.fetch(fresh).status == 404);
    CHECK(fixture.graph("DELETE", "/v25.0/" + id).status == 400);
    const QJsonObject stored = fixture.state()[u"media"_s][0].toObject();
    CHECK(stored[u"deleted"_s] == true);
    CHECK(stored[u"deleted_by"_s] == QString::fromLatin1(PhoneFixture::numberId));
    CHECK(stored[u"deleted_us"_s].isDouble());
    CHECK(stored[u"downloads"_s] == 2);
}

TEST_CASE("Faults of media: other bytes, another hash, not found, over at once")
{
    PhoneFixture fixture;
    const QByteArray id = customerSendsPhoto(fixture);
    (void)fixture.receiver.next();
    const auto url = [&] { return objectOf(fixture.graph("GET", "/v25.0/" + id))[u"url"_s].toString().toLatin1(); };
    order(fixture, u"media"_s, {{u"kind"_s, u"wrong_hash"_s}});
    const auto spoilt = fixture.fetch(url());
    CHECK(spoilt.body.size() == photo.size());
    CHECK(spoilt.body != photo);
    CHECK(fixture.fetch(url()).body == photo);
    order(fixture, u"media"_s, {{u"kind"_s, u"not_found"_s}});
    CHECK(fixture.graph("GET", "/v25.0/" + id).status == 404);
    order(fixture, u"media"_s, {{u"kind"_s, u"expired_url"_s}});
    CHECK(fixture.fetch(url()).status == 404);
    CHECK(fixture.fetch(url()).status == 200);
    order(fixture, u"media"_s, {{u"kind"_s, u"wrong_declared_hash"_s}});
    (void)customerSendsPhoto(fixture);
    CHECK(fixture.receiver.next().message()[u"image"_s][u"sha256"_s].toString().toLatin1() !=
          sha256({photo}).toBytes().toBase64());
}

TEST_CASE("An uploaded document is sent and the customer can open it")
{
    PhoneFixture fixture;
    (void)fixture.customerWrites(u"my policy please"_s);
    const QByteArray pdf = "%PDF-1.4 a policy";
    const auto form = http::buildMultipart({{"messaging_product", {}, {}, "whatsapp"},
                                            {"type", {}, {}, "application/pdf"},
                                            {"file", "policy.pdf", "application/pdf", pdf}},
                                           "f00dfacef00dface");
    const QByteArray target = QByteArray("/v25.0/") + PhoneFixture::numberId + "/media";
    const auto uploaded = fixture.graph("POST", target, form.body, {{"Content-Type", form.contentType}});
    REQUIRE(uploaded.status == 200);
    const QString id = objectOf(uploaded)[u"id"_s].toString();
    QJsonObject message = textTo(PhoneFixture::customer, {});
    message.insert(u"type"_s, u"document"_s);
    message.insert(u"document"_s,
                   QJsonObject{{u"id"_s, id}, {u"filename"_s, u"policy.pdf"_s}, {u"caption"_s, u"here"_s}});
    REQUIRE(fixture.send(message).status == 200);
    const QJsonObject stored = fixture.state()[u"messages"_s][1].toObject();
    CHECK(stored[u"media"_s] == id);
    CHECK(stored[u"filename"_s] == u"policy.pdf"_s);
    CHECK(stored[u"mime"_s] == u"application/pdf"_s);
    CHECK(fixture.control("GET", "/control/media/" + id.toLatin1()).body == pdf);
    CHECK(graphCode(fixture.graph("POST", target, "junk", {{"Content-Type", form.contentType}})) == 100);
    const auto noFile = http::buildMultipart({{"messaging_product", {}, {}, "whatsapp"}}, "f00d");
    CHECK(graphCode(fixture.graph("POST", target, noFile.body, {{"Content-Type", noFile.contentType}})) == 100);
}

TEST_CASE("Faults of sending: refused, lost before, lost after, slow")
{
    PhoneFixture fixture;
    (void)fixture.customerWrites(u"hello"_s);
    http::ClientRequest request;
    request.method = "POST";
    request.url = fixture.graphUrl(messages);
    request.body = QJsonDocument(textTo(PhoneFixture::customer, u"answer"_s)).toJson();
    const auto count = [&] { return fixture.state()[u"messages"_s].toArray().size(); };

    order(fixture, u"sends"_s, {{u"kind"_s, u"refuse"_s}, {u"status"_s, 400}, {u"code"_s, 130429}});
    CHECK(graphCode(*fixture.tryGraph(request)) == 130429);
    CHECK(count() == 1);
    request.timeout = std::chrono::milliseconds(200);
    order(fixture, u"sends"_s, {{u"kind"_s, u"timeout"_s}});
    CHECK(fixture.tryGraph(request).error().code == ErrorCode::timeout);
    CHECK(count() == 1);
    order(fixture, u"sends"_s, {{u"kind"_s, u"timeout_after_accept"_s}});
    CHECK(fixture.tryGraph(request).error().code == ErrorCode::timeout);
    CHECK(count() == 2);
    request.timeout = std::chrono::seconds(20);
    order(fixture, u"sends"_s, {{u"kind"_s, u"cut_after_accept"_s}});
    CHECK(fixture.tryGraph(request).error().code == ErrorCode::unavailable);
    CHECK(count() == 3);
    order(fixture, u"sends"_s, {{u"kind"_s, u"slow"_s}, {u"ms"_s, 100}});
    const auto start = std::chrono::steady_clock::now();
    CHECK(fixture.tryGraph(request)->status == 200);
    CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(100));
    CHECK(fixture.state()[u"pending_faults"_s] == 0);
}

TEST_CASE("Storage settings are kept and read back; impossible ones are refused")
{
    PhoneFixture fixture;
    const QByteArray target = QByteArray("/v25.0/") + PhoneFixture::numberId + "/settings";
    const auto set = [&](const QByteArray& storage) {
        return fixture.graph("POST", target, "{\"storage_configuration\":" + storage + "}").status;
    };
    const auto status = [&] {
        return objectOf(fixture.graph("GET", target))[u"storage_configuration"_s][u"status"_s].toString();
    };
    CHECK(status() == u"DEFAULT");
    CHECK(set(R"({"status":"IN_COUNTRY_STORAGE_ENABLED","data_localization_region":"ZA"})") == 200);
    CHECK(status() == u"IN_COUNTRY_STORAGE_ENABLED");
    CHECK(set(R"({"status":"NO_STORAGE_ENABLED","retention_minutes":30})") == 400);
    CHECK(set(R"({"status":"NO_STORAGE_ENABLED","retention_minutes":60})") == 200);
    CHECK(set("[]") == 400);
    CHECK(status() == u"NO_STORAGE_ENABLED");
}

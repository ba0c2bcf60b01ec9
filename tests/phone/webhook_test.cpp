#include "models/base/digest.h"
#include "phone/webhook_body.h"
#include "tests/phone/phone_fixture.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray signedBy(const QByteArray& secret, const QByteArray& body)
{
    return "sha256=" + hmacSha256(secret, {body}).toHex();
}

} // namespace

TEST_CASE("The signature is the known one")
{
    CHECK(phone::signatureOf("test_app_secret", R"({"object":"whatsapp_business_account","entry":[]})") ==
          "sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756");
}

TEST_CASE("Bodies are escaped as the provider does, and mean the same")
{
    const QString text = u"M\u00fcller \u00fb/\U0001F697 \"\u2028\\ \n"_s;
    const QByteArray body = phone::escapedJson({{u"t"_s, text}});
    CHECK(body.contains("\\u00fc"));
    CHECK(body.contains("\\/"));
    CHECK(body.contains("\\ud83d\\ude97"));
    for (const char c : body)
        CHECK(static_cast<unsigned char>(c) < 0x80);
    CHECK(QJsonDocument::fromJson(body).object()[u"t"_s].toString() == text);
}

TEST_CASE("A customer's text arrives signed over exactly its bytes")
{
    PhoneFixture fixture;
    const QByteArray id = fixture.customerWrites(u"Gr\u00fc\u00dfe, siehe 1/2"_s);
    const Received received = fixture.receiver.next();
    CHECK(received.signature == signedBy(PhoneFixture::secret, received.body));
    CHECK(received.body.contains("Gr\\u00fc\\u00dfe, siehe 1\\/2"));
    CHECK(received.json[u"object"_s] == u"whatsapp_business_account"_s);
    CHECK(received.json[u"entry"_s][0][u"id"_s] == QString::fromLatin1(PhoneFixture::wabaId));
    CHECK(received.value()[u"metadata"_s][u"phone_number_id"_s] == QString::fromLatin1(PhoneFixture::numberId));
    CHECK(received.value()[u"contacts"_s][0][u"profile"_s][u"name"_s] == u"Thandi"_s);
    CHECK(received.value()[u"contacts"_s][0][u"wa_id"_s] == QString::fromLatin1(PhoneFixture::customer));
    CHECK(received.message()[u"id"_s].toString().toLatin1() == id);
    CHECK(received.message()[u"from"_s] == QString::fromLatin1(PhoneFixture::customer));
    CHECK(received.message()[u"text"_s][u"body"_s] == u"Gr\u00fc\u00dfe, siehe 1/2"_s);
    CHECK(received.message()[u"timestamp"_s].isString());
}

TEST_CASE("A refused webhook comes again with the same bytes until it is taken")
{
    PhoneFixture fixture;
    fixture.receiver.answerNextWith({503, 500, 401});
    (void)fixture.customerWrites(u"again"_s);
    const Received first = fixture.receiver.next();
    for (int i = 0; i < 3; ++i) {
        const Received more = fixture.receiver.next();
        CHECK(more.body == first.body);
        CHECK(more.signature == first.signature);
    }
    QJsonObject delivery;
    do
        delivery = fixture.state()[u"deliveries"_s][0].toObject();
    while (!delivery[u"done"_s].toBool());
    const QJsonArray attempts = delivery[u"attempts"_s].toArray();
    REQUIRE(attempts.size() == 4);
    CHECK(attempts[0][u"status"_s] == 503);
    CHECK(attempts[3][u"status"_s] == 200);
}

TEST_CASE("Ordered faults spoil the next webhook and no other")
{
    PhoneFixture fixture;
    const auto order = [&](const QString& kind, const QJsonObject& more = {}) {
        QJsonObject fault = more;
        fault.insert(u"kind"_s, kind);
        CHECK(fixture.control("POST", "/control/faults", {{u"webhooks"_s, QJsonArray{fault}}}).status == 200);
        (void)fixture.customerWrites(u"hello"_s);
        return fixture.receiver.next();
    };
    const auto good = [](const Received& one) { return one.signature == signedBy(PhoneFixture::secret, one.body); };
    const Received wrong = order(u"wrong_signature"_s);
    CHECK(wrong.signature.startsWith("sha256="));
    CHECK_FALSE(good(wrong));
    CHECK(order(u"no_signature"_s).signature.isEmpty());
    const Received cut = order(u"truncated"_s);
    CHECK_FALSE(good(cut));
    CHECK(cut.json.isEmpty());
    const Received once = order(u"duplicate"_s);
    const Received twice = fixture.receiver.next();
    CHECK(once.body == twice.body);
    CHECK(good(twice));
    CHECK(good(order(u"delay"_s, {{u"ms"_s, 30}})));
    (void)fixture.customerWrites(u"plain again"_s);
    CHECK(good(fixture.receiver.next()));
    CHECK(fixture.receiver.waiting() == 0);
    CHECK(fixture.control("POST", "/control/faults", {{u"webhooks"_s, QJsonArray{u"x"_s}}}).status == 400);
}

TEST_CASE("A spoilt webhook that is refused is delivered properly when that was ordered")
{
    PhoneFixture fixture;
    const QJsonObject fault{{u"kind"_s, u"wrong_signature"_s}, {u"retry"_s, true}};
    REQUIRE(fixture.control("POST", "/control/faults", {{u"webhooks"_s, QJsonArray{fault}}}).status == 200);
    fixture.receiver.answerNextWith({401});
    (void)fixture.customerWrites(u"hello"_s);
    const Received wrong = fixture.receiver.next();
    const Received right = fixture.receiver.next();
    CHECK(wrong.body == right.body);
    CHECK(wrong.signature != signedBy(PhoneFixture::secret, wrong.body));
    CHECK(right.signature == signedBy(PhoneFixture::secret, right.body));
}

TEST_CASE("Raw bytes go out as they are, signed or not")
{
    PhoneFixture fixture;
    const QByteArray nested = QByteArray(5000, '[') + QByteArray(5000, ']');
    const auto raw = [&](const QByteArray& bytes, bool sign) {
        REQUIRE(fixture
                    .control("POST", "/control/webhook/raw",
                             {{u"body"_s, QString::fromLatin1(bytes.toBase64())}, {u"signed"_s, sign}})
                    .status == 200);
        return fixture.receiver.next();
    };
    const Received deep = raw(nested, true);
    CHECK(deep.body == nested);
    CHECK(deep.signature == signedBy(PhoneFixture::secret, nested));
    const QByteArray big(3 * 1024 * 1024, 'x');
    const Received unsignedBig = raw(big, false);
    CHECK(unsignedBig.body.size() == big.size());
    CHECK(unsignedBig.signature.isEmpty());
}

TEST_CASE("The handshake is done with the token, and fails with another")
{
    PhoneFixture fixture;
    const QJsonObject good = objectOf(fixture.control("POST", "/control/webhook/verify"));
    CHECK(good[u"accepted"_s] == true);
    const QJsonObject bad = objectOf(fixture.control("POST", "/control/webhook/verify", {{u"token"_s, u"other"_s}}));
    CHECK(bad[u"accepted"_s] == false);
    CHECK(bad[u"status"_s] == 403);
}

TEST_CASE("A subscription takes the callback over only after its handshake")
{
    PhoneFixture fixture;
    WebhookReceiver second;
    const QByteArray target = QByteArray("/v25.0/") + PhoneFixture::wabaId + "/subscribed_apps";
    const auto subscribe = [&](const QString& token) {
        const QJsonObject body{{u"override_callback_uri"_s, QString::fromLatin1(second.url())},
                               {u"verify_token"_s, token}};
        return fixture.graph("POST", target, QJsonDocument(body).toJson());
    };
    CHECK(subscribe(u"wrong"_s).status == 400);
    (void)fixture.customerWrites(u"to the first"_s);
    CHECK(fixture.receiver.next().message()[u"text"_s][u"body"_s] == u"to the first"_s);
    CHECK(subscribe(u"verify/for tests"_s).status == 200);
    (void)fixture.customerWrites(u"to the second"_s);
    CHECK(second.next().message()[u"text"_s][u"body"_s] == u"to the second"_s);
    const QJsonObject apps = objectOf(fixture.graph("GET", target));
    CHECK(apps[u"data"_s].toArray().size() == 1);
    CHECK(apps[u"data"_s][0][u"override_callback_uri"_s].toString().toLatin1() == second.url());
}

#include "tests/phone/phone_fixture.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast::test {
namespace {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

phone::PhoneConfig configFor(const QByteArray& webhookUrl)
{
    phone::PhoneConfig config;
    config.number = {PhoneFixture::wabaId, PhoneFixture::numberId, "27115550100"};
    config.accessToken = PhoneFixture::token;
    config.webhook.url = webhookUrl;
    config.webhook.appSecret = PhoneFixture::secret;
    config.webhook.verifyToken = "verify/for tests";
    config.webhook.retryBaseMs = 20;
    return config;
}

Result<http::ClientResponse> call(http::Client& client, http::ClientRequest request)
{
    struct Answer
    {
        std::mutex mutex;
        std::condition_variable came;
        std::optional<Result<http::ClientResponse>> result;
    };
    const auto answer = std::make_shared<Answer>();
    client.send(std::move(request), [answer](Result<http::ClientResponse> result) {
        const std::lock_guard lock(answer->mutex);
        answer->result = std::move(result);
        answer->came.notify_all();
    });
    std::unique_lock lock(answer->mutex);
    REQUIRE(answer->came.wait_for(lock, 60s, [&] { return answer->result.has_value(); }));
    return *answer->result;
}

http::ServerOptions oneThread()
{
    http::ServerOptions options;
    options.threads = 1;
    return options;
}

} // namespace

QJsonObject Received::value() const
{
    return json[u"entry"_s][0][u"changes"_s][0][u"value"_s].toObject();
}

QJsonObject Received::message() const
{
    return value()[u"messages"_s][0].toObject();
}

QJsonObject Received::status() const
{
    return value()[u"statuses"_s][0].toObject();
}

WebhookReceiver::WebhookReceiver() : server_(oneThread(), router())
{
    REQUIRE(server_.start());
}

http::Router WebhookReceiver::router()
{
    http::Router router;
    router.add("POST", "/webhooks/whatsapp",
               [this](const http::Request& request, const http::Responder& responder) {
                   const std::lock_guard lock(mutex_);
                   received_.push_back({request.body, request.headers.value("X-Hub-Signature-256"),
                                        QJsonDocument::fromJson(request.body).object()});
                   const int status = answers_.empty() ? 200 : answers_.front();
                   if (!answers_.empty())
                       answers_.pop_front();
                   responder.respond(http::Response::empty(status));
                   came_.notify_all();
               },
               {.bodyLimit = 4'000'000, .admit = {}});
    router.add("GET", "/webhooks/whatsapp", [](const http::Request& request, const http::Responder& responder) {
        const bool known = request.queryValue("hub.mode") == QByteArray("subscribe") &&
                           request.queryValue("hub.verify_token") == QByteArray("verify/for tests");
        responder.respond(known ? http::Response::text(200, *request.queryValue("hub.challenge"))
                                : http::Response::empty(403));
    });
    return router;
}

QByteArray WebhookReceiver::url() const
{
    return "http://127.0.0.1:" + QByteArray::number(server_.port()) + "/webhooks/whatsapp";
}

void WebhookReceiver::answerNextWith(const std::vector<int>& statuses)
{
    const std::lock_guard lock(mutex_);
    answers_.assign(statuses.begin(), statuses.end());
}

Received WebhookReceiver::next()
{
    std::unique_lock lock(mutex_);
    REQUIRE(came_.wait_for(lock, 20s, [this] { return !received_.empty(); }));
    Received first = received_.front();
    received_.pop_front();
    return first;
}

size_t WebhookReceiver::waiting() const
{
    const std::lock_guard lock(mutex_);
    return received_.size();
}

PhoneFixture::PhoneFixture() : phone(configFor(receiver.url()))
{
    REQUIRE(phone.start());
}

QByteArray PhoneFixture::graphUrl(const QByteArray& target) const
{
    return "http://127.0.0.1:" + QByteArray::number(phone.graphPort()) + target;
}

Result<http::ClientResponse> PhoneFixture::tryGraph(http::ClientRequest request)
{
    if (!request.headers.contains("Authorization"))
        request.headers.set("Authorization", QByteArray("Bearer ") + token);
    return call(client, std::move(request));
}

http::ClientResponse PhoneFixture::graph(const QByteArray& method, const QByteArray& target, const QByteArray& body,
                                         const http::Fields& fields)
{
    http::ClientRequest request;
    request.method = method;
    request.url = graphUrl(target);
    request.headers = fields;
    request.body = body;
    const auto result = tryGraph(std::move(request));
    REQUIRE(result);
    return *result;
}

http::ClientResponse PhoneFixture::fetch(const QByteArray& url)
{
    http::ClientRequest request;
    request.url = url;
    const auto result = tryGraph(std::move(request));
    REQUIRE(result);
    return *result;
}

http::ClientResponse PhoneFixture::control(const QByteArray& method, const QByteArray& target, const QJsonObject& body)
{
    http::ClientRequest request;
    request.method = method;
    request.url = "http://127.0.0.1:" + QByteArray::number(phone.controlPort()) + target;
    request.body = body.isEmpty() ? QByteArray() : QJsonDocument(body).toJson(QJsonDocument::Compact);
    const auto result = call(client, std::move(request));
    REQUIRE(result);
    return *result;
}

http::ClientResponse PhoneFixture::send(const QJsonObject& message)
{
    return graph("POST", QByteArray("/v25.0/") + numberId + "/messages",
                 QJsonDocument(message).toJson(QJsonDocument::Compact));
}

QByteArray PhoneFixture::sendText(const QString& text)
{
    const auto answer = send(textTo(customer, text));
    REQUIRE(answer.status == 200);
    return objectOf(answer)[u"messages"_s][0][u"id"_s].toString().toLatin1();
}

QByteArray PhoneFixture::customerWrites(const QString& text)
{
    const auto answer =
        control("POST", "/control/messages",
                {{u"from"_s, QString::fromLatin1(customer)}, {u"name"_s, u"Thandi"_s}, {u"text"_s, text}});
    REQUIRE(answer.status == 200);
    return objectOf(answer)[u"id"_s].toString().toLatin1();
}

QJsonObject PhoneFixture::state()
{
    return objectOf(control("GET", "/control/state"));
}

QJsonObject objectOf(const http::ClientResponse& response)
{
    const QJsonDocument document = QJsonDocument::fromJson(response.body);
    REQUIRE(document.isObject());
    return document.object();
}

int graphCode(const http::ClientResponse& response)
{
    return objectOf(response)[u"error"_s][u"code"_s].toInt();
}

QJsonObject textTo(const QByteArray& to, const QString& text)
{
    return {{u"messaging_product"_s, u"whatsapp"_s},
            {u"recipient_type"_s, u"individual"_s},
            {u"to"_s, QString::fromLatin1("+" + to)},
            {u"type"_s, u"text"_s},
            {u"text"_s, QJsonObject{{u"body"_s, text}}}};
}

} // namespace holdfast::test

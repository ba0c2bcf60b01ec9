#include "phone/cloud_api.h"

#include "central/http/multipart.h"
#include "models/base/digest.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace holdfast::phone {
namespace {

using namespace Qt::StringLiterals;

constexpr qint64 maxUpload = 101LL * 1024 * 1024; // documents up to 100 MB, and the form around them

QString latin(const QByteArray& bytes)
{
    return QString::fromLatin1(bytes);
}

http::Response jsonAnswer(const QJsonObject& object)
{
    return http::Response::json(200, QJsonDocument(object).toJson(QJsonDocument::Compact));
}

http::Response graphRefusal(int httpStatus, int code, const QString& details)
{
    return graphErrorResponse({httpStatus, code, details});
}

http::Response unknownObject()
{
    return graphRefusal(400, 100, u"Unsupported request: there is no such object, or not for this token."_s);
}

bool isVersion(const QByteArray& text)
{
    const QList<QByteArray> parts = text.mid(1).split('.');
    bool major = false;
    bool minor = false;
    if (!text.startsWith('v') || parts.size() != 2)
        return false;
    (void)parts[0].toUInt(&major);
    (void)parts[1].toUInt(&minor);
    return major && minor;
}

} // namespace

CloudApi::CloudApi(CloudApiSettings settings, CloudApiParts parts)
    : settings_(std::move(settings)), parts_(parts), storage_{{u"status"_s, u"DEFAULT"_s}}
{}

void CloudApi::setBaseUrl(const QByteArray& url)
{
    const std::lock_guard lock(mutex_);
    baseUrl_ = url;
}

QByteArray CloudApi::baseUrl() const
{
    const std::lock_guard lock(mutex_);
    return baseUrl_;
}

http::Router CloudApi::router()
{
    http::Router router;
    addRoutes(router);
    router.setFallback([](http::Request, http::Responder responder) { responder.respond(unknownObject()); });
    return router;
}

void CloudApi::addRoutes(http::Router& router)
{
    const auto bind = [this](auto member) {
        return guarded([this, member](const http::Request& request, const http::Responder& responder) {
            (this->*member)(request, responder);
        });
    };
    const auto admit = [this](const http::Request& request) { return refusalOf(request); };
    // The token is checked before a body is read where bodies are large, and before anything else everywhere.
    router.add("POST", "/{version}/{id}/messages", bind(&CloudApi::send), {.bodyLimit = 128 * 1024, .admit = admit});
    router.add("POST", "/{version}/{id}/media", bind(&CloudApi::upload), {.bodyLimit = maxUpload, .admit = admit});
    router.add("GET", "/{version}/{id}/settings", bind(&CloudApi::readSettings));
    router.add("POST", "/{version}/{id}/settings", bind(&CloudApi::writeSettings));
    router.add("GET", "/{version}/{id}/subscribed_apps", bind(&CloudApi::listApps));
    router.add("POST", "/{version}/{id}/subscribed_apps", bind(&CloudApi::subscribeApp));
    router.add("GET", "/{version}/{id}", bind(&CloudApi::describe));
    router.add("DELETE", "/{version}/{id}", bind(&CloudApi::remove));
    router.add("GET", "/files/whatsapp/{key}", bind(&CloudApi::download));
}

http::Handler CloudApi::guarded(Body body)
{
    return [this, body = std::move(body)](const http::Request& request, const http::Responder& responder) {
        if (auto refusal = refusalOf(request))
            responder.respond(std::move(*refusal));
        else
            body(request, responder);
    };
}

std::optional<http::Response> CloudApi::refusalOf(const http::Request& request) const
{
    if (settings_.accessToken.isEmpty() || !equalConstantTime(request.bearerToken(), settings_.accessToken))
        return graphRefusal(401, 190, u"The access token is missing, wrong or over."_s);
    const QByteArray version = request.parameter("version");
    if (!version.isEmpty() && !isVersion(version))
        return unknownObject();
    return std::nullopt;
}

void CloudApi::park(const http::Responder& responder)
{
    // The responder keeps itself alive in its own callbacks, until one of them runs.
    responder.onGone([responder] {});
    responder.onDraining([responder] {});
}

void CloudApi::send(const http::Request& request, const http::Responder& responder)
{
    if (request.parameter("id") != settings_.number.phoneNumberId)
        return responder.respond(unknownObject());
    auto parsed = parseSendRequest(request.body);
    if (!parsed)
        return responder.respond(graphErrorResponse(parsed.error()));
    if (const auto* read = std::get_if<ReadReceipt>(&*parsed))
        return responder.respond(receipt(*read));
    OutboundMessage out = std::get<OutboundMessage>(std::move(*parsed));
    if (const auto error = checkMedia(out.message))
        return responder.respond(graphErrorResponse(*error));
    const auto fault = parts_.faults.takeSend();
    if (fault && fault->kind == SendFault::Kind::refuse)
        return responder.respond(graphRefusal(fault->httpStatus, fault->code, u"This was ordered as a fault."_s));
    if (fault && fault->kind == SendFault::Kind::timeout)
        return park(responder);
    accept(std::move(out), responder, fault);
}

http::Response CloudApi::receipt(const ReadReceipt& receipt)
{
    if (!parts_.chats.markReadByBusiness(receipt.messageId))
        return graphRefusal(400, 131009, u"The message_id is not of a message that a customer wrote."_s);
    return graphSuccess();
}

std::optional<GraphError> CloudApi::checkMedia(ChatMessage& message) const
{
    if (message.mediaId.isEmpty())
        return std::nullopt;
    const auto media = parts_.media.find(message.mediaId);
    if (!media || media->deletedAt)
        return GraphError{400, 100, u"The id is not of a file of this account."_s};
    message.mime = media->mime;
    return std::nullopt;
}

void CloudApi::accept(OutboundMessage out, const http::Responder& responder, const std::optional<SendFault>& fault)
{
    ChatMessage message = std::move(out.message);
    message.id = newMessageId(message.customer, parts_.random);
    const bool free = message.type != "template";
    // The real one accepts first and reports 131047 afterwards.
    const bool late = settings_.enforceWindow && free && !parts_.chats.windowOpen(message.customer);
    if (late)
        message.status = MessageStatus::failed;
    parts_.chats.add(message);
    if (late)
        parts_.statuses.failed(message, 131047);
    else
        parts_.statuses.accepted(message);
    const QJsonObject contact{{u"input"_s, latin(out.givenTo)}, {u"wa_id"_s, latin(message.customer)}};
    http::Response answer = jsonAnswer({{u"messaging_product"_s, u"whatsapp"_s},
                                        {u"contacts"_s, QJsonArray{contact}},
                                        {u"messages"_s, QJsonArray{QJsonObject{{u"id"_s, latin(message.id)}}}}});
    if (!fault)
        return responder.respond(std::move(answer));
    if (fault->kind == SendFault::Kind::timeoutAfterAccept)
        return park(responder);
    if (fault->kind == SendFault::Kind::cutAfterAccept)
        return responder.stream({200, {}, 1}, [](const http::ChunkSink& sink) { sink.abort(); });
    parts_.scheduler.after(std::chrono::milliseconds(fault->delayMs),
                           [responder, answer = std::move(answer)] { responder.respond(answer); });
}

void CloudApi::upload(const http::Request& request, const http::Responder& responder)
{
    if (request.parameter("id") != settings_.number.phoneNumberId)
        return responder.respond(unknownObject());
    const auto parts = http::parseMultipart(request.headers.value("Content-Type"), request.body);
    if (!parts)
        return responder.respond(graphRefusal(400, 100, u"The form is not well formed."_s));
    const http::Part* file = nullptr;
    QByteArray product;
    for (const http::Part& part : *parts) {
        if (part.name == "file")
            file = &part;
        else if (part.name == "messaging_product")
            product = part.body;
    }
    if (product != "whatsapp")
        return responder.respond(graphRefusal(400, 100, u"The parameter messaging_product is required."_s));
    if (!file || file->body.isEmpty() || file->contentType.isEmpty())
        return responder.respond(graphRefusal(400, 100, u"A file with its content type is required."_s));
    const Media media = parts_.media.put(file->body, file->contentType, file->fileName, false);
    responder.respond(jsonAnswer({{u"id"_s, latin(media.id)}}));
}

void CloudApi::describe(const http::Request& request, const http::Responder& responder)
{
    const QByteArray id = request.parameter("id");
    if (id == settings_.number.phoneNumberId)
        return responder.respond(jsonAnswer({{u"id"_s, latin(id)},
                                             {u"display_phone_number"_s, latin(settings_.number.displayNumber)},
                                             {u"verified_name"_s, u"Holdfast demonstration"_s}}));
    const auto media = parts_.media.find(id);
    if (!media || media->deletedAt || parts_.faults.takeMedia(MediaFault::Kind::notFound))
        return responder.respond(graphRefusal(404, 100, u"There is no such file, or it was deleted."_s));
    responder.respond(describeMedia(*media));
}

http::Response CloudApi::describeMedia(const Media& media)
{
    const bool expired = parts_.faults.takeMedia(MediaFault::Kind::expiredUrl);
    const QByteArray url = baseUrl() + "/files/whatsapp/" + parts_.media.issueKey(media.id, expired);
    // Hex here, base64 in the webhook: so it is with the real one.
    return jsonAnswer({{u"messaging_product"_s, u"whatsapp"_s},
                       {u"url"_s, latin(url)},
                       {u"mime_type"_s, latin(media.mime)},
                       {u"sha256"_s, latin(media.sha256.toHex())},
                       {u"file_size"_s, media.size},
                       {u"id"_s, latin(media.id)}});
}

void CloudApi::remove(const http::Request& request, const http::Responder& responder)
{
    const QByteArray by = request.queryValue("phone_number_id").value_or("account");
    if (by != "account" && by != settings_.number.phoneNumberId)
        return responder.respond(unknownObject());
    if (!parts_.media.remove(request.parameter("id"), by))
        return responder.respond(graphRefusal(400, 100, u"There is no such file, or it was deleted."_s));
    responder.respond(graphSuccess());
}

void CloudApi::download(const http::Request& request, const http::Responder& responder)
{
    if (!request.headers.contains("User-Agent"))
        return responder.respond(http::Response::text(400, "A User-Agent is required."));
    auto media = parts_.media.download(request.parameter("key"));
    if (!media)
        return responder.respond(http::Response::text(404, "This address is over or unknown."));
    if (parts_.faults.takeMedia(MediaFault::Kind::wrongHash) && !media->bytes.isEmpty())
        media->bytes[media->bytes.size() / 2] = static_cast<char>(media->bytes[media->bytes.size() / 2] ^ 0x20);
    responder.respond({200, {{"Content-Type", media->mime}}, std::move(media->bytes)});
}

void CloudApi::readSettings(const http::Request& request, const http::Responder& responder)
{
    if (request.parameter("id") != settings_.number.phoneNumberId)
        return responder.respond(unknownObject());
    const std::lock_guard lock(mutex_);
    responder.respond(jsonAnswer({{u"storage_configuration"_s, storage_},
                                  {u"payload_encryption"_s, QJsonObject{{u"status"_s, u"disabled"_s}}}}));
}

void CloudApi::writeSettings(const http::Request& request, const http::Responder& responder)
{
    if (request.parameter("id") != settings_.number.phoneNumberId)
        return responder.respond(unknownObject());
    const QJsonObject storage = QJsonDocument::fromJson(request.body).object()[u"storage_configuration"_s].toObject();
    const QString status = storage[u"status"_s].toString();
    const bool noStorage = status == u"NO_STORAGE_ENABLED" && storage[u"retention_minutes"_s].toInt() == 60;
    const bool inCountry =
        status == u"IN_COUNTRY_STORAGE_ENABLED" && storage[u"data_localization_region"_s].toString().size() == 2;
    const bool off = status == u"IN_COUNTRY_STORAGE_DISABLED";
    if (!noStorage && !inCountry && !off)
        return responder.respond(graphRefusal(400, 100, u"The storage_configuration is not one that exists."_s));
    const std::lock_guard lock(mutex_);
    storage_ = off ? QJsonObject{{u"status"_s, u"DEFAULT"_s}} : storage;
    responder.respond(graphSuccess());
}

void CloudApi::listApps(const http::Request& request, const http::Responder& responder)
{
    if (request.parameter("id") != settings_.number.wabaId)
        return responder.respond(unknownObject());
    const std::lock_guard lock(mutex_);
    QJsonObject app{
        {u"whatsapp_business_api_data"_s, QJsonObject{{u"id"_s, latin(settings_.appId)}, {u"name"_s, u"Holdfast"_s}}}};
    if (!callbackUrl_.isEmpty())
        app.insert(u"override_callback_uri"_s, latin(callbackUrl_));
    responder.respond(jsonAnswer({{u"data"_s, subscribed_ ? QJsonArray{app} : QJsonArray()}}));
}

void CloudApi::subscribeApp(const http::Request& request, const http::Responder& responder)
{
    if (request.parameter("id") != settings_.number.wabaId)
        return responder.respond(unknownObject());
    const QJsonObject object = QJsonDocument::fromJson(request.body).object();
    const QByteArray url = object[u"override_callback_uri"_s].toString().toLatin1();
    if (url.isEmpty()) {
        const std::lock_guard lock(mutex_);
        subscribed_ = true;
        return responder.respond(graphSuccess());
    }
    const QByteArray token = object[u"verify_token"_s].toString().toUtf8();
    // The callback is only taken over once it answered the handshake.
    parts_.sender.verify(url, token, [this, url, responder](const WebhookSender::Verification& verified) {
        if (!verified.accepted)
            return responder.respond(graphRefusal(400, 2200, u"The callback did not answer the verification."_s));
        parts_.sender.setUrl(url);
        const std::lock_guard lock(mutex_);
        subscribed_ = true;
        callbackUrl_ = url;
        responder.respond(graphSuccess());
    });
}

} // namespace holdfast::phone

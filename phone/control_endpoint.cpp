#include "phone/control_endpoint.h"

#include "phone/fault_orders.h"
#include "phone/state_json.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace holdfast::phone {
namespace {

using namespace Qt::StringLiterals;

constexpr qint64 maxFile = 140LL * 1024 * 1024; // 100 MB as base64, and what is around it

http::Response answer(const QJsonObject& object)
{
    return http::Response::json(200, QJsonDocument(object).toJson(QJsonDocument::Compact));
}

http::Response refusal(const QString& text)
{
    return http::Response::error(400, "invalid", text);
}

http::Response notFound()
{
    return http::Response::error(404, "not_found", u"There is no such message, or not one to a customer."_s);
}

QJsonObject bodyOf(const http::Request& request)
{
    return QJsonDocument::fromJson(request.body).object();
}

QByteArray bytesOf(const QJsonValue& value)
{
    return value.toString().toUtf8();
}

} // namespace

http::Router ControlEndpoint::router()
{
    http::Router router;
    add(router, "POST", "/control/messages", &ControlEndpoint::write, maxFile);
    add(router, "POST", "/control/messages/{id}/status", &ControlEndpoint::report);
    add(router, "POST", "/control/read", &ControlEndpoint::customerReads);
    add(router, "GET", "/control/state", &ControlEndpoint::state);
    add(router, "GET", "/control/media/{id}", &ControlEndpoint::file);
    add(router, "POST", "/control/statuses", &ControlEndpoint::setPolicy);
    add(router, "POST", "/control/faults", &ControlEndpoint::orderFaults);
    add(router, "DELETE", "/control/faults", &ControlEndpoint::clearFaults);
    add(router, "GET", "/control/time", &ControlEndpoint::time);
    add(router, "POST", "/control/time", &ControlEndpoint::setTime);
    add(router, "POST", "/control/webhook", &ControlEndpoint::setWebhook);
    add(router, "POST", "/control/webhook/raw", &ControlEndpoint::rawWebhook, maxFile);
    router.add("POST", "/control/webhook/verify",
               [this](const http::Request& request, const http::Responder& responder) { verify(request, responder); });
    return router;
}

void ControlEndpoint::add(http::Router& router, const char* method, const char* path, Call call, qint64 bodyLimit)
{
    router.add(method, path,
               [this, call](const http::Request& request, const http::Responder& responder) {
                   responder.respond((this->*call)(request));
               },
               {.bodyLimit = bodyLimit, .admit = {}});
}

http::Response ControlEndpoint::write(const http::Request& request)
{
    const QJsonObject object = bodyOf(request);
    CustomerMessage message;
    message.from = bytesOf(object[u"from"_s]);
    message.name = object[u"name"_s].toString();
    message.type = object.contains(u"type"_s) ? bytesOf(object[u"type"_s]) : QByteArray("text");
    message.text = object[u"text"_s].toString();
    message.mime = bytesOf(object[u"mime"_s]);
    message.fileName = object[u"filename"_s].toString();
    message.replyTo = bytesOf(object[u"reply_to"_s]);
    auto file = QByteArray::fromBase64Encoding(bytesOf(object[u"file"_s]), QByteArray::AbortOnBase64DecodingErrors);
    if (!file)
        return refusal(u"The file is not base64."_s);
    message.file = std::move(*file);
    const auto written = parts_.customers.write(std::move(message));
    if (!written)
        return refusal(written.error().text);
    return answer({{u"id"_s, QString::fromLatin1(written->id)}, {u"media"_s, QString::fromLatin1(written->mediaId)}});
}

http::Response ControlEndpoint::state(const http::Request&)
{
    QJsonArray messages;
    for (const ChatMessage& message : parts_.chats.all())
        messages.append(toJson(message));
    QJsonArray media;
    for (const Media& one : parts_.media.all())
        media.append(toJson(one));
    QJsonArray deliveries;
    for (const Delivery& delivery : parts_.sender.deliveries())
        deliveries.append(toJson(delivery));
    return answer({{u"now_us"_s, parts_.clock.now().value},
                   {u"messages"_s, messages},
                   {u"media"_s, media},
                   {u"deliveries"_s, deliveries},
                   {u"pending_deliveries"_s, parts_.sender.pending()},
                   {u"pending_faults"_s, parts_.faults.waiting()}});
}

http::Response ControlEndpoint::file(const http::Request& request)
{
    auto media = parts_.media.find(request.parameter("id"));
    if (!media || media->deletedAt)
        return http::Response::error(404, "not_found", u"There is no such file, or it was deleted."_s);
    return {200, {{"Content-Type", media->mime}}, std::move(media->bytes)};
}

http::Response ControlEndpoint::report(const http::Request& request)
{
    const QJsonObject object = bodyOf(request);
    const auto status = statusFromName(bytesOf(object[u"status"_s]));
    if (!status || *status == MessageStatus::accepted)
        return refusal(u"The status is one of sent, delivered, read and failed."_s);
    if (!parts_.statuses.report(request.parameter("id"), *status, object[u"code"_s].toInt(131026)))
        return notFound();
    return answer({{u"ok"_s, true}});
}

http::Response ControlEndpoint::customerReads(const http::Request& request)
{
    const QByteArray customer = phoneDigits(bytesOf(bodyOf(request)[u"from"_s]));
    if (customer.isEmpty())
        return refusal(u"The customer's number is not a phone number."_s);
    return answer({{u"read"_s, parts_.statuses.customerReads(customer)}});
}

http::Response ControlEndpoint::setPolicy(const http::Request& request)
{
    const QJsonObject object = bodyOf(request);
    StatusPolicy policy;
    if (!object[u"automatic"_s].isArray())
        return refusal(u"Give the statuses to report by themselves, in order, as the list `automatic`."_s);
    policy.automatic.clear();
    const QJsonArray names = object[u"automatic"_s].toArray();
    for (const QJsonValue& name : names) {
        const auto status = statusFromName(bytesOf(name));
        if (!status || *status == MessageStatus::accepted || policy.automatic.size() > 8)
            return refusal(u"The statuses are sent, delivered, read and failed."_s);
        policy.automatic.push_back(*status);
    }
    policy.delayMs = std::clamp(object[u"delay_ms"_s].toInt(policy.delayMs), 0, 600'000);
    parts_.statuses.setPolicy(std::move(policy));
    return answer({{u"ok"_s, true}});
}

http::Response ControlEndpoint::orderFaults(const http::Request& request)
{
    const Status ordered = phone::orderFaults(bodyOf(request), parts_.faults);
    return ordered ? answer({{u"waiting"_s, parts_.faults.waiting()}}) : refusal(ordered.error().text);
}

http::Response ControlEndpoint::clearFaults(const http::Request&)
{
    parts_.faults.clear();
    return answer({{u"ok"_s, true}});
}

http::Response ControlEndpoint::time(const http::Request&)
{
    return answer({{u"now_us"_s, parts_.clock.now().value}, {u"frozen"_s, parts_.clock.isFrozen()}});
}

http::Response ControlEndpoint::setTime(const http::Request& request)
{
    const QJsonObject object = bodyOf(request);
    const QJsonValue set = object[u"set_us"_s];
    const QJsonValue advance = object[u"advance_us"_s];
    const QJsonValue frozen = object[u"frozen"_s];
    if (!set.isDouble() && !advance.isDouble() && !frozen.isBool())
        return refusal(u"Give set_us, advance_us or frozen."_s);
    if (frozen.isBool())
        parts_.clock.setFrozen(frozen.toBool()); // first, so that a time that is set stands exactly
    if (set.isDouble())
        parts_.clock.set({set.toInteger()});
    if (advance.isDouble())
        parts_.clock.advance(advance.toInteger());
    return time(request);
}

http::Response ControlEndpoint::setWebhook(const http::Request& request)
{
    parts_.sender.setUrl(bytesOf(bodyOf(request)[u"url"_s]));
    return answer({{u"ok"_s, true}});
}

http::Response ControlEndpoint::rawWebhook(const http::Request& request)
{
    const QJsonObject object = bodyOf(request);
    auto body = QByteArray::fromBase64Encoding(bytesOf(object[u"body"_s]), QByteArray::AbortOnBase64DecodingErrors);
    if (!body)
        return refusal(u"The body is not base64."_s);
    const quint64 id = parts_.sender.deliverRaw(std::move(*body), object[u"signed"_s].toBool(true));
    return answer({{u"delivery"_s, static_cast<qint64>(id)}});
}

void ControlEndpoint::verify(const http::Request& request, const http::Responder& responder)
{
    const QByteArray token = bytesOf(bodyOf(request)[u"token"_s]);
    parts_.sender.verify({}, token, [responder](const WebhookSender::Verification& verified) {
        responder.respond(answer(
            {{u"accepted"_s, verified.accepted}, {u"status"_s, verified.status}, {u"trouble"_s, verified.trouble}}));
    });
}

} // namespace holdfast::phone

#include "central/channels/whatsapp/webhook_routes.h"

#include "models/base/digest.h"

namespace holdfast::whatsapp {

using namespace Qt::StringLiterals;

const QString inboxChannel = u"whatsapp"_s;

namespace {

constexpr qint64 maxBody = 3 * 1024 * 1024 + 64 * 1024; // the provider promises 3 MB
constexpr QByteArrayView signaturePrefix = "sha256=";

bool hasSignature(const http::Request& request)
{
    const QByteArray field = request.headers.value("X-Hub-Signature-256");
    return field.startsWith(signaturePrefix) && field.size() == signaturePrefix.size() + 64;
}

http::Response notSigned()
{
    return http::Response::error(401, "bad_signature", u"The body is not signed by us."_s);
}

} // namespace

WebhookRoutes::WebhookRoutes(store::Store& store, const std::vector<Number>& numbers, std::function<void()> arrived)
    : store_(store), numbers_(numbers), arrived_(std::move(arrived))
{}

void WebhookRoutes::addTo(http::Router& router)
{
    // A body that cannot be signed is not even read.
    const auto admit = [this](const http::Request& request) {
        const bool may = hasSignature(request);
        unsigned_ += may ? 0 : 1;
        return may ? std::nullopt : std::optional(notSigned());
    };
    router.add("GET", "/webhooks/whatsapp", [this](const http::Request& request, const http::Responder& responder) {
        responder.respond(verify(request));
    });
    router.add("POST", "/webhooks/whatsapp",
               [this](const http::Request& request, const http::Responder& responder) { take(request, responder); },
               {.bodyLimit = maxBody, .admit = admit});
}

Counters WebhookRoutes::counters() const
{
    return {taken_, unsigned_, refused_};
}

http::Response WebhookRoutes::verify(const http::Request& request) const
{
    const QByteArray given = request.queryValue("hub.verify_token").value_or(QByteArray());
    bool known = false;
    for (const Number& number : numbers_) // all of them, so that the time tells nothing
        known = (!number.verifyToken.isEmpty() && equalConstantTime(given, number.verifyToken)) || known;
    const auto challenge = request.queryValue("hub.challenge");
    if (!known || !challenge || request.queryValue("hub.mode") != QByteArray("subscribe"))
        return http::Response::error(403, "denied", u"The verify token is not ours."_s);
    return http::Response::text(200, *challenge);
}

// RFC 2104 over the bytes as they came: the provider signs the escaped form that it sends.
bool WebhookRoutes::isSigned(const http::Request& request) const
{
    if (!hasSignature(request))
        return false;
    const QByteArray given =
        QByteArray::fromHex(request.headers.value("X-Hub-Signature-256").sliced(signaturePrefix.size()));
    bool known = false;
    for (const Number& number : numbers_) {
        for (const QByteArray& secret : number.appSecrets) {
            if (!secret.isEmpty())
                known = equalConstantTime(given, hmacSha256(secret, {request.body}).toBytes()) || known;
        }
    }
    return known;
}

void WebhookRoutes::take(const http::Request& request, const http::Responder& responder)
{
    if (!isSigned(request)) {
        ++unsigned_;
        return responder.respond(notSigned());
    }
    store_.putRaw(inboxChannel, request.body, [this, responder](const Result<qint64>& id) {
        if (!id) {
            ++refused_;
            http::Response busy = http::Response::error(503, "unavailable", u"The store cannot take it now."_s);
            busy.headers.set("Retry-After", "5");
            return responder.respond(std::move(busy));
        }
        ++taken_;
        responder.respond(http::Response::empty(200));
        arrived_();
    });
}

} // namespace holdfast::whatsapp

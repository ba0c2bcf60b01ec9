#include "central/api/key_routes.h"

#include "central/api/answers.h"
#include "central/api/json_body.h"

namespace holdfast::api {
namespace {

using store::StoreReader;
using store::StoreWriter;
using Entries = AdminWork::Entries;

// Recognisable by secret scanners, and never mistaken for a person's token.
QByteArray newKey(RandomSource& random)
{
    return "holdfast_key_" + random.bytes(32).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

Error noSuchKey()
{
    return {ErrorCode::notFound, QStringLiteral("There is no API key with this name.")};
}

QString nameIn(const http::Request& request)
{
    return QString::fromUtf8(request.parameter("name"));
}

} // namespace

void KeyRoutes::addTo(http::Router& router)
{
    const auto to = [this](auto method) {
        return [this, method](const http::Request& request, const http::Responder& responder) {
            (this->*method)(request, responder);
        };
    };
    router.add("GET", "/v1/api-keys", to(&KeyRoutes::list));
    router.add("POST", "/v1/api-keys", to(&KeyRoutes::add));
    router.add("POST", "/v1/api-keys/{name}/rotate", to(&KeyRoutes::rotate));
    router.add("POST", "/v1/api-keys/{name}/revoke", to(&KeyRoutes::revoke));
}

void KeyRoutes::list(const http::Request& request, const http::Responder& responder)
{
    const auto work = [](StoreReader& reader, const Session& session) -> Result<http::Response> {
        if (!session.rights.may(access::Act::administer))
            return tl::unexpected(notAllowed());
        const auto keys = reader.accounts().apiKeys();
        if (!keys)
            return tl::unexpected(keys.error());
        QJsonArray list;
        for (const store::ApiKeyRow& key : *keys)
            list.append(QJsonObject{{QStringLiteral("name"), key.name}, {QStringLiteral("revoked"), key.revoked}});
        return answer({{QStringLiteral("api_keys"), list}});
    };
    work_.authenticator().read(request, responder, work);
}

void KeyRoutes::add(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    const QString name = body->text("name", 100);
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    if (name.trimmed() != name || name.isEmpty())
        return responder.respond(answer(
            {ErrorCode::invalidInput, QStringLiteral("An API key needs a name: that of the system which uses it.")}));
    give(request, responder, name, false);
}

void KeyRoutes::rotate(const http::Request& request, const http::Responder& responder)
{
    give(request, responder, nameIn(request), true);
}

void KeyRoutes::give(const http::Request& request, const http::Responder& responder, const QString& name,
                     bool mustExist)
{
    work_.allowed(
        request, responder, access::Act::administer, [this, name, mustExist, responder](const Session& session) {
            const QByteArray key = newKey(work_.store().random());
            const auto compose = [this, name, mustExist, key, session](StoreWriter& writer) -> Result<Entries> {
                const auto known = writer.accounts().apiKey(name);
                if (!known)
                    return tl::unexpected(known.error());
                const bool usable = *known && !(*known)->revoked;
                if (mustExist && !usable)
                    return tl::unexpected(noSuchKey());
                if (!mustExist && usable)
                    return fail(ErrorCode::conflict, QStringLiteral("There is an API key with this name already."));
                if (const Status put = writer.accounts().putApiKey(name, tokenHash(key)); !put)
                    return tl::unexpected(put.error());
                return Entries{work_.administered(session, mustExist ? "api_key.rotated" : "api_key.added",
                                                  {{QStringLiteral("name"), name}})};
            };
            work_.append(responder, compose, [name, key](const auto&) {
                return QJsonObject{{QStringLiteral("name"), name}, {QStringLiteral("key"), QString::fromLatin1(key)}};
            });
        });
}

void KeyRoutes::revoke(const http::Request& request, const http::Responder& responder)
{
    const QString name = nameIn(request);
    work_.allowed(request, responder, access::Act::administer, [this, name, responder](const Session& session) {
        const auto compose = [this, name, session](StoreWriter& writer) -> Result<Entries> {
            const auto known = writer.accounts().apiKey(name);
            if (!known)
                return tl::unexpected(known.error());
            if (!*known)
                return tl::unexpected(noSuchKey());
            if ((*known)->revoked)
                return Entries();
            if (const Status revoked = writer.accounts().revokeApiKey(name); !revoked)
                return tl::unexpected(revoked.error());
            return Entries{work_.administered(session, "api_key.revoked", {{QStringLiteral("name"), name}})};
        };
        work_.append(responder, compose, [](const auto&) { return QJsonObject{{QStringLiteral("revoked"), true}}; });
    });
}

} // namespace holdfast::api

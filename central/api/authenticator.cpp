#include "central/api/authenticator.h"

#include "central/api/answers.h"
#include "models/base/digest.h"

namespace holdfast::api {
namespace {

Error noToken()
{
    return {ErrorCode::denied, QStringLiteral("Sign in again.")};
}

} // namespace

QByteArray tokenHash(QByteArrayView token)
{
    return sha256({token}).toBytes();
}

http::Response notSignedIn()
{
    auto response = http::Response::error(401, "not_signed_in", QStringLiteral("Sign in again."));
    response.headers.set("WWW-Authenticate", "Bearer");
    response.headers.set("Cache-Control", "no-store");
    return response;
}

Result<Session> Authenticator::session(store::StoreReader& reader, const QByteArray& bearer) const
{
    if (bearer.isEmpty())
        return tl::unexpected(noToken());
    const QByteArray hash = tokenHash(bearer);
    Session session;
    auto presented = reader.accounts().token(hash, store::Token::Kind::access);
    if (!presented)
        return tl::unexpected(presented.error());
    if (!*presented) {
        auto key = reader.accounts().apiKeyName(hash);
        if (!key)
            return tl::unexpected(key.error());
        if (!*key)
            return tl::unexpected(noToken());
        session.caller.role = access::Role::apiKey;
    } else {
        const auto& found = **presented;
        const bool good = !found.signIn.ended && found.account.active && found.token.expiresAt > store_.clock().now();
        const auto role = access::roleOf(found.account.role);
        if (!good || !role)
            return tl::unexpected(noToken());
        session.caller = {found.account.id, found.signIn.device, *role};
        session.account = found.account;
        session.family = found.signIn.family;
    }
    auto rights = access::Rights::of(reader, session.caller);
    if (!rights)
        return tl::unexpected(rights.error());
    session.rights = std::move(*rights);
    return session;
}

void Authenticator::read(const http::Request& request, const http::Responder& responder, ReadWork work) const
{
    store_.read<http::Response>(
        [this, bearer = request.bearerToken(),
         work = std::move(work)](store::StoreReader& reader) -> Result<http::Response> {
            auto found = session(reader, bearer);
            if (!found && found.error().code == ErrorCode::denied)
                return notSignedIn();
            if (!found)
                return tl::unexpected(found.error());
            return work(reader, *found);
        },
        [responder](Result<http::Response> result) { responder.respond(answer(result)); });
}

void Authenticator::admit(const http::Request& request, const http::Responder& responder,
                          std::function<void(Session)> goOn) const
{
    store_.read<Session>(
        [this, bearer = request.bearerToken()](store::StoreReader& reader) { return session(reader, bearer); },
        [responder, goOn = std::move(goOn)](Result<Session> found) {
            if (found)
                return goOn(std::move(*found));
            responder.respond(found.error().code == ErrorCode::denied ? notSignedIn() : answer(found.error()));
        });
}

} // namespace holdfast::api

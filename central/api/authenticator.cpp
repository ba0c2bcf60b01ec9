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

std::optional<http::Response> admitBearer(const http::Request& request)
{
    return request.bearerToken().isEmpty() ? std::optional(notSignedIn()) : std::nullopt;
}

// Without its rights.
std::optional<Session> Authenticator::staffSession(const store::AccountReads::Presented& presented) const
{
    const bool good =
        !presented.signIn.ended && presented.account.active && presented.token.expiresAt > store_.clock().now();
    const auto role = access::roleOf(presented.account.role);
    if (!good || !role)
        return std::nullopt;
    Session session;
    session.caller = {presented.account.id, presented.signIn.device, *role};
    session.account = presented.account;
    session.family = presented.signIn.family;
    return session;
}

Result<std::vector<std::optional<Session>>> Authenticator::sessions(store::StoreReader& reader,
                                                                    const std::vector<QByteArray>& bearers) const
{
    std::vector<QByteArray> hashes;
    hashes.reserve(bearers.size());
    for (const QByteArray& bearer : bearers)
        hashes.push_back(tokenHash(bearer));
    auto presented = reader.accounts().accessTokens(hashes);
    if (!presented)
        return tl::unexpected(presented.error());
    std::vector<std::optional<Session>> sessions(bearers.size());
    std::vector<access::Caller> callers;
    for (size_t i = 0; i < bearers.size(); ++i) {
        if (const auto found = presented->find(hashes[i]); found != presented->end())
            sessions[i] = staffSession(found->second);
        if (sessions[i])
            callers.push_back(sessions[i]->caller);
    }
    auto rights = access::Rights::of(reader, callers);
    if (!rights)
        return tl::unexpected(rights.error());
    auto next = rights->begin();
    for (std::optional<Session>& session : sessions) {
        if (session)
            session->rights = std::move(*next++);
    }
    return sessions;
}

Error deviceNeeded()
{
    return {ErrorCode::denied, QStringLiteral("Only an enrolled device may do this. Enrol this one first.")};
}

Error notAllowed()
{
    return {ErrorCode::denied, QStringLiteral("You may not do this.")};
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
        auto staff = staffSession(**presented);
        if (!staff)
            return tl::unexpected(noToken());
        session = std::move(*staff);
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
        [responder](const Result<http::Response>& result) { responder.respond(answer(result)); });
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

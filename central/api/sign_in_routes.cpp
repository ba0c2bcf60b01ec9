#include "central/api/sign_in_routes.h"

#include "central/api/answers.h"
#include "central/api/json_body.h"
#include "models/log/signing.h"

namespace holdfast::api {
namespace {

using store::StoreReader;
using store::StoreWriter;

QByteArray asText(const QByteArray& token)
{
    return token.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray newToken(RandomSource& random)
{
    return asText(random.bytes(32));
}

// Made of the one that it follows, so that a renewal whose answer was lost can be answered again, with the same.
QByteArray nextRefresh(const store::Keyring& keys, const QByteArray& refresh)
{
    return asText(keys.lookup("refresh", refresh).toBytes());
}

http::Response wrongPassword()
{
    return http::Response::error(
        401, "wrong_password", QStringLiteral("The sign-in name or the password is wrong. Check both and try again."));
}

http::Response tooManyTries(int seconds)
{
    auto response = http::Response::error(
        429, "wait", QStringLiteral("Too many wrong tries. Wait %1 seconds, then try again.").arg(seconds));
    response.headers.set("Retry-After", QByteArray::number(seconds));
    return response;
}

} // namespace

void SignInRoutes::addTo(http::Router& router)
{
    router.add("GET", "/v1/organisation",
               [this](const http::Request&, const http::Responder& responder) { responder.respond(organisation()); });
    const http::RouteOptions small{8 * 1024, {}};
    router.add(
        "POST", "/v1/sign-in", [this](const auto& request, const auto& responder) { signIn(request, responder); },
        small);
    router.add(
        "POST", "/v1/token", [this](const auto& request, const auto& responder) { renew(request, responder); }, small);
    router.add(
        "POST", "/v1/devices", [this](const auto& request, const auto& responder) { enrol(request, responder); },
        small);
}

http::Response SignInRoutes::organisation() const
{
    const store::Organisation& facts = store_.organisation();
    return answer({{QStringLiteral("org"), facts.id.toHexString()},
                   {QStringLiteral("name"), facts.name},
                   {QStringLiteral("log_key"), QString::fromLatin1(facts.logPublicKey.toHex())},
                   {QStringLiteral("epoch"), static_cast<qint64>(facts.epoch.value)},
                   {QStringLiteral("everyone"), facts.everyone.toHexString()},
                   {QStringLiteral("version"), QStringLiteral(HOLDFAST_VERSION)}});
}

void SignInRoutes::signIn(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    const QString login = body->text("login", 200).toLower();
    const QString password = body->text("password", 1000);
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    if (const int wait = throttle_.admit(login, request.peer); wait > 0)
        return responder.respond(tooManyTries(wait));
    store_.read<std::optional<store::Account>>(
        [login](StoreReader& reader) { return reader.accounts().byLogin(login); },
        [this, login, password, peer = request.peer, responder](Result<std::optional<store::Account>> found) {
            if (!found) {
                throttle_.withdrawn(login);
                return responder.respond(answer(found.error()));
            }
            const bool usable = *found && (*found)->active;
            hasher_.verify(password, usable ? (*found)->passwordHash : QString(),
                           [this, login, peer, responder, account = *found](Result<bool> good) {
                               if (!good) {
                                   throttle_.withdrawn(login);
                                   return responder.respond(answer(good.error()));
                               }
                               if (!*good) {
                                   throttle_.failed(peer);
                                   return responder.respond(wrongPassword());
                               }
                               throttle_.succeeded(login, peer);
                               begin(*account, responder);
                           });
        });
}

void SignInRoutes::begin(const store::Account& account, const http::Responder& responder)
{
    store_.write<http::Response>(
        [this, account](StoreWriter& writer) -> Result<http::Response> {
            const QByteArray family = writer.random().bytes(16);
            const Status begun = writer.accounts().begin({family, account.id, {}, false});
            if (!begun)
                return tl::unexpected(begun.error());
            return issue(writer, account, family, newToken(writer.random()), IsNew::yes);
        },
        [responder](const Result<http::Response>& result) { responder.respond(answer(result)); });
}

Result<http::Response> SignInRoutes::issue(StoreWriter& writer, const store::Account& account, const QByteArray& family,
                                           const QByteArray& refresh, IsNew isNew)
{
    const Timestamp now = writer.clock().now();
    const QByteArray access = newToken(writer.random());
    using Kind = store::Token::Kind;
    const Timestamp accessEnd{now.value + lives_.access};
    Status status = writer.accounts().issue({tokenHash(access), Kind::access, family, accessEnd, false});
    if (status && isNew == IsNew::yes)
        status = writer.accounts().issue(
            {tokenHash(refresh), Kind::refresh, family, Timestamp{now.value + lives_.refresh}, false});
    if (!status)
        return tl::unexpected(status.error());
    return answer({{QStringLiteral("token"), QString::fromLatin1(access)},
                   {QStringLiteral("expires_at"), accessEnd.value},
                   {QStringLiteral("refresh"), QString::fromLatin1(refresh)},
                   {QStringLiteral("acts"), store_.organisation().auditThread.toHexString()},
                   {QStringLiteral("user"), QJsonObject{{QStringLiteral("id"), account.id.toHexString()},
                                                        {QStringLiteral("name"), account.name},
                                                        {QStringLiteral("login"), account.login},
                                                        {QStringLiteral("role"), account.role},
                                                        {QStringLiteral("team"), account.team}}}});
}

void SignInRoutes::renew(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    const QByteArray refresh = body->text("refresh", 200).toLatin1();
    const QByteArray proof = QByteArray::fromBase64(body->textOr("proof", QString(), 200).toLatin1());
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    store_.write<http::Response>(
        [this, refresh, proof](StoreWriter& writer) { return renewed(writer, refresh, proof); },
        [responder](const Result<http::Response>& result) { responder.respond(answer(result)); });
}

Result<http::Response> SignInRoutes::renewed(StoreWriter& writer, const QByteArray& refresh, const QByteArray& proof)
{
    const QByteArray hash = tokenHash(refresh);
    auto found = writer.accounts().token(hash, store::Token::Kind::refresh);
    if (!found)
        return tl::unexpected(found.error());
    if (!*found)
        return notSignedIn();
    const auto& presented = **found;
    const bool alive =
        !presented.signIn.ended && presented.account.active && presented.token.expiresAt > writer.clock().now();
    if (!alive)
        return notSignedIn();
    if (!presented.signIn.device.isNull()) {
        auto device = writer.access().device(presented.signIn.device);
        if (!device)
            return tl::unexpected(device.error());
        if (!*device || (*device)->revoked ||
            !log::verifySignature((*device)->publicKey, log::refreshMessage(refresh), proof))
            return notSignedIn();
    }
    const QByteArray next = nextRefresh(store_.keys(), refresh);
    auto first = writer.accounts().spend(hash);
    if (!first)
        return tl::unexpected(first.error());
    if (*first)
        return issue(writer, presented.account, presented.signIn.family, next, IsNew::yes);
    // Spent before. A device that died, or lost its line, before it kept the answer holds nothing newer; while nobody
    // used what it should have got, it gets that again. It has proved its key above.
    auto successor = writer.accounts().token(tokenHash(next), store::Token::Kind::refresh);
    if (!successor)
        return tl::unexpected(successor.error());
    if (!presented.signIn.device.isNull() && *successor && !(*successor)->token.spent)
        return issue(writer, presented.account, presented.signIn.family, next, IsNew::no);
    // Somebody has a copy of a token that was used already: neither holder keeps the sign-in.
    if (const Status ended = writer.accounts().endFamily(presented.signIn.family); !ended)
        return tl::unexpected(ended.error());
    return notSignedIn();
}

void SignInRoutes::enrol(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    domain::DeviceEnrolled facts;
    facts.publicKey = body->hex("public_key", 32);
    facts.name = body->text("name", 200);
    const QByteArray proof = body->base64("proof", 64);
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    facts.device = log::deviceOf(facts.publicKey);
    const bool proved = log::verifySignature(facts.publicKey, log::deviceMessage(request.bearerToken()), proof);
    authenticator_.admit(request, responder, [this, facts, proved, responder](const Session& session) mutable {
        if (!session.rights.may(access::Act::enrolDevice))
            return responder.respond(answer({ErrorCode::denied, QStringLiteral("Only a person can enrol a device.")}));
        // A public key is no secret: without this, whoever knows a password could come as a device that is not theirs.
        if (!proved)
            return responder.respond(answer(
                {ErrorCode::denied, QStringLiteral("This device did not prove that it holds its key. Set it up "
                                                   "again, and tell your administrator if that does not help.")}));
        facts.user = session.caller.user;
        store::AppendBatch batch;
        batch.allOrNothing = true;
        batch.compose = [this, facts](StoreWriter& writer) -> Result<std::vector<store::EntryToAppend>> {
            auto known = writer.access().device(facts.device);
            if (!known)
                return tl::unexpected(known.error());
            if (*known && ((*known)->revoked || (*known)->user != facts.user))
                return fail(ErrorCode::denied,
                            QStringLiteral("This device key was revoked or belongs to somebody else."));
            if (*known)
                return std::vector<store::EntryToAppend>();
            return std::vector{store::centralEntry(store_.clock(), store_.random(), store_.organisation().structure,
                                                   domain::Kind::deviceEnrolled, domain::toJson(facts))};
        };
        batch.after = [family = session.family, device = facts.device](StoreWriter& writer, auto) {
            return writer.accounts().bindDevice(family, device);
        };
        store_.append(std::move(batch), [responder, device = facts.device](const auto& results) {
            if (!results)
                return responder.respond(answer(results.error()));
            QJsonObject enrolled{{QStringLiteral("device"), device.toHexString()}};
            if (!results->empty())
                enrolled.insert(QStringLiteral("pos"), static_cast<qint64>(results->front().pos.value));
            responder.respond(answer(enrolled));
        });
    });
}

} // namespace holdfast::api

#include "central/api/admin_routes.h"

#include "central/api/answers.h"
#include "central/api/json_body.h"

namespace holdfast::api {
namespace {

using store::AppendResult;
using store::EntryToAppend;
using store::StoreReader;
using store::StoreWriter;
using Entries = std::vector<EntryToAppend>;

constexpr qsizetype shortestPassword = 10;

Error noSuchUser()
{
    return {ErrorCode::notFound, QStringLiteral("There is no user with this login.")};
}

Result<store::Account> account(StoreReader& reader, const QString& login)
{
    auto found = reader.accounts().byLogin(login);
    if (!found)
        return tl::unexpected(found.error());
    if (!*found)
        return tl::unexpected(noSuchUser());
    return **found;
}

Result<ScopeId> scopeNamed(StoreReader& reader, const QString& name)
{
    auto found = reader.access().scopeNamed(name);
    if (!found)
        return tl::unexpected(found.error());
    if (!*found)
        return fail(ErrorCode::notFound, QStringLiteral("There is no team or scope with this name."));
    return (*found)->scope.scope;
}

domain::UserProfile profileOf(const store::Account& account)
{
    return {account.id, account.login, account.name, account.role, account.team, account.active};
}

} // namespace

EntryToAppend AdminRoutes::structural(domain::Kind kind, const QByteArray& content) const
{
    return store::centralEntry(store_.clock(), store_.random(), store_.organisation().structure, kind, content);
}

EntryToAppend AdminRoutes::act(domain::Kind kind, const Session& session, QJsonObject fields) const
{
    fields.insert(QStringLiteral("by"), session.caller.user.toHexString());
    return store::centralEntry(store_.clock(), store_.random(), store_.organisation().auditThread, kind,
                               domain::toJson(domain::RecordedAct{fields}));
}

void AdminRoutes::addTo(http::Router& router)
{
    const auto to = [this](auto method) {
        return [this, method](const http::Request& request, const http::Responder& responder) {
            (this->*method)(request, responder);
        };
    };
    router.add("POST", "/v1/users", to(&AdminRoutes::addUser));
    router.add("POST", "/v1/users/{login}/disable", to(&AdminRoutes::disableUser));
    router.add("POST", "/v1/scopes", to(&AdminRoutes::addScope));
    router.add("POST", "/v1/grants",
               [this](const auto& request, const auto& responder) { changeGrant(request, responder, true); });
    router.add("POST", "/v1/grants/end",
               [this](const auto& request, const auto& responder) { changeGrant(request, responder, false); });
    router.add("POST", "/v1/rooms", to(&AdminRoutes::addRoom));
    router.add("GET", "/v1/devices", to(&AdminRoutes::devices));
    router.add("POST", "/v1/devices/{id}/revoke", to(&AdminRoutes::revokeDevice));
    router.add("POST", "/v1/acts", to(&AdminRoutes::recordAct));
    router.add("POST", "/v1/policies", to(&AdminRoutes::loadPolicies), {64LL * 1024 * 1024, admitBearer});
    router.add("POST", "/v1/export", to(&AdminRoutes::exportLog));
    router.add("POST", "/v1/verify", to(&AdminRoutes::verify));
    router.add("POST", "/v1/erase", to(&AdminRoutes::erase), {256 * 1024, {}});
}

void AdminRoutes::allowed(const http::Request& request, const http::Responder& responder, access::Act act,
                          std::function<void(Session)> goOn) const
{
    authenticator_.admit(request, responder, [responder, act, goOn = std::move(goOn)](Session session) {
        if (!session.rights.may(act))
            return responder.respond(answer(notAllowed()));
        goOn(std::move(session));
    });
}

void AdminRoutes::append(const http::Responder& responder, Compose compose, Answer body)
{
    store::AppendBatch batch;
    batch.allOrNothing = true;
    batch.compose = std::move(compose);
    store_.append(std::move(batch),
                  [responder, body = std::move(body)](const Result<std::vector<AppendResult>>& results) {
                      responder.respond(results ? answer(body(*results)) : answer(results.error()));
                  });
}

void AdminRoutes::addUser(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    store::Account fresh;
    fresh.login = body->text("login", 100).toLower();
    fresh.name = body->text("name", 200);
    fresh.role = body->text("role", 30);
    fresh.team = body->textOr("team", QString(), 100);
    const QString password = body->text("password", 1000);
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    if (!access::roleOf(fresh.role))
        return responder.respond(
            answer({ErrorCode::invalidInput, QStringLiteral("The role must be agent, supervisor or administrator.")}));
    if (fresh.login.isEmpty() || password.size() < shortestPassword)
        return responder.respond(answer(
            {ErrorCode::invalidInput, QStringLiteral("A login is needed, and a password of at least 10 characters.")}));
    allowed(request, responder, access::Act::administer, [this, fresh, password, responder](const Session&) {
        hasher_.hash(password, [this, fresh, responder](const Result<QString>& hash) mutable {
            if (!hash)
                return responder.respond(answer(hash.error()));
            fresh.passwordHash = *hash;
            fresh.id = store_.random().id<UserId>();
            append(
                responder,
                [this, fresh](StoreWriter& writer) -> Result<Entries> {
                    auto known = writer.accounts().byLogin(fresh.login);
                    if (!known)
                        return tl::unexpected(known.error());
                    if (*known)
                        return fail(ErrorCode::conflict, QStringLiteral("There is a user with this login already."));
                    if (const Status put = writer.accounts().put(fresh); !put)
                        return tl::unexpected(put.error());
                    return Entries{structural(domain::Kind::userProfile, domain::toJson(profileOf(fresh)))};
                },
                [id = fresh.id](const auto&) {
                    return QJsonObject{{QStringLiteral("user"), id.toHexString()}};
                });
        });
    });
}

void AdminRoutes::disableUser(const http::Request& request, const http::Responder& responder)
{
    const QString login = QString::fromUtf8(request.parameter("login")).toLower();
    allowed(request, responder, access::Act::administer, [this, login, responder](const Session&) {
        append(
            responder,
            [this, login](StoreWriter& writer) -> Result<Entries> {
                auto known = account(writer, login);
                if (!known)
                    return tl::unexpected(known.error());
                known->active = false;
                Status status = writer.accounts().put(*known);
                if (status)
                    status = writer.accounts().endSignInsOf(known->id);
                if (!status)
                    return tl::unexpected(status.error());
                return Entries{structural(domain::Kind::userProfile, domain::toJson(profileOf(*known)))};
            },
            [](const auto&) {
                return QJsonObject{{QStringLiteral("disabled"), true}};
            });
    });
}

void AdminRoutes::addScope(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    domain::ScopeDefined facts;
    facts.name = body->text("name", 100);
    const auto type = domain::scopeTypeOf(body->textOr("type", QStringLiteral("team"), 30));
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    const bool usable = type && (*type == domain::ScopeType::team || *type == domain::ScopeType::room ||
                                 *type == domain::ScopeType::direct);
    if (!usable || facts.name.isEmpty())
        return responder.respond(answer(
            {ErrorCode::invalidInput, QStringLiteral("A scope needs a name, and is a team, a room or direct.")}));
    facts.type = *type;
    facts.scope = store_.random().id<ScopeId>();
    allowed(request, responder, access::Act::administer, [this, facts, responder](const Session&) {
        append(
            responder,
            [this, facts](StoreWriter& writer) -> Result<Entries> {
                auto known = writer.access().scopeNamed(facts.name);
                if (!known)
                    return tl::unexpected(known.error());
                if (*known)
                    return fail(ErrorCode::conflict, QStringLiteral("There is a scope with this name already."));
                return Entries{structural(domain::Kind::scopeDefined, domain::toJson(facts))};
            },
            [id = facts.scope](const auto&) {
                return QJsonObject{{QStringLiteral("scope"), id.toHexString()}};
            });
    });
}

void AdminRoutes::changeGrant(const http::Request& request, const http::Responder& responder, bool give)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    const QString login = body->text("login", 100).toLower();
    const QString scope = body->text("scope", 100);
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    allowed(request, responder, access::Act::administer, [this, login, scope, give, responder](const Session&) {
        append(
            responder,
            [this, login, scope, give](StoreWriter& writer) -> Result<Entries> {
                auto user = account(writer, login);
                if (!user)
                    return tl::unexpected(user.error());
                auto target = scopeNamed(writer, scope);
                if (!target)
                    return tl::unexpected(target.error());
                auto has = writer.access().hasGrant(user->id, *target);
                if (!has)
                    return tl::unexpected(has.error());
                if (*has == give)
                    return Entries();
                const auto kind = give ? domain::Kind::grantGiven : domain::Kind::grantEnded;
                return Entries{structural(kind, domain::toJson(domain::Grant{user->id, *target}))};
            },
            [give](const auto& results) {
                return QJsonObject{{give ? QStringLiteral("granted") : QStringLiteral("ended"), !results.empty()}};
            });
    });
}

void AdminRoutes::addRoom(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    const QString scope = body->text("scope", 100);
    const QString title = body->text("title", 200);
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    const auto thread = store_.random().id<ThreadId>();
    allowed(request, responder, access::Act::administer, [this, scope, title, thread, responder](const Session&) {
        append(
            responder,
            [this, scope, title, thread](StoreWriter& writer) -> Result<Entries> {
                auto target = scopeNamed(writer, scope);
                if (!target)
                    return tl::unexpected(target.error());
                domain::ThreadOpened opened;
                opened.type = domain::ThreadType::room;
                opened.scope = *target;
                opened.title = title;
                auto entry = store::centralEntry(store_.clock(), store_.random(), thread, domain::Kind::threadOpened,
                                                 domain::toJson(opened));
                entry.newThreadScope = *target;
                return Entries{std::move(entry)};
            },
            [thread](const auto&) {
                return QJsonObject{{QStringLiteral("thread"), thread.toHexString()}};
            });
    });
}

void AdminRoutes::devices(const http::Request& request, const http::Responder& responder)
{
    authenticator_.read(request, responder, [](StoreReader& reader, const Session& session) -> Result<http::Response> {
        if (!session.rights.may(access::Act::administer))
            return tl::unexpected(notAllowed());
        auto all = reader.access().devices();
        if (!all)
            return tl::unexpected(all.error());
        QJsonArray list;
        for (const store::DeviceRow& device : *all) {
            auto owner = reader.accounts().byId(device.user);
            if (!owner)
                return tl::unexpected(owner.error());
            auto outstanding = reader.removals().outstanding(device.device);
            if (!outstanding)
                return tl::unexpected(outstanding.error());
            list.append(QJsonObject{{QStringLiteral("device"), device.device.toHexString()},
                                    {QStringLiteral("login"), *owner ? (*owner)->login : QString()},
                                    {QStringLiteral("name"), device.name},
                                    {QStringLiteral("revoked"), device.revoked},
                                    {QStringLiteral("still_holds"), *outstanding}});
        }
        return answer({{QStringLiteral("devices"), list}});
    });
}

void AdminRoutes::revokeDevice(const http::Request& request, const http::Responder& responder)
{
    const auto device = DeviceId::fromHex(QByteArrayView(request.parameter("id")));
    if (!device)
        return responder.respond(answer({ErrorCode::notFound, QStringLiteral("There is no such device.")}));
    allowed(request, responder, access::Act::administer, [this, device, responder](const Session&) {
        append(
            responder,
            [this, device](StoreWriter& writer) -> Result<Entries> {
                auto known = writer.access().device(*device);
                if (!known)
                    return tl::unexpected(known.error());
                if (!*known)
                    return fail(ErrorCode::notFound, QStringLiteral("There is no such device."));
                if (const Status ended = writer.accounts().endSignInsOfDevice(*device); !ended)
                    return tl::unexpected(ended.error());
                if ((*known)->revoked)
                    return Entries();
                return Entries{structural(domain::Kind::deviceRevoked, domain::toJson(domain::DeviceRevoked{*device}))};
            },
            [](const auto&) {
                return QJsonObject{{QStringLiteral("revoked"), true}};
            });
    });
}

void AdminRoutes::recordAct(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    const QString kind = body->text("kind", 50);
    const QString device = body->textOr("device", QString(), 32);
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    if (kind != domain::nameOf(domain::Kind::keyShown))
        return responder.respond(
            answer({ErrorCode::invalidInput, QStringLiteral("This kind of act cannot be recorded here.")}));
    // Anybody may record that his own desk's key was shown: it is his act.
    allowed(request, responder, access::Act::desk, [this, device, responder](const Session& session) {
        append(
            responder,
            [this, session, device](StoreWriter&) -> Result<Entries> {
                return Entries{act(domain::Kind::keyShown, session, {{QStringLiteral("device"), device}})};
            },
            [](const auto& results) {
                return QJsonObject{{QStringLiteral("pos"), static_cast<qint64>(results.front().pos.value)}};
            });
    });
}

void AdminRoutes::loadPolicies(const http::Request& request, const http::Responder& responder)
{
    allowed(request, responder, access::Act::loadPolicies, [this, lines = request.body, responder](const Session&) {
        loader_.load(lines, [responder](const Result<policies::LoadReport>& report) {
            if (!report)
                return responder.respond(answer(report.error()));
            QJsonArray rejected;
            for (const auto& line : report->rejected)
                rejected.append(QJsonObject{{QStringLiteral("line"), line.line}, {QStringLiteral("text"), line.text}});
            responder.respond(answer({{QStringLiteral("accepted"), report->accepted},
                                      {QStringLiteral("unchanged"), report->unchanged},
                                      {QStringLiteral("rejected"), rejected}}));
        });
    });
}

} // namespace holdfast::api

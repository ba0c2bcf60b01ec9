#include "central/api/admin_routes.h"

#include "central/api/answers.h"
#include "central/api/json_body.h"

#include <algorithm>

namespace holdfast::api {
namespace {

using store::StoreReader;
using store::StoreWriter;
using Entries = AdminWork::Entries;

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

// Somebody must be able to sign in and mend what the others did.
Result<bool> isLastAdministrator(StoreReader& reader, const UserId& user)
{
    auto all = reader.accounts().all();
    if (!all)
        return tl::unexpected(all.error());
    const auto isOther = [&user](const store::Account& one) {
        return one.id != user && one.active && one.role == QStringLiteral("administrator");
    };
    return std::none_of(all->begin(), all->end(), isOther);
}

domain::UserProfile profileOf(const store::Account& account)
{
    return {account.id, account.login, account.name, account.role, account.team, account.active};
}

} // namespace

void AdminRoutes::addTo(http::Router& router)
{
    const auto to = [this](auto method) {
        return [this, method](const http::Request& request, const http::Responder& responder) {
            (this->*method)(request, responder);
        };
    };
    router.add("POST", "/v1/users", to(&AdminRoutes::addUser));
    router.add("POST", "/v1/users/{login}/disable", to(&AdminRoutes::disableUser));
    router.add("POST", "/v1/users/{login}/enable", to(&AdminRoutes::enableUser));
    router.add("POST", "/v1/users/{login}/password", to(&AdminRoutes::setPassword));
    router.add("POST", "/v1/scopes", to(&AdminRoutes::addScope));
    router.add("POST", "/v1/grants", to(&AdminRoutes::addGrant));
    router.add("POST", "/v1/grants/end", to(&AdminRoutes::endGrant));
    router.add("POST", "/v1/rooms", to(&AdminRoutes::addRoom));
    router.add("GET", "/v1/devices", to(&AdminRoutes::devices));
    router.add("POST", "/v1/devices/{id}/revoke", to(&AdminRoutes::revokeDevice));
    router.add("POST", "/v1/acts", to(&AdminRoutes::recordAct));
    router.add("POST", "/v1/policies", to(&AdminRoutes::loadPolicies), {64LL * 1024 * 1024, admitBearer});
    router.add("POST", "/v1/export", to(&AdminRoutes::exportLog));
    router.add("POST", "/v1/verify", to(&AdminRoutes::verify));
}

Entries AdminRoutes::changed(const Session& session, const char* act, domain::Kind kind, const QByteArray& content,
                             const QJsonObject& fields) const
{
    return {work_.structural(kind, content), work_.administered(session, act, fields)};
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
    work_.allowed(request, responder, access::Act::administer,
                  [this, fresh, password, responder](const Session& session) {
                      hasher_.hash(password, [this, fresh, session, responder](const Result<QString>& hash) mutable {
                          if (!hash)
                              return responder.respond(answer(hash.error()));
                          fresh.passwordHash = *hash;
                          fresh.id = store_.random().id<UserId>();
                          work_.append(
                              responder,
                              [this, fresh, session](StoreWriter& writer) -> Result<Entries> {
                                  auto known = writer.accounts().byLogin(fresh.login);
                                  if (!known)
                                      return tl::unexpected(known.error());
                                  if (*known)
                                      return fail(ErrorCode::conflict,
                                                  QStringLiteral("There is a user with this login already."));
                                  if (const Status put = writer.accounts().put(fresh); !put)
                                      return tl::unexpected(put.error());
                                  return added(writer, session, fresh);
                              },
                              [id = fresh.id](const auto&) {
                                  return QJsonObject{{QStringLiteral("user"), id.toHexString()}};
                              });
                      });
                  });
}

// Who is put into a team can read it: a team without its grant would be an empty desk that nobody understands.
Result<Entries> AdminRoutes::added(StoreWriter& writer, const Session& session, const store::Account& fresh) const
{
    const QJsonObject user{{QStringLiteral("user"), fresh.id.toHexString()}};
    Entries entries = changed(session, "user.added", domain::Kind::userProfile, domain::toJson(profileOf(fresh)), user);
    if (fresh.team.isEmpty())
        return entries;
    const auto team = scopeNamed(writer, fresh.team);
    if (!team)
        return tl::unexpected(team.error());
    QJsonObject given = user;
    given.insert(QStringLiteral("scope"), team->toHexString());
    for (store::EntryToAppend& entry : changed(session, "grant.given", domain::Kind::grantGiven,
                                               domain::toJson(domain::Grant{fresh.id, *team}), given))
        entries.push_back(std::move(entry));
    return entries;
}

void AdminRoutes::disableUser(const http::Request& request, const http::Responder& responder)
{
    setActive(request, responder, false);
}

void AdminRoutes::enableUser(const http::Request& request, const http::Responder& responder)
{
    setActive(request, responder, true);
}

void AdminRoutes::setActive(const http::Request& request, const http::Responder& responder, bool active)
{
    const QString login = QString::fromUtf8(request.parameter("login")).toLower();
    const auto goOn = [this, login, active, responder](const Session& session) {
        const auto compose = [this, login, active, session](StoreWriter& writer) -> Result<Entries> {
            auto known = account(writer, login);
            if (!known)
                return tl::unexpected(known.error());
            const auto last = isLastAdministrator(writer, known->id);
            if (!last)
                return tl::unexpected(last.error());
            if (!active && *last)
                return fail(ErrorCode::conflict,
                            QStringLiteral("This is the last administrator who can sign in. Add or "
                                           "enable another one first."));
            known->active = active;
            Status status = writer.accounts().put(*known);
            if (status && !active)
                status = writer.accounts().endSignInsOf(known->id);
            if (!status)
                return tl::unexpected(status.error());
            return changed(session, active ? "user.enabled" : "user.disabled", domain::Kind::userProfile,
                           domain::toJson(profileOf(*known)), {{QStringLiteral("user"), known->id.toHexString()}});
        };
        work_.append(responder, compose, [active](const auto&) {
            return QJsonObject{{active ? QStringLiteral("enabled") : QStringLiteral("disabled"), true}};
        });
    };
    work_.allowed(request, responder, access::Act::administer, goOn);
}

// Whoever was signed in with the old password is signed out.
void AdminRoutes::setPassword(const http::Request& request, const http::Responder& responder)
{
    const QString login = QString::fromUtf8(request.parameter("login")).toLower();
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    const QString password = body->text("password", 1000);
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    if (password.size() < shortestPassword)
        return responder.respond(
            answer({ErrorCode::invalidInput, QStringLiteral("A password needs at least 10 characters.")}));
    const auto goOn = [this, login, password, responder](const Session& session) {
        hasher_.hash(password, [this, login, session, responder](const Result<QString>& hash) {
            if (!hash)
                return responder.respond(answer(hash.error()));
            const auto compose = [this, login, session, hash = *hash](StoreWriter& writer) -> Result<Entries> {
                auto known = account(writer, login);
                if (!known)
                    return tl::unexpected(known.error());
                Status status = writer.accounts().setPassword(known->id, hash);
                if (status)
                    status = writer.accounts().endSignInsOf(known->id);
                if (!status)
                    return tl::unexpected(status.error());
                return Entries{
                    work_.administered(session, "password.set", {{QStringLiteral("user"), known->id.toHexString()}})};
            };
            work_.append(responder, compose, [](const auto&) { return QJsonObject{{QStringLiteral("set"), true}}; });
        });
    };
    work_.allowed(request, responder, access::Act::administer, goOn);
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
    work_.allowed(request, responder, access::Act::administer, [this, facts, responder](const Session& session) {
        work_.append(
            responder,
            [this, facts, session](StoreWriter& writer) -> Result<Entries> {
                auto known = writer.access().scopeNamed(facts.name);
                if (!known)
                    return tl::unexpected(known.error());
                if (*known)
                    return fail(ErrorCode::conflict, QStringLiteral("There is a scope with this name already."));
                return changed(session, "scope.added", domain::Kind::scopeDefined, domain::toJson(facts),
                               {{QStringLiteral("scope"), facts.scope.toHexString()}});
            },
            [id = facts.scope](const auto&) {
                return QJsonObject{{QStringLiteral("scope"), id.toHexString()}};
            });
    });
}

void AdminRoutes::addGrant(const http::Request& request, const http::Responder& responder)
{
    changeGrant(request, responder, true);
}

void AdminRoutes::endGrant(const http::Request& request, const http::Responder& responder)
{
    changeGrant(request, responder, false);
}

void AdminRoutes::changeGrant(const http::Request& request, const http::Responder& responder, bool given)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    const QString login = body->text("login", 100).toLower();
    const QString scope = body->text("scope", 100);
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    const auto goOn = [this, login, scope, given, responder](const Session& session) {
        const auto compose = [this, login, scope, given, session](StoreWriter& writer) -> Result<Entries> {
            auto user = account(writer, login);
            if (!user)
                return tl::unexpected(user.error());
            auto target = scopeNamed(writer, scope);
            if (!target)
                return tl::unexpected(target.error());
            auto has = writer.access().hasGrant(user->id, *target);
            if (!has)
                return tl::unexpected(has.error());
            if (*has == given)
                return Entries();
            return changed(
                session, given ? "grant.given" : "grant.ended",
                given ? domain::Kind::grantGiven : domain::Kind::grantEnded,
                domain::toJson(domain::Grant{user->id, *target}),
                {{QStringLiteral("user"), user->id.toHexString()}, {QStringLiteral("scope"), target->toHexString()}});
        };
        work_.append(responder, compose, [given](const auto& results) {
            return QJsonObject{{given ? QStringLiteral("granted") : QStringLiteral("ended"), !results.empty()}};
        });
    };
    work_.allowed(request, responder, access::Act::administer, goOn);
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
    work_.allowed(request, responder, access::Act::administer,
                  [this, scope, title, thread, responder](const Session& session) {
                      work_.append(
                          responder,
                          [this, scope, title, thread, session](StoreWriter& writer) -> Result<Entries> {
                              auto target = scopeNamed(writer, scope);
                              if (!target)
                                  return tl::unexpected(target.error());
                              domain::ThreadOpened opened;
                              opened.type = domain::ThreadType::room;
                              opened.scope = *target;
                              opened.title = title;
                              auto entry = store::centralEntry(store_.clock(), store_.random(), thread,
                                                               domain::Kind::threadOpened, domain::toJson(opened));
                              entry.newThreadScope = *target;
                              return Entries{std::move(entry),
                                             work_.administered(session, "room.added",
                                                                {{QStringLiteral("thread"), thread.toHexString()}})};
                          },
                          [thread](const auto&) {
                              return QJsonObject{{QStringLiteral("thread"), thread.toHexString()}};
                          });
                  });
}

void AdminRoutes::devices(const http::Request& request, const http::Responder& responder)
{
    work_.authenticator().read(
        request, responder, [](StoreReader& reader, const Session& session) -> Result<http::Response> {
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
                                        {QStringLiteral("copied"), device.copied},
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
    work_.allowed(request, responder, access::Act::administer, [this, device, responder](const Session& session) {
        work_.append(
            responder,
            [this, device, session](StoreWriter& writer) -> Result<Entries> {
                auto known = writer.access().device(*device);
                if (!known)
                    return tl::unexpected(known.error());
                if (!*known)
                    return fail(ErrorCode::notFound, QStringLiteral("There is no such device."));
                if (const Status ended = writer.accounts().endSignInsOfDevice(*device); !ended)
                    return tl::unexpected(ended.error());
                if ((*known)->revoked)
                    return Entries();
                return changed(session, "device.revoked", domain::Kind::deviceRevoked,
                               domain::toJson(domain::DeviceRevoked{*device}),
                               {{QStringLiteral("device"), device->toHexString()}});
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
    work_.allowed(request, responder, access::Act::recordOwnAct, [this, device, responder](const Session& session) {
        work_.append(
            responder,
            [this, session, device](StoreWriter&) -> Result<Entries> {
                return Entries{work_.recorded(domain::Kind::keyShown, session, {{QStringLiteral("device"), device}})};
            },
            [](const auto& results) {
                return QJsonObject{{QStringLiteral("pos"), static_cast<qint64>(results.front().pos.value)}};
            });
    });
}

void AdminRoutes::loadPolicies(const http::Request& request, const http::Responder& responder)
{
    work_.allowed(request, responder, access::Act::loadPolicies,
                  [this, lines = request.body, responder](const Session&) {
                      loader_.load(lines, [responder](const Result<policies::LoadReport>& report) {
                          if (!report)
                              return responder.respond(answer(report.error()));
                          QJsonArray rejected;
                          for (const auto& line : report->rejected)
                              rejected.append(QJsonObject{{QStringLiteral("line"), line.line},
                                                          {QStringLiteral("text"), line.text}});
                          responder.respond(answer({{QStringLiteral("accepted"), report->accepted},
                                                    {QStringLiteral("unchanged"), report->unchanged},
                                                    {QStringLiteral("rejected_count"), report->rejectedCount},
                                                    {QStringLiteral("rejected"), rejected}}));
                      });
                  });
}

} // namespace holdfast::api

// Administration and the policy system: people, scopes, grants, rooms, devices, policies, export, verification.
#pragma once

#include "central/api/authenticator.h"
#include "central/api/passwords.h"
#include "central/policies/policy_loader.h"

namespace holdfast::api {

class JsonBody;

class AdminRoutes
{
public:
    AdminRoutes(store::Store& store, PasswordHasher& hasher)
        : store_(store), authenticator_(store), hasher_(hasher), loader_(store)
    {}
    void addTo(http::Router& router);

private:
    using Compose = std::function<Result<std::vector<store::EntryToAppend>>(store::StoreWriter&)>;
    using Answer = std::function<QJsonObject(const std::vector<store::AppendResult>&)>;
    // Goes on only for a caller who may do `act`; 401 and 403 otherwise.
    void allowed(const http::Request& request, const http::Responder& responder, access::Act act,
                 std::function<void(Session)> goOn) const;
    void append(const http::Responder& responder, Compose compose, Answer answer);

    void addUser(const http::Request& request, const http::Responder& responder);
    void disableUser(const http::Request& request, const http::Responder& responder);
    void addScope(const http::Request& request, const http::Responder& responder);
    void changeGrant(const http::Request& request, const http::Responder& responder, bool give);
    void addRoom(const http::Request& request, const http::Responder& responder);
    void devices(const http::Request& request, const http::Responder& responder);
    void revokeDevice(const http::Request& request, const http::Responder& responder);
    void recordAct(const http::Request& request, const http::Responder& responder);
    void loadPolicies(const http::Request& request, const http::Responder& responder);
    void exportLog(const http::Request& request, const http::Responder& responder);
    void verify(const http::Request& request, const http::Responder& responder);
    void erase(const http::Request& request, const http::Responder& responder);

    [[nodiscard]] store::EntryToAppend structural(domain::Kind kind, const QByteArray& content) const;
    [[nodiscard]] store::EntryToAppend act(domain::Kind kind, const Session& session, QJsonObject fields) const;

    store::Store& store_;
    Authenticator authenticator_;
    PasswordHasher& hasher_;
    policies::PolicyLoader loader_;
};

} // namespace holdfast::api

// Administration and the policy system: people, scopes, grants, rooms, devices, policies, export, verification.
#pragma once

#include "central/api/admin_work.h"
#include "central/api/passwords.h"
#include "central/policies/policy_loader.h"

namespace holdfast::api {

class AdminRoutes
{
public:
    AdminRoutes(store::Store& store, PasswordHasher& hasher)
        : work_(store), store_(store), hasher_(hasher), loader_(store)
    {}
    void addTo(http::Router& router);

private:
    void addUser(const http::Request& request, const http::Responder& responder);
    void disableUser(const http::Request& request, const http::Responder& responder);
    void enableUser(const http::Request& request, const http::Responder& responder);
    void setActive(const http::Request& request, const http::Responder& responder, bool active);
    void setPassword(const http::Request& request, const http::Responder& responder);
    void addScope(const http::Request& request, const http::Responder& responder);
    void addGrant(const http::Request& request, const http::Responder& responder);
    void endGrant(const http::Request& request, const http::Responder& responder);
    void changeGrant(const http::Request& request, const http::Responder& responder, bool given);
    void addRoom(const http::Request& request, const http::Responder& responder);
    void devices(const http::Request& request, const http::Responder& responder);
    void revokeDevice(const http::Request& request, const http::Responder& responder);
    void recordAct(const http::Request& request, const http::Responder& responder);
    void loadPolicies(const http::Request& request, const http::Responder& responder);
    void exportLog(const http::Request& request, const http::Responder& responder);
    void verify(const http::Request& request, const http::Responder& responder);

    // A structural entry, and beside it the record of who made it.
    [[nodiscard]] AdminWork::Entries changed(const Session& session, const char* act, domain::Kind kind,
                                             const QByteArray& content, const QJsonObject& fields) const;

    [[nodiscard]] Result<AdminWork::Entries> added(store::StoreWriter& writer, const Session& session,
                                                   const store::Account& fresh) const;

    AdminWork work_;
    store::Store& store_;
    PasswordHasher& hasher_;
    policies::PolicyLoader loader_;
};

} // namespace holdfast::api

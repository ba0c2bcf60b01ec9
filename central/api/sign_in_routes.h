// Who are you: /v1/organisation, /v1/sign-in, /v1/token, /v1/devices.
#pragma once

#include "central/api/authenticator.h"
#include "central/api/passwords.h"
#include "central/api/throttle.h"

namespace holdfast::api {

struct TokenLives
{
    qint64 access = 10LL * 60 * 1000000; // microseconds
    qint64 refresh = 12LL * 60 * 60 * 1000000;
};

class SignInRoutes
{
public:
    SignInRoutes(store::Store& store, PasswordHasher& hasher, SignInThrottle& throttle, TokenLives lives)
        : store_(store), authenticator_(store), hasher_(hasher), throttle_(throttle), lives_(lives)
    {}
    void addTo(http::Router& router);

private:
    [[nodiscard]] http::Response organisation() const;
    void signIn(const http::Request& request, const http::Responder& responder);
    void begin(const store::Account& account, const http::Responder& responder);
    void renew(const http::Request& request, const http::Responder& responder);
    void enrol(const http::Request& request, const http::Responder& responder);
    enum class IsNew { yes, no }; // whether the refresh token is not in the store yet
    [[nodiscard]] Result<http::Response> issue(store::StoreWriter& writer, const store::Account& account,
                                               const QByteArray& family, const QByteArray& refresh, IsNew isNew);
    [[nodiscard]] Result<http::Response> renewed(store::StoreWriter& writer, const QByteArray& refresh,
                                                 const QByteArray& proof);

    store::Store& store_;
    Authenticator authenticator_;
    PasswordHasher& hasher_;
    SignInThrottle& throttle_;
    TokenLives lives_;
};

} // namespace holdfast::api

// From a request's bearer token to its caller and that caller's rights, in the same view as the work that follows.
#pragma once

#include "central/access/access.h"
#include "central/http/router.h"
#include "central/store/store.h"

#include <functional>

namespace holdfast::api {

struct Session
{
    access::Caller caller;
    access::Rights rights;
    store::Account account; // empty for an API key
    QByteArray family;      // of the sign-in
};

[[nodiscard]] QByteArray tokenHash(QByteArrayView token);

// Thread-safe.
class Authenticator
{
public:
    explicit Authenticator(store::Store& store) : store_(store) {}

    // denied (answered 401 by the routes) when there is no good token.
    [[nodiscard]] Result<Session> session(store::StoreReader& reader, const QByteArray& bearer) const;

    // Of many bearers, in their order and in two statements; nothing where there is no good token of a person.
    [[nodiscard]] Result<std::vector<std::optional<Session>>> sessions(store::StoreReader& reader,
                                                                       const std::vector<QByteArray>& bearers) const;

    using ReadWork = std::function<Result<http::Response>(store::StoreReader&, const Session&)>;
    // Answers with what `work` gives; 401 without a good token. `work` runs on a reader thread.
    void read(const http::Request& request, const http::Responder& responder, ReadWork work) const;

    // Finds the session on a reader thread and goes on there.
    void admit(const http::Request& request, const http::Responder& responder, std::function<void(Session)> goOn) const;

    [[nodiscard]] store::Store& store() const { return store_; }

private:
    [[nodiscard]] std::optional<Session> staffSession(const store::AccountReads::Presented& presented) const;

    store::Store& store_;
};

[[nodiscard]] http::Response notSignedIn();
// For RouteOptions::admit: no body of a request without a token is read.
[[nodiscard]] std::optional<http::Response> admitBearer(const http::Request& request);
[[nodiscard]] Error deviceNeeded(); // of what only an enrolled device may do
[[nodiscard]] Error notAllowed();   // 403, whatever it was that may not be done

} // namespace holdfast::api

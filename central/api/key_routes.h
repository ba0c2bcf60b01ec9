// Keys of other systems: made, made anew, revoked. A key is shown once and stored as a hash.
#pragma once

#include "central/api/admin_work.h"

namespace holdfast::api {

class KeyRoutes
{
public:
    explicit KeyRoutes(store::Store& store) : work_(store) {}
    void addTo(http::Router& router);

private:
    void list(const http::Request& request, const http::Responder& responder);
    void add(const http::Request& request, const http::Responder& responder);
    void rotate(const http::Request& request, const http::Responder& responder);
    void revoke(const http::Request& request, const http::Responder& responder);
    // The old key of that name, if any, stops at once. `mustExist`: notFound without one, else conflict with one.
    void give(const http::Request& request, const http::Responder& responder, const QString& name, bool mustExist);

    AdminWork work_;
};

} // namespace holdfast::api

// Raw webhook bodies that could not be read: read again after a fix.
#pragma once

#include "central/api/admin_work.h"

namespace holdfast::api {

class InboxRoutes
{
public:
    // `replayed` is called after bodies were made to wait again; on a thread of the store.
    InboxRoutes(store::Store& store, std::function<void()> replayed) : work_(store), replayed_(std::move(replayed)) {}
    void addTo(http::Router& router);

private:
    void replay(const http::Request& request, const http::Responder& responder);

    AdminWork work_;
    std::function<void()> replayed_;
};

} // namespace holdfast::api

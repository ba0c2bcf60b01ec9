// History from its newest end, for desks that hold windows of it: POST /v1/threads and POST /v1/history.
#pragma once

#include "central/api/authenticator.h"

namespace holdfast::api {

class HistoryRoutes
{
public:
    explicit HistoryRoutes(store::Store& store) : store_(store), authenticator_(store) {}
    void addTo(http::Router& router);

private:
    void threads(const http::Request& request, const http::Responder& responder);
    void history(const http::Request& request, const http::Responder& responder);

    store::Store& store_;
    Authenticator authenticator_;
};

} // namespace holdfast::api

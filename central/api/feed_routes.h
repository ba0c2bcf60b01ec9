// POST /v1/changes: catching up and live are one long poll.
#pragma once

#include "central/api/authenticator.h"
#include "central/api/cursor.h"

#include <memory>

namespace holdfast::api {

class FeedRoutes
{
public:
    explicit FeedRoutes(store::Store& store) : store_(store), authenticator_(store) {}
    void addTo(http::Router& router);

private:
    struct Poll;
    void changes(const http::Request& request, const http::Responder& responder);
    void look(const std::shared_ptr<Poll>& poll);
    void park(const std::shared_ptr<Poll>& poll, quint64 size);

    store::Store& store_;
    Authenticator authenticator_;
};

} // namespace holdfast::api

// GET /healthz, /readyz and /metrics.
#pragma once

#include "central/api/feed_routes.h"
#include "central/api/push_routes.h"
#include "central/http/router.h"
#include "central/store/store.h"

namespace holdfast::api {

class HealthRoutes
{
public:
    HealthRoutes(store::Store& store, const FeedRoutes& feed, const AcceptedListener& channel)
        : store_(store), feed_(feed), channel_(channel)
    {}
    void addTo(http::Router& router);

private:
    void ready(const http::Responder& responder);
    void metrics(const http::Responder& responder);
    store::Store& store_;
    const FeedRoutes& feed_;
    const AcceptedListener& channel_;
};

} // namespace holdfast::api

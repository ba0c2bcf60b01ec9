// GET /healthz, /readyz and /metrics.
#pragma once

#include "central/api/feed_routes.h"
#include "central/http/router.h"
#include "central/store/store.h"

namespace holdfast::api {

class HealthRoutes
{
public:
    HealthRoutes(store::Store& store, const FeedRoutes& feed) : store_(store), feed_(feed) {}
    void addTo(http::Router& router);

private:
    void ready(const http::Responder& responder);
    void metrics(const http::Responder& responder);
    store::Store& store_;
    const FeedRoutes& feed_;
};

} // namespace holdfast::api

// GET /healthz, /readyz and /metrics.
#pragma once

#include "central/http/router.h"
#include "central/store/store.h"

namespace holdfast::api {

class HealthRoutes
{
public:
    explicit HealthRoutes(store::Store& store) : store_(store) {}
    void addTo(http::Router& router);

private:
    void ready(const http::Responder& responder);
    void metrics(const http::Responder& responder);
    store::Store& store_;
};

} // namespace holdfast::api

// Which run of its desk speaks for a device: POST /v1/runs, and an administrator's word when two did.
#pragma once

#include "central/api/admin_work.h"

namespace holdfast::api {

class DeviceRoutes
{
public:
    explicit DeviceRoutes(store::Store& store) : work_(store), store_(store) {}
    void addTo(http::Router& router);

private:
    void beginRun(const http::Request& request, const http::Responder& responder);
    void begin(const store::RunClaim& claim, const http::Responder& responder);
    void release(const http::Request& request, const http::Responder& responder);
    [[nodiscard]] store::EntryToAppend incident(const DeviceId& device) const;

    AdminWork work_;
    store::Store& store_;
};

} // namespace holdfast::api

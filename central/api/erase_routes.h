// POST /v1/erase: contents are destroyed, for good.
#pragma once

#include "central/api/admin_work.h"

namespace holdfast::api {

class EraseRoutes
{
public:
    explicit EraseRoutes(store::Store& store) : work_(store) {}
    void addTo(http::Router& router);

private:
    void erase(const http::Request& request, const http::Responder& responder);

    AdminWork work_;
};

} // namespace holdfast::api

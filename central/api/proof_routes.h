// POST /v1/proofs: a desk checks that the log it is shown is the one it saw before.
#pragma once

#include "central/api/authenticator.h"

namespace holdfast::api {

class ProofRoutes
{
public:
    explicit ProofRoutes(store::Store& store) : store_(store), authenticator_(store) {}
    void addTo(http::Router& router);

private:
    void proofs(const http::Request& request, const http::Responder& responder);
    void stopBehind(const QByteArray& checkpoint, const http::Responder& responder);

    store::Store& store_;
    Authenticator authenticator_;
};

} // namespace holdfast::api

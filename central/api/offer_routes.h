// After a restore: POST /v1/epochs tells a desk where the log goes on, POST /v1/offers takes back what it had above.
#pragma once

#include "central/api/authenticator.h"
#include "central/store/recovery.h"

namespace holdfast::api {

// Each entry is answered by itself, as a push is; whoever offers it first restores it, for the others it is a
// duplicate. Nothing is sent to anybody: it was sent, or not, before the restore.
class OfferRoutes
{
public:
    explicit OfferRoutes(store::Store& store) : store_(store), authenticator_(store) {}
    void addTo(http::Router& router);

private:
    struct Offer;
    void epochs(const http::Request& request, const http::Responder& responder);
    void offer(const http::Request& request, const http::Responder& responder);
    [[nodiscard]] Status admit(store::StoreReader& reader, Offer& offer) const;
    void append(const std::shared_ptr<Offer>& offer);

    store::Store& store_;
    Authenticator authenticator_;
};

} // namespace holdfast::api

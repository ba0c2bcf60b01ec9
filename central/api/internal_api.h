// Everything that the internal listener answers, put together.
#pragma once

#include "central/api/admin_routes.h"
#include "central/api/blob_routes.h"
#include "central/api/device_routes.h"
#include "central/api/erase_routes.h"
#include "central/api/feed_routes.h"
#include "central/api/health_routes.h"
#include "central/api/history_routes.h"
#include "central/api/inbox_routes.h"
#include "central/api/key_routes.h"
#include "central/api/offer_routes.h"
#include "central/api/proof_routes.h"
#include "central/api/push_routes.h"
#include "central/api/sign_in_routes.h"

namespace holdfast::api {

class InternalApi
{
public:
    InternalApi(store::Store& store, PasswordHasher& hasher, SignInThrottle& throttle, AcceptedListener& listener,
                TokenLives lives = {}, PushRules rules = {}, const FeedLimits& feedLimits = {})
        : signIn_(store, hasher, throttle, lives), feed_(store, feedLimits), push_(store, listener, rules),
          blobs_(store), devices_(store), history_(store), offers_(store), proofs_(store), admin_(store, hasher),
          keys_(store), erase_(store), inbox_(store, [&listener] { listener.committed(); }),
          health_(store, feed_, listener)
    {}

    void addTo(http::Router& router)
    {
        signIn_.addTo(router);
        feed_.addTo(router);
        push_.addTo(router);
        blobs_.addTo(router);
        devices_.addTo(router);
        history_.addTo(router);
        offers_.addTo(router);
        proofs_.addTo(router);
        admin_.addTo(router);
        keys_.addTo(router);
        erase_.addTo(router);
        inbox_.addTo(router);
        health_.addTo(router);
    }

    [[nodiscard]] FeedCounters feedCounters() const { return feed_.counters(); }

private:
    SignInRoutes signIn_;
    FeedRoutes feed_;
    PushRoutes push_;
    BlobRoutes blobs_;
    DeviceRoutes devices_;
    HistoryRoutes history_;
    OfferRoutes offers_;
    ProofRoutes proofs_;
    AdminRoutes admin_;
    KeyRoutes keys_;
    EraseRoutes erase_;
    InboxRoutes inbox_;
    HealthRoutes health_;
};

} // namespace holdfast::api

// POST /v1/changes: catching up and live are one long poll.
#pragma once

#include "central/api/feed_hub.h"

namespace holdfast::api {

class FeedRoutes
{
public:
    explicit FeedRoutes(store::Store& store, const FeedLimits& limits = {})
        : store_(store), authenticator_(store), hub_(store, authenticator_, limits)
    {}
    void addTo(http::Router& router);
    [[nodiscard]] FeedCounters counters() const { return hub_.counters(); }

private:
    void changes(const http::Request& request, const http::Responder& responder);
    void noteGone(const PollPtr& poll, const std::vector<store::Removal>& gone);

    store::Store& store_;
    Authenticator authenticator_;
    FeedHub hub_;
};

} // namespace holdfast::api

#include "central/api/feed_routes.h"

#include "central/api/answers.h"
#include "central/api/json_body.h"

namespace holdfast::api {

void FeedRoutes::addTo(http::Router& router)
{
    router.add("POST", "/v1/changes",
               [this](const auto& request, const auto& responder) { changes(request, responder); },
               {256 * 1024, admitBearer});
}

void FeedRoutes::changes(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    auto poll = std::make_shared<FeedPoll>(responder, request.bearerToken());
    poll->cursorText = body->textOr("cursor", QString(), 300000).toLatin1();
    poll->limit = static_cast<int>(body->integerOr("limit", maxFeedEntries, 1, maxFeedEntries));
    poll->windows = body->flagOr("windows", false);
    const std::chrono::seconds wait(body->integerOr("wait", 0, 0, 25));
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    poll->mayWait = wait.count() > 0;
    poll->deadline = std::chrono::steady_clock::now() + wait;
    hub_.arrive(poll);
}

} // namespace holdfast::api

#include "central/api/feed_routes.h"

#include "central/api/answers.h"
#include "central/api/json_body.h"

namespace holdfast::api {
namespace {

constexpr qsizetype maxGone = 200;
constexpr qsizetype maxScopes = 1000;

// `closed`: [{"scope": id}, {"thread": id} or {"erasure": id}], what the device has destroyed.
Result<std::vector<store::Removal>> readGone(JsonBody& body)
{
    using What = store::Removal::What;
    std::vector<store::Removal> gone;
    for (const QJsonValue& value : body.arrayOr("closed", maxGone)) {
        const QJsonObject object = value.toObject();
        JsonBody item(object);
        if (object.contains(QStringLiteral("thread")))
            gone.push_back({What::thread, item.hex("thread", ThreadId::size)});
        else if (object.contains(QStringLiteral("erasure")))
            gone.push_back({What::erasure, item.hex("erasure", EntryId::size)});
        else
            gone.push_back({What::scope, item.hex("scope", ScopeId::size)});
        if (const Status status = item.check(); !status)
            return tl::unexpected(status.error());
    }
    if (const Status status = body.check(); !status)
        return tl::unexpected(status.error());
    return gone;
}

Result<std::vector<ScopeId>> readScopes(JsonBody& body, const char* field)
{
    std::vector<ScopeId> scopes;
    for (const QJsonValue& value : body.arrayOr(field, maxScopes)) {
        const auto scope = ScopeId::fromHex(QStringView(value.toString()));
        if (!scope)
            return fail(ErrorCode::invalidInput, QStringLiteral("A scope is not 32 hex digits."));
        scopes.push_back(*scope);
    }
    if (const Status status = body.check(); !status)
        return tl::unexpected(status.error());
    return scopes;
}

} // namespace

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
    const auto gone = readGone(*body);
    if (!gone)
        return responder.respond(answer(gone.error()));
    auto again = readScopes(*body, "again");
    if (!again)
        return responder.respond(answer(again.error()));
    poll->again = std::move(*again);
    if (gone->empty())
        return hub_.arrive(poll);
    noteGone(poll, *gone);
}

// What the device destroyed is noted before it is answered: it tells it once.
void FeedRoutes::noteGone(const PollPtr& poll, const std::vector<store::Removal>& gone)
{
    store_.write<bool>(
        [this, poll, gone](store::StoreWriter& writer) -> Result<bool> {
            auto session = authenticator_.session(writer, poll->bearer);
            if (!session && session.error().code != ErrorCode::denied)
                return tl::unexpected(session.error());
            if (!session || session->caller.device.isNull())
                return true; // the look that follows answers for it
            const Status noted = writer.removals().acknowledge(session->caller.device, gone);
            return noted ? Result<bool>(true) : tl::unexpected(noted.error());
        },
        [this, poll](const Result<bool>& noted) {
            if (!noted)
                return poll->responder.respond(answer(noted.error()));
            hub_.arrive(poll);
        });
}

} // namespace holdfast::api

#include "central/api/feed_routes.h"

#include "central/api/answers.h"
#include "central/api/feed.h"
#include "central/api/json_body.h"

#include <atomic>

namespace holdfast::api {
namespace {

using std::chrono::milliseconds;

QJsonObject entryObject(const store::FeedEntry& entry)
{
    QJsonObject object{{QStringLiteral("header"), base64Text(entry.header)}};
    if (entry.content && entry.salt) {
        object.insert(QStringLiteral("salt"), base64Text(*entry.salt));
        object.insert(QStringLiteral("content"), base64Text(*entry.content));
    }
    return object;
}

http::Response feedResponse(const FeedAnswer& feed, const QByteArray& cursorKey)
{
    QJsonArray entries, scopes;
    for (const store::FeedEntry& entry : feed.entries)
        entries.append(entryObject(entry));
    for (const ScopeEvent& event : feed.scopes)
        scopes.append(
            QJsonObject{{QStringLiteral("scope"), event.scope.toHexString()},
                        {QStringLiteral("event"), event.opened ? QStringLiteral("opened") : QStringLiteral("closed")}});
    QJsonObject body{{QStringLiteral("entries"), entries},
                     {QStringLiteral("scopes"), scopes},
                     {QStringLiteral("cursor"), QString::fromLatin1(seal(feed.cursor, cursorKey))},
                     {QStringLiteral("more"), feed.more},
                     {QStringLiteral("head"), static_cast<qint64>(feed.head)}};
    if (!feed.checkpoint.isEmpty())
        body.insert(QStringLiteral("checkpoint"), QString::fromUtf8(feed.checkpoint));
    return answer(body);
}

} // namespace

// One request and where it has got to. Touched by one thread at a time: a reader's, or the tailer's when it is woken.
struct FeedRoutes::Poll
{
    explicit Poll(const http::Request& request, http::Responder answerer)
        : responder(std::move(answerer)), bearer(request.bearerToken())
    {}

    http::Responder responder;
    QByteArray bearer;
    QByteArray cursorText;
    int limit = maxFeedEntries;
    Timestamp deadline;
    std::optional<Cursor> cursor;
    std::atomic<bool> gone{false};
    std::atomic<bool> draining{false};
};

void FeedRoutes::addTo(http::Router& router)
{
    router.add("POST", "/v1/changes",
               [this](const auto& request, const auto& responder) { changes(request, responder); }, {256 * 1024, {}});
}

void FeedRoutes::changes(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    auto poll = std::make_shared<Poll>(request, responder);
    poll->cursorText = body->textOr("cursor", QString(), 300000).toLatin1();
    poll->limit = static_cast<int>(body->integerOr("limit", maxFeedEntries, 1, maxFeedEntries));
    const qint64 wait = body->integerOr("wait", 0, 0, 25);
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    poll->deadline = Timestamp{store_.clock().now().value + wait * 1000000};
    responder.onGone([poll] { poll->gone = true; });
    responder.onDraining([poll] { poll->draining = true; });
    look(poll);
}

void FeedRoutes::look(const std::shared_ptr<Poll>& poll)
{
    struct Seen
    {
        std::optional<FeedAnswer> feed; // nothing: not signed in
    };
    store_.read<Seen>(
        [this, poll](store::StoreReader& reader) -> Result<Seen> {
            // Asked anew at every look, so that an ended sign-in or a lost grant ends a waiting poll.
            auto session = authenticator_.session(reader, poll->bearer);
            if (!session && session.error().code == ErrorCode::denied)
                return Seen{};
            if (!session)
                return tl::unexpected(session.error());
            if (!poll->cursor) {
                Cursor fresh;
                fresh.user = session->caller.user;
                fresh.device = session->caller.device;
                fresh.epoch = reader.organisation().epoch;
                if (!poll->cursorText.isEmpty()) {
                    auto opened = openCursor(poll->cursorText, store_.keys().cursorKey(), fresh.user, fresh.device);
                    if (!opened)
                        return tl::unexpected(opened.error());
                    if (opened->epoch != fresh.epoch)
                        return fail(ErrorCode::conflict,
                                    QStringLiteral("The log began a new epoch. Start the feed again."));
                    fresh = std::move(*opened);
                }
                poll->cursor = std::move(fresh);
            }
            auto feed = readFeed(reader, *poll->cursor, session->rights.readable(), poll->limit);
            if (!feed)
                return tl::unexpected(feed.error());
            poll->cursor = feed->cursor; // looked at for nothing, these positions need not be scanned again
            return Seen{std::move(*feed)};
        },
        [this, poll](Result<Seen> seen) {
            if (!seen)
                return poll->responder.respond(answer(seen.error()));
            if (!seen->feed)
                return poll->responder.respond(notSignedIn());
            const bool late = store_.clock().now() >= poll->deadline;
            if (seen->feed->hasNews() || late || poll->draining)
                return poll->responder.respond(feedResponse(*seen->feed, store_.keys().cursorKey()));
            if (!poll->gone)
                park(poll, seen->feed->head);
        });
}

void FeedRoutes::park(const std::shared_ptr<Poll>& poll, quint64 size)
{
    const qint64 left = std::max<qint64>(1, (poll->deadline.value - store_.clock().now().value) / 1000);
    store_.tailer().wait(size, milliseconds(left), [this, poll](bool) {
        if (!poll->gone && !poll->responder.answered())
            look(poll);
    });
}

} // namespace holdfast::api

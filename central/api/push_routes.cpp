#include "central/api/push_routes.h"

#include "central/api/answers.h"
#include "central/api/append_answer.h"
#include "central/api/json_body.h"

namespace holdfast::api {
namespace {

using store::AppendResult;
using store::EntryToAppend;
using store::Refusal;

constexpr qsizetype maxEntries = 256;

Refusal refusal(const char* code, const QString& text)
{
    return {QString::fromLatin1(code), text};
}

Refusal copiedDevice()
{
    return refusal("device_copied",
                   QObject::tr("This desk is in use on two computers at once, so nothing is sent from either. Your "
                               "administrator was told. What you wrote is kept; send it again once this is settled."));
}

// A reply is only sent into the conversation that its author saw.
std::optional<Refusal> replyRefusal(const store::ThreadFacts& facts, const UserId& author, ThreadSeq seen,
                                    Timestamp claimedAt, Timestamp now, const PushRules& rules)
{
    using std::chrono::duration_cast;
    using std::chrono::microseconds;
    if (facts.newsFor(author) > seen)
        return refusal("conversation_moved",
                       QObject::tr("The conversation moved on before this reply arrived. Read it again, then decide."));
    if (now.value - claimedAt.value > duration_cast<microseconds>(rules.replyMayWait).count())
        return refusal(
            "too_old",
            QObject::tr("This reply waited too long on the desk, or this computer's clock is wrong. Check the "
                        "clock, read the conversation again, then decide."));
    if (now.value - facts.lastCustomerAt.value > duration_cast<microseconds>(rules.window).count())
        return refusal("window_closed",
                       QObject::tr("WhatsApp takes replies for 24 hours after the customer's last message only."));
    return std::nullopt;
}

// A move that crossed another would take the thread away from where its author believed it to be.
std::optional<Refusal> moveRefusal(const store::ThreadFacts& facts, const domain::ThreadMoved& move)
{
    if (move.to == facts.scope)
        return refusal("bad_content", QObject::tr("The conversation is with this team already."));
    if (move.from != facts.scope)
        return refusal("conversation_moved", QObject::tr("The conversation was moved to another team meanwhile."));
    return std::nullopt;
}

} // namespace

struct PushRoutes::Incoming
{
    QByteArray authorPart;
    QByteArray signature;
    QByteArray salt;
    QByteArray content;
};

struct PushRoutes::Push
{
    http::Responder responder;
    QByteArray bearer;
    std::vector<Incoming> incoming;
    QByteArray run; // empty: the desk does not say
    bool otherRun = false;
    std::optional<Session> session;
    std::vector<AppendResult> results; // in the order of the request
    std::vector<EntryToAppend> admitted;
    std::vector<size_t> admittedIndex; // of `admitted` into `results`
};

void PushRoutes::addTo(http::Router& router)
{
    router.add("POST", "/v1/entries", [this](const auto& request, const auto& responder) { push(request, responder); },
               {8 * 1024 * 1024, admitBearer});
}

void PushRoutes::push(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    auto push = std::make_shared<Push>(Push{responder, request.bearerToken(), {}, {}, false, {}, {}, {}, {}});
    for (const QJsonValue& value : body->array("entries", maxEntries)) {
        JsonBody item(value.toObject());
        push->incoming.push_back({item.base64("author_part", 1024), item.base64("sig", 64), item.base64("salt", 32),
                                  item.base64("content", log::maxContentBytes)});
        if (const Status status = item.check(); !status)
            return responder.respond(answer(status.error()));
    }
    push->run = QByteArray::fromHex(body->textOr("run", QString(), 32).toLatin1());
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    store_.read<bool>(
        [this, push](store::StoreReader& reader) -> Result<bool> {
            auto session = authenticator_.session(reader, push->bearer);
            if (!session && session.error().code == ErrorCode::denied)
                return false;
            if (!session)
                return tl::unexpected(session.error());
            if (!session->rights.may(access::Act::push))
                return tl::unexpected(deviceNeeded());
            push->session = std::move(*session);
            const Status admitted = admit(reader, *push);
            if (!admitted)
                return tl::unexpected(admitted.error());
            return true;
        },
        [this, push](Result<bool> signedIn) {
            if (!signedIn)
                return push->responder.respond(answer(signedIn.error()));
            if (!*signedIn)
                return push->responder.respond(notSignedIn());
            if (push->otherRun)
                return push->responder.respond(http::Response::error(
                    403, "other_run", QObject::tr("Another run of this desk speaks for its device.")));
            append(push);
        });
}

Status PushRoutes::admit(store::StoreReader& reader, Push& push) const
{
    const DeviceId device = push.session->caller.device;
    auto known = reader.access().device(device);
    if (!known)
        return tl::unexpected(known.error());
    const bool usable = *known && !(*known)->revoked;
    const bool copied = usable && (*known)->copied;
    if (usable && !copied && !push.run.isEmpty()) {
        const auto standing = reader.deviceRuns().standing(device, push.run);
        if (!standing)
            return tl::unexpected(standing.error());
        push.otherRun = *standing == store::RunStanding::other;
        if (push.otherRun)
            return {};
    }
    for (const Incoming& incoming : push.incoming) {
        AppendResult result;
        const auto part = log::decodeAuthorPart(incoming.authorPart);
        if (part)
            result.entry = part->entryId;
        auto prepared =
            !usable  ? tl::expected<EntryToAppend, Refusal>(tl::unexpected(
                           refusal("unknown_device", QObject::tr("This device is not enrolled, or was revoked."))))
            : copied ? tl::expected<EntryToAppend, Refusal>(tl::unexpected(copiedDevice()))
                     : store::prepareDeviceEntry(reader.organisation().id, incoming.authorPart, incoming.signature,
                                                 incoming.salt, incoming.content, (*known)->publicKey);
        if (prepared) {
            auto refused = check(reader, *push.session, incoming, *prepared);
            if (!refused)
                return tl::unexpected(refused.error());
            if (*refused)
                prepared = tl::unexpected(**refused);
        }
        if (prepared) {
            push.admittedIndex.push_back(push.results.size());
            push.admitted.push_back(std::move(*prepared));
        } else {
            result.refusal = prepared.error();
            if (result.refusal.code == QStringLiteral("bad_signature"))
                ++store_.incidents().badSignatures;
        }
        push.results.push_back(result);
    }
    return {};
}

Result<std::optional<Refusal>> PushRoutes::check(store::StoreReader& reader, const Session& session,
                                                 const Incoming& incoming, EntryToAppend& entry) const
{
    if (entry.author.author != session.caller.user || entry.author.device != session.caller.device)
        return refusal("denied", QObject::tr("The entry names another author than the one who is signed in."));
    const auto content = domain::parseContent(entry.author.kind, incoming.content);
    if (const auto* unknown = std::get_if<domain::Unknown>(&content))
        return refusal("bad_content", QObject::tr("The entry's content cannot be understood: %1").arg(unknown->why));
    QList<domain::Attachment> attachments;
    if (const auto* reply = std::get_if<domain::AgentReply>(&content))
        attachments = reply->attachments;
    if (const auto* message = std::get_if<domain::RoomMessage>(&content))
        attachments = message->attachments;
    for (const domain::Attachment& attachment : attachments) {
        auto facts = reader.blobs().facts(attachment.id);
        const bool missing = !facts && facts.error().code == ErrorCode::notFound;
        if (!facts && !missing)
            return tl::unexpected(facts.error());
        if (missing || !facts->complete || facts->thread != entry.author.thread || !attachment.sha256 ||
            facts->sha256 != *attachment.sha256 || facts->size != attachment.size)
            return refusal("bad_content", QObject::tr("An attachment was not uploaded completely."));
    }
    return std::optional<Refusal>();
}

Result<std::vector<EntryToAppend>> PushRoutes::compose(store::StoreWriter& writer, const Push& push) const
{
    auto rights = access::Rights::of(writer, push.session->caller);
    if (!rights && rights.error().code != ErrorCode::denied)
        return tl::unexpected(rights.error());
    std::vector<EntryToAppend> entries = push.admitted;
    if (!rights) {
        const Refusal refused = refusal("unknown_device", rights.error().text);
        for (EntryToAppend& entry : entries)
            entry.precondition = [refused](const store::ThreadFacts&) { return std::optional(refused); };
        return entries;
    }
    const auto shared = std::make_shared<const access::Rights>(std::move(*rights));
    for (EntryToAppend& entry : entries) {
        auto checked = precondition(writer, shared, entry);
        if (!checked)
            return tl::unexpected(checked.error());
        entry.precondition = std::move(*checked);
    }
    return entries;
}

Result<store::Precondition> PushRoutes::precondition(store::StoreReader& reader,
                                                     const std::shared_ptr<const access::Rights>& rights,
                                                     const EntryToAppend& entry) const
{
    std::optional<ThreadSeq> seen;
    std::optional<domain::ThreadMoved> move;
    const auto content = domain::parseContent(entry.author.kind, entry.content);
    if (const auto* reply = std::get_if<domain::AgentReply>(&content))
        seen = reply->seen;
    else if (const auto* moved = std::get_if<domain::ThreadMoved>(&content))
        move = *moved;
    std::optional<domain::ScopeType> destination;
    if (move) {
        auto scope = reader.access().scope(move->to);
        if (!scope)
            return tl::unexpected(scope.error());
        if (*scope)
            destination = (*scope)->scope.type;
    }
    return
        [this, seen, move, destination, author = entry.author.author, rights, kind = domain::kindOf(entry.author.kind),
         claimedAt = entry.author.claimedAt](const store::ThreadFacts& facts) -> std::optional<Refusal> {
            if (!rights->may(access::Act::write, {facts.scope, facts.type, kind, destination}))
                return refusal("denied", QObject::tr("You may not write this into this conversation."));
            if (move)
                return moveRefusal(facts, *move);
            if (seen)
                return replyRefusal(facts, author, *seen, claimedAt, store_.clock().now(), rules_);
            return std::nullopt;
        };
}

void PushRoutes::append(const std::shared_ptr<Push>& push)
{
    const auto respond = [push](int status) { push->responder.respond(answer(resultsBody(push->results), status)); };
    if (push->admitted.empty())
        return respond(200);
    store::AppendBatch batch;
    batch.compose = [this, push](store::StoreWriter& writer) { return compose(writer, *push); };
    batch.after = [this, push](store::StoreWriter& writer, std::span<const AppendResult> results) -> Status {
        for (size_t i = 0; i < results.size(); ++i) {
            if (results[i].outcome != AppendResult::Outcome::accepted)
                continue;
            if (const Status kept = listener_.accepted(writer, push->admitted[i], results[i]); !kept)
                return kept;
        }
        return {};
    };
    store_.append(std::move(batch), [this, push, respond](Result<std::vector<AppendResult>> results) {
        if (!results)
            return push->responder.respond(answer(storeTrouble(results.error())));
        bool conflict = false;
        for (size_t i = 0; i < results->size(); ++i) {
            if ((*results)[i].refusal.code == QStringLiteral("same_id_other_bytes")) {
                conflict = true;
                ++store_.incidents().conflictingIds;
            }
            push->results[push->admittedIndex[i]] = std::move((*results)[i]);
        }
        respond(conflict ? 409 : 200);
        listener_.committed();
    });
}

} // namespace holdfast::api

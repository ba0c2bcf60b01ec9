#include "central/api/offer_routes.h"

#include "central/api/answers.h"
#include "central/api/append_answer.h"
#include "central/api/cursor.h"
#include "central/api/json_body.h"

namespace holdfast::api {
namespace {

using store::AppendResult;
using store::EntryToAppend;
using store::Refusal;

constexpr qsizetype maxEntries = 256;
constexpr qsizetype proofBytes = 64; // a voucher has 32, a receipt 64

// The provider delivers a message again that it was not told had arrived: then the log has it by another entry.
Result<bool> cameByItself(store::StoreWriter& writer, const EntryToAppend& entry)
{
    const auto content = domain::parseContent(entry.author.kind, entry.content);
    const auto* message = std::get_if<domain::CustomerMessage>(&content);
    if (!message)
        return false;
    const auto known = writer.messages().byProviderId(message->providerId);
    if (!known)
        return tl::unexpected(known.error());
    return *known && (*known)->entry != entry.author.entryId;
}

// The smallest beginning counts: below it the log is the one that the cursor is of.
void setBack(Cursor& cursor, Position to)
{
    cursor.upTo = std::min<quint64>(cursor.upTo, to.value);
    cursor.toldTo = std::min<quint64>(cursor.toldTo, to.value);
    cursor.summedAt = 0;
    for (Cursor::Opening& opening : cursor.openings)
        opening.pos = std::min<quint64>(opening.pos, to.value);
    for (Cursor::Thread& thread : cursor.threads)
        thread.next = ThreadSeq{1};
}

http::Response epochsAnswer(const std::vector<store::FeedEntry>& epochs, const QByteArray& cursor)
{
    QJsonArray entries;
    for (const store::FeedEntry& entry : epochs)
        entries.append(QJsonObject{{QStringLiteral("header"), base64Text(entry.header)},
                                   {QStringLiteral("salt"), base64Text(entry.salt.value_or(QByteArray()))},
                                   {QStringLiteral("content"), base64Text(entry.content.value_or(QByteArray()))}});
    return answer({{QStringLiteral("epochs"), entries}, {QStringLiteral("cursor"), QString::fromLatin1(cursor)}});
}

} // namespace

struct OfferRoutes::Offer
{
    http::Responder responder;
    std::vector<store::OfferedEntry> entries;
    std::vector<AppendResult> results; // in the order of the request
    std::vector<EntryToAppend> admitted;
    std::vector<size_t> admittedIndex; // of `admitted` into `results`
    std::vector<size_t> composedIndex; // of what was appended into `results`
};

void OfferRoutes::addTo(http::Router& router)
{
    router.add("POST", "/v1/offers", [this](const auto& request, const auto& responder) { offer(request, responder); },
               {8 * 1024 * 1024, admitBearer});
    router.add("POST", "/v1/epochs", [this](const auto& request, const auto& responder) { epochs(request, responder); },
               {512 * 1024, admitBearer});
}

// The desk sets itself back to where the oldest of these began and goes on from there with the cursor.
void OfferRoutes::epochs(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    const QByteArray text = body->text("cursor", 300000).toLatin1();
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    const QByteArray key = store_.keys().cursorKey();
    authenticator_.read(request, responder,
                        [text, key](store::StoreReader& reader, const Session& session) -> Result<http::Response> {
                            if (!session.rights.may(access::Act::readLog))
                                return tl::unexpected(deviceNeeded());
                            auto cursor = openCursor(text, key, session.caller.user, session.caller.device);
                            if (!cursor)
                                return tl::unexpected(cursor.error());
                            const auto epochs = store::epochsAfter(reader, cursor->epoch);
                            if (!epochs)
                                return tl::unexpected(epochs.error());
                            if (epochs->empty())
                                return fail(ErrorCode::notFound, QObject::tr("No epoch began after that cursor."));
                            setBack(*cursor, epochs->front().pos);
                            cursor->epoch = reader.organisation().epoch;
                            return epochsAnswer(*epochs, seal(*cursor, key));
                        });
}

void OfferRoutes::offer(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    auto offer = std::make_shared<Offer>(Offer{responder, {}, {}, {}, {}, {}});
    for (const QJsonValue& value : body->array("entries", maxEntries)) {
        const QJsonObject object = value.toObject();
        JsonBody item(object);
        store::OfferedEntry entry{
            item.base64("header", 1024), item.base64("salt", 32), item.base64("content", log::maxContentBytes), {}, {}};
        if (object.contains(QStringLiteral("voucher")))
            entry.voucher = item.base64("voucher", proofBytes);
        if (object.contains(QStringLiteral("receipt")))
            entry.receipt = item.base64("receipt", proofBytes);
        if (const Status status = item.check(); !status)
            return responder.respond(answer(status.error()));
        offer->entries.push_back(std::move(entry));
    }
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    store_.read<bool>(
        [this, offer, bearer = request.bearerToken()](store::StoreReader& reader) -> Result<bool> {
            auto session = authenticator_.session(reader, bearer);
            if (!session && session.error().code == ErrorCode::denied)
                return false;
            if (!session)
                return tl::unexpected(session.error());
            if (!session->rights.may(access::Act::push))
                return tl::unexpected(deviceNeeded());
            if (const Status admitted = admit(reader, *offer); !admitted)
                return tl::unexpected(admitted.error());
            return true;
        },
        [this, offer](Result<bool> signedIn) {
            if (!signedIn)
                return offer->responder.respond(answer(signedIn.error()));
            if (!*signedIn)
                return offer->responder.respond(notSignedIn());
            append(offer);
        });
}

Status OfferRoutes::admit(store::StoreReader& reader, Offer& offer) const
{
    for (const store::OfferedEntry& entry : offer.entries) {
        auto admitted = store::admitOffer(reader, store_.keys(), entry);
        if (!admitted)
            return tl::unexpected(admitted.error());
        AppendResult result;
        if (const auto header = log::decodeHeader(entry.header)) {
            if (const auto part = log::decodeAuthorPart(header->authorPart))
                result.entry = part->entryId;
        }
        if (*admitted && store_.erasures().holds(result.entry)) {
            result.refusal = {QStringLiteral("erased"),
                              QObject::tr("What this entry held was erased. Destroy this copy too.")};
        } else if (*admitted) {
            offer.admittedIndex.push_back(offer.results.size());
            offer.admitted.push_back(std::move(**admitted));
        } else {
            result.refusal = admitted->error();
        }
        offer.results.push_back(result);
    }
    return {};
}

void OfferRoutes::append(const std::shared_ptr<Offer>& offer)
{
    if (offer->admitted.empty())
        return offer->responder.respond(answer(resultsBody(offer->results)));
    store::AppendBatch batch;
    // May run again after a lost race, so it starts over.
    batch.compose = [offer](store::StoreWriter& writer) -> Result<std::vector<EntryToAppend>> {
        std::vector<EntryToAppend> entries;
        offer->composedIndex.clear();
        for (size_t i = 0; i < offer->admitted.size(); ++i) {
            const Result<bool> came = cameByItself(writer, offer->admitted[i]);
            if (!came)
                return tl::unexpected(came.error());
            if (*came) {
                offer->results[offer->admittedIndex[i]].refusal = {
                    QStringLiteral("already_there"), QObject::tr("The provider delivered this message again itself.")};
                continue;
            }
            offer->composedIndex.push_back(offer->admittedIndex[i]);
            entries.push_back(offer->admitted[i]);
        }
        return entries;
    };
    store_.append(std::move(batch), [offer](Result<std::vector<AppendResult>> results) {
        if (!results)
            return offer->responder.respond(answer(storeTrouble(results.error())));
        for (size_t i = 0; i < results->size(); ++i) {
            AppendResult& result = (*results)[i];
            if (result.refusal.code == QStringLiteral("unknown_thread"))
                result.refusal.code = QStringLiteral("later"); // another desk has its beginning
            offer->results[offer->composedIndex[i]] = std::move(result);
        }
        offer->responder.respond(answer(resultsBody(offer->results)));
    });
}

} // namespace holdfast::api

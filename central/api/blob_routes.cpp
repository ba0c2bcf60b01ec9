#include "central/api/blob_routes.h"

#include "central/api/answers.h"
#include "central/api/json_body.h"

namespace holdfast::api {
namespace {

using store::BlobFacts;

constexpr qint64 maxRange = 1024 * 1024;

// An unknown blob and one that may not be seen answer alike, so that ids cannot be probed.
Error noSuchBlob()
{
    return {ErrorCode::notFound, QStringLiteral("There is no such attachment.")};
}

Result<BlobFacts> visibleBlob(store::StoreReader& reader, const Session& session, const BlobId& blob, access::Act act)
{
    auto facts = reader.blobs().facts(blob);
    if (!facts)
        return tl::unexpected(facts.error().code == ErrorCode::notFound ? noSuchBlob() : facts.error());
    auto thread = reader.threads().facts(facts->thread);
    if (!thread)
        return tl::unexpected(thread.error().code == ErrorCode::notFound ? noSuchBlob() : thread.error());
    if (!session.rights.may(act, {thread->scope, thread->type, {}}))
        return tl::unexpected(noSuchBlob());
    return *facts;
}

struct Range
{
    qint64 first = 0;
    qint64 last = 0; // inclusive
};

// RFC 9110 14.1.2, one closed or open range only.
std::optional<Range> parseRange(const QByteArray& field, qint64 size)
{
    if (!field.startsWith("bytes="))
        return std::nullopt;
    const QList<QByteArray> ends = field.mid(6).split('-');
    bool firstGood = false, lastGood = true;
    if (ends.size() != 2)
        return std::nullopt;
    Range range;
    range.first = ends.at(0).toLongLong(&firstGood);
    range.last = ends.at(1).isEmpty() ? size - 1 : ends.at(1).toLongLong(&lastGood);
    if (!firstGood || !lastGood || range.first < 0 || range.first >= size || range.last < range.first)
        return std::nullopt;
    range.last = std::min({range.last, size - 1, range.first + maxRange - 1});
    return range;
}

http::Response uploadState(const BlobFacts& facts)
{
    if (facts.complete)
        return answer({{QStringLiteral("done"), true}});
    return answer({{QStringLiteral("next"), facts.nextChunk}});
}

} // namespace

void BlobRoutes::addTo(http::Router& router)
{
    router.add("POST", "/v1/blobs", [this](const auto& request, const auto& responder) { begin(request, responder); });
    router.add("PUT", "/v1/blobs/{id}/{chunk}",
               [this](const auto& request, const auto& responder) { putChunk(request, responder); },
               {store::blobChunkBytes, admitBearer});
    router.add("GET", "/v1/blobs/{id}",
               [this](const auto& request, const auto& responder) { download(request, responder); });
}

void BlobRoutes::begin(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    BlobFacts facts;
    facts.id = body->id<BlobId>("blob");
    facts.thread = body->id<ThreadId>("thread");
    facts.size = body->integer("size", 1, store::maxBlobBytes);
    facts.mime = body->text("mime", 100);
    facts.sha256 = Digest::fromBytes(body->hex("sha256", 32)).value_or(Digest());
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    authenticator_.admit(request, responder, [this, facts, responder](const Session& session) {
        store_.write<http::Response>(
            [facts, session](store::StoreWriter& writer) -> Result<http::Response> {
                auto thread = writer.threads().facts(facts.thread);
                if (!thread || !session.rights.may(access::Act::upload, {thread->scope, thread->type, {}}))
                    return fail(ErrorCode::notFound, QStringLiteral("There is no such conversation."));
                // An id that leads to what the caller may not see answers like one that leads nowhere.
                const auto known = writer.blobs().facts(facts.id);
                if (known && !visibleBlob(writer, session, facts.id, access::Act::upload))
                    return tl::unexpected(noSuchBlob());
                auto begun = writer.blobs().begin(facts);
                if (!begun)
                    return tl::unexpected(begun.error());
                return uploadState(*begun);
            },
            [responder](const Result<http::Response>& result) { responder.respond(answer(result)); });
    });
}

void BlobRoutes::putChunk(const http::Request& request, const http::Responder& responder)
{
    const auto blob = BlobId::fromHex(QByteArrayView(request.parameter("id")));
    bool good = false;
    const qint64 chunk = request.parameter("chunk").toLongLong(&good);
    if (!blob || !good || chunk < 0)
        return responder.respond(answer(noSuchBlob()));
    store_.read<bool>(
        [this, bearer = request.bearerToken(), blob](store::StoreReader& reader) -> Result<bool> {
            auto session = authenticator_.session(reader, bearer);
            if (!session && session.error().code == ErrorCode::denied)
                return false;
            if (!session)
                return tl::unexpected(session.error());
            auto facts = visibleBlob(reader, *session, *blob, access::Act::upload);
            if (!facts)
                return tl::unexpected(facts.error());
            return true;
        },
        [this, blob, chunk, bytes = request.body, responder](Result<bool> admitted) {
            if (!admitted)
                return responder.respond(answer(admitted.error()));
            if (!*admitted)
                return responder.respond(notSignedIn());
            store_.putBlobChunk(*blob, chunk, bytes, [responder](const Result<BlobFacts>& facts) {
                responder.respond(facts ? uploadState(*facts) : answer(facts.error()));
            });
        });
}

void BlobRoutes::download(const http::Request& request, const http::Responder& responder)
{
    const auto blob = BlobId::fromHex(QByteArrayView(request.parameter("id")));
    if (!blob)
        return responder.respond(answer(noSuchBlob()));
    authenticator_.read(request, responder,
                        [blob, field = request.headers.value("Range")](
                            store::StoreReader& reader, const Session& session) -> Result<http::Response> {
                            auto facts = visibleBlob(reader, session, *blob, access::Act::read);
                            if (!facts)
                                return tl::unexpected(facts.error());
                            if (!facts->complete)
                                return tl::unexpected(noSuchBlob());
                            const auto range =
                                parseRange(field.isEmpty() ? QByteArray("bytes=0-") : field, facts->size);
                            if (!range) {
                                auto refused = http::Response::empty(416);
                                refused.headers.set("Content-Range", "bytes */" + QByteArray::number(facts->size));
                                return refused;
                            }
                            auto bytes = reader.blobs().range(*blob, range->first, range->last - range->first + 1);
                            if (!bytes)
                                return tl::unexpected(bytes.error());
                            http::Response response;
                            response.status = 206;
                            // Never the sender's type: nothing that reads this answer may be tempted to run it.
                            response.headers.set("Content-Type", "application/octet-stream");
                            response.headers.set("Content-Range", "bytes " + QByteArray::number(range->first) + '-' +
                                                                      QByteArray::number(range->last) + '/' +
                                                                      QByteArray::number(facts->size));
                            response.headers.set("Cache-Control", "no-store");
                            response.body = std::move(*bytes);
                            return response;
                        });
}

} // namespace holdfast::api

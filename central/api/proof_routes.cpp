#include "central/api/proof_routes.h"

#include "central/api/answers.h"
#include "central/api/json_body.h"
#include "central/store/fence.h"

namespace holdfast::api {
namespace {

constexpr qsizetype maxThreads = 200;
constexpr qsizetype maxNoteLength = 8000;

QJsonArray hashes(const log::Proof& proof)
{
    QJsonArray out;
    for (const Digest& digest : proof)
        out.append(base64Text(digest.toBytes()));
    return out;
}

QJsonObject proofObject(const store::ProofAnswer& proof)
{
    QJsonObject heads{{QStringLiteral("header"), base64Text(proof.heads.header)},
                      {QStringLiteral("pos"), static_cast<qint64>(proof.heads.pos.value)},
                      {QStringLiteral("inclusion"), hashes(proof.inclusion)}};
    if (proof.heads.content && proof.heads.salt) {
        heads.insert(QStringLiteral("salt"), base64Text(*proof.heads.salt));
        heads.insert(QStringLiteral("content"), base64Text(*proof.heads.content));
    }
    QJsonArray threads;
    for (const store::ThreadProof& thread : proof.threads)
        threads.append(QJsonObject{{QStringLiteral("thread"), thread.head.thread.toHexString()},
                                   {QStringLiteral("tseq"), static_cast<qint64>(thread.head.threadSeq.value)},
                                   {QStringLiteral("leaf"), base64Text(thread.head.leaf.toBytes())},
                                   {QStringLiteral("index"), static_cast<qint64>(thread.proof.indexInBucket)},
                                   {QStringLiteral("bucket_size"), static_cast<qint64>(thread.proof.bucketSize)},
                                   {QStringLiteral("in_bucket"), hashes(thread.proof.inBucket)},
                                   {QStringLiteral("of_bucket"), hashes(thread.proof.ofBucket)}});
    QJsonArray handovers;
    for (const log::KeyHandover& handover : proof.handovers)
        handovers.append(QJsonObject{{QStringLiteral("previous"), QString::fromLatin1(handover.previous.toHex())},
                                     {QStringLiteral("public_key"), QString::fromLatin1(handover.next.toHex())},
                                     {QStringLiteral("signature"), base64Text(handover.signature)}});
    return {{QStringLiteral("checkpoint"), QString::fromUtf8(proof.checkpoint)},
            {QStringLiteral("consistency"), hashes(proof.consistency)},
            {QStringLiteral("heads"), heads},
            {QStringLiteral("handovers"), handovers},
            {QStringLiteral("threads"), threads}};
}

} // namespace

void ProofRoutes::addTo(http::Router& router)
{
    router.add("POST", "/v1/proofs",
               [this](const auto& request, const auto& responder) { proofs(request, responder); });
}

void ProofRoutes::proofs(const http::Request& request, const http::Responder& responder)
{
    auto body = JsonBody::parse(request.body);
    if (!body)
        return responder.respond(answer(body.error()));
    const qint64 from = body->integer("from", 0, std::numeric_limits<qint32>::max() * 4096LL);
    std::vector<ThreadId> threads;
    for (const QJsonValue& value : body->array("threads", maxThreads)) {
        const auto thread = ThreadId::fromHex(value.toString());
        if (!thread)
            return responder.respond(
                answer({ErrorCode::invalidInput, QStringLiteral("A thread id is not 32 hex digits.")}));
        threads.push_back(*thread);
    }
    const QByteArray verified = body->textOr("checkpoint", QString(), maxNoteLength).toUtf8();
    if (const Status status = body->check(); !status)
        return responder.respond(answer(status.error()));
    // Threads that the caller may not see are left out, like those that do not exist.
    const auto behind = std::make_shared<bool>(false);
    store_.read<std::optional<std::vector<ThreadId>>>(
        [this, bearer = request.bearerToken(), threads, verified,
         behind](store::StoreReader& reader) -> Result<std::optional<std::vector<ThreadId>>> {
            auto session = authenticator_.session(reader, bearer);
            if (!session && session.error().code == ErrorCode::denied)
                return std::optional<std::vector<ThreadId>>();
            if (!session)
                return tl::unexpected(session.error());
            if (!session->rights.may(access::Act::readLog))
                return tl::unexpected(deviceNeeded());
            const Result<bool> isBehind = verified.isEmpty() ? Result<bool>(false) : reader.isBehind(verified);
            if (!isBehind)
                return tl::unexpected(isBehind.error());
            *behind = *isBehind;
            std::vector<ThreadId> visible;
            for (const ThreadId& thread : threads) {
                auto facts = reader.threads().facts(thread);
                if (facts && session->rights.may(access::Act::read, {facts->scope, facts->type, {}}))
                    visible.push_back(thread);
            }
            return std::optional(std::move(visible));
        },
        [this, from, verified, behind, responder](Result<std::optional<std::vector<ThreadId>>> visible) {
            if (!visible)
                return responder.respond(answer(visible.error()));
            if (!*visible)
                return responder.respond(notSignedIn());
            if (*behind)
                return stopBehind(verified, responder);
            store_.proofs(static_cast<quint64>(from), std::move(**visible),
                          [responder](const Result<store::ProofAnswer>& proof) {
                              responder.respond(proof ? answer(proofObject(*proof)) : answer(proof.error()));
                          });
        });
}

// The desk is told to wait for a person, not shown a log that goes back.
void ProofRoutes::stopBehind(const QByteArray& checkpoint, const http::Responder& responder)
{
    store_.write<bool>(
        [checkpoint](store::StoreWriter& writer) -> Result<bool> {
            const Status stopped = writer.stopBehind(checkpoint);
            return stopped ? Result<bool>(true) : tl::unexpected(stopped.error());
        },
        [this, responder](const Result<bool>& stopped) {
            store_.checkpointNow([](const auto&) {}); // so that whoever watches central is told at once
            responder.respond(answer(stopped ? store::fencedError() : stopped.error()));
        });
}

} // namespace holdfast::api

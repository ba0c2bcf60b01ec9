#include "storage/sync/witness.h"

#include "models/domain/content.h"
#include "models/domain/kinds.h"
#include "models/log/checkpoint.h"

#include <QSet>

namespace holdfast::sync {
namespace {

using event::ProofsChecked;

WitnessResult fault(quint64 pos, const QString& what)
{
    WitnessResult result;
    result.verdict.verdict = ProofsChecked::Verdict::fault;
    result.verdict.faultAt = pos;
    result.verdict.detail = what;
    return result;
}

// Words when the checkpoint does not continue the last one.
QString discontinuity(const log::Checkpoint& next, const Verified& last, const log::Proof& proof)
{
    if (next.epoch < last.epoch)
        return QStringLiteral("Central's log is of an earlier epoch than the one this desk verified before.");
    if (next.size < last.size)
        return QStringLiteral("Central's log is shorter than the one this desk verified before.");
    if (next.size == last.size && next.root != last.root)
        return QStringLiteral("Central shows another log of the same length than the one this desk verified before.");
    if (last.size > 0 && next.size > last.size &&
        !log::verifyConsistency(last.size, next.size, last.root, next.root, proof))
        return QStringLiteral("Central's log does not continue the one this desk verified before.");
    return {};
}

struct ProvenHeads
{
    domain::LogHeads heads;
    ThreadId logThread; // the log's own: the map of heads leaves it out
};

// The thread heads that the checkpoint commits to; nothing if the entry is not what it should be.
std::optional<ProvenHeads> openHeads(const Proofs& proofs, const log::Checkpoint& checkpoint)
{
    const auto header = log::decodeHeader(proofs.heads.header);
    const auto part = header ? log::decodeAuthorPart(header->authorPart) : fail(ErrorCode::invalidInput, {});
    if (!header || !part || header->pos != proofs.headsPos || part->kind != domain::number(domain::Kind::logHeads))
        return std::nullopt;
    if (!proofs.heads.content || !proofs.heads.salt)
        return std::nullopt;
    if (log::commitment(*proofs.heads.salt, part->kind, *proofs.heads.content) != part->commit)
        return std::nullopt;
    const Digest leaf = log::leafHash(proofs.heads.header);
    if (header->pos.value >= checkpoint.size ||
        !log::verifyInclusion(leaf, header->pos.value, checkpoint.size, proofs.inclusion, checkpoint.root))
        return std::nullopt;
    const domain::Content content = domain::parseContent(part->kind, *proofs.heads.content);
    const auto* heads = std::get_if<domain::LogHeads>(&content);
    if (!heads || heads->covers > header->pos)
        return std::nullopt;
    return ProvenHeads{*heads, part->thread};
}

} // namespace

Result<WitnessResult> checkProofs(const Proofs& proofs, const CoreIdentity& identity, const Verified& last,
                                  const QList<ThreadId>& asked, const OwnThreads& ownThread)
{
    const QByteArray known = identity.newestLogKey();
    const std::vector<log::KeyHandover> followed = log::handoversFrom(identity.org, known, proofs.handovers);
    const QByteArray inForce = followed.empty() ? known : followed.back().next;
    const auto checkpoint = log::openCheckpoint(proofs.checkpoint, inForce);
    if (!checkpoint || checkpoint->org != identity.org)
        return fault(last.size, QStringLiteral("Central showed a checkpoint that is not signed by the log's key."));
    if (const QString words = discontinuity(*checkpoint, last, proofs.consistency); !words.isEmpty())
        return fault(last.size, words);
    const auto heads = openHeads(proofs, *checkpoint);
    if (!heads)
        return fault(proofs.headsPos.value,
                     QStringLiteral("Central could not prove which entries are the newest of its log."));

    WitnessResult result;
    result.verdict.verdict = ProofsChecked::Verdict::good;
    result.verdict.size = checkpoint->size;
    result.verdict.covers = heads->heads.covers.value;
    result.verdict.followed = followed;
    result.verified = {checkpoint->size, checkpoint->root, checkpoint->epoch};
    QSet<ThreadId> open(asked.begin(), asked.end());
    open.remove(heads->logThread);
    for (const ThreadProof& thread : proofs.threads) {
        if (!open.remove(thread.head.thread))
            continue; // not asked for
        if (!log::verifyHead(thread.head, thread.proof, heads->heads.headsRoot))
            return fault(heads->heads.covers.value,
                         QStringLiteral("Central could not prove the newest entry of a conversation."));
        const Result<OwnThread> own = ownThread(thread.head.thread, thread.head.threadSeq);
        if (!own)
            return tl::unexpected<Error>(own.error());
        if (own->newest < thread.head.threadSeq) {
            if (own->newest.value > 0)
                result.verdict.ahead.append(thread.head.thread);
            continue;
        }
        // The proof may be of an entry that is in a hole here: a newer one is proven later, and this one with it.
        if (!own->leaf && own->newest > thread.head.threadSeq) {
            result.verdict.behind.append(thread.head.thread);
            continue;
        }
        if (own->leaf != thread.head.leaf)
            return fault(heads->heads.covers.value,
                         QStringLiteral("Central's log holds another entry of a conversation "
                                        "than the one it sent to this desk."));
        if (own->newest > thread.head.threadSeq)
            result.verdict.behind.append(thread.head.thread);
    }
    for (const ThreadId& thread : std::as_const(open)) {
        const Result<OwnThread> own = ownThread(thread, {});
        if (!own)
            return tl::unexpected<Error>(own.error());
        if (own->newest.value > 0)
            result.verdict.behind.append(thread);
    }
    return result;
}

} // namespace holdfast::sync

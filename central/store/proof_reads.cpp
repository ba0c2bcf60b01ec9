#include "central/store/proof_reads.h"

#include "central/store/checkpointer.h"
#include "central/store/log_keys.h"
#include "central/store/tree_reader.h"

namespace holdfast::store {

Result<ProofAnswer> prove(Context& context, HeadsKeeper& heads, quint64 from, std::span<const ThreadId> threads)
{
    if (threads.size() > maxProofThreads)
        return fail(ErrorCode::tooLarge, QStringLiteral("Ask for at most 200 threads at once."));
    const Result<std::optional<CheckpointRow>> newest = newestCheckpoint(context.db);
    if (!newest)
        return tl::unexpected<Error>(newest.error());
    if (!*newest)
        return fail(ErrorCode::notFound, QStringLiteral("There is no checkpoint yet."));
    const CheckpointRow& checkpoint = **newest;
    ProofAnswer answer;
    answer.checkpoint = checkpoint.note;
    const log::SubtreeReader subtree = subtreeReader(context.db);
    // A desk that verified more than there is must see that, and not an error: the store was rolled back behind it.
    if (from > 0 && from <= checkpoint.size) {
        Result<log::Proof> proof = log::consistencyProof(from, checkpoint.size, subtree);
        if (!proof)
            return tl::unexpected<Error>(proof.error());
        answer.consistency = std::move(*proof);
    }
    Result<log::Proof> inclusion = log::inclusionProof(checkpoint.headsPos.value, checkpoint.size, subtree);
    if (!inclusion)
        return tl::unexpected<Error>(inclusion.error());
    answer.inclusion = std::move(*inclusion);
    Result<FeedEntry> entry = FeedReads(context).entryAt(checkpoint.headsPos);
    if (!entry)
        return tl::unexpected<Error>(entry.error());
    answer.heads = std::move(*entry);

    Result<std::vector<log::KeyHandover>> handovers = recordedHandovers(context.db);
    if (!handovers)
        return tl::unexpected<Error>(handovers.error());
    answer.handovers = std::move(*handovers);

    const Result<Digest> root = heads.rootAt(context.db, checkpoint.headsPos);
    if (!root)
        return tl::unexpected<Error>(root.error());
    for (const ThreadId& thread : threads) {
        const Result<std::optional<log::ThreadHead>> head = headBelow(context.db, thread, checkpoint.headsPos);
        if (!head)
            return tl::unexpected<Error>(head.error());
        if (!*head || thread == context.organisation.logThread)
            continue;
        Result<log::HeadProof> proof = heads.prove(thread);
        if (!proof)
            return tl::unexpected<Error>(proof.error());
        answer.threads.push_back({**head, std::move(*proof)});
    }
    return answer;
}

} // namespace holdfast::store

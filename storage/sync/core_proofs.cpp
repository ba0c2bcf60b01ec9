// The witness's channel of the sync core: asks for proofs when there is a new checkpoint and the desk has caught up.
#include "models/log/checkpoint.h"
#include "storage/sync/core.h"

namespace holdfast::sync {

std::vector<QByteArray> CoreIdentity::logKeys() const
{
    std::vector<QByteArray> keys{logKey};
    for (const log::KeyHandover& handover : handovers)
        keys.push_back(handover.next);
    return keys;
}

void SyncCore::noteCheckpoint(const QByteArray& note)
{
    if (note.isEmpty() || note == seenNote_)
        return; // central repeats the newest with each answer
    seenNote_ = note;
    const auto checkpoint = log::openCheckpoint(note, identity_.newestLogKey());
    if (!checkpoint && checkpoint.error().code == ErrorCode::denied) {
        askInDoubt();
        return;
    }
    if (!checkpoint || checkpoint->org != identity_.org) {
        recordFault(feedHead_, QStringLiteral("Central offered a checkpoint that is not signed by the log's key."));
        return;
    }
    if (checkpoint->size > offeredSize_) {
        offeredSize_ = checkpoint->size;
        proofsWanted_ = true;
    }
    // Either an answer that was overtaken, or a store that was rolled back behind this desk.
    if (checkpoint->size < verifiedSize_)
        askInDoubt();
}

void SyncCore::advanceProofs()
{
    if (!proofsWanted_ || token_.isEmpty() || !proofs_.isFree())
        return;
    // A desk that never verified anything does so at once: history is proven against it. Of its threads it can speak
    // only once it has all that was fed.
    const bool hasAll = caughtUp_ && !poll_.working;
    if (!hasAll && verifiedSize_ > 0)
        return;
    asked_ = hasAll ? ledger_.ask(offeredSize_, proofBatch) : QList<ThreadId>();
    if (asked_.isEmpty() && offeredSize_ <= verifiedSize_ && !doubted_) {
        proofsWanted_ = false;
        return;
    }
    proofsWanted_ = false;
    askedAtHead_ = feedHead_;
    actions_.emplace_back(action::AskProofs{begin(proofs_, &proofsToken_), token_, verifiedSize_, asked_});
}

void SyncCore::handle(const event::ProofsAnswered& e)
{
    if (!ends(proofs_, e.request))
        return;
    if (!e.outcome) {
        ledger_.forget();
        proofsWanted_ = true;
        if (e.outcome.error().code == QLatin1String("fenced"))
            state_.detail = e.outcome.error().error.text; // central was set back, and waits for a person
        fail(proofs_, Timer::proofs, e.outcome.error(), proofsToken_);
        return;
    }
    proofs_.working = true;
    actions_.emplace_back(action::CheckProofs{*e.outcome, asked_});
}

void SyncCore::handle(const event::ProofsChecked& e)
{
    if (!proofs_.working)
        return;
    proofs_.working = false;
    if (e.verdict != event::ProofsChecked::Verdict::failed)
        doubted_ = false;
    if (e.verdict != event::ProofsChecked::Verdict::good) {
        ledger_.forget();
        if (e.verdict == event::ProofsChecked::Verdict::fault)
            recordFault(e.faultAt, e.detail);
        else
            proofsWanted_ = true;
        delay(proofs_, Timer::proofs);
        return;
    }
    identity_.handovers.insert(identity_.handovers.end(), e.followed.begin(), e.followed.end());
    if (receiptDoubt_ == ReceiptDoubt::keyAsked)
        receiptDoubt_ = ReceiptDoubt::keySettled;
    verifiedSize_ = std::max(verifiedSize_, e.size);
    const WitnessLedger::Settled settled = ledger_.settle({e.covers, askedAtHead_, feedAnswers_}, e.behind, e.ahead);
    if (settled.behind)
        recordFault(e.covers, QStringLiteral("Central did not prove the newest entry of a conversation that this desk "
                                             "holds."));
    if (settled.ahead)
        recordFault(e.covers, QStringLiteral("Central's log has entries of a conversation that it did not send to "
                                             "this desk."));
    if (!ledger_.owesBelow(e.covers)) {
        proofs_.backoff.reset();
        if (settled.behind || settled.ahead)
            return;
        state_.verifiedUpTo = std::max(state_.verifiedUpTo, e.size);
        actions_.emplace_back(action::SaveVerified{e.size, e.covers});
        return;
    }
    proofsWanted_ = true;
    if (!e.behind.isEmpty() || !e.ahead.isEmpty())
        delay(proofs_, Timer::proofs);
}

void SyncCore::handle(const event::HistoryApplied& e)
{
    for (const event::AppliedThread& thread : e.threads)
        ledger_.owe(thread.thread, thread.newest);
    proofsWanted_ = proofsWanted_ || !e.threads.isEmpty();
    if (e.faultAt && !state_.faultAt)
        state_.faultAt = e.faultAt;
}

void SyncCore::handle(const event::HistoryRefused& e)
{
    recordFault(e.pos, e.what);
}

// The proofs bring the handover to a new key and the consistency with what was verified, or show that there is none.
void SyncCore::askInDoubt()
{
    doubted_ = true;
    proofsWanted_ = true;
}

// A fault only once the proofs have told which key is the log's.
void SyncCore::doubtReceipt(quint64 pos)
{
    if (receiptDoubt_ == ReceiptDoubt::keySettled) {
        recordFault(pos, QStringLiteral("Central's receipt for an entry of this desk is not signed by the log's key. "
                                        "The entry is kept and offered again."));
        return;
    }
    receiptDoubt_ = ReceiptDoubt::keyAsked;
    askInDoubt();
}

void SyncCore::recordFault(quint64 pos, const QString& what)
{
    if (state_.faultAt)
        return; // the first one is what an investigation starts from
    state_.faultAt = pos;
    faultWords_ = what;
    actions_.emplace_back(action::RecordFault{pos, what});
}

} // namespace holdfast::sync

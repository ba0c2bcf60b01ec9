// The witness's channel of the sync core: asks for proofs when there is a new checkpoint and the desk has caught up.
#include "models/log/checkpoint.h"
#include "storage/sync/core.h"

namespace holdfast::sync {

void SyncCore::noteCheckpoint(const QByteArray& note)
{
    if (note.isEmpty() || note == seenNote_)
        return; // central repeats the newest with each answer
    seenNote_ = note;
    const auto checkpoint = log::openCheckpoint(note, identity_.logKey);
    if (!checkpoint || checkpoint->org != identity_.org) {
        recordFault(feedHead_, QStringLiteral("Central offered a checkpoint that is not signed by the log's key."));
        return;
    }
    if (checkpoint->size > offeredSize_) {
        offeredSize_ = checkpoint->size;
        proofsWanted_ = true;
    }
}

void SyncCore::advanceProofs()
{
    if (!proofsWanted_ || token_.isEmpty() || !caughtUp_ || poll_.working || !proofs_.isFree())
        return;
    asked_ = ledger_.ask(offeredSize_, proofBatch);
    if (asked_.isEmpty() && offeredSize_ <= verifiedSize_) {
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
    if (e.verdict != event::ProofsChecked::Verdict::good) {
        ledger_.forget();
        if (e.verdict == event::ProofsChecked::Verdict::fault)
            recordFault(e.faultAt, e.detail);
        else
            proofsWanted_ = true;
        delay(proofs_, Timer::proofs);
        return;
    }
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

void SyncCore::recordFault(quint64 pos, const QString& what)
{
    if (state_.faultAt)
        return; // the first one is what an investigation starts from
    state_.faultAt = pos;
    actions_.emplace_back(action::RecordFault{pos, what});
}

} // namespace holdfast::sync

// The feed's channel of the sync core: one long poll at a time, its rows applied before the next.
#include "storage/sync/core.h"

#include <algorithm>

namespace holdfast::sync {
namespace {

constexpr qint64 suspiciouslyFastMs = 1000;
constexpr int leastFeedBatch = 16;

} // namespace

void SyncCore::advancePoll()
{
    if (token_.isEmpty() || !poll_.isFree())
        return;
    askedAt_ = time_.steadyMs();
    askedWait_ = caughtUp_ && state_.link == views::SyncState::Link::online ? pollWaitSeconds : 0;
    const RequestNumber request = begin(poll_, &pollToken_);
    actions_.emplace_back(action::AskChanges{request, token_, cursor_, askedWait_, feedLimit_});
}

void SyncCore::handle(const event::ChangesAnswered& e)
{
    if (!ends(poll_, e.request))
        return;
    if (!e.outcome) {
        const Failure& failure = e.outcome.error();
        if (failure.status != 401)
            noteOffline(failure.error.text);
        // Over a line that keeps breaking a full page would be begun for ever and never arrive.
        if (failure.status == 0)
            feedLimit_ = std::max(leastFeedBatch, feedLimit_ / 2);
        fail(poll_, Timer::poll, failure, pollToken_);
        return;
    }
    noteOnline();
    const Changes& changes = *e.outcome;
    if (changes.more)
        feedLimit_ = std::min(feedBatch, feedLimit_ * 2);
    noteCheckpoint(changes.checkpoint);
    const bool empty =
        changes.entries.isEmpty() && changes.scopes.isEmpty() && changes.threads.isEmpty() && changes.erased.isEmpty();
    if (empty && changes.cursor == cursor_) {
        noteFeed(changes);
        // Nothing new, sooner than asked for or with "more": asking again at once would spin.
        const bool early = askedWait_ > 0 && time_.steadyMs() - askedAt_ < suspiciouslyFastMs;
        if (changes.more || early)
            delay(poll_, Timer::poll);
        else
            poll_.backoff.reset();
        return;
    }
    poll_.working = true;
    applying_ = changes;
    applying_.entries.clear();
    actions_.emplace_back(action::ApplyBatch{changes});
}

// What this answer brought is at this desk.
void SyncCore::noteFeed(const Changes& changes)
{
    ++feedAnswers_;
    caughtUp_ = !changes.more;
    state_.catchingUp = changes.more;
    if (caughtUp_)
        feedHead_ = changes.head;
}

void SyncCore::handle(const event::BatchApplied& e)
{
    if (!poll_.working)
        return;
    poll_.working = false;
    if (!e.status) {
        state_.detail = e.status.error().text;
        delay(poll_, Timer::poll);
        return;
    }
    if (applying_.cursor == cursor_)
        delay(poll_, Timer::poll); // what brings nobody further is not asked for again at once
    else
        poll_.backoff.reset();
    cursor_ = applying_.cursor;
    noteFeed(applying_);
    for (const event::AppliedThread& thread : e.threads)
        ledger_.owe(thread.thread, thread.newest);
    if (e.faultAt && !state_.faultAt)
        state_.faultAt = e.faultAt;
}

} // namespace holdfast::sync

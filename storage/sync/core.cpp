#include "storage/sync/core.h"

#include <algorithm>

namespace holdfast::sync {
namespace {

constexpr qint64 renewEarlyMs = 60'000;
constexpr qint64 shortestTokenMs = 15'000;
constexpr qint64 longestTokenMs = 540'000;
constexpr qint64 unknownTokenMs = 300'000; // half its life by docs/api.md; should it end sooner, 401 says so
constexpr qint64 microsPerMs = 1000;

// Answers that mean "this refresh token is over", not "try again". One without central's code may be a proxy's.
bool endsRefresh(const Failure& failure)
{
    const bool judged = failure.status == 400 || failure.status == 401 || failure.status == 403;
    return judged && !failure.code.isEmpty();
}

} // namespace

SyncCore::SyncCore(CoreIdentity identity, const CoreTime& time, RandomSource& random)
    : identity_(std::move(identity)), time_(time), random_(random)
{}

std::vector<Action> SyncCore::on(const Event& event)
{
    actions_.clear();
    std::visit([this](const auto& e) { handle(e); }, event);
    if (running_)
        advance();
    publish();
    return std::move(actions_);
}

void SyncCore::handle(const event::Started& e)
{
    running_ = true;
    refresh_ = e.refresh;
    cursor_ = e.cursor;
    identity_.handovers = e.handovers;
    verifiedSize_ = e.verifiedSize;
    state_.verifiedUpTo = e.verifiedUpTo;
    state_.faultAt = e.faultAt;
    faultWords_ = e.faultWords;
    state_.link = views::SyncState::Link::connecting;
    state_.catchingUp = true;
    outboxDirty_ = true;
    for (const event::AppliedThread& thread : e.unverified)
        ledger_.owe(thread.thread, thread.newest);
}

void SyncCore::handle(const event::SignedIn& e)
{
    tokens_.inFlight = 0;
    wake(tokens_, Timer::token);
    useTokens(e.tokens);
}

void SyncCore::handle(const event::TokensAnswered& e)
{
    if (!ends(tokens_, e.request))
        return;
    if (e.outcome) {
        useTokens(*e.outcome);
        return;
    }
    if (endsRefresh(e.outcome.error())) {
        needSignIn();
        return;
    }
    if (token_.isEmpty())
        noteOffline(e.outcome.error().error.text);
    delay(tokens_, Timer::token, e.outcome.error().retryAfterMs);
}

void SyncCore::handle(const event::TimerFired& e)
{
    switch (e.timer) {
    case Timer::poll:
        poll_.waiting = false;
        break;
    case Timer::push:
        push_.waiting = false;
        break;
    case Timer::proofs:
        proofs_.waiting = false;
        break;
    case Timer::token:
        if (!tokens_.waiting)
            tokenDue_ = true;
        tokens_.waiting = false;
        break;
    case Timer::watchdog:
        onWatchdog();
        break;
    }
}

void SyncCore::handle(const event::Stop&)
{
    running_ = false;
    for (const Timer timer : {Timer::poll, Timer::push, Timer::proofs, Timer::token, Timer::watchdog})
        actions_.emplace_back(action::CancelTimer{timer});
    for (ChannelState* channel : {&tokens_, &poll_, &push_, &proofs_})
        *channel = {};
    token_.clear();
    state_.link = views::SyncState::Link::offline;
    state_.catchingUp = false;
}

void SyncCore::advance()
{
    advanceTokens();
    advancePush(); // reads the outbox even when nothing can be sent, so that its size is shown
    advancePoll();
    advanceProofs();
}

void SyncCore::advanceTokens()
{
    if (!token_.isEmpty() && !tokenDue_)
        return;
    if (refresh_.isEmpty()) {
        if (!signInAsked_)
            needSignIn();
        return;
    }
    if (tokens_.isFree())
        actions_.emplace_back(action::AskTokens{begin(tokens_), refresh_});
}

void SyncCore::useTokens(const Tokens& tokens)
{
    token_ = tokens.token;
    refresh_ = tokens.refresh;
    tokenDue_ = false;
    signInAsked_ = false;
    tokens_.backoff.reset();
    actions_.emplace_back(action::SaveRefresh{refresh_, tokens.acts});
    actions_.emplace_back(action::UseToken{token_});
    actions_.emplace_back(action::SetTimer{Timer::token, renewAfterMs(tokens)});
    state_.detail.clear();
    if (state_.link == views::SyncState::Link::offline)
        state_.link = views::SyncState::Link::connecting;
    wake(poll_, Timer::poll);
    wake(push_, Timer::push);
    wake(proofs_, Timer::proofs);
}

// A new token that is nearly over by this computer's clock says that the clock is wrong.
qint64 SyncCore::renewAfterMs(const Tokens& tokens) const
{
    const qint64 lifeMs = (tokens.expiresAt.value - time_.wall().value) / microsPerMs - renewEarlyMs;
    return lifeMs < shortestTokenMs ? unknownTokenMs : std::min(lifeMs, longestTokenMs);
}

void SyncCore::needSignIn()
{
    if (!refresh_.isEmpty())
        actions_.emplace_back(action::SaveRefresh{{}, {}});
    refresh_.clear();
    token_.clear();
    tokenDue_ = false;
    if (!signInAsked_)
        actions_.emplace_back(action::AskSignIn{});
    noteOffline(QStringLiteral("Central asks for your password again. What you write is kept and sent afterwards."));
    signInAsked_ = true;
}

RequestNumber SyncCore::begin(ChannelState& channel, QByteArray* usedToken)
{
    channel.inFlight = ++lastRequest_;
    if (usedToken)
        *usedToken = token_;
    return channel.inFlight;
}

bool SyncCore::ends(ChannelState& channel, RequestNumber request)
{
    if (request == 0 || channel.inFlight != request)
        return false;
    channel.inFlight = 0;
    return true;
}

void SyncCore::fail(ChannelState& channel, Timer timer, const Failure& failure, const QByteArray& usedToken)
{
    // Another channel may have renewed the token since; then this one only tries again.
    if (failure.status == 401 && usedToken == token_)
        token_.clear();
    delay(channel, timer, failure.retryAfterMs);
}

void SyncCore::delay(ChannelState& channel, Timer timer, std::optional<qint64> askedMs)
{
    channel.waiting = true;
    channel.told = askedMs.has_value();
    actions_.emplace_back(action::SetTimer{timer, channel.backoff.next(random_, askedMs)});
}

void SyncCore::wake(ChannelState& channel, Timer timer)
{
    if (!channel.waiting || channel.told)
        return;
    channel.waiting = false;
    actions_.emplace_back(action::CancelTimer{timer});
}

// Answers of requests from before a sign-in ended still come; what the person has to do stays on the screen.
void SyncCore::noteOnline()
{
    if (signInAsked_)
        return;
    const bool wasOnline = state_.link == views::SyncState::Link::online;
    state_.link = views::SyncState::Link::online;
    state_.detail.clear();
    if (wasOnline)
        return;
    wake(poll_, Timer::poll);
    wake(push_, Timer::push);
    wake(proofs_, Timer::proofs);
}

void SyncCore::noteOffline(const QString& words)
{
    if (signInAsked_)
        return;
    state_.link = views::SyncState::Link::offline;
    state_.detail = words;
}

void SyncCore::publish()
{
    if (everPublished_ && state_ == published_)
        return;
    everPublished_ = true;
    published_ = state_;
    views::SyncState told = state_;
    if (state_.faultAt) {
        const QString fault = QStringLiteral("A check of the log failed at entry %1: %2 Tell your administrator. What "
                                             "central showed is kept on this desk as evidence.")
                                  .arg(QString::number(*state_.faultAt), faultWords_);
        told.detail = told.detail.isEmpty() ? fault : fault + u' ' + told.detail;
    }
    actions_.emplace_back(action::Publish{told});
}

} // namespace holdfast::sync

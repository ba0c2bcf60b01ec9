#include "tests/simulator/state_watch.h"

#include <algorithm>

namespace holdfast::simulation {
namespace {

template <typename... Visitors>
struct Overloaded : Visitors...
{
    using Visitors::operator()...;
};

CoreState stateOf(const sync::Changes& changes)
{
    const auto is = [&changes](bool opened) {
        return std::any_of(changes.scopes.begin(), changes.scopes.end(),
                           [opened](const sync::ScopeEvent& scope) { return scope.opened == opened; });
    };
    if (is(false))
        return CoreState::closing;
    return is(true) ? CoreState::opening : CoreState::applying;
}

} // namespace

void StateWatch::reset()
{
    *this = {};
}

CoreStates StateWatch::states() const
{
    CoreStates all = states_;
    all.set(index(CoreState::waiting), timers_.any());
    return all;
}

void StateWatch::ended(CoreState state, sync::RequestNumber& current, sync::RequestNumber answered)
{
    if (current != answered)
        return;
    current = 0;
    set(state, false);
}

void StateWatch::setTimer(sync::Timer timer, bool running)
{
    if (static_cast<size_t>(timer) < timers_.size())
        timers_.set(static_cast<size_t>(timer), running);
}

void StateWatch::before(const sync::Event& event)
{
    using namespace sync::event;
    std::visit(
        Overloaded{[this](const SignedIn&) {
                       set(CoreState::signingIn, false);
                       ended(CoreState::renewing, tokens_, tokens_);
                   },
                   [this](const TokensAnswered& e) { ended(CoreState::renewing, tokens_, e.request); },
                   [this](const ChangesAnswered& e) { ended(polling_, poll_, e.request); },
                   [this](const PushAnswered& e) { ended(CoreState::pushing, push_, e.request); },
                   [this](const ProofsAnswered& e) { ended(CoreState::proving, proofs_, e.request); },
                   [this](const BatchApplied&) {
                       for (const CoreState state : {CoreState::applying, CoreState::opening, CoreState::closing})
                           set(state, false);
                   },
                   [this](const OutboxRead&) { set(CoreState::reading, false); },
                   [this](const OutboxMarked&) { set(CoreState::marking, false); },
                   [this](const UploadsEnded&) { set(CoreState::uploading, false); },
                   [this](const ProofsChecked&) { set(CoreState::checking, false); },
                   [this](const TimerFired& e) { setTimer(e.timer, false); }, [](const auto&) {}},
        event);
}

void StateWatch::after(const sync::Action& action)
{
    using namespace sync::action;
    std::visit(Overloaded{[this](const AskSignIn&) { set(CoreState::signingIn); },
                          [this](const AskTokens& a) {
                              tokens_ = a.request;
                              set(CoreState::renewing);
                          },
                          [this](const AskChanges& a) {
                              poll_ = a.request;
                              polling_ = a.waitSeconds > 0 ? CoreState::idlePoll : CoreState::catchingUp;
                              set(polling_);
                          },
                          [this](const AskPush& a) {
                              push_ = a.request;
                              set(CoreState::pushing);
                          },
                          [this](const AskProofs& a) {
                              proofs_ = a.request;
                              set(CoreState::proving);
                          },
                          [this](const ApplyBatch& a) { set(stateOf(a.changes)); },
                          [this](const ReadOutbox&) { set(CoreState::reading); },
                          [this](const MarkOutbox&) { set(CoreState::marking); },
                          [this](const UploadBlobs&) { set(CoreState::uploading); },
                          [this](const CheckProofs&) { set(CoreState::checking); },
                          [this](const SetTimer& a) { setTimer(a.timer, true); },
                          [this](const CancelTimer& a) { setTimer(a.timer, false); },
                          [this](const RestartTransport&) {
                              ended(polling_, poll_, poll_);
                              ended(CoreState::pushing, push_, push_);
                              ended(CoreState::proving, proofs_, proofs_);
                          },
                          [](const auto&) {}},
               action);
}

} // namespace holdfast::simulation

#include "tests/simulation/planted_bugs.h"

#include <algorithm>

namespace holdfast::simulation {
namespace {

using Actions = std::vector<sync::Action>;
using sync::PushResult;

template <typename Bug>
CoreMaker planted()
{
    return [](const sync::CoreIdentity& identity, const sync::CoreTime& time, RandomSource& random) {
        return std::make_unique<Bug>(identity, time, random);
    };
}

template <typename T>
const T* find(const Actions& actions)
{
    for (const sync::Action& action : actions) {
        if (const T* found = std::get_if<T>(&action))
            return found;
    }
    return nullptr;
}

class DropsOnTimeout : public PlainCore
{
public:
    using PlainCore::PlainCore;
    [[nodiscard]] Actions on(const sync::Event& event) override
    {
        const auto* answer = std::get_if<sync::event::PushAnswered>(&event);
        Actions actions = PlainCore::on(event);
        if (answer && !answer->outcome && answer->outcome.error().error.code == ErrorCode::timeout)
            actions.emplace_back(sync::action::MarkOutbox{std::exchange(pushed_, {})});
        if (const auto* push = find<sync::action::AskPush>(actions)) {
            pushed_.clear();
            for (const sync::PushEntry& entry : push->entries)
                pushed_.append({entry.entry, true, {}, {}, {}, {}, {}, {}});
        }
        return actions;
    }

private:
    QList<sync::OutboxMark> pushed_;
};

class IgnoresClosing : public PlainCore
{
public:
    using PlainCore::PlainCore;
    [[nodiscard]] Actions on(const sync::Event& event) override
    {
        if (std::holds_alternative<sync::event::PushAnswered>(event))
            pushing_ = false;
        Actions actions = PlainCore::on(event);
        pushing_ = pushing_ || find<sync::action::AskPush>(actions);
        for (sync::Action& action : actions) {
            if (auto* batch = std::get_if<sync::action::ApplyBatch>(&action); batch && pushing_)
                batch->changes.scopes.removeIf([](const sync::ScopeEvent& scope) { return !scope.opened; });
        }
        return actions;
    }

private:
    bool pushing_ = false;
};

class TakesStaleAnswers : public PlainCore
{
public:
    using PlainCore::PlainCore;
    [[nodiscard]] Actions on(const sync::Event& event) override
    {
        sync::Event changed = event;
        if (auto* changes = std::get_if<sync::event::ChangesAnswered>(&changed); changes && poll_ != 0)
            changes->request = std::exchange(poll_, 0);
        Actions actions = PlainCore::on(changed);
        if (const auto* poll = find<sync::action::AskChanges>(actions))
            poll_ = poll->request;
        return actions;
    }

private:
    sync::RequestNumber poll_ = 0; // in flight
};

class TrustsAnswers : public PlainCore
{
public:
    using PlainCore::PlainCore;
    [[nodiscard]] Actions on(const sync::Event& event) override
    {
        Actions actions = PlainCore::on(event);
        const auto* answer = std::get_if<sync::event::PushAnswered>(&event);
        if (!answer || !answer->outcome)
            return actions;
        std::erase_if(actions, [](const sync::Action& action) {
            return std::holds_alternative<sync::action::RecordFault>(action) ||
                   std::holds_alternative<sync::action::MarkOutbox>(action);
        });
        sync::action::MarkOutbox marks;
        for (const PushResult& result : answer->outcome->results) {
            if (result.verdict == PushResult::Verdict::accepted)
                marks.marks.append(
                    {result.entry, true, result.pos, result.epoch, result.header, result.receipt, {}, {}});
        }
        if (!marks.marks.isEmpty())
            actions.emplace_back(marks);
        return actions;
    }
};

class HasNoWatchdog : public PlainCore
{
public:
    using PlainCore::PlainCore;
    [[nodiscard]] Actions on(const sync::Event& event) override
    {
        const auto* timer = std::get_if<sync::event::TimerFired>(&event);
        return timer && timer->timer == sync::Timer::watchdog ? Actions() : PlainCore::on(event);
    }
};

} // namespace

CoreMaker dropsOnTimeout()
{
    return planted<DropsOnTimeout>();
}

CoreMaker ignoresClosing()
{
    return planted<IgnoresClosing>();
}

CoreMaker takesStaleAnswers()
{
    return planted<TakesStaleAnswers>();
}

CoreMaker trustsAnswers()
{
    return planted<TrustsAnswers>();
}

CoreMaker hasNoWatchdog()
{
    return planted<HasNoWatchdog>();
}

} // namespace holdfast::simulation

#include "central/api/feed_poll.h"

namespace holdfast::api {

void ParkedPolls::park(const PollPtr& poll)
{
    poll->state = FeedPoll::State::parked;
    poll->place = deadlines_.emplace(poll->deadline, poll);
    for (const ScopeId& scope : poll->cursor->scopes)
        byScope_[scope].insert(poll.get());
}

void ParkedPolls::take(const PollPtr& poll, quint64 shownTo)
{
    for (const ScopeId& scope : poll->cursor->scopes) {
        const auto found = byScope_.find(scope);
        found->second.erase(poll.get());
        if (found->second.empty())
            byScope_.erase(found);
    }
    poll->state = FeedPoll::State::busy;
    poll->cursor->upTo = std::max(poll->cursor->upTo, shownTo);
    deadlines_.erase(poll->place);
}

std::vector<PollPtr> ParkedPolls::takeAll(quint64 shownTo)
{
    std::vector<PollPtr> taken;
    taken.reserve(deadlines_.size());
    for (const auto& [deadline, poll] : deadlines_) {
        poll->state = FeedPoll::State::busy;
        poll->cursor->upTo = std::max(poll->cursor->upTo, shownTo);
        taken.push_back(poll);
    }
    deadlines_.clear();
    byScope_.clear();
    return taken;
}

std::vector<PollPtr> ParkedPolls::takeOf(const std::vector<ScopeId>& scopes, quint64 shownTo)
{
    std::vector<PollPtr> taken;
    for (const ScopeId& scope : scopes) {
        const auto found = byScope_.find(scope);
        if (found == byScope_.end())
            continue;
        const std::vector<FeedPoll*> waiting(found->second.begin(), found->second.end()); // take() changes the set
        for (FeedPoll* poll : waiting) {
            taken.push_back(poll->place->second);
            take(taken.back(), shownTo);
        }
    }
    return taken;
}

std::vector<PollPtr> ParkedPolls::takeDue(SteadyTime now, quint64 shownTo)
{
    std::vector<PollPtr> taken;
    while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
        taken.push_back(deadlines_.begin()->second);
        take(taken.back(), shownTo);
    }
    return taken;
}

} // namespace holdfast::api

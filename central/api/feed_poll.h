// One waiting or working POST /v1/changes, and the table of those that wait.
#pragma once

#include "central/api/cursor.h"
#include "central/http/responder.h"

#include <chrono>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace holdfast::api {

using SteadyTime = std::chrono::steady_clock::time_point;

struct FeedPoll;
using PollPtr = std::shared_ptr<FeedPoll>;
using PollDeadlines = std::multimap<SteadyTime, PollPtr>;

struct FeedPoll
{
    enum class State {
        busy,   // somebody is finding out what it may be given
        parked, // in the table: there was nothing for it
        ended   // answered, or its desk went away
    };

    FeedPoll(http::Responder answerer, QByteArray token) : responder(std::move(answerer)), bearer(std::move(token)) {}

    const http::Responder responder;
    const QByteArray bearer;
    QByteArray cursorText;      // as the desk sent it
    std::vector<ScopeId> again; // what the desk dropped because it differed
    int limit = 0;
    bool mayWait = false;
    bool windows = false; // the desk fetches history by itself
    SteadyTime deadline;

    // Guarded by the hub, as is the table.
    State state = State::busy;
    std::optional<Cursor> cursor; // once it was opened
    PollDeadlines::iterator place;
};

// Polls by scope and by deadline. A parked poll has been shown everything of its scopes, so its position is that of the
// log's end until it is woken, whatever its cursor said when it was parked. Not thread-safe.
class ParkedPolls
{
public:
    void park(const PollPtr& poll); // by the caught-up scopes of its cursor
    void take(const PollPtr& poll, quint64 shownTo);
    [[nodiscard]] std::vector<PollPtr> takeAll(quint64 shownTo);
    [[nodiscard]] std::vector<PollPtr> takeOf(const std::vector<ScopeId>& scopes, quint64 shownTo);
    [[nodiscard]] std::vector<PollPtr> takeDue(SteadyTime now, quint64 shownTo);
    [[nodiscard]] size_t size() const { return deadlines_.size(); }

private:
    std::unordered_map<ScopeId, std::unordered_set<FeedPoll*>> byScope_;
    PollDeadlines deadlines_;
};

} // namespace holdfast::api

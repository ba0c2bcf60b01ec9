// Where polls meet the log's tail. Whom an entry wakes is found in memory; sessions and rights of all who were woken
// are read in one look, and what they get comes from the ring. Only who is further behind has a look of its own.
#pragma once

#include "central/api/authenticator.h"
#include "central/api/feed.h"
#include "central/api/feed_poll.h"
#include "central/api/feed_ring.h"

#include <mutex>

namespace holdfast::api {

struct FeedLimits
{
    qsizetype ringBytes = 64LL * 1024 * 1024;
    size_t polls = 20'000; // at once; more is answered 503
    size_t checkedAtOnce = 1'000;
    // A desk that the ring serves for ever is compared with its scopes' checksums this often; others at every look.
    quint64 entriesBetweenSums = 65'536;
};

struct FeedCounters
{
    size_t open = 0; // polls that are not answered yet
    size_t parked = 0;
    quint64 checks = 0;   // looks that read the sessions of many polls
    quint64 looks = 0;    // looks for one poll alone
    quint64 fromRing = 0; // answers with entries that needed no look of their own
    quint64 shed = 0;
    qsizetype ringBytes = 0;
};

// Thread-safe. The store must end before this does.
class FeedHub final : public store::TailListener
{
public:
    FeedHub(store::Store& store, const Authenticator& authenticator, const FeedLimits& limits);

    void arrive(const PollPtr& poll);
    [[nodiscard]] FeedCounters counters() const;

    void grew(store::Tail tail) override;
    void signInsEnded() override;
    void tick() override;

private:
    struct Checked;  // what one look found out about many polls
    struct Outgoing; // answers, sent without the lock
    using State = FeedPoll::State;

    void gone(const PollPtr& poll);
    void drain(const PollPtr& poll);
    void checkNext();
    [[nodiscard]] Result<Checked> check(store::StoreReader& reader, const std::vector<PollPtr>& polls) const;
    void settleAll(const std::vector<PollPtr>& polls, Result<Checked> checked, quint64 version);
    void settle(const PollPtr& poll, Checked& checked, size_t index, quint64 version, Outgoing& out);
    [[nodiscard]] bool settleFromRing(const PollPtr& poll, quint64 head, const QByteArray& checkpoint, quint64 version,
                                      Outgoing& out);
    void look(const PollPtr& poll);
    void lookedAt(const PollPtr& poll, Result<std::optional<FeedAnswer>> seen, quint64 version);
    [[nodiscard]] Result<std::optional<FeedAnswer>> lookAlone(store::StoreReader& reader, const FeedPoll& poll) const;
    void noteDiffering(const Cursor& cursor, const std::vector<ScopeId>& scopes);
    [[nodiscard]] Result<Cursor> openedCursor(const FeedPoll& poll, const Session& session, Epoch epoch) const;
    void end(const PollPtr& poll);
    void send(Outgoing out);

    store::Store& store_;
    const Authenticator& authenticator_;
    const FeedLimits limits_;
    mutable std::mutex mutex_;
    FeedRing ring_;
    ParkedPolls parked_;
    std::vector<PollPtr> ready_; // to be checked next
    std::vector<PollPtr> later_; // woken while the store was too busy to check them
    bool checking_ = false;
    quint64 accessVersion_ = 0; // of what sessions and rights may have been read from
    FeedCounters counters_;
};

} // namespace holdfast::api

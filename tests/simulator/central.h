// The model of central: one process over a log, with group commits, parked polls and restarts.
#pragma once

#include "tests/simulator/central_feed.h"
#include "tests/simulator/central_sessions.h"
#include "tests/simulator/world.h"

#include <memory>

namespace holdfast::simulation {

template <typename T>
using Reply = std::function<void(const sync::Outcome<T>&)>;

// Bugs to plant in the model (tests/simulation/planted_bug_test.cpp). All false: central does as it should.
struct CentralBugs
{
    bool keepsDuplicates = false;
    bool forgetsOnRestart = false; // the newest entries, though they were acknowledged
    FeedBugs feed = {};
};

class Central
{
public:
    Central(World& world, int desks, const CentralBugs& bugs);

    // Requests. The answer comes at once, later, or, when the process dies, as a failure without a status.
    void signIn(int desk, const Reply<sync::Tokens>& reply);
    void renew(const QByteArray& refresh, const Reply<sync::Tokens>& reply);
    void changes(const QByteArray& token, const QByteArray& cursor, qint64 waitMs, const Reply<sync::Changes>& reply);
    void push(const QByteArray& token, const QList<sync::PushEntry>& entries, const Reply<sync::PushAnswer>& reply);
    void upload(const QByteArray& token, const EntryId& entry, const ThreadId& thread, const Reply<bool>& reply);
    void proofs(const QByteArray& token, quint64 from, const QList<ThreadId>& threads,
                const Reply<sync::Proofs>& reply);

    // What happens at central without these desks.
    void restart();       // what is not committed is lost
    void appendForeign(); // another desk's entry, or the customer's
    void sign();
    void moveThread();
    [[nodiscard]] bool changeGrant(bool given); // false: there is none to give or to end
    void endToken(int desk);
    void signOut(int desk);

    [[nodiscard]] const CentralLog& log() const { return log_; }
    [[nodiscard]] const CentralSessions& sessions() const { return sessions_; }
    [[nodiscard]] static int userOf(int desk) { return desk / 2; } // the first two desks are one person's
    [[nodiscard]] const std::set<ScopeId>& readable(int desk) const
    {
        return rights_[static_cast<size_t>(userOf(desk))];
    }
    [[nodiscard]] ThreadId anyThread(); // not the log's own
    [[nodiscard]] bool refused(const EntryId& id) const { return refused_.contains(id); }

private:
    struct Poll
    {
        QByteArray token;
        FeedCursor cursor;
        qint64 deadline = 0;
        Reply<sync::Changes> reply;
        bool answered = false;
    };
    using PollPtr = std::shared_ptr<Poll>;
    struct Push
    {
        int desk = nobody;
        QList<sync::PushEntry> entries;
        Reply<sync::PushAnswer> reply;
    };

    [[nodiscard]] bool isDown() const { return world_.agenda.now() < downUntil_; }
    void look(const PollPtr& poll);
    void checkAccess(int desk, const sync::Changes& changes);
    void wake(); // parked polls look again
    void answer(const PollPtr& poll, const sync::Outcome<sync::Changes>& outcome);
    void commit(const Push& push);
    [[nodiscard]] sync::PushResult decide(int desk, const sync::PushEntry& entry);
    [[nodiscard]] sync::PushResult accepted(const EntryId& id, sync::PushResult::Verdict verdict) const;
    [[nodiscard]] std::optional<sync::Failure> refusedAsAWhole(const QList<sync::PushEntry>& entries) const;
    void append(const Draft& draft);
    void checkOrder(const Draft& draft);

    World& world_;
    CentralBugs bugs_;
    // Durable.
    CentralLog log_;
    CentralSessions sessions_;
    std::vector<std::set<ScopeId>> rights_; // by user
    std::vector<ScopeId> scopes_;
    std::set<EntryId> uploaded_;
    // Of this process.
    int process_ = 0;
    qint64 downUntil_ = 0;
    std::vector<PollPtr> parked_;
    bool waking_ = false;
    // Books.
    std::set<EntryId> refused_;
    std::vector<quint64> lastSeq_; // by desk
    quint64 foreign_ = 0;
};

// What a content says of an entry that must be refused.
namespace poison {
inline const QByteArray alone = "poison alone";   // refused, its neighbours are taken
inline const QByteArray batch = "poison batch";   // the whole request is refused
inline const QByteArray noBlob = "poison noblob"; // the desk lost its attachment
} // namespace poison

[[nodiscard]] sync::Failure noAnswer(ErrorCode code);

} // namespace holdfast::simulation

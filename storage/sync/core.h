// The exchange with central as a pure state machine: events in, actions out; no I/O, no clock, no event loop of its
// own.
#pragma once

#include "models/base/random.h"
#include "models/views/values.h"
#include "storage/sync/backoff.h"
#include "storage/sync/wire.h"
#include "storage/sync/witness_ledger.h"

#include <variant>
#include <vector>

namespace holdfast::sync {

enum class Timer { poll, push, proofs, token, watchdog };

// Answers carry the number of the request they belong to; others are stale and ignored.
using RequestNumber = quint64;

namespace event {
struct AppliedThread
{
    ThreadId thread;
    Position newest; // position of the thread's newest entry
};
struct Started
{
    QByteArray refresh; // empty: the person must sign in
    QByteArray cursor;
    quint64 verifiedSize = 0; // of the newest checkpoint that this desk found consistent
    quint64 verifiedUpTo = 0; // of the newest one against which every thread was checked
    std::optional<quint64> faultAt;
    QList<AppliedThread> unverified; // threads that changed since then
    QString faultWords = {};
    std::vector<log::KeyHandover> handovers = {}; // of the log's key, followed before
};
struct SignedIn
{
    Tokens tokens;
};
struct TokensAnswered
{
    RequestNumber request;
    Outcome<Tokens> outcome;
};
struct ChangesAnswered
{
    RequestNumber request;
    Outcome<Changes> outcome;
};
struct PushAnswered
{
    RequestNumber request;
    Outcome<PushAnswer> outcome;
};
struct ProofsAnswered
{
    RequestNumber request;
    Outcome<Proofs> outcome;
};
struct BatchApplied
{
    Status status;
    QList<AppliedThread> threads; // without the log's own
    std::optional<quint64> faultAt;
};
// Entries of history are here; what was wrong with them is stored already.
struct HistoryApplied
{
    QList<AppliedThread> threads; // of which this brought newer entries than were here
    std::optional<quint64> faultAt;
};
// Central's answer for history did not hold.
struct HistoryRefused
{
    quint64 pos;
    QString what;
};
struct OutboxChanged
{
};
// What stands in the outbox in order of deviceSeq (at most pushBatch), and how much in all.
struct OutboxRead
{
    Status status;
    QList<PushEntry> next;
    int waiting = 0;
    int notSent = 0;
    std::optional<EntryId> needsUpload; // the first entry's blobs are not at central yet; `next` is empty then
};
struct UploadsEnded
{
    EntryId entry;
    Outcome<bool> outcome;
};
struct OutboxMarked
{
    Status status;
};
struct ProofsChecked
{
    enum class Verdict { good, fault, failed } verdict = Verdict::failed; // failed: the desk could not check, try again
    quint64 size = 0;                                                     // good: of the checkpoint
    quint64 covers = 0;                          // good: the heads entry covers all positions below this one
    quint64 faultAt = 0;                         // fault
    QString detail;                              // fault
    QList<ThreadId> behind;                      // proved older than this desk holds them, or not at all
    QList<ThreadId> ahead;                       // central knows them further than this desk
    std::vector<log::KeyHandover> followed = {}; // good: changes of the log's key that this desk did not know
};
struct TimerFired
{
    Timer timer;
};
struct Stop
{
};
} // namespace event

using Event = std::variant<event::Started, event::SignedIn, event::TokensAnswered, event::ChangesAnswered,
                           event::PushAnswered, event::ProofsAnswered, event::BatchApplied, event::HistoryApplied,
                           event::HistoryRefused, event::OutboxChanged, event::OutboxRead, event::UploadsEnded,
                           event::OutboxMarked, event::ProofsChecked, event::TimerFired, event::Stop>;

// What became of an entry that was pushed.
struct OutboxMark
{
    EntryId entry;
    bool accepted = false; // else: not sent
    Position pos;
    Epoch epoch;
    QByteArray header;
    QByteArray receipt;
    QString code;
    QString text;
};

namespace action {
struct AskTokens
{
    RequestNumber request;
    QByteArray refresh;
};
struct AskChanges
{
    RequestNumber request;
    QByteArray token;
    QByteArray cursor;
    int waitSeconds;
    int limit; // entries
};
struct AskPush
{
    RequestNumber request;
    QByteArray token;
    QList<PushEntry> entries;
};
struct AskProofs
{
    RequestNumber request;
    QByteArray token;
    quint64 from;
    QList<ThreadId> threads;
};
struct SetTimer
{
    Timer timer;
    qint64 delayMs;
}; // replaces the running one
struct CancelTimer
{
    Timer timer;
};
struct ApplyBatch
{
    Changes changes;
}; // rows and cursor in one transaction
struct ReadOutbox
{
    int limit;
};
struct UploadBlobs
{
    EntryId entry;
};
struct MarkOutbox
{
    QList<OutboxMark> marks;
};
struct CheckProofs
{
    Proofs proofs;
    QList<ThreadId> asked;
};
struct SaveVerified
{
    quint64 upTo;
    quint64 covers;
}; // every held thread was checked against the checkpoint of this size
struct RecordFault
{
    quint64 pos;
    QString what;
};
struct SaveRefresh
{
    QByteArray refresh; // empty: it is spent
    ThreadId acts;      // thread of recorded acts; zero: central did not say
};
struct UseToken
{
    QByteArray token;
}; // for blob transfers
struct Publish
{
    views::SyncState state;
};
struct AskSignIn
{
};
struct RestartTransport
{
};
} // namespace action

using Action =
    std::variant<action::AskTokens, action::AskChanges, action::AskPush, action::AskProofs, action::SetTimer,
                 action::CancelTimer, action::ApplyBatch, action::ReadOutbox, action::UploadBlobs, action::MarkOutbox,
                 action::CheckProofs, action::SaveVerified, action::RecordFault, action::SaveRefresh, action::UseToken,
                 action::Publish, action::AskSignIn, action::RestartTransport>;

// Time as the core sees it: steady for waiting, wall only to read how long a token lives.
class CoreTime
{
public:
    virtual ~CoreTime() = default;
    [[nodiscard]] virtual qint64 steadyMs() const = 0;
    [[nodiscard]] virtual Timestamp wall() const = 0;
};

struct CoreIdentity
{
    OrgId org;
    QByteArray logKey;                            // 32 bytes; as it was when this desk was set up
    std::vector<log::KeyHandover> handovers = {}; // from that key on, each verified
    [[nodiscard]] QByteArray newestLogKey() const { return handovers.empty() ? logKey : handovers.back().next; }
    [[nodiscard]] std::vector<QByteArray> logKeys() const; // oldest first
};

// One owner, one thread. Invariants: at most one request in flight per channel (tokens, poll, push, proofs); a cursor
// is only used after its rows were applied; an entry leaves the outbox only by an OutboxMark.
class SyncCore
{
public:
    SyncCore(CoreIdentity identity, const CoreTime& time, RandomSource& random);
    [[nodiscard]] std::vector<Action> on(const Event& event);
    [[nodiscard]] const views::SyncState& state() const { return state_; }

private:
    void handle(const event::Started& e);
    void handle(const event::SignedIn& e);
    void handle(const event::TokensAnswered& e);
    void handle(const event::ChangesAnswered& e);
    void handle(const event::PushAnswered& e);
    void handle(const event::ProofsAnswered& e);
    void handle(const event::BatchApplied& e);
    void handle(const event::HistoryApplied& e);
    void handle(const event::HistoryRefused& e);
    void handle(const event::OutboxChanged& e);
    void handle(const event::OutboxRead& e);
    void handle(const event::UploadsEnded& e);
    void handle(const event::OutboxMarked& e);
    void handle(const event::ProofsChecked& e);
    void handle(const event::TimerFired& e);
    void handle(const event::Stop& e);

    // A request in flight, or the local work that its answer caused, occupies its channel.
    struct ChannelState
    {
        RequestNumber inFlight = 0; // 0: none
        bool working = false;       // applying, marking or checking
        bool waiting = false;       // for its timer
        bool told = false;          // central named the time to wait
        Backoff backoff;
        [[nodiscard]] bool isFree() const { return inFlight == 0 && !working && !waiting; }
    };

    void advance(); // starts whatever may start now
    void advanceTokens();
    void advancePoll();
    void advancePush();
    void advanceProofs();

    void useTokens(const Tokens& tokens);
    [[nodiscard]] qint64 renewAfterMs(const Tokens& tokens) const;
    void needSignIn();
    [[nodiscard]] RequestNumber begin(ChannelState& channel, QByteArray* usedToken = nullptr);
    [[nodiscard]] static bool ends(ChannelState& channel, RequestNumber request); // false: a stale answer
    void fail(ChannelState& channel, Timer timer, const Failure& failure, const QByteArray& usedToken);
    void delay(ChannelState& channel, Timer timer, std::optional<qint64> askedMs = std::nullopt);
    void wake(ChannelState& channel, Timer timer);
    void noteOnline();
    void noteOffline(const QString& words);
    void publish();

    [[nodiscard]] std::optional<OutboxMark> judge(const PushResult& result, const PushEntry& entry);
    void takeResults(const PushAnswer& answer, const QList<PushEntry>& pushed);
    void refuse(const EntryId& entry, const Failure& failure);
    void mark(QList<OutboxMark> marks);
    void readOutbox();
    void watchOutbox(const std::optional<EntryId>& first);
    void onWatchdog();

    void noteFeed(const Changes& changes);
    void noteCheckpoint(const QByteArray& note);
    void recordFault(quint64 pos, const QString& what);
    void askInDoubt();
    void doubtReceipt(quint64 pos);

    CoreIdentity identity_;
    const CoreTime& time_;
    RandomSource& random_;
    std::vector<Action> actions_;

    bool running_ = false;
    bool signInAsked_ = false;
    bool tokenDue_ = false; // renew it while it still works
    QByteArray refresh_;
    QByteArray token_; // empty: none that may be used
    RequestNumber lastRequest_ = 0;
    ChannelState tokens_, poll_, push_, proofs_;

    QByteArray cursor_; // of the rows that were applied
    QByteArray pollToken_;
    bool caughtUp_ = false;
    qint64 askedAt_ = 0; // steady ms of the poll in flight
    int askedWait_ = 0;  // its wait
    int feedLimit_ = feedBatch;
    Changes applying_;        // without its entries
    quint64 feedHead_ = 0;    // this desk has all entries of its scopes below it
    quint64 feedAnswers_ = 0; // that were applied

    QByteArray pushToken_;
    bool outboxDirty_ = false; // read it again before the next push
    bool reading_ = false;
    bool rereadLater_ = false;   // the last reading failed
    int batchLimit_ = pushBatch; // smaller while a whole batch is refused, to find the entry
    QList<PushEntry> ready_;     // read, not yet pushed
    QList<PushEntry> pushing_;   // in flight
    std::optional<EntryId> uploading_;
    QByteArray uploadToken_; // good when it began
    std::optional<EntryId> oldest_;
    qint64 oldestSince_ = 0; // steady ms at which `oldest_` became the first

    QByteArray proofsToken_;
    WitnessLedger ledger_;
    QList<ThreadId> asked_;
    quint64 askedAtHead_ = 0;
    QByteArray seenNote_;     // newest that the feed brought
    quint64 offeredSize_ = 0; // of the newest checkpoint that the feed brought
    quint64 verifiedSize_ = 0;
    bool proofsWanted_ = false;
    bool doubted_ = false; // central showed an unknown key or a shorter log: proofs will tell
    enum class ReceiptDoubt { none, keyAsked, keySettled } receiptDoubt_ = ReceiptDoubt::none;

    QString faultWords_; // of state_.faultAt
    views::SyncState state_;
    views::SyncState published_;
    bool everPublished_ = false;
};

} // namespace holdfast::sync

// Runs the sync core: gives it answers, timers and the outbox, and does what it decides.
#pragma once

#include "models/log/signing.h"
#include "models/views/when_done.h"
#include "storage/local/applier.h"
#include "storage/local/closings.h"
#include "storage/local/desk_settings.h"
#include "storage/local/outbox.h"
#include "storage/sync/blob_filler.h"
#include "storage/sync/blob_transfer.h"
#include "storage/sync/core.h"
#include "storage/sync/desk_run.h"
#include "storage/sync/give_back.h"
#include "storage/sync/history_filler.h"
#include "storage/sync/news_relay.h"
#include "storage/sync/restore_wire.h"
#include "storage/sync/transport.h"
#include "storage/sync/witness.h"

#include <QElapsedTimer>
#include <QTimer>

#include <functional>
#include <map>

namespace holdfast::sync {

struct EngineParts
{
    local::Database& database;
    local::DeskSettings& settings;
    local::Applier& applier;
    local::Outbox& outbox;
    local::LostEntries& lost;
    Transport& transport;
    BlobTransfer& blobs;
    views::DeskReader& reader;
    NewsRelay& news;
    const log::SigningKey& key;
    const Clock& clock;
    RandomSource& random;
};

// Lives on the sync thread; start() and stop() are called there. Waits for the database only while it starts and while
// it checks proofs, never on the GUI thread.
class SyncEngine : public QObject
{
    Q_OBJECT
public:
    SyncEngine(EngineParts parts, CoreIdentity identity, const DeviceId& device, std::function<void()> signInNeeded);

    void start();
    void stop();
    // Thread-safe.
    void outboxChanged();
    void signedIn(const Tokens& tokens);
    QFuture<Result<void>> fetchHistory(const local::HistoryRange& range);

private:
    class Time : public CoreTime
    {
    public:
        explicit Time(const Clock& clock) : clock_(clock) { steady_.start(); }
        [[nodiscard]] qint64 steadyMs() const override { return steady_.elapsed(); }
        [[nodiscard]] Timestamp wall() const override { return clock_.now(); }

    private:
        const Clock& clock_;
        QElapsedTimer steady_;
    };

    void feed(const Event& event);
    void post(Event event);
    [[nodiscard]] Result<event::Started> load();
    // As views::whenDone(), but an answer from before this desk was set back is dropped.
    template <typename Future, typename Then>
    void whenDone(const Future& future, Then then)
    {
        views::whenDone(future, this, [this, mine = generation_, then = std::move(then)](const auto& result) {
            if (mine == generation_)
                then(result);
        });
    }
    void push(const action::AskPush& asked, bool mayBeginAgain);
    void compareLogs(const action::AskChanges& asked);
    void readNotes(const action::AskChanges& asked);
    void changesAnswered(RequestNumber request, const Result<HttpAnswer>& answer);
    void askEpochs(const action::AskChanges& asked, const Result<HttpAnswer>& refused);
    void setBack(const NewEpoch& epoch);
    void wasSetBack(const Result<int>& waiting);

    void perform(const action::AskTokens& a);
    void perform(const action::AskChanges& a);
    void perform(const action::AskPush& a);
    void perform(const action::AskProofs& a);
    void perform(const action::SetTimer& a);
    void perform(const action::CancelTimer& a);
    void perform(const action::ApplyBatch& a);
    void perform(const action::ReadOutbox& a);
    void perform(const action::UploadBlobs& a);
    void perform(const action::MarkOutbox& a);
    void perform(const action::CheckProofs& a);
    void perform(const action::SaveVerified& a);
    void perform(const action::RecordFault& a);
    void perform(const action::SaveRefresh& a);
    void perform(const action::UseToken& a);
    void perform(const action::Publish& a);
    void perform(const action::AskSignIn& a);
    void perform(const action::RestartTransport& a);

    void askChanges(const action::AskChanges& a, const local::FeedNotes& notes);
    void applied(const Result<local::Applied>& result, event::BatchApplied done);
    void historyApplied(const local::Applied& result);
    void noteScopes(const Changes& changes);
    void tellRows(const local::Applied& result, bool listsChanged);
    void outboxRead(const QList<local::OutboxEntry>& entries, const local::OutboxCounts& counts);
    [[nodiscard]] QFuture<Result<void>> mark(const OutboxMark& mark);
    [[nodiscard]] Result<OwnThread> ownThread(const ThreadId& thread, ThreadSeq seq);

    EngineParts parts_;
    CoreIdentity identity_;
    DeviceId device_;
    std::function<void()> signInNeeded_;
    Time time_;
    std::optional<SyncCore> core_; // nothing while this desk is set back
    quint64 generation_ = 0;       // one more each time
    QString restored_;             // words about it, until the desk is opened anew
    BlobFiller filler_;
    HistoryFiller history_;
    GiveBack giveBack_;
    DeskRun run_;
    std::map<Timer, QTimer*> timers_;
    Verified verified_;
    QByteArray verifiedNote_; // of verified_: central can be told that it was set back
    bool compared_ = false;   // since central was away last
    QByteArray lastNote_;     // newest note that central showed: evidence if it does not hold
    QHash<EntryId, ThreadId> waitingThreads_;
};

} // namespace holdfast::sync

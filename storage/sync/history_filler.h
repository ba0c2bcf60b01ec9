// Brings windows of history to this desk and fills in behind them, newest first, one request at a time. What somebody
// waits for goes before all else.
#pragma once

#include "models/views/values.h"
#include "storage/local/applier.h"
#include "storage/local/history_plan.h"
#include "storage/sync/backoff.h"
#include "storage/sync/history_check.h"
#include "storage/sync/transport.h"

#include <QObject>
#include <QPromise>
#include <QTimer>

#include <functional>

namespace holdfast::sync {

// Lives on the sync thread. Everything that it knows of what is missing is in the database, so it goes on where it was
// after a restart. Invariant: at most one request or one batch at a time.
class HistoryFiller : public QObject
{
    Q_OBJECT
public:
    struct Told
    {
        std::function<void(const local::Applied&)> applied;
        std::function<void(const event::HistoryRefused&)> refused;
    };
    HistoryFiller(local::Database& database, local::Applier& applier, Transport& transport, RandomSource& random,
                  Told told, QObject* parent);

    void useToken(const QByteArray& token);
    void setVerified(const Verified& verified);
    // While the feed catches up, windows come but nothing is filled in behind them.
    void setFeed(bool online, bool catchingUp);
    // Scopes were opened or closed, or something was erased: what is on its way may be of what is no more.
    void interrupt();
    void setOpening(bool opening) { opening_ = opening; }
    // The feed brought something, so there may be holes that were not there.
    void lookAgain();
    // The newest entries of the range that are missing; answers when they are here, or why they are not.
    QFuture<Result<void>> want(const local::HistoryRange& range);
    // Nothing of what is on its way is told any more. It goes on when the feed does.
    void stop();

    // Some conversation may still be without its newest window.
    [[nodiscard]] bool isOpening() const { return opening_; }

private:
    struct Wish
    {
        local::HistoryRange range;
        std::shared_ptr<QPromise<Result<void>>> promise;
    };

    void next();
    void planNext();
    void take(const local::HistoryPlan& plan);
    void grant(const Wish& wish);
    void list(const local::HistoryListing& listing);
    void ask(const QList<RangeRequest>& ranges, const std::optional<Wish>& wish);
    void answered(const Outcome<History>& history, const QList<RangeRequest>& asked, const std::optional<Wish>& wish,
                  const Verified& against);
    void applied(const Result<local::Applied>& result, const QList<RangeRequest>& asked, const CheckedHistory& checked,
                 bool more, const std::optional<Wish>& wish);
    void leaveOut(const QList<RangeRequest>& asked, const CheckedHistory& checked, bool more);
    void failed(const Failure& failure, const std::optional<Wish>& wish);
    void pause(qint64 ms);
    static void settle(const std::optional<Wish>& wish, const Result<void>& result);

    local::Database& database_;
    local::Applier& applier_;
    Transport& transport_;
    RandomSource& random_;
    Told told_;
    QTimer timer_;
    Backoff backoff_;
    QByteArray token_;
    Verified verified_;
    QList<Wish> wishes_;      // the next one last
    QSet<ThreadId> setAside_; // central had nothing of them; until the desk is online anew
    int pageEntries_;         // of one request; smaller over a line that breaks
    quint64 generation_ = 0;  // of what may be on its way
    bool online_ = false;
    bool catchingUp_ = true;
    bool busy_ = false;
    bool opening_ = false;
    bool complete_ = false; // nothing was missing when it looked
};

} // namespace holdfast::sync

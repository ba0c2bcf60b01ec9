#include "storage/sync/history_filler.h"

#include "models/views/when_done.h"

#include <algorithm>

namespace holdfast::sync {
namespace {

constexpr int wishEntries = 200;  // about what a window shows and a little more
constexpr int mostEntries = 1000; // of one request
constexpr int fewestEntries = 50;
constexpr int rangeEntries = 500; // the most that central gives of one
constexpr qsizetype mostWishes = 20;

Error notThere()
{
    return {ErrorCode::notFound, QStringLiteral("Central has nothing more of this conversation for you.")};
}

int sizeOf(const local::HistoryRange& range, int most)
{
    const quint64 size = range.last.value - range.first.value + 1;
    return static_cast<int>(std::min(size, static_cast<quint64>(most)));
}

} // namespace

HistoryFiller::HistoryFiller(local::Database& database, local::Applier& applier, Transport& transport,
                             RandomSource& random, Told told, QObject* parent)
    : QObject(parent), database_(database), applier_(applier), transport_(transport), random_(random),
      told_(std::move(told)), timer_(this), pageEntries_(mostEntries)
{
    timer_.setSingleShot(true);
    connect(&timer_, &QTimer::timeout, this, &HistoryFiller::next);
}

void HistoryFiller::useToken(const QByteArray& token)
{
    token_ = token;
    timer_.stop();
    next();
}

void HistoryFiller::setVerified(const Verified& verified)
{
    verified_ = verified;
    next();
}

void HistoryFiller::setFeed(bool online, bool catchingUp)
{
    if (online && !online_) {
        setAside_.clear();
        complete_ = false;
        timer_.stop();
    }
    online_ = online;
    catchingUp_ = catchingUp;
    next();
}

void HistoryFiller::interrupt()
{
    ++generation_;
    setAside_.clear();
    lookAgain();
}

void HistoryFiller::lookAgain()
{
    complete_ = false;
    next();
}

QFuture<Result<void>> HistoryFiller::want(const local::HistoryRange& range)
{
    const Wish wish{range, std::make_shared<QPromise<Result<void>>>()};
    wish.promise->start();
    wishes_.append(wish);
    if (wishes_.size() > mostWishes) // whoever scrolls that far waits for the newest wishes only
        settle(wishes_.takeFirst(), fail(ErrorCode::cancelled, QStringLiteral("Something else was asked for since.")));
    timer_.stop();
    next();
    return wish.promise->future();
}

void HistoryFiller::stop()
{
    online_ = false;
    catchingUp_ = true;
    ++generation_;
    timer_.stop();
    for (const Wish& wish : std::as_const(wishes_))
        settle(wish, fail(ErrorCode::cancelled, QStringLiteral("The desk is closing.")));
    wishes_.clear();
}

void HistoryFiller::next()
{
    if (busy_ || timer_.isActive())
        return;
    const bool canAsk = online_ && !token_.isEmpty() && verified_.size > 0;
    while (!online_ && !wishes_.isEmpty())
        settle(wishes_.takeLast(), fail(ErrorCode::network, QStringLiteral("Central cannot be reached.")));
    if (!canAsk)
        return;
    if (!wishes_.isEmpty())
        grant(wishes_.takeLast());
    else if (!complete_)
        planNext();
}

void HistoryFiller::planNext()
{
    busy_ = true;
    views::whenDone(local::nextHistory(database_, setAside_), this, [this](const Result<local::HistoryPlan>& plan) {
        busy_ = false;
        if (!plan)
            pause(backoff_.next(random_));
        else if (!wishes_.isEmpty())
            next();
        else
            take(*plan);
    });
}

void HistoryFiller::take(const local::HistoryPlan& plan)
{
    QList<RangeRequest> ranges;
    for (const ThreadId& thread : plan.windows) {
        if (ranges.size() * local::windowEntries < pageEntries_)
            ranges.append({thread, {}, {}, local::windowEntries, true, true});
    }
    if (!ranges.isEmpty())
        return ask(ranges, std::nullopt);
    if (plan.listing)
        return list(*plan.listing);
    opening_ = false;
    complete_ = plan.ranges.isEmpty();
    if (complete_ || catchingUp_)
        return;             // whoever knows more calls next()
    QSet<ThreadId> threads; // central answers one range of a thread at a time
    int left = pageEntries_;
    for (const local::HistoryRange& range : plan.ranges) {
        if (left <= 0 || threads.contains(range.thread))
            continue;
        const int size = sizeOf(range, std::min(rangeEntries, left));
        threads.insert(range.thread);
        ranges.append({range.thread, ThreadSeq{range.last.value + 1}, {}, size, false, false});
        left -= size;
    }
    ask(ranges, std::nullopt);
}

void HistoryFiller::grant(const Wish& wish)
{
    busy_ = true;
    views::whenDone(local::missingOf(database_, wish.range), this,
                    [this, wish](const Result<std::optional<local::HistoryRange>>& missing) {
                        busy_ = false;
                        if (missing && *missing) {
                            const local::HistoryRange& range = **missing;
                            return ask({{range.thread,
                                         ThreadSeq{range.last.value + 1},
                                         {},
                                         sizeOf(range, wishEntries),
                                         !range.continues,
                                         false}},
                                       wish);
                        }
                        settle(wish, missing ? Result<void>() : tl::unexpected(missing.error()));
                        next();
                    });
}

void HistoryFiller::list(const local::HistoryListing& listing)
{
    busy_ = true;
    const HttpRequest request = threadsRequest(token_, listing.scopes, listing.records, listing.below);
    views::whenDone(transport_.send(request), this,
                    [this, listing, mine = generation_](const Result<HttpAnswer>& answer) {
                        const Outcome<ThreadList> list = readThreadList(answer);
                        busy_ = false;
                        if (mine != generation_)
                            return next();
                        if (!list)
                            return failed(list.error(), std::nullopt);
                        QList<local::ListedThread> threads;
                        for (const ThreadListing& thread : list->threads)
                            threads.append({thread.thread, thread.scope, thread.newest});
                        busy_ = true;
                        views::whenDone(local::noteListed(database_, listing, threads, list->more), this,
                                        [this](const Result<void>& noted) {
                                            busy_ = false;
                                            if (!noted)
                                                return pause(backoff_.next(random_));
                                            backoff_.reset();
                                            next();
                                        });
                    });
}

void HistoryFiller::ask(const QList<RangeRequest>& ranges, const std::optional<Wish>& wish)
{
    busy_ = true;
    const HttpRequest request = historyRequest(token_, verified_.size, ranges);
    views::whenDone(transport_.send(request), this,
                    [this, ranges, wish, mine = generation_, against = verified_](const Result<HttpAnswer>& answer) {
                        Outcome<History> history = readHistory(answer);
                        busy_ = false;
                        if (mine == generation_)
                            return answered(history, ranges, wish, against);
                        if (wish)
                            wishes_.append(*wish);
                        next();
                    });
}

void HistoryFiller::answered(const Outcome<History>& history, const QList<RangeRequest>& asked,
                             const std::optional<Wish>& wish, const Verified& against)
{
    if (!history)
        return failed(history.error(), wish);
    CheckedHistory checked = checkHistory(*history, asked, against);
    if (checked.refused)
        told_.refused(*checked.refused);
    busy_ = true;
    const bool more = history->more;
    auto applying = applier_.apply(std::move(checked.batch));
    checked.batch = {};
    views::whenDone(applying, this,
                    [this, asked, checked, more, wish, mine = generation_](const Result<local::Applied>& result) {
                        busy_ = false;
                        // What was applied before scopes closed or the desk was set back is gone by now, or stands.
                        if (mine != generation_ && !online_)
                            return settle(wish, fail(ErrorCode::cancelled, QStringLiteral("It was broken off.")));
                        applied(result, asked, checked, more, wish);
                    });
}

void HistoryFiller::applied(const Result<local::Applied>& result, const QList<RangeRequest>& asked,
                            const CheckedHistory& checked, bool more, const std::optional<Wish>& wish)
{
    if (!result) {
        settle(wish, tl::unexpected(result.error()));
        return pause(backoff_.next(random_));
    }
    told_.applied(*result);
    const bool gotNothing = checked.answered.isEmpty();
    settle(wish, gotNothing || checked.refused ? Result<void>(tl::unexpected(notThere())) : Result<void>());
    leaveOut(asked, checked, more);
    if (checked.refused || (gotNothing && more))
        return pause(backoff_.next(random_));
    backoff_.reset();
    pageEntries_ = std::min(mostEntries, pageEntries_ * 2);
    next();
}

// Central leaves out what this person may not see any more: the feed will tell, and tell if it comes back.
void HistoryFiller::leaveOut(const QList<RangeRequest>& asked, const CheckedHistory& checked, bool more)
{
    QList<ThreadId> windows;
    for (const RangeRequest& range : asked) {
        const bool isMissing = !checked.answered.contains(range.thread) && !more;
        if (isMissing && range.state)
            windows.append(range.thread);
        if (isMissing || checked.refused) // what did not hold is not asked for again while it would be the same
            setAside_.insert(range.thread);
    }
    if (!windows.isEmpty())
        local::forgetListed(database_, windows);
}

void HistoryFiller::failed(const Failure& failure, const std::optional<Wish>& wish)
{
    settle(wish, tl::unexpected(failure.error));
    if (failure.status == 401)
        token_.clear(); // the feed renews it
    if (failure.status == 0)
        pageEntries_ = std::max(fewestEntries, pageEntries_ / 2);
    pause(backoff_.next(random_, failure.retryAfterMs));
}

void HistoryFiller::pause(qint64 ms)
{
    timer_.start(static_cast<int>(ms));
}

void HistoryFiller::settle(const std::optional<Wish>& wish, const Result<void>& result)
{
    if (!wish)
        return;
    wish->promise->addResult(result);
    wish->promise->finish();
}

} // namespace holdfast::sync

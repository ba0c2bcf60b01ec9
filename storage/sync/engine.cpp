#include "storage/sync/engine.h"

#include "models/log/checkpoint.h"
#include "models/views/when_done.h"
#include "storage/local/thread_positions.h"
#include "storage/sync/setting_names.h"

namespace holdfast::sync {
namespace {

constexpr int setBackRetryMs = 10'000;

template <typename T>
Result<T> await(const QFuture<Result<T>>& future)
{
    return future.result(); // blocks: the sync thread only
}

struct VerifiedUpTo
{
    quint64 size = 0;
    quint64 covers = 0;
};

VerifiedUpTo parseVerified(const QByteArray& text)
{
    const QList<QByteArray> parts = text.split(' ');
    return parts.size() == 2 ? VerifiedUpTo{parts[0].toULongLong(), parts[1].toULongLong()} : VerifiedUpTo{};
}

} // namespace

SyncEngine::SyncEngine(EngineParts parts, CoreIdentity identity, const DeviceId& device,
                       std::function<void()> signInNeeded)
    : parts_(parts), identity_(std::move(identity)), device_(device), signInNeeded_(std::move(signInNeeded)),
      time_(parts.clock), core_(std::in_place, identity_, time_, parts.random),
      filler_(parts.settings, parts.reader, parts.news, this),
      history_(parts.database, parts.applier, parts.transport, parts.random,
               {[this](const local::Applied& result) { historyApplied(result); },
                [this](const event::HistoryRefused& refused) { post(refused); }},
               this),
      giveBack_(parts.lost, parts.transport, parts.blobs, this),
      run_(parts.settings, parts.outbox, parts.transport, parts.random, this)
{}

void SyncEngine::start()
{
    Result<event::Started> started = load();
    if (started) {
        feed(*started);
        return;
    }
    views::SyncState state;
    state.detail = started.error().text;
    parts_.news.tellState(state);
}

Result<event::Started> SyncEngine::load()
{
    event::Started started;
    const auto refresh = await(parts_.settings.value(refreshSetting()));
    const auto cursor = await(parts_.settings.cursor());
    const auto fault = await(parts_.settings.firstFault());
    const auto verified = await(parts_.settings.value(verifiedSetting()));
    const auto checkpoint = await(parts_.settings.checkpoint());
    const auto handovers = await(parts_.settings.value(handoversSetting()));
    const auto missing = await(local::nextHistory(parts_.database, {}));
    const auto followed = handovers ? log::decodeHandovers(*handovers) : std::nullopt;
    const auto restored = await(parts_.lost.restoredPoint());
    if (!refresh || !cursor || !fault || !verified || !followed || !restored || !missing)
        return fail(ErrorCode::io, QStringLiteral("The desk's own state could not be read. Restart Holdfast; if this "
                                                  "stays, ask your administrator."));
    identity_.handovers = *followed;
    started.handovers = *followed;
    started.refresh = *refresh;
    started.cursor = *cursor;
    if (*fault)
        std::tie(started.faultAt, started.faultWords) = std::tuple((*fault)->pos.value, (*fault)->what);
    if (checkpoint) {
        const auto note = log::openCheckpoint(checkpoint->note, identity_.logKeys());
        if (note)
            verified_ = {note->size, note->root, note->epoch};
        verifiedNote_ = checkpoint->note;
        // Of a note above the restored point nothing can follow; it stays here as evidence, and the log is checked from
        // that point on.
        if (*restored && checkpoint->epoch < (*restored)->epoch && verified_.size > (*restored)->pos.value)
            verified_ = {(*restored)->pos.value, (*restored)->root, (*restored)->epoch};
    }
    started.verifiedSize = verified_.size;
    history_.setVerified(verified_);
    history_.setOpening(!missing->windows.isEmpty() || missing->listing);
    const VerifiedUpTo upTo = parseVerified(*verified);
    started.verifiedUpTo = upTo.size;
    const auto open = await(local::threadsSince(parts_.database, Position{upTo.covers}));
    if (!open)
        return tl::unexpected(open.error());
    for (const local::ThreadPosition& thread : *open)
        started.unverified.append({thread.thread, thread.newest});
    return started;
}

void SyncEngine::stop()
{
    filler_.stop();
    giveBack_.stop();
    history_.stop();
    feed(event::Stop{});
}

void SyncEngine::outboxChanged()
{
    post(event::OutboxChanged{});
}

void SyncEngine::signedIn(const Tokens& tokens)
{
    post(event::SignedIn{tokens});
}

QFuture<Result<void>> SyncEngine::fetchHistory(const local::HistoryRange& range)
{
    const auto promise = std::make_shared<QPromise<Result<void>>>();
    promise->start();
    const auto ask = [this, range, promise] {
        views::whenDone(history_.want(range), this, [promise](const Result<void>& result) {
            promise->addResult(result);
            promise->finish();
        });
    };
    QMetaObject::invokeMethod(this, ask, Qt::QueuedConnection);
    return promise->future();
}

void SyncEngine::post(Event event)
{
    QMetaObject::invokeMethod(
        this, [this, event = std::move(event)] { feed(event); }, Qt::QueuedConnection);
}

void SyncEngine::feed(const Event& event)
{
    if (!core_)
        return;
    for (const Action& action : core_->on(event))
        std::visit([this](const auto& a) { perform(a); }, action);
}

// Nothing of the old epoch may answer any more, and nothing is asked until the desk stands where central does.
void SyncEngine::setBack(const NewEpoch& epoch)
{
    ++generation_;
    core_.reset();
    for (const auto& [which, timer] : timers_)
        timer->stop();
    filler_.stop();
    giveBack_.stop();
    parts_.blobs.forgetUploads();
    history_.stop();
    restored_ =
        tr("Central was restored to an earlier point. This desk gives it back what it holds of the time since.");
    views::SyncState state;
    state.detail = restored_;
    parts_.news.tellState(state);
    parts_.settings.setValue(verifiedSetting(), {}); // all conversations are proved anew
    whenDone(parts_.lost.setBack(epoch.point, epoch.cursor), [this](const Result<int>& r) { wasSetBack(r); });
}

void SyncEngine::wasSetBack(const Result<int>& waiting)
{
    parts_.news.tellThreads();
    if (!waiting) // central says so again, and it is tried again
        restored_ = waiting.error().text;
    const int delay = waiting ? 0 : setBackRetryMs;
    QTimer::singleShot(delay, this, [this] {
        verified_ = {};
        core_.emplace(identity_, time_, parts_.random);
        start();
    });
}

Result<OwnThread> SyncEngine::ownThread(const ThreadId& thread, ThreadSeq seq)
{
    const auto newest = await(parts_.settings.newestSeq(thread));
    if (!newest && newest.error().code != ErrorCode::notFound)
        return tl::unexpected(newest.error());
    OwnThread own{newest.value_or(ThreadSeq{}), {}};
    if (seq.value == 0 || own.newest < seq)
        return own;
    const auto leaf = await(parts_.settings.leafAt(thread, seq));
    if (!leaf)
        return tl::unexpected(leaf.error());
    own.leaf = *leaf;
    return own;
}

} // namespace holdfast::sync

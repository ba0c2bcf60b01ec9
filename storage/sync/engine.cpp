#include "storage/sync/engine.h"

#include "models/log/checkpoint.h"
#include "storage/local/thread_positions.h"
#include "storage/sync/setting_names.h"

namespace holdfast::sync {
namespace {

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
      time_(parts.clock), core_(identity_, time_, parts.random), filler_(parts.settings, parts.reader, parts.news, this)
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
    const auto followed = handovers ? log::decodeHandovers(*handovers) : std::nullopt;
    if (!refresh || !cursor || !fault || !verified || !followed)
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
    }
    started.verifiedSize = verified_.size;
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

void SyncEngine::post(Event event)
{
    QMetaObject::invokeMethod(
        this, [this, event = std::move(event)] { feed(event); }, Qt::QueuedConnection);
}

void SyncEngine::feed(const Event& event)
{
    for (const Action& action : core_.on(event))
        std::visit([this](const auto& a) { perform(a); }, action);
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

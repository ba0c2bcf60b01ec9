#include "storage/sync/open_desk.h"

namespace holdfast::sync {
namespace {

// How long a desk can give a restored central back what it lost; also how old a backup may be.
constexpr qint64 keptForRestore = 35LL * 24 * 3600 * 1'000'000; // microseconds

} // namespace

Result<std::unique_ptr<OpenDesk>> OpenDesk::make(UnlockedDesk desk, const QString& pinnedCa, Clock& clock,
                                                 RandomSource& random, std::function<void()> signInNeeded)
{
    auto key = log::SigningKey::fromSeed(desk.identity.deviceSeed);
    if (!key)
        return tl::unexpected(key.error());
    desk.identity.deviceSeed.fill('\0');
    auto transport = Transport::open(desk.server, pinnedCa);
    if (!transport)
        return tl::unexpected(transport.error());
    return std::unique_ptr<OpenDesk>(
        new OpenDesk(std::move(desk), std::move(*transport), std::move(*key), clock, random, std::move(signInNeeded)));
}

OpenDesk::OpenDesk(UnlockedDesk desk, std::unique_ptr<Transport> transport, log::SigningKey key, Clock& clock,
                   RandomSource& random, std::function<void()> signInNeeded)
    : identity_(std::move(desk.identity)), key_(std::move(key)), database_(std::move(desk.database)),
      settings_(*database_), media_(*database_, clock),
      outbox_(*database_, {identity_.org, identity_.user, identity_.device}, key_, random, clock),
      lost_(*database_, identity_.user), applier_(*database_, identity_.org, identity_.user),
      transport_(std::move(transport)),
      blobs_(*transport_, media_,
             [this](const BlobId& blob, const views::Transfer& transfer) { news_.tellTransfer(blob, transfer); }),
      reader_(*database_, media_, blobs_, clock, identity_), copies_(outbox_, settings_, reader_),
      engine_(std::make_unique<SyncEngine>(EngineParts{*database_, settings_, applier_, outbox_, lost_, *transport_,
                                                       blobs_, reader_, news_, key_, clock, random},
                                           CoreIdentity{identity_.org, identity_.logPublicKey}, identity_.device,
                                           std::move(signInNeeded))),
      acts_(
          outbox_, media_, settings_, copies_, random, [this](const LocalChange& change) { onLocalChange(change); },
          [this](const local::HistoryRange& range) { return engine_->fetchHistory(range); }),
      desk_{reader_, acts_, news_, {identity_.user, identity_.userName, {}, {}}}
{
    // First of all jobs: what a crash or a full disk kept from being erased goes before anything new is written.
    (void)local::finishClosings(*database_, media_, clock.now());
    (void)lost_.dropOlder(Timestamp{clock.now().value - keptForRestore});
    thread_.setObjectName(QStringLiteral("sync"));
    engine_->moveToThread(&thread_);
    thread_.start();
    QMetaObject::invokeMethod(engine_.get(), &SyncEngine::start, Qt::QueuedConnection);
}

// Order matters: nothing may ask the transport once it is gone, and the transport's last answers may still use the
// reader.
OpenDesk::~OpenDesk()
{
    // The engine stops on its own thread, which ends right behind it.
    QMetaObject::invokeMethod(
        engine_.get(),
        [this] {
            engine_->stop();
            thread_.quit();
        },
        Qt::QueuedConnection);
    thread_.wait();
    blobs_.close();
    transport_.reset();
    (void)database_->truncateLog();
    database_.reset(); // runs what was queued, this included; all that its jobs refer to still lives
}

void OpenDesk::signedIn(const Tokens& tokens)
{
    engine_->signedIn(tokens);
}

void OpenDesk::onLocalChange(const LocalChange& change)
{
    if (change.thread)
        news_.tellThread(*change.thread);
    news_.tellThreads();
    if (change.entry)
        engine_->outboxChanged();
}

} // namespace holdfast::sync

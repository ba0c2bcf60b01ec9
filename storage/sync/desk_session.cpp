#include "storage/sync/desk_session.h"

#include "storage/local/desk_directory.h"
#include "storage/sql/secret_bytes.h"
#include "storage/sync/enrolment.h"
#include "storage/sync/ready_future.h"

#include <QFile>
#include <QThreadPool>

#include <mutex>

namespace holdfast::sync {

class DeskSession::Impl
{
public:
    Impl(SessionOptions options, Clock& clock, RandomSource& random)
        : options_(std::move(options)), clock_(clock), random_(random), directory_(options_.dataDir)
    {
        pool_.setMaxThreadCount(1); // one step at a time: two key derivations at once would only double the memory
        pool_.setExpiryTimeout(-1);
    }

    // Runs `job` on the worker and answers there.
    template <typename T>
    QFuture<Result<T>> run(std::function<Result<T>()> job)
    {
        const auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        pool_.start([promise, job = std::move(job)] {
            promise->addResult(job());
            promise->finish();
        });
        return promise->future();
    }

    // A transport for one flow; remembered so that a closing session does not wait for its time-outs.
    [[nodiscard]] Result<std::shared_ptr<Transport>> connect(const QUrl& server)
    {
        auto opened = Transport::open(server, options_.pinnedCa);
        if (!opened)
            return tl::unexpected(opened.error());
        std::shared_ptr<Transport> transport = std::move(*opened);
        const std::lock_guard lock(flowMutex_);
        flow_ = transport;
        return transport;
    }

    void close()
    {
        {
            const std::lock_guard lock(flowMutex_);
            if (const auto transport = flow_.lock())
                transport->restart();
        }
        pool_.waitForDone();
        open_.reset();
    }

    [[nodiscard]] std::optional<local::DeskRecord> record() const
    {
        const Result<QList<local::DeskRecord>> desks = directory_.desks();
        if (!desks)
            return std::nullopt;
        for (const local::DeskRecord& desk : *desks) {
            const local::DeskFiles files = directory_.filesOf(desk.org, desk.user);
            if (QFile::exists(files.keys()) && QFile::exists(files.history()))
                return desk;
        }
        return std::nullopt;
    }

    SessionOptions options_;
    Clock& clock_;
    RandomSource& random_;
    local::DeskDirectory directory_;
    State state_ = State::firstRun;
    std::unique_ptr<OpenDesk> open_;
    QThreadPool pool_;

private:
    std::mutex flowMutex_;
    std::weak_ptr<Transport> flow_;
};

namespace {

using Handover = std::shared_ptr<UnlockedDesk>; // futures copy their results; a desk cannot be copied

Result<views::ServerFacts> factsOf(Transport& transport)
{
    const Outcome<Organisation> organisation = askOrganisation(transport);
    if (!organisation)
        return tl::unexpected(organisation.error().error);
    return views::ServerFacts{organisation->name, organisation->org.toHexString(),
                              transport.server().scheme() == QLatin1String("https")};
}

Result<Handover> unlockDesk(const local::DeskFiles& files, const QUrl& server, const QString& passphrase,
                            RandomSource& random)
{
    auto key = local::KeySlots(files.keys(), random).open(passphrase);
    if (!key)
        return tl::unexpected(key.error());
    auto database = local::Database::open(files, std::move(*key));
    if (!database)
        return tl::unexpected(database.error());
    const Result<local::DeskIdentity> identity = local::DeskSettings(**database).identity().result();
    if (!identity)
        return tl::unexpected(identity.error());
    return std::make_shared<UnlockedDesk>(UnlockedDesk{std::move(*database), *identity, server});
}

} // namespace

DeskSession::DeskSession(SessionOptions options, Clock& clock, RandomSource& random, QObject* parent)
    : views::Session(parent), impl_(std::make_unique<Impl>(std::move(options), clock, random))
{
    impl_->state_ = impl_->record() ? State::locked : State::firstRun;
}

DeskSession::~DeskSession()
{
    impl_->close();
}

views::Session::State DeskSession::state() const
{
    return impl_->state_;
}

std::optional<views::KnownDesk> DeskSession::knownDesk() const
{
    const auto record = impl_->record();
    if (!record)
        return std::nullopt;
    return views::KnownDesk{record->organisation, record->userName, record->login, record->server};
}

QFuture<Result<views::ServerFacts>> DeskSession::probe(const QUrl& server)
{
    return impl_->run<views::ServerFacts>([this, server]() -> Result<views::ServerFacts> {
        const auto transport = impl_->connect(server);
        if (!transport)
            return tl::unexpected(transport.error());
        return factsOf(**transport);
    });
}

QFuture<Result<void>> DeskSession::enrol(const QUrl& server, const QString& login, const QString& password,
                                         const QString& passphrase)
{
    if (impl_->open_)
        return readyFuture<void>(fail(ErrorCode::conflict, QStringLiteral("A desk is open already. Lock it first.")));
    return impl_
        ->run<Handover>([this, server, login, password, passphrase]() -> Result<Handover> {
            const auto transport = impl_->connect(server);
            if (!transport)
                return tl::unexpected(transport.error());
            const Enrolment enrolment(impl_->directory_, impl_->random_, impl_->options_.cost);
            auto desk = enrolment.enrol(**transport, {login, password}, passphrase);
            if (!desk)
                return tl::unexpected(desk.error());
            return std::make_shared<UnlockedDesk>(std::move(*desk));
        })
        .then(this, [this](const Result<Handover>& desk) { return take(desk); });
}

QFuture<Result<void>> DeskSession::unlock(const QString& passphrase)
{
    const auto record = impl_->record();
    if (!record || impl_->open_)
        return readyFuture<void>(fail(ErrorCode::notFound, QStringLiteral("There is no locked desk to open here.")));
    const local::DeskFiles files = impl_->directory_.filesOf(record->org, record->user);
    return impl_
        ->run<Handover>([this, files, server = record->server, passphrase] {
            return unlockDesk(files, server, passphrase, impl_->random_);
        })
        .then(this, [this](const Result<Handover>& desk) { return take(desk); });
}

Result<void> DeskSession::take(const Result<std::shared_ptr<UnlockedDesk>>& desk)
{
    if (!desk)
        return tl::unexpected(desk.error());
    const auto askSignIn = [this] {
        QMetaObject::invokeMethod(this, &DeskSession::signInNeeded, Qt::QueuedConnection);
    };
    auto open = OpenDesk::make(std::move(**desk), impl_->options_.pinnedCa, impl_->clock_, impl_->random_, askSignIn);
    if (!open)
        return tl::unexpected(open.error());
    impl_->open_ = std::move(*open);
    impl_->state_ = State::open;
    Q_EMIT stateChanged(State::open);
    return {};
}

QFuture<Result<void>> DeskSession::signInAgain(const QString& password)
{
    if (!impl_->open_)
        return readyFuture<void>(fail(ErrorCode::notFound, QStringLiteral("No desk is open. Unlock it first.")));
    const local::DeskIdentity& identity = impl_->open_->identity();
    return impl_
        // close() waits for this work before the desk, and its key, goes.
        ->run<Tokens>([this, login = identity.login, user = identity.user, &key = impl_->open_->key(),
                       server = impl_->open_->transport().server(), password]() -> Result<Tokens> {
            const auto transport = impl_->connect(server);
            if (!transport)
                return tl::unexpected(transport.error());
            return signInDevice(**transport, {login, password}, user, key);
        })
        .then(this, [this](const Result<Tokens>& tokens) -> Result<void> {
            if (!tokens)
                return tl::unexpected(tokens.error());
            if (impl_->open_)
                impl_->open_->signedIn(*tokens);
            return {};
        });
}

void DeskSession::lock()
{
    if (impl_->state_ != State::open)
        return;
    impl_->state_ = State::locked;
    Q_EMIT stateChanged(State::locked); // whoever shows the desk lets go of it, at the latest by deleteLater()
    QMetaObject::invokeMethod(this, &DeskSession::finishLock, Qt::QueuedConnection);
}

void DeskSession::finishLock()
{
    impl_->close();
    if (impl_->options_.relaunchLocked)
        impl_->options_.relaunchLocked();
}

views::Desk* DeskSession::desk()
{
    return impl_->state_ == State::open && impl_->open_ ? &impl_->open_->desk() : nullptr;
}

} // namespace holdfast::sync

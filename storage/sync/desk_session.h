// First run, unlock, sign-in and lock of a console: implements views::Session over local storage and the transport.
#pragma once

#include "models/base/clock.h"
#include "models/base/random.h"
#include "models/views/session.h"
#include "storage/local/key_slots.h"

#include <functional>
#include <memory>

namespace holdfast::sync {

struct UnlockedDesk;

struct SessionOptions
{
    QString dataDir;  // exists, user-only
    QString pinnedCa; // PEM file; empty: the system's authorities
    // Called once after lock() has closed everything: the program starts itself afresh at the lock screen.
    std::function<void()> relaunchLocked;
    std::optional<local::PassphraseCost> cost; // of a new desk's key slot; nothing: calibrated to about a second
};

// GUI thread. Key derivation, database opening and network run on workers.
class DeskSession : public views::Session
{
    Q_OBJECT
public:
    DeskSession(SessionOptions options, Clock& clock, RandomSource& random, QObject* parent = nullptr);
    ~DeskSession() override; // flushes and closes, as lock() does, without the relaunch

    [[nodiscard]] State state() const override;
    [[nodiscard]] std::optional<views::KnownDesk> knownDesk() const override;
    QFuture<Result<views::ServerFacts>> probe(const QUrl& server) override;
    QFuture<Result<void>> enrol(const QUrl& server, const QString& login, const QString& password,
                                const QString& passphrase) override;
    QFuture<Result<void>> unlock(const QString& passphrase) override;
    QFuture<Result<void>> signInAgain(const QString& password) override;
    void lock() override;
    [[nodiscard]] views::Desk* desk() override;

private:
    [[nodiscard]] Result<void> take(const Result<std::shared_ptr<UnlockedDesk>>& desk);
    void finishLock();

    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace holdfast::sync

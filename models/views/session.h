// First run, sign-in, lock and unlock, as the lock screen sees them. The app wires an implementation (storage/sync).
#pragma once

#include "models/base/error.h"
#include "models/views/desk.h"

#include <QFuture>
#include <QObject>
#include <QUrl>

namespace holdfast::views {

struct KnownDesk
{
    QString organisation;
    QString userName;
    QString login;
    QUrl server;
};

struct ServerFacts
{
    QString organisation;
    QString orgHex;
    bool secure = false; // TLS; plain HTTP is possible on loopback only
};

class Session : public QObject
{
    Q_OBJECT
public:
    enum class State { firstRun, locked, open };
    using QObject::QObject;

    [[nodiscard]] virtual State state() const = 0;
    [[nodiscard]] virtual std::optional<KnownDesk> knownDesk() const = 0; // of `locked`
    // First run, step 1: is there a Holdfast at this address, and whose?
    virtual QFuture<Result<ServerFacts>> probe(const QUrl& server) = 0;
    // First run, step 2 and 3: sign in, enrol this device, make the encrypted database under `passphrase`.
    virtual QFuture<Result<void>> enrol(const QUrl& server, const QString& login, const QString& password,
                                        const QString& passphrase) = 0;
    // Never makes an empty database: a wrong passphrase is ErrorCode::wrongKey and changes nothing.
    virtual QFuture<Result<void>> unlock(const QString& passphrase) = 0;
    // Central asked for the person's password again (the refresh token ended). The desk stays open meanwhile.
    virtual QFuture<Result<void>> signInAgain(const QString& password) = 0;
    virtual void lock() = 0;                // hands the outbox on, then the process starts afresh at the lock screen
    [[nodiscard]] virtual Desk* desk() = 0; // of `open`, else nullptr

Q_SIGNALS:
    void stateChanged(holdfast::views::Session::State state);
    void signInNeeded(); // see signInAgain()
};

} // namespace holdfast::views

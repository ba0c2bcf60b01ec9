// A session in memory: one right passphrase, one right password, answers at once.
#pragma once

#include "models/views/session.h"
#include "tests/ui_support/fake_desk.h"

namespace holdfast::test {

class FakeSession : public views::Session
{
    Q_OBJECT
public:
    FakeSession(State state, FakeDesk& desk);

    QString passphrase = QStringLiteral("correct horse battery staple");
    QString password = QStringLiteral("Winter-2026");
    std::optional<Error> probeError;  // answered by probe() while set
    std::optional<Error> unlockError; // answered by unlock() while set
    int unlockAttempts = 0;

    [[nodiscard]] State state() const override { return state_; }
    [[nodiscard]] std::optional<views::KnownDesk> knownDesk() const override;
    QFuture<Result<views::ServerFacts>> probe(const QUrl& server) override;
    QFuture<Result<void>> enrol(const QUrl& server, const QString& login, const QString& password,
                                const QString& passphrase) override;
    QFuture<Result<void>> unlock(const QString& passphrase) override;
    QFuture<Result<void>> signInAgain(const QString& password) override;
    void lock() override { setState(State::locked); }
    [[nodiscard]] views::Desk* desk() override { return state_ == State::open ? &open_ : nullptr; }

private:
    void setState(State state);

    State state_;
    views::Desk open_;
};

} // namespace holdfast::test

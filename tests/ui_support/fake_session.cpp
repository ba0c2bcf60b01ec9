#include "tests/ui_support/fake_session.h"

#include <QPromise>

namespace holdfast::test {
namespace {

template <typename T>
QFuture<Result<T>> ready(Result<T> result)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(std::move(result));
    promise.finish();
    return promise.future();
}

} // namespace

FakeSession::FakeSession(State state, FakeDesk& desk) : state_(state), open_(desk.desk()) {}

std::optional<views::KnownDesk> FakeSession::knownDesk() const
{
    if (state_ == State::firstRun)
        return std::nullopt;
    return views::KnownDesk{QStringLiteral("Harbourline Insurance"), QStringLiteral("Lerato Khumalo"),
                            QStringLiteral("lerato.khumalo"), QUrl(QStringLiteral("https://desk.harbourline.example"))};
}

QFuture<Result<views::ServerFacts>> FakeSession::probe(const QUrl& server)
{
    if (probeError)
        return ready<views::ServerFacts>(fail(probeError->code, probeError->text));
    return ready<views::ServerFacts>(
        views::ServerFacts{QStringLiteral("Harbourline Insurance"), QString(32, u'a'), server.scheme() == u"https"});
}

QFuture<Result<void>> FakeSession::enrol(const QUrl&, const QString& login, const QString& given, const QString& chosen)
{
    if (login.isEmpty() || given != password)
        return ready<void>(fail(ErrorCode::denied, QStringLiteral("The name or the password is wrong. Try again.")));
    passphrase = chosen;
    setState(State::open);
    return ready<void>({});
}

QFuture<Result<void>> FakeSession::unlock(const QString& given)
{
    ++unlockAttempts;
    if (unlockError)
        return ready<void>(fail(unlockError->code, unlockError->text));
    if (given != passphrase)
        return ready<void>(fail(ErrorCode::wrongKey, QStringLiteral("This passphrase does not open the desk. Nothing "
                                                                    "was changed.")));
    setState(State::open);
    return ready<void>({});
}

QFuture<Result<void>> FakeSession::signInAgain(const QString& given)
{
    if (given != password)
        return ready<void>(fail(ErrorCode::denied, QStringLiteral("The password is wrong. Try again.")));
    return ready<void>({});
}

void FakeSession::setState(State state)
{
    if (state == state_)
        return;
    state_ = state;
    Q_EMIT stateChanged(state_);
}

} // namespace holdfast::test

// Lets the event loop run until something is so, or ten seconds are over.
#pragma once

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFuture>

namespace holdfast::test {

template <typename Condition>
[[nodiscard]] bool becomes(Condition condition, qint64 limitMs = 30'000)
{
    QElapsedTimer timer;
    timer.start();
    while (!condition()) {
        if (timer.elapsed() > limitMs)
            return false;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 20);
    }
    return true;
}

template <typename T>
[[nodiscard]] T finished(QFuture<T> future)
{
    if (!becomes([&future] { return future.isFinished(); }))
        qFatal("A future did not finish");
    return future.result();
}

} // namespace holdfast::test

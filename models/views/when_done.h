// Continuing on the GUI thread when a desk's answer is there, for as long as the one who asked is alive.
#pragma once

#include <QFuture>
#include <QFutureWatcher>

#include <utility>

namespace holdfast::views {

// Calls `then(result)` on the thread of `context`, which must be the caller's: at once if the answer is there already,
// and never once `context` began to die. QFuture::then(context) of Qt 6.4 looks at the context from the worker's
// thread, which races with its destructor; a watcher does not. A future that was cancelled calls nothing.
template <typename T, typename Then>
void whenDone(const QFuture<T>& future, QObject* context, Then then)
{
    if (future.isFinished()) {
        if (future.resultCount() > 0)
            then(future.result());
        return;
    }
    auto* watcher = new QFutureWatcher<T>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, then = std::move(then)]() mutable {
        watcher->deleteLater();
        if (watcher->future().resultCount() > 0)
            then(watcher->result());
    });
    watcher->setFuture(future);
}

} // namespace holdfast::views

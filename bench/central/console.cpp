#include "bench/central/console.h"

#include "bench/support/bench_desk.h"
#include "bench/support/table.h"

#include <QCoreApplication>

namespace holdfast::bench {

Console::Console(quint16 port, const QString& login, const QString& password)
    : session_({folder_.path(), {}, [] {}, floorCost}, clock_, random_)
{
    const QFuture<Result<void>> enrolled = session_.enrol(QUrl(QStringLiteral("http://127.0.0.1:%1").arg(port)), login,
                                                          password, QStringLiteral("blue lamp by the river"));
    processUntil([&enrolled] { return enrolled.isFinished(); }, 120);
    must(enrolled.result());
    if (!session_.desk())
        giveUp(QStringLiteral("The desk did not open."));
}

void processUntil(const std::function<bool()>& done, double limit)
{
    const Stopwatch watch;
    while (!done()) {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
        if (watch.seconds() > limit)
            giveUp(QStringLiteral("It did not happen within %1 s.").arg(limit));
    }
}

} // namespace holdfast::bench

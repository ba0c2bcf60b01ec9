// holdfast-bench-console --folder F [--messages N]: unlocks the desk in the real window, needs a display.
#include "bench/support/bench_desk.h"
#include "models/views/thread_window.h"
#include "storage/sql/secret_bytes.h"
#include "storage/sync/desk_session.h"
#include "ui/conversation/conversation_pane.h"
#include "ui/shell/desk_frame.h"
#include "ui/shell/main_window.h"
#include "ui/theme/style.h"
#include "ui/threads/thread_list_model.h"
#include "ui/threads/thread_pane.h"

#include <QApplication>
#include <QFile>
#include <QSettings>

using namespace holdfast;
using namespace holdfast::bench;

namespace {

constexpr double patience = 60; // seconds

// Runs the event loop until the condition holds, without a pause that would show in the numbers.
double waitFor(const std::function<bool()>& condition)
{
    const Stopwatch watch;
    while (!condition()) {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
        if (watch.seconds() > patience)
            giveUp(QStringLiteral("The window did not come that far within a minute."));
    }
    return watch.seconds();
}

// Whatever was asked to be painted is on its way to the screen.
void paint()
{
    QCoreApplication::processEvents();
    QCoreApplication::sendPostedEvents();
}

double pssMegabytes()
{
    QFile file(QStringLiteral("/proc/self/smaps_rollup"));
    if (!file.open(QIODevice::ReadOnly))
        giveUp(QStringLiteral("This system does not tell a process's memory."));
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith("Pss:"))
            return line.mid(4).trimmed().split(' ').first().toDouble() / 1024;
    }
    return 0;
}

QList<ThreadId> listedThreads(views::Desk& desk)
{
    views::ThreadQuery query;
    query.view = views::View::all;
    QList<ThreadId> ids;
    for (const views::ThreadRow& row : valueOf(desk.reader.threads(query)).rows)
        ids.append(row.id);
    return ids;
}

void measureSwitches(ui::DeskFrame& frame, views::Desk& desk)
{
    const QList<ThreadId> ids = listedThreads(desk);
    if (ids.size() < 2)
        giveUp(QStringLiteral("The desk has too few conversations."));
    views::ThreadWindow& rows = frame.conversation().rows();
    std::vector<double> samples;
    for (int i = 0; i < 200; ++i) {
        const ThreadId& id = ids.at(i % ids.size());
        const Stopwatch watch;
        frame.openThread(id, false);
        waitFor([&] { return rows.thread() == id && rows.isLoaded(); });
        paint();
        samples.push_back(watch.seconds());
    }
    print({QStringLiteral("thread switch in the window, painted"),
           QStringLiteral("p95 %1").arg(milliseconds(percentile(samples, 0.95))),
           {},
           {},
           QStringLiteral("p95 < 50 ms")});
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const DeskOptions options = benchDesk();
    SystemClock clock;
    SystemRandom random;
    QSettings settings(options.folder + QStringLiteral("/look.ini"), QSettings::IniFormat);
    ui::Theme theme(ui::Scheme::light, 100);
    ui::applyTheme(application, theme);
    sync::SessionOptions sessionOptions;
    sessionOptions.dataDir = options.folder;
    sync::DeskSession session(sessionOptions, clock, random);
    ui::MainWindow window(theme, session, clock, settings);
    window.resize(1440, 900);
    window.show();
    paint();
    print({QStringLiteral("memory at the lock screen (PSS)"),
           number(pssMegabytes(), 1) + QStringLiteral(" MB"),
           {},
           {},
           {}});

    const QString keyFile = filesOf(options, sampleLogOf(options)).keys();
    const Stopwatch deriving;
    static_cast<void>(must(local::KeySlots(keyFile, random).open(options.passphrase)));
    const double keySeconds = deriving.seconds();
    const Stopwatch unlocking;
    const QFuture<Result<void>> unlocked = session.unlock(options.passphrase);
    waitFor([&] { return unlocked.isFinished() && window.deskFrame() != nullptr; });
    ui::DeskFrame& frame = *window.deskFrame();
    waitFor([&] { return frame.threads().model().rowCount({}) > 0; });
    paint();
    print({QStringLiteral("from key available to the first screen"),
           number(std::max(0.0, unlocking.seconds() - keySeconds), 2) + QStringLiteral(" s"),
           {},
           {},
           QStringLiteral("< 1 s at 1 M messages")});
    measureSwitches(frame, *session.desk());
    print({QStringLiteral("memory with the desk open, after 200 switches (PSS)"),
           number(pssMegabytes(), 1) + QStringLiteral(" MB"),
           {},
           {},
           QStringLiteral("< 150 MB at 1 M messages")});
    return 0;
}

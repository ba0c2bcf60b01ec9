// holdfast: the desktop console. Wires the session to the window.
#include "app/clock/program_clock.h"
#include "app/console/options.h"
#include "app/console/process.h"
#include "models/base/random.h"
#include "storage/local/desk_directory.h"
#include "storage/sync/desk_session.h"
#include "ui/lock/cards.h"
#include "ui/lock/lock_screen.h"
#include "ui/shell/main_window.h"
#include "ui/theme/style.h"
#include "ui/widgets/controls.h"

#include <QApplication>
#include <QLockFile>
#include <QMessageBox>
#include <QSettings>

#include <cstdio>

using namespace holdfast;

namespace {

constexpr int failed = 1;
constexpr int badUsage = 2;
constexpr int lockedWaitMs = 2'000;

int complain(const QString& words, int code)
{
    std::fprintf(stderr, "holdfast: %s\n", qUtf8Printable(words));
    return code;
}

// Qt would end the program with advice to install it anew.
bool hasDisplay()
{
#ifdef Q_OS_LINUX
    for (const char* name : {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"}) {
        if (!qEnvironmentVariableIsEmpty(name))
            return true;
    }
    return false;
#else
    return true;
#endif
}

QString lockedWords(const QString& why)
{
    return QStringLiteral("Your desk is locked and all of it is saved. Holdfast could not show its lock screen (%1) and "
                          "closes now. Start it again to go on.")
        .arg(why);
}

// The windows, until the person closes them.
int runWindows(QApplication& application, const console::Options& options, Clock& clock, QLockFile& single)
{
    SystemRandom random;
    QSettings settings(options.dataDir + QStringLiteral("/look.ini"), QSettings::IniFormat);
    ui::Theme theme(ui::savedScheme(settings, ui::Scheme::light), ui::savedTextPercent(settings));
    ui::applyTheme(application, theme);
    const auto relaunch = [&settings, &single] {
        settings.sync();
        single.unlock(); // the fresh process has the same number and could not take it over
        const QString why = console::execAgain(console::relaunchArguments(QCoreApplication::arguments()));
        qWarning("Holdfast could not start again at its lock screen: %s", qUtf8Printable(why));
        // End rather than stay with the old memory, but not without a word: the desk is closed and its keys are gone.
        QMessageBox::information(nullptr, QStringLiteral("Holdfast is locked"), lockedWords(why));
        QCoreApplication::exit(failed);
    };
    sync::DeskSession session({options.dataDir, options.ca, relaunch, {}}, clock, random);
    ui::MainWindow window(theme, session, clock, settings);
    const ui::LockScreen* lock = window.lockScreen();
    if (lock && lock->firstRunCard() && !options.server.isEmpty())
        lock->firstRunCard()->server().setText(options.server);
    window.show();
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv)
{
    console::harden();
    console::installLog();
    QCoreApplication::setOrganizationName(QStringLiteral("Holdfast"));
    QCoreApplication::setApplicationName(QStringLiteral("holdfast"));
    QCoreApplication::setApplicationVersion(QStringLiteral(HOLDFAST_VERSION));
    QStringList arguments;
    for (int i = 0; i < argc; ++i)
        arguments.append(QString::fromLocal8Bit(argv[i]));
    auto options = console::readOptions(arguments);
    if (!options)
        return complain(options.error().text, badUsage);
    if (options->help || options->version) {
        std::puts(qUtf8Printable(options->help ? console::usage() : QStringLiteral("holdfast " HOLDFAST_VERSION)));
        return 0;
    }
    if (!hasDisplay())
        return complain(QStringLiteral("There is no display for the window. Start it in a desktop session."), failed);
    if (options->dataDir.isEmpty())
        options->dataDir = local::DeskDirectory::defaultRoot();
    if (const Status made = console::prepareFolders(options->dataDir); !made)
        return complain(made.error().text, failed);
    QLockFile single(options->dataDir + QStringLiteral("/holdfast.lock"));
    single.setStaleLockTime(0);
    // Whoever starts again after a lock may meet the last of the process before.
    if (!single.tryLock(options->locked ? lockedWaitMs : 0))
        return complain(QStringLiteral("Holdfast is already open on this data folder."), failed);
    // File dialogs would note the folders that people chose, in clear, in a settings file of Qt's.
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, QStringLiteral("/dev/null"));
    const auto clock = programClock();
    if (!clock)
        return complain(clock.error().text, failed);
    QApplication application(argc, argv);
    return runWindows(application, *options, **clock, single);
}

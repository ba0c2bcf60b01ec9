// holdfast-phone: the stand-in for the Cloud API, with a customer's phone as a window or without one.
#include "phone/phone_config.h"
#include "phone/window/simulator_window.h"
#include "ui/theme/style.h"

#include <QApplication>
#include <QSocketNotifier>

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace {

using namespace holdfast;

constexpr int failed = 1;
constexpr int badUsage = 2;

int complain(const QString& words, int code)
{
    std::fprintf(stderr, "holdfast-phone: %s\n", qUtf8Printable(words));
    return code;
}

// Blocked before any thread starts, so that no thread is interrupted and whoever waits for them takes them all.
sigset_t endSignals()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    return set;
}

void waitForEnd(const sigset_t& signals)
{
    int received = 0;
    sigwait(&signals, &received);
}

bool hasDisplay()
{
    for (const char* name : {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"}) {
        if (!qEnvironmentVariableIsEmpty(name))
            return true;
    }
    return false;
}

// Needs an application object, as it reads its arguments; it ends before the one with windows begins.
Result<phone::PhoneArguments> readArguments(int& argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    return phone::readArguments(QCoreApplication::arguments());
}

ui::Scheme schemeFor(const phone::PhoneArguments& arguments)
{
    constexpr int middle = 128;
    const bool dark = QGuiApplication::palette().color(QPalette::Window).lightness() < middle;
    return arguments.dark || dark ? ui::Scheme::dark : ui::Scheme::light;
}

Status startAndTell(phone::Phone& phone)
{
    if (Status started = phone.start(); !started)
        return started;
    std::printf("{\"graph\":%u,\"control\":%u}\n", phone.graphPort(), phone.controlPort());
    std::fflush(stdout);
    return {};
}

int runHeadless(phone::Phone& phone, const sigset_t& signals)
{
    if (const Status started = startAndTell(phone); !started)
        return complain(started.error().text, failed);
    waitForEnd(signals);
    return 0;
}

// The window, until the person closes it or a signal comes.
int runWindow(int& argc, char** argv, const phone::PhoneArguments& arguments, phone::Phone& phone,
              const sigset_t& signals)
{
    QApplication application(argc, argv);
    ui::Theme theme(schemeFor(arguments));
    ui::applyTheme(application, theme);
    if (const Status started = startAndTell(phone); !started)
        return complain(started.error().text, failed);
    const int ends = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    QSocketNotifier notifier(ends, QSocketNotifier::Read);
    QObject::connect(&notifier, &QSocketNotifier::activated, &application, [&notifier] {
        notifier.setEnabled(false);
        QCoreApplication::quit();
    });
    int result = 0;
    {
        phone::Handset handset({phone.chats(), phone.customers(), phone.statuses(), phone.media(), phone.clock()},
                               phone::businessNameOf(phone.config()));
        phone::SimulatorWindow window(theme, handset);
        window.show();
        result = QApplication::exec();
    }
    close(ends);
    return result;
}

} // namespace

int main(int argc, char** argv)
{
    const auto arguments = readArguments(argc, argv);
    if (!arguments)
        return complain(arguments.error().text, badUsage);
    if (arguments->message) {
        std::fputs(qUtf8Printable(*arguments->message), stdout);
        return 0;
    }
    if (!arguments->headless && !hasDisplay())
        return complain(QStringLiteral("There is no display for the window. Start with --headless."), failed);
    const sigset_t signals = endSignals();
    phone::Phone phone(arguments->config);
    const int result =
        arguments->headless ? runHeadless(phone, signals) : runWindow(argc, argv, *arguments, phone, signals);
    phone.stop();
    return result;
}

#include "phone/phone_config.h"

#include <QCoreApplication>

#include <csignal>
#include <cstdio>

namespace {

constexpr int failed = 1;
constexpr int badUsage = 2;

int complain(const holdfast::Error& error, int code)
{
    std::fprintf(stderr, "holdfast-phone: %s\n", qUtf8Printable(error.text));
    return code;
}

// Blocked before any thread starts, so that no thread is interrupted and waitForEnd() takes them all.
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

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const auto arguments = holdfast::phone::readArguments(QCoreApplication::arguments());
    if (!arguments)
        return complain(arguments.error(), badUsage);
    if (arguments->message) {
        std::fputs(qUtf8Printable(*arguments->message), stdout);
        return 0;
    }
    const sigset_t signals = endSignals();
    holdfast::phone::Phone phone(arguments->config);
    if (const holdfast::Status started = phone.start(); !started)
        return complain(started.error(), failed);
    std::printf("{\"graph\":%u,\"control\":%u}\n", phone.graphPort(), phone.controlPort());
    std::fflush(stdout);
    waitForEnd(signals);
    phone.stop();
    return 0;
}

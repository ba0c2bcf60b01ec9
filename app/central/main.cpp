// holdfast-central: the service. Ends cleanly on SIGTERM and SIGINT.
#include "app/central/service.h"
#include "app/clock/program_clock.h"
#include "models/base/random.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace {

constexpr int badUsage = 2;
constexpr int cannotStart = 1;
constexpr int cutShort = 3;
constexpr std::chrono::seconds longestEnd{20};

// Keys live in this process: no core file may hold them, and no other process of the user may read them.
void harden()
{
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
    umask(077);
}

// A connection is a file: thousands of desks wait at one central.
void raiseOpenFiles()
{
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

// Ends the process when the orderly end takes too long: what was acknowledged is durable, so nothing is lost by it.
class EndLimit
{
public:
    ~EndLimit()
    {
        {
            const std::lock_guard lock(mutex_);
            ended_ = true;
        }
        changed_.notify_all();
    }

private:
    void wait()
    {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, longestEnd, [this] { return ended_; }))
            std::_Exit(cutShort);
    }
    std::mutex mutex_;
    std::condition_variable changed_;
    bool ended_ = false;
    std::jthread thread_{[this] { wait(); }};
};

int run(const QString& file)
{
    auto config = holdfast::config::loadConfig(file);
    if (!config) {
        std::fprintf(stderr, "holdfast-central: %s\n", qUtf8Printable(config.error().text));
        return badUsage;
    }
    for (const QString& warning : std::as_const(config->warnings))
        std::fprintf(stderr, "holdfast-central: warning: %s\n", qUtf8Printable(warning));

    // Blocked before any thread starts, so that only the wait below receives them.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    auto clock = holdfast::programClock();
    if (!clock) {
        std::fprintf(stderr, "holdfast-central: %s\n", qUtf8Printable(clock.error().text));
        return cannotStart;
    }
    holdfast::SystemRandom random;
    const auto tell = [](const QString& words) {
        std::fprintf(stderr, "holdfast-central: %s\n", qUtf8Printable(words));
    };
    holdfast::app::CentralService service(*config, **clock, random, tell);
    if (const auto started = service.start(); !started) {
        std::fprintf(stderr, "holdfast-central: %s\n", qUtf8Printable(started.error().text));
        return cannotStart;
    }
    std::printf("{\"internal\":%u,\"public\":%u}\n", service.internalPort(), service.publicPort());
    std::fflush(stdout);
    int signal = 0;
    sigwait(&signals, &signal);
    const EndLimit limit;
    service.stop();
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    harden();
    raiseOpenFiles();
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("holdfast-central"));
    QCoreApplication::setApplicationVersion(QStringLiteral(HOLDFAST_VERSION));
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Holdfast's central service."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption config(QStringLiteral("config"), QStringLiteral("The configuration file."),
                                    QStringLiteral("FILE"));
    parser.addOption(config);
    if (!parser.parse(QCoreApplication::arguments())) {
        std::fprintf(stderr, "holdfast-central: %s See --help.\n", qUtf8Printable(parser.errorText()));
        return badUsage;
    }
    if (parser.isSet(QStringLiteral("help")))
        parser.showHelp();
    if (parser.isSet(QStringLiteral("version")))
        parser.showVersion();
    if (!parser.isSet(config)) {
        std::fprintf(stderr, "holdfast-central: --config FILE is needed. See --help.\n");
        return badUsage;
    }
    return run(parser.value(config));
}

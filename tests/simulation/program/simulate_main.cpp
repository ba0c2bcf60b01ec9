// holdfast-simulate [--first SEED] [--seeds N] [--events N] [--jobs N] | --seed SEED [--events N]
// Runs the simulation over many seeds and prints which fault hit which state; or one seed with its trace.
#include "tests/simulator/simulation.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>

#include <atomic>
#include <iostream>
#include <mutex>
#include <thread>

using namespace holdfast::simulation;

namespace {

struct Options
{
    quint64 first = 1;
    quint64 seeds = 2'000;
    quint64 events = 10'000;
    unsigned jobs = 1;
};

struct Totals
{
    quint64 seeds = 0;
    quint64 delivered = 0;
    quint64 requests = 0;
    quint64 entries = 0;
    qint64 virtualMs = 0;
    QList<quint64> failed;
    FaultTable table;

    void add(const Report& report)
    {
        ++seeds;
        delivered += report.delivered;
        requests += report.requests;
        entries += report.entries;
        virtualMs += report.virtualMs;
        table.add(report.table);
        if (!report.violations.isEmpty())
            failed.append(report.seed);
    }
};

void print(const QString& line)
{
    std::cout << line.toStdString() << std::endl;
}

void printFailure(const Report& report, quint64 events)
{
    print(QStringLiteral("Seed %1 fails. Replay it: holdfast-simulate --seed %1 --events %2")
              .arg(report.seed)
              .arg(events));
    for (const QString& violation : report.violations)
        print(QStringLiteral("  ") + violation);
}

int replay(quint64 seed, quint64 events)
{
    Plan plan;
    plan.seed = seed;
    plan.events = events;
    plan.trace = &std::cout;
    const Report report = simulate(plan);
    print(QStringLiteral("Seed %1: %2 events, %3 faults, %4 violations")
              .arg(seed)
              .arg(report.delivered)
              .arg(report.table.total())
              .arg(report.violations.size()));
    for (const QString& violation : report.violations)
        print(QStringLiteral("  ") + violation);
    return report.violations.isEmpty() ? 0 : 1;
}

Totals runAll(const Options& options)
{
    Totals totals;
    std::mutex mutex;
    std::atomic<quint64> next = options.first;
    const auto work = [&] {
        for (quint64 seed = next++; seed < options.first + options.seeds; seed = next++) {
            Plan plan;
            plan.seed = seed;
            plan.events = options.events;
            const Report report = simulate(plan);
            const std::lock_guard lock(mutex);
            totals.add(report);
            if (!report.violations.isEmpty())
                printFailure(report, options.events);
        }
    };
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < options.jobs; ++i)
        threads.emplace_back(work);
    for (std::thread& thread : threads)
        thread.join();
    return totals;
}

int runMany(const Options& options)
{
    QElapsedTimer clock;
    clock.start();
    const Totals totals = runAll(options);
    constexpr double hourMs = 3'600'000.0;
    print(totals.table.toMarkdown());
    print(QStringLiteral(
              "%1 seeds, %2 events delivered to cores, %3 requests to central, %4 entries, %5 faults, %6 hours of "
              "virtual time with three desks, in %7 s")
              .arg(totals.seeds)
              .arg(totals.delivered)
              .arg(totals.requests)
              .arg(totals.entries)
              .arg(totals.table.total())
              .arg(static_cast<double>(totals.virtualMs) / hourMs, 0, 'f', 0)
              .arg(static_cast<double>(clock.elapsed()) / 1000.0, 0, 'f', 0));
    const QStringList empty = totals.table.emptyCells();
    print(empty.isEmpty()
              ? QStringLiteral("No empty cell.")
              : QStringLiteral("%1 empty cells: %2").arg(empty.size()).arg(empty.join(QStringLiteral(", "))));
    print(QStringLiteral("%1 seeds failed.").arg(totals.failed.size()));
    return totals.failed.isEmpty() && empty.isEmpty() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("The sync core under a seeded simulator (docs/simulation.md)."));
    parser.addHelpOption();
    const QCommandLineOption seed(QStringLiteral("seed"), QStringLiteral("Run this one and print its trace."),
                                  QStringLiteral("SEED"), qEnvironmentVariable("HOLDFAST_SEED"));
    const QCommandLineOption first(QStringLiteral("first"), QStringLiteral("First seed."), QStringLiteral("SEED"),
                                   QStringLiteral("1"));
    const QCommandLineOption seeds(QStringLiteral("seeds"), QStringLiteral("How many seeds."), QStringLiteral("N"),
                                   QStringLiteral("2000"));
    const QCommandLineOption events(QStringLiteral("events"), QStringLiteral("Events per seed."), QStringLiteral("N"),
                                    QStringLiteral("10000"));
    const QCommandLineOption jobs(QStringLiteral("jobs"), QStringLiteral("Threads."), QStringLiteral("N"),
                                  QString::number(std::max(1U, std::thread::hardware_concurrency())));
    parser.addOptions({seed, first, seeds, events, jobs});
    parser.process(app);
    if (!parser.value(seed).isEmpty())
        return replay(parser.value(seed).toULongLong(), parser.value(events).toULongLong());
    return runMany({parser.value(first).toULongLong(), parser.value(seeds).toULongLong(),
                    parser.value(events).toULongLong(), parser.value(jobs).toUInt()});
}

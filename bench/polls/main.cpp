// holdfast-bench-polls [--polls N] [--memory-polls N] [--messages N]: needs root for central's memory.
#include "bench/central/central_process.h"
#include "bench/central/console.h"
#include "bench/central/crowd.h"
#include "bench/central/load.h"
#include "bench/support/table.h"

#include <QCoreApplication>

#include <thread>

using namespace holdfast;
using namespace holdfast::bench;

namespace {

constexpr int teams = 20; // an entry concerns the twentieth part of the desks
const QString password = QStringLiteral("correct horse battery");

// Desks that wait for news and ask again, as idle consoles do.
class IdlePolls
{
public:
    IdlePolls(quint16 port, const Crowd& crowd, size_t first, size_t count)
        : crowd_(crowd), first_(first),
          load_(port, [this](size_t poll, const LoadAnswer& answer) { next(poll, answer); })
    {
        for (size_t i = 0; i < count; ++i) {
            static_cast<void>(load_.connect());
            cursors_.emplace_back();
            ask(i, 0);
        }
    }
    void run(const std::function<bool()>& done) { load_.run(done); }
    [[nodiscard]] size_t waiting() const { return waiting_; }
    [[nodiscard]] quint64 answers() const { return answers_; }
    [[nodiscard]] quint64 sentAway() const { return sentAway_; }

private:
    void ask(size_t poll, int seconds)
    {
        QByteArray body = "{\"wait\":" + QByteArray::number(seconds);
        if (!cursors_[poll].isEmpty())
            body += ",\"cursor\":\"" + cursors_[poll] + '"';
        load_.send(poll, postRequest("/v1/changes", crowd_.desks[first_ + poll].token, body + '}'));
        waiting_ += seconds > 0 ? 1 : 0;
    }
    void next(size_t poll, const LoadAnswer& answer)
    {
        ++answers_;
        waiting_ -= live_.size() > poll && live_[poll] ? 1 : 0;
        live_.resize(std::max(live_.size(), poll + 1));
        if (answer.status == 503) {
            ++sentAway_;
        } else if (answer.status != 200) {
            giveUp(QStringLiteral("A poll was answered %1.").arg(answer.status));
        } else {
            static constexpr QByteArrayView name = "\"cursor\":\"";
            const qsizetype at = answer.body.lastIndexOf(name) + name.size();
            cursors_[poll] = answer.body.mid(at, answer.body.indexOf('"', at) - at);
        }
        live_[poll] = answer.status == 200 && answer.body.lastIndexOf("\"more\":true") < 0;
        ask(poll, live_[poll] ? 25 : 0);
    }

    const Crowd& crowd_;
    const size_t first_;
    Load load_;
    std::vector<QByteArray> cursors_;
    std::vector<bool> live_; // has a poll that may wait
    size_t waiting_ = 0;
    quint64 answers_ = 0;
    quint64 sentAway_ = 0;
};

void measureMemory(int polls)
{
    TemporaryStore store{QString()};
    const Crowd crowd = makeCrowd(store, polls, teams);
    const CentralProcess central(store);
    const double before = central.pssMegabytes();
    IdlePolls idle(central.internalPort(), crowd, 0, size_t(polls));
    const Stopwatch watch;
    idle.run([&] { return idle.waiting() == size_t(polls); });
    const double seconds = watch.seconds();
    const double after = central.pssMegabytes();
    // A whole round of waits, so that what is held is what idle desks cost, not what their coming cost.
    const double cpuBefore = central.cpu().all();
    const Stopwatch round;
    idle.run([&] { return round.seconds() > 30; });
    const double share = (central.cpu().all() - cpuBefore) / round.seconds();
    print({QStringLiteral("idle long polls held by one central"),
           QStringLiteral("%1 polls, %2 KiB each, %3 % of a core")
               .arg(number(polls))
               .arg(number((after - before) * 1024 / polls, 1))
               .arg(number(share * 100, 1)),
           QStringLiteral("%1 MB before, %2 MB with them; all waited after %3 s, %4 sent away")
               .arg(number(before, 0))
               .arg(number(after, 0))
               .arg(number(seconds, 1))
               .arg(idle.sentAway()),
           {},
           QStringLiteral("10,000 on 2 cores")});
}

void measureNews(const QString& cluster, int polls, int messages)
{
    TemporaryStore store(cluster);
    Crowd crowd = makeCrowd(store, polls + 1, teams);
    addPerson(store, QStringLiteral("console"), password, crowd.scopes.front());
    const CentralProcess central(store);
    std::atomic<bool> ending = false;
    std::atomic<size_t> waiting = 0;
    std::jthread crowdThread([&] {
        IdlePolls idle(central.internalPort(), crowd, 1, size_t(polls));
        idle.run([&] {
            waiting = idle.waiting();
            return ending.load();
        });
    });
    Console console(central.internalPort(), QStringLiteral("console"), password);
    SystemClock clock;
    SystemRandom random;
    std::optional<Stopwatch> watch;
    std::vector<double> samples;
    const ThreadId room = crowd.rooms.front();
    QObject context;
    QObject::connect(&console.desk().news, &views::DeskNews::threadChanged, &context, [&](const ThreadId& thread) {
        if (thread == room && watch) {
            samples.push_back(watch->seconds());
            watch.reset();
        }
    });
    processUntil([&] { return waiting == size_t(polls); }, 300);
    Load push(central.internalPort(), [](size_t, const LoadAnswer& answer) {
        if (answer.status != 200 || !answer.body.contains("\"accepted\""))
            giveUp(QStringLiteral("A push was not accepted: ") + QString::fromUtf8(answer.body));
    });
    const size_t connection = push.connect();
    for (int i = 0; i < messages; ++i) {
        const QByteArray entry =
            roomMessage(crowd.desks.front(), crowd, room, QStringLiteral("news %1").arg(i), clock, random);
        watch.emplace();
        push.send(connection, postRequest("/v1/entries", crowd.desks.front().token, "{\"entries\":[" + entry + "]}"));
        const auto once = [&push, turns = 0]() mutable { return ++turns > 1; };
        processUntil(
            [&] {
                push.run(once);
                return !watch;
            },
            30);
        const Stopwatch pause; // as people write them, so that the waits are not one queue
        processUntil(
            [&] {
                push.run(once);
                return pause.seconds() > 0.05;
            },
            30);
    }
    ending = true;
    print({QStringLiteral("append to applied on a desk, beside %1 idle polls, %2")
               .arg(number(polls), cluster.isEmpty() ? QStringLiteral("embedded store") : QStringLiteral("PostgreSQL")),
           QStringLiteral("p50 %1, p99 %2")
               .arg(milliseconds(percentile(samples, 0.5)), milliseconds(percentile(samples, 0.99))),
           QStringLiteral("%1 entries, each to the 20th part of the desks").arg(messages),
           {},
           QStringLiteral("p50 < 150 ms, p99 < 500 ms to the screen")});
}

} // namespace

int main(int argc, char** argv)
{
    raiseOpenFiles();
    const QCoreApplication application(argc, argv);
    const QString cluster = qEnvironmentVariable("HOLDFAST_TEST_PG");
    const int polls = int(option("--polls", 4999));
    const int messages = int(option("--messages", 200));
    measureMemory(int(option("--memory-polls", 10000)));
    measureNews(QString(), polls, messages);
    if (!cluster.isEmpty())
        measureNews(cluster, polls, messages);
    return 0;
}

// holdfast-bench-push [--entries N]: central's appends through POST /v1/entries, on both stores.
#include "bench/central/bare_inserts.h"
#include "bench/central/central_process.h"
#include "bench/central/crowd.h"
#include "bench/central/load.h"
#include "bench/support/table.h"

#include <QCoreApplication>

#include <deque>

using namespace holdfast;
using namespace holdfast::bench;

namespace {

constexpr int desks = 16; // each with one push under way, as a desk has
constexpr int batchEntries = 64;

void measure(const QString& name, const QString& cluster, qint64 entries, const QString& goal)
{
    TemporaryStore store(cluster);
    Crowd crowd = makeCrowd(store, desks, 4);
    std::vector<std::deque<QByteArray>> requests(desks);
    SystemClock clock;
    SystemRandom random;
    const auto batches = entries / batchEntries;
    for (qint64 batch = 0; batch < batches; ++batch) {
        const auto desk = size_t(batch % desks);
        QByteArray body;
        for (int i = 0; i < batchEntries; ++i)
            body +=
                (body.isEmpty() ? "{\"entries\":[" : ",") +
                roomMessage(crowd.desks[desk], crowd, crowd.rooms[desk % crowd.rooms.size()],
                            QStringLiteral("The assessor is at the customer's now, number %1.").arg(i), clock, random);
        requests[desk].push_back(postRequest("/v1/entries", crowd.desks[desk].token, body + "]}"));
    }
    double seconds = 0;
    double load = 0;
    double all = 0;
    {
        const CentralProcess central(store);
        qint64 answered = 0;
        std::unique_ptr<Load> pushing;
        const auto next = [&](size_t desk) {
            if (requests[desk].empty())
                return;
            pushing->send(desk, requests[desk].front());
            requests[desk].pop_front();
        };
        pushing = std::make_unique<Load>(central.internalPort(), [&](size_t desk, const LoadAnswer& answer) {
            if (answer.status != 200 || answer.body.count("\"accepted\"") != batchEntries)
                giveUp(QStringLiteral("A push was not accepted: ") + QString::fromUtf8(answer.body.left(300)));
            ++answered;
            next(desk);
        });
        for (int i = 0; i < desks; ++i)
            static_cast<void>(pushing->connect());
        const double loadBefore = ownCpu().all();
        const double centralBefore = central.cpu().all();
        const Stopwatch watch;
        for (size_t desk = 0; desk < size_t(desks); ++desk)
            next(desk);
        pushing->run([&] { return answered == batches; });
        seconds = watch.seconds();
        load = ownCpu().all() - loadBefore;
        all = central.cpu().all() - centralBefore;
    }
    const std::unique_ptr<sql::WriteConnection> db = store.connect();
    const double bare = bareInsertSeconds(*db);
    const auto count = double(batches * batchEntries);
    print({name,
           QStringLiteral("%1 (central used %2 of a core, the load %3)")
               .arg(perSecond(count, seconds), number(all / seconds, 2), number(load / seconds, 2)),
           QStringLiteral("%1 (the two bulk inserts alone, %2 entries a transaction)")
               .arg(perSecond(count, bare))
               .arg(bareTransaction),
           ratioOf(bare, seconds), goal});
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const qint64 entries = option("--entries", 40000);
    const QString cluster = qEnvironmentVariable("HOLDFAST_TEST_PG");
    const QString goal = QStringLiteral(">= 10,000/s and >= 0.5 x the inserts");
    if (!cluster.isEmpty())
        measure(QStringLiteral("appends through the HTTP API, PostgreSQL, 16 desks"), cluster, entries, goal);
    measure(QStringLiteral("appends through the HTTP API, embedded store, 16 desks"), QString(), entries, {});
    return 0;
}

// holdfast-bench-append [--entries N]: central's appends, durable, on both stores. HOLDFAST_TEST_PG names the cluster.
#include "bench/central/bare_inserts.h"
#include "bench/central/temporary_store.h"
#include "bench/support/sample_log.h"
#include "bench/support/table.h"

#include <QCoreApplication>

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace holdfast;
using namespace holdfast::bench;

namespace {

constexpr size_t producers = 4;
constexpr size_t batchEntries = 64;   // of one push
constexpr size_t batchesInFlight = 4; // of one producer

using Entries = std::vector<store::EntryToAppend>;

store::EntryToAppend toAppend(const Written& written)
{
    store::EntryToAppend entry;
    entry.author = written.part;
    entry.authorPart = written.authorPart;
    entry.signature = written.signature;
    entry.salt = written.salt;
    entry.content = written.content;
    entry.newThreadScope = written.scope;
    entry.centralAt = written.part.claimedAt;
    return entry;
}

// One desk or webhook: sends batches in order and keeps a few in flight.
class Producer
{
public:
    Producer(store::Store& store, Entries entries) : store_(store), entries_(std::move(entries)) {}

    void run()
    {
        for (size_t at = 0; at < entries_.size(); at += batchEntries) {
            {
                std::unique_lock lock(mutex_);
                changed_.wait(lock, [this] { return inFlight_ < batchesInFlight; });
                ++inFlight_;
            }
            store::AppendBatch batch;
            const size_t end = std::min(entries_.size(), at + batchEntries);
            batch.entries.assign(std::make_move_iterator(entries_.begin() + qsizetype(at)),
                                 std::make_move_iterator(entries_.begin() + qsizetype(end)));
            store_.append(std::move(batch), [this](const Result<std::vector<store::AppendResult>>& results) {
                if (!results)
                    giveUp(results.error().text);
                for (const store::AppendResult& result : *results) {
                    if (result.outcome != store::AppendResult::Outcome::accepted)
                        giveUp(result.refusal.text);
                }
                const std::lock_guard lock(mutex_);
                --inFlight_;
                changed_.notify_one();
            });
        }
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return inFlight_ == 0; });
    }

private:
    store::Store& store_;
    Entries entries_;
    std::mutex mutex_;
    std::condition_variable changed_;
    size_t inFlight_ = 0;
};

// Entries of a thread stay with one producer, in order.
std::array<Entries, producers> share(const std::vector<Written>& all)
{
    std::array<Entries, producers> shares;
    for (const Written& entry : all)
        shares.at(std::hash<ThreadId>()(entry.part.thread) % producers).push_back(toAppend(entry));
    return shares;
}

double appendAll(store::Store& store, const std::vector<Written>& all)
{
    std::array<Entries, producers> shares = share(all);
    std::vector<std::unique_ptr<Producer>> workers;
    workers.reserve(shares.size());
    for (Entries& entries : shares)
        workers.push_back(std::make_unique<Producer>(store, std::move(entries)));
    const Stopwatch watch;
    std::vector<std::jthread> threads;
    threads.reserve(workers.size());
    for (const auto& worker : workers)
        threads.emplace_back([&worker] { worker->run(); });
    threads.clear();
    return watch.seconds();
}

void measure(const QString& name, const QString& cluster, const std::vector<Written>& all, const QString& goal)
{
    TemporaryStore temporary(cluster);
    const double seconds = appendAll(temporary.store(), all);
    temporary.close();
    const std::unique_ptr<sql::WriteConnection> db = temporary.connect();
    const double bare = bareInsertSeconds(*db);
    const double count = double(all.size());
    print({name, perSecond(count, seconds),
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
    SampleLog source({entries, 0}, 11);
    std::vector<Written> all;
    while (qint64(all.size()) < entries) {
        std::optional<Written> next = source.next();
        if (!next)
            break;
        all.push_back(std::move(*next));
    }
    const QString cluster = qEnvironmentVariable("HOLDFAST_TEST_PG");
    const QString goal = QStringLiteral(">= 10,000/s and >= 0.5 x the inserts");
    if (cluster.isEmpty())
        print({QStringLiteral("central appends, PostgreSQL, durable"),
               QStringLiteral("not measured: HOLDFAST_TEST_PG is not set"),
               {},
               {},
               goal});
    else
        measure(QStringLiteral("central appends, PostgreSQL, durable, 4 producers"), cluster, all, goal);
    measure(QStringLiteral("central appends, embedded store, durable, 4 producers"), QString(), all,
            QStringLiteral(">= 0.5 x the inserts"));
    return 0;
}

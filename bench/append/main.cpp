// holdfast-bench-append [--entries N]: central's appends, durable, on both stores. HOLDFAST_TEST_PG names the cluster.
#include "bench/append/temporary_store.h"
#include "bench/support/sample_log.h"
#include "bench/support/table.h"
#include "central/store/bulk.h"
#include "storage/sql/transaction.h"

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
constexpr int bareTransaction = 256;  // entries, as in the appender's groups

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
    for (Entries& entries : shares)
        workers.push_back(std::make_unique<Producer>(store, std::move(entries)));
    const Stopwatch watch;
    std::vector<std::jthread> threads;
    for (const auto& worker : workers)
        threads.emplace_back([&worker] { worker->run(); });
    threads.clear();
    return watch.seconds();
}

struct BarePiece
{
    sql::JsonRows headers;
    sql::JsonRows contents;
};

std::vector<BarePiece> readRows(sql::Connection& db)
{
    std::vector<BarePiece> pieces;
    const auto piece = [&pieces](qint64 pos) -> BarePiece& {
        pieces.resize(std::max(pieces.size(), size_t(pos / bareTransaction) + 1));
        return pieces[size_t(pos / bareTransaction)];
    };
    must(db.statement(QStringLiteral("SELECT pos, entry_id, thread, tseq, scope, kind, author, leaf, bytes"
                                     " FROM entry_header ORDER BY pos"))
             .forEach([&piece](sql::Statement& row) {
                 sql::JsonRows& rows = piece(row.int64(0)).headers.row();
                 rows.add(row.int64(0)).add(row.bytes(1)).add(row.bytes(2)).add(row.int64(3)).add(row.bytes(4));
                 rows.add(row.int64(5)).add(row.bytes(6)).add(row.bytes(7)).add(row.bytes(8));
             }));
    must(db.statement(QStringLiteral("SELECT pos, generation, sealed FROM content ORDER BY pos"))
             .forEach([&piece](sql::Statement& row) {
                 piece(row.int64(0)).contents.row().add(row.int64(0)).add(row.int64(1)).add(row.bytes(2));
             }));
    return pieces;
}

// The same rows, into copies of the two tables with the same indexes, from JSON that is ready.
double insertBare(sql::WriteConnection& db, const std::vector<BarePiece>& pieces)
{
    using store::Cell;
    const bool postgres = db.dialect() == sql::Dialect::postgres;
    if (postgres) {
        must(db.execute(QStringLiteral("CREATE TABLE bare_header (LIKE entry_header INCLUDING ALL)")));
        must(db.execute(QStringLiteral("CREATE TABLE bare_content (LIKE content INCLUDING ALL)")));
    } else {
        must(db.execute(
            QStringLiteral("CREATE TABLE bare_header (pos INTEGER PRIMARY KEY, entry_id BLOB NOT NULL,"
                           " thread BLOB NOT NULL, tseq INTEGER NOT NULL, scope BLOB NOT NULL, kind INTEGER"
                           " NOT NULL, author BLOB NOT NULL, leaf BLOB NOT NULL, bytes BLOB NOT NULL) STRICT")));
        must(db.execute(QStringLiteral("CREATE UNIQUE INDEX bare_thread ON bare_header (thread, tseq)")));
        must(db.execute(QStringLiteral("CREATE INDEX bare_scope ON bare_header (scope, pos)")));
        must(
            db.execute(QStringLiteral("CREATE TABLE bare_content (pos INTEGER PRIMARY KEY, generation INTEGER NOT NULL,"
                                      " sealed BLOB NOT NULL) STRICT")));
    }
    const store::BulkInsert headers(QStringLiteral("bare_header"), {{"pos", Cell::number},
                                                                    {"entry_id", Cell::bytes},
                                                                    {"thread", Cell::bytes},
                                                                    {"tseq", Cell::number},
                                                                    {"scope", Cell::bytes},
                                                                    {"kind", Cell::number},
                                                                    {"author", Cell::bytes},
                                                                    {"leaf", Cell::bytes},
                                                                    {"bytes", Cell::bytes}});
    const store::BulkInsert contents(QStringLiteral("bare_content"),
                                     {{"pos", Cell::number}, {"generation", Cell::number}, {"sealed", Cell::bytes}});
    must(db.setDurability(sql::Durability::full));
    const Stopwatch watch;
    for (const BarePiece& piece : pieces) {
        sql::Transaction transaction = must(sql::Transaction::begin(db));
        must(headers.run(db, piece.headers));
        must(contents.run(db, piece.contents));
        must(transaction.commit());
    }
    return watch.seconds();
}

void measure(const QString& name, const QString& cluster, const std::vector<Written>& all, const QString& goal)
{
    TemporaryStore temporary(cluster);
    const double seconds = appendAll(temporary.store(), all);
    temporary.close();
    const std::unique_ptr<sql::WriteConnection> db = temporary.connect();
    const std::vector<BarePiece> pieces = readRows(*db);
    const double bare = insertBare(*db, pieces);
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

#include "storage/sql/transaction.h"
#include "tests/disk_support/simulated_disk.h"
#include "tests/sql/fixtures.h"
#include "tests/support/warning_guard.h"

#include <catch2/generators/catch_generators.hpp>
#include <sqlcipher/sqlite3.h>

#include <atomic>
#include <thread>

using namespace holdfast;
using namespace holdfast::sql;
using namespace holdfast::test;

namespace {

qint64 askNumber(Connection& connection, const QString& sql)
{
    Statement statement = connection.statement(sql);
    REQUIRE(*statement.first());
    return statement.int64(0);
}

const QString countSql = QStringLiteral("SELECT count(*) FROM t");

void makeTable(WriteConnection& writer)
{
    REQUIRE(writer.execute(QStringLiteral("CREATE TABLE t (k INTEGER PRIMARY KEY, b BLOB) STRICT")));
}

Status insertRows(WriteConnection& writer, int from, int count)
{
    auto transaction = Transaction::begin(writer);
    if (!transaction)
        return tl::unexpected(transaction.error());
    Statement insert = writer.statement(QStringLiteral("INSERT INTO t (k, b) VALUES (?, ?)"));
    for (int i = 0; i < count; ++i) {
        if (const Status done = insert.exec(from + i, QByteArray(900, char(i))); !done)
            return done;
    }
    return transaction->commit();
}

} // namespace

TEST_CASE("a disk that fails at any write leaves the database whole")
{
    const int code = GENERATE(SQLITE_FULL, SQLITE_IOERR_WRITE);
    const ErrorCode expected = code == SQLITE_FULL ? ErrorCode::full : ErrorCode::io;
    SimulatedDisk disk;
    int failures = 0;
    for (int n = 1;; ++n) {
        REQUIRE(n < 2000);
        TemporaryFile file;
        Status inserted;
        Status folded;
        {
            const auto writer = file.writer();
            makeTable(*writer);
            REQUIRE(insertRows(*writer, 0, 10));
            disk.failFrom(n, code);
            inserted = insertRows(*writer, 10, 40);
            folded = writer->checkpoint(CheckpointMode::truncate);
            disk.calm();
        }
        if (!inserted)
            CHECK((inserted.error().code == expected || inserted.error().code == ErrorCode::io));
        if (!folded)
            CHECK((folded.error().code == expected || folded.error().code == ErrorCode::io));
        const auto again = file.writer();
        Statement check = again->statement(QStringLiteral("PRAGMA integrity_check"));
        REQUIRE(*check.first());
        CHECK(check.text(0) == QStringLiteral("ok"));
        const qint64 rows = askNumber(*again, countSql);
        // A failed commit may still be found after a restart, but only as a whole.
        CHECK((inserted ? rows == 50 : rows == 10 || rows == 50));
        if (!disk.hasFailed())
            break;
        ++failures;
    }
    CHECK(failures > 10); // else the disk failed nowhere and the loop proved nothing
}

TEST_CASE("a database that cannot be made leaves no file behind")
{
    SimulatedDisk disk;
    TemporaryFile file;
    disk.failFrom(1, SQLITE_FULL);
    const auto refused = WriteConnection::open(file.file(OpenMode::createIfMissing), keyOf('k'));
    disk.calm();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::full);
    CHECK(file.contents().isEmpty());
}

TEST_CASE("a reader works beside a writer and sees whole transactions only")
{
    TemporaryFile file;
    const auto writer = file.writer();
    makeTable(*writer);
    std::atomic<bool> done = false;
    std::atomic<bool> opened = false;
    std::atomic<int> torn = 0;
    std::atomic<int> reads = 0;
    std::atomic<int> errors = 0;
    std::thread thread([&] {
        const auto reader = ReadConnection::open(file.file(OpenMode::mustExist), keyOf('k'));
        opened = true;
        if (!reader) {
            ++errors;
            return;
        }
        bool last = false;
        while (!last) {
            last = done; // one more read after the writer's end
            Statement count = (*reader)->statement(countSql);
            const Result<bool> row = count.first();
            errors += row ? 0 : 1;
            torn += row && count.int64(0) % 20 != 0 ? 1 : 0;
            ++reads;
        }
    });
    int folds = 0;
    for (int batch = 0; batch < 200; ++batch) {
        CHECK(insertRows(*writer, batch * 20, 20));
        folds += writer->checkpoint(CheckpointMode::passive) ? 1 : 0;
    }
    done = true;
    thread.join();
    CHECK(errors == 0);
    CHECK(torn == 0);
    CHECK(reads > 0);
    CHECK(folds > 0);
    CHECK(askNumber(*writer, countSql) == 4000);
    Statement check = writer->statement(QStringLiteral("PRAGMA integrity_check"));
    REQUIRE(*check.first());
    CHECK(check.text(0) == QStringLiteral("ok"));
}

TEST_CASE("a running query can be stopped from another thread")
{
    TemporaryFile file;
    const auto writer = file.writer();
    std::atomic<bool> ended = false;
    std::thread stopper([&] {
        while (!ended) {
            writer->interrupt(); // again and again: the first may come before the query began
            std::this_thread::yield();
        }
    });
    Statement endless = writer->statement(
        QStringLiteral("WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT count(*) FROM c"));
    const Status stopped = endless.exec();
    ended = true;
    stopper.join();
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().code == ErrorCode::cancelled);
}

TEST_CASE("a connection that the server ended is unavailable, not corrupt")
{
    TemporaryPostgres postgres;
    auto opened = WriteConnection::open(postgres.url());
    REQUIRE(opened);
    const qint64 pid = askNumber(**opened, QStringLiteral("SELECT pg_backend_pid()"));
    CHECK((*opened)->hardened());
    REQUIRE(*postgres.admin().statement(QStringLiteral("SELECT pg_terminate_backend(?::int)")).first(pid));
    expectWarning(QStringLiteral("Unable to free statement"));
    Statement select = (*opened)->statement(QStringLiteral("SELECT 1"));
    Status answer = select.exec();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::unavailable);
}

TEST_CASE("a role that may not keep statements out of the server's log is told apart, and from one whose log is quiet")
{
    TemporaryPostgres postgres;
    const QString role = QStringLiteral("plain_") + postgres.url().database;
    REQUIRE(postgres.admin().execute(QStringLiteral("CREATE ROLE %1 LOGIN").arg(role)));
    PostgresUrl url = postgres.url();
    url.user = role;
    {
        const auto opened = WriteConnection::open(url);
        REQUIRE(opened);
        CHECK_FALSE((*opened)->hardened());
    }
    REQUIRE(postgres.admin().execute(QStringLiteral("ALTER ROLE %1 SET log_min_error_statement = panic").arg(role)));
    {
        const auto opened = WriteConnection::open(url);
        REQUIRE(opened);
        CHECK((*opened)->hardened());
    }
    CHECK(postgres.admin().execute(QStringLiteral("DROP ROLE %1").arg(role)));
}

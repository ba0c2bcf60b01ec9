#include "storage/sql/database_files.h"
#include "storage/sql/transaction.h"
#include "tests/sql/fixtures.h"

#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sqlcipher/sqlite3.h>
#include <unistd.h>

#include <cstdio>

using namespace holdfast;
using namespace holdfast::sql;
using namespace holdfast::test;

namespace {

const QByteArray marker = "MARKER-of-plain-text";

void fillTable(WriteConnection& writer, int rows)
{
    REQUIRE(writer.execute(QStringLiteral("CREATE TABLE t (k INTEGER PRIMARY KEY, s TEXT) STRICT")));
    REQUIRE(writer
                .statement(QStringLiteral("WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ?) "
                                          "INSERT INTO t SELECT i, ? || (i * 7919 % 1000003) FROM c"))
                .exec(rows, QString::fromLatin1(marker)));
}

// What a crash leaves: a database whose newest rows are in the WAL alone.
void copyLikeCrash(const TemporaryFile& from, const TemporaryFile& to)
{
    REQUIRE(QFile::copy(from.path(), to.path()));
    REQUIRE(QFile::copy(from.path() + QStringLiteral("-wal"), to.path() + QStringLiteral("-wal")));
}

QByteArray stderrOf(const QString& catcher, const std::function<void()>& work)
{
    std::fflush(stderr);
    const int saved = dup(2);
    const int file = ::open(QFile::encodeName(catcher).constData(), O_CREAT | O_RDWR | O_TRUNC, 0600);
    REQUIRE(file >= 0);
    dup2(file, 2);
    work();
    std::fflush(stderr);
    dup2(saved, 2);
    ::close(saved);
    ::close(file);
    QFile written(catcher);
    REQUIRE(written.open(QIODevice::ReadOnly));
    return written.readAll();
}

// SQLite unlinks its temporary files at once, so only the descriptors show them.
int openTemporaryFiles()
{
    int count = 0;
    for (int descriptor = 0; descriptor < 1024; ++descriptor) {
        char target[512] = {};
        const QByteArray link = "/proc/self/fd/" + QByteArray::number(descriptor);
        if (readlink(link.constData(), target, sizeof target - 1) > 0 && QByteArray(target).contains("etilqs"))
            ++count;
    }
    return count;
}

} // namespace

TEST_CASE("a wrong key changes and makes nothing")
{
    TemporaryFile live;
    const auto writer = live.writer();
    fillTable(*writer, 100);
    TemporaryFile crashed;
    copyLikeCrash(live, crashed);
    const auto before = crashed.contents();
    REQUIRE(before.size() == 2);
    QTemporaryDir aside;
    const QByteArray said = stderrOf(aside.filePath(QStringLiteral("stderr")), [&] {
        for (const OpenMode mode : {OpenMode::mustExist, OpenMode::createIfMissing}) {
            const auto opened = WriteConnection::open(crashed.file(mode), keyOf('x'));
            REQUIRE_FALSE(opened);
            CHECK(opened.error().code == ErrorCode::wrongKey);
        }
    });
    CHECK(said == QByteArray());
    CHECK((crashed.contents() == before));
    { // the right key finds the rows, and changes the files: the comparison above can fail
        const auto opened = WriteConnection::open(crashed.file(OpenMode::mustExist), keyOf('k'));
        REQUIRE(opened);
        Statement count = (*opened)->statement(QStringLiteral("SELECT count(*) FROM t"));
        REQUIRE(*count.first());
        CHECK(count.int64(0) == 100);
    }
    CHECK((crashed.contents() != before));
}

TEST_CASE("a missing, empty, misplaced or newer file is refused with words")
{
    TemporaryFile file;
    const auto code = [](const DatabaseFile& where) {
        const auto opened = WriteConnection::open(where, keyOf('k'));
        return opened ? ErrorCode::internal : opened.error().code;
    };
    CHECK(code(file.file(OpenMode::mustExist)) == ErrorCode::notFound);
    CHECK(file.contents().isEmpty());
    CHECK(code({QStringLiteral("//host/share/a.db"), OpenMode::createIfMissing}) == ErrorCode::invalidInput);
    CHECK(code({QStringLiteral("\\\\host\\share\\a.db"), OpenMode::createIfMissing}) == ErrorCode::invalidInput);
    CHECK(code({QStringLiteral(":memory:"), OpenMode::createIfMissing}) == ErrorCode::invalidInput);
    CHECK(code({QString(), OpenMode::createIfMissing}) == ErrorCode::invalidInput);
    CHECK(code({file.folder() + QStringLiteral("/none/a.db"), OpenMode::createIfMissing}) == ErrorCode::io);
    REQUIRE(file.writer()->execute(QStringLiteral("PRAGMA user_version = 9")));
    DatabaseFile older = file.file(OpenMode::mustExist);
    older.newestVersion = 8;
    const auto before = file.contents();
    CHECK(code(older) == ErrorCode::newerVersion);
    CHECK((file.contents() == before));
    older.newestVersion = 9;
    CHECK(WriteConnection::open(older, keyOf('k')).has_value());
    REQUIRE(QFile::resize(file.path(), 0));
    CHECK(code(file.file(OpenMode::mustExist)) == ErrorCode::corrupt);
    CHECK_FALSE(WriteConnection::open(file.file(OpenMode::createIfMissing), SecretBytes::copyOf("short")));
}

TEST_CASE("damage behind the first page is corruption, and the file can be set aside")
{
    TemporaryFile file;
    fillTable(*file.writer(), 5000);
    {
        QFile raw(file.path());
        REQUIRE(raw.open(QIODevice::ReadWrite));
        for (qint64 at = 4096 + 100; at < raw.size(); at += 4096) {
            REQUIRE(raw.seek(at));
            REQUIRE(raw.write("damage") == 6);
        }
    }
    {
        const auto writer = file.writer();
        Statement sum = writer->statement(QStringLiteral("SELECT sum(length(s)) FROM t"));
        const Result<bool> row = sum.first();
        REQUIRE_FALSE(row);
        CHECK(row.error().code == ErrorCode::corrupt);
    }
    const QByteArray damaged = file.contents().value(QStringLiteral("history.db"));
    const Result<QString> aside = setAside(file.path());
    REQUIRE(aside);
    CHECK(file.contents().value(QFileInfo(*aside).fileName()) == damaged);
    CHECK_FALSE(QFile::exists(file.path()));
    CHECK_FALSE(setAside(file.path()));
}

TEST_CASE("no plain text reaches the disk, not even from a large sort")
{
    TemporaryFile file;
    const auto writer = file.writer();
    fillTable(*writer, 300000);
    Statement sorted = writer->statement(QStringLiteral("SELECT s FROM t ORDER BY s DESC, k"));
    REQUIRE(*sorted.first());
    CHECK(openTemporaryFiles() == 0);
    CHECK_FALSE(file.holds(marker));
}

TEST_CASE("the scan and the watch find what an unprotected database leaves")
{
    TemporaryFile file;
    sqlite3* plain = nullptr;
    REQUIRE(sqlite3_open(QFile::encodeName(file.path()).constData(), &plain) == SQLITE_OK);
    const QByteArray sql =
        "PRAGMA temp_store=FILE; PRAGMA journal_mode=WAL; CREATE TABLE t (k INTEGER PRIMARY KEY, s TEXT);"
        "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 300000) "
        "INSERT INTO t SELECT i, '" +
        marker + "' || (i * 7919 % 1000003) FROM c";
    REQUIRE(sqlite3_exec(plain, sql.constData(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_stmt* sorted = nullptr;
    REQUIRE(sqlite3_prepare_v2(plain, "SELECT s FROM t ORDER BY s DESC, k", -1, &sorted, nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_step(sorted) == SQLITE_ROW);
    CHECK(openTemporaryFiles() > 0);
    CHECK(file.holds(marker));
    sqlite3_finalize(sorted);
    sqlite3_close(plain);
}

TEST_CASE("a statement's end frees the WAL for the checkpoint")
{
    TemporaryFile file;
    const auto writer = file.writer();
    fillTable(*writer, 100);
    const auto reader = file.reader();
    {
        Statement open = reader->statement(QStringLiteral("SELECT s FROM t"));
        REQUIRE(*open.first());
        REQUIRE(writer->statement(QStringLiteral("DELETE FROM t WHERE k < ?")).exec(50));
        const Status blocked = writer->checkpoint(CheckpointMode::truncate);
        REQUIRE_FALSE(blocked);
        CHECK(blocked.error().code == ErrorCode::busy);
    }
    CHECK(writer->checkpoint(CheckpointMode::truncate));
    CHECK(QFileInfo(file.path() + QStringLiteral("-wal")).size() == 0);
}

TEST_CASE("only the writer folds the WAL into the file")
{
    TemporaryFile file;
    auto writer = file.writer();
    fillTable(*writer, 2000);
    const QByteArray before = file.contents().value(QStringLiteral("history.db"));
    for (int i = 0; i < 3; ++i) {
        const auto reader = file.reader();
        Statement count = reader->statement(QStringLiteral("SELECT count(*) FROM t"));
        REQUIRE(*count.first());
        CHECK(count.int64(0) == 2000);
    }
    CHECK(file.contents().value(QStringLiteral("history.db")) == before);
    writer.reset();
    CHECK(file.contents().value(QStringLiteral("history.db")) != before);
    CHECK_FALSE(QFile::exists(file.path() + QStringLiteral("-wal")));
}

TEST_CASE("every connection has the settings of the design")
{
    TemporaryFile file;
    const auto writer = file.writer();
    const auto reader = file.reader();
    const auto ask = [](Connection& connection, const char* pragma) {
        Statement statement = connection.statement(QStringLiteral("PRAGMA ") + QString::fromLatin1(pragma));
        REQUIRE(*statement.first());
        return statement.text(0);
    };
    for (Connection* connection : {static_cast<Connection*>(writer.get()), static_cast<Connection*>(reader.get())}) {
        CHECK(ask(*connection, "temp_store") == QStringLiteral("2"));
        CHECK(ask(*connection, "foreign_keys") == QStringLiteral("1"));
        CHECK(ask(*connection, "secure_delete") == QStringLiteral("1"));
        CHECK(ask(*connection, "trusted_schema") == QStringLiteral("0"));
        CHECK(ask(*connection, "journal_mode") == QStringLiteral("wal"));
        CHECK(ask(*connection, "wal_autocheckpoint") == QStringLiteral("0"));
    }
    CHECK(ask(*writer, "cache_size") == QStringLiteral("-24576"));
    CHECK(ask(*writer, "synchronous") == QStringLiteral("2"));
    REQUIRE(writer->setDurability(Durability::normal));
    CHECK(ask(*writer, "synchronous") == QStringLiteral("1"));
    const auto transaction = Transaction::begin(*writer);
    REQUIRE(transaction);
    CHECK_FALSE(writer->setDurability(Durability::full)); // only before BEGIN
}

TEST_CASE("one process at a time holds the lock")
{
    TemporaryFile file;
    {
        const auto first = DatabaseLock::take(file.path());
        REQUIRE(first);
        const auto second = DatabaseLock::take(file.path());
        REQUIRE_FALSE(second);
        CHECK(second.error().code == ErrorCode::busy);
    }
    CHECK(DatabaseLock::take(file.path()).has_value());
}

TEST_CASE("only SQLCipher's library is in the process")
{
    TemporaryFile file;
    const auto writer = file.writer();
    QFile maps(QStringLiteral("/proc/self/maps"));
    REQUIRE(maps.open(QIODevice::ReadOnly));
    const QByteArray loaded = maps.readAll();
    CHECK(loaded.contains("libsqlcipher"));
    CHECK_FALSE(loaded.contains("libqsqlite"));
    CHECK_FALSE(loaded.contains("libsqlite3"));
}

#include "storage/sql/migrations.h"
#include "storage/sql/transaction.h"
#include "tests/sql/fixtures.h"

#include <catch2/generators/catch_generators.hpp>

#include <limits>

using namespace holdfast;
using namespace holdfast::sql;
using namespace holdfast::test;

namespace {

QString createTable(const Connection& connection)
{
    return connection.choose(QStringLiteral("CREATE TABLE t (k INTEGER PRIMARY KEY, n INTEGER, s TEXT, b BLOB) STRICT"),
                             QStringLiteral("CREATE TABLE t (k BIGINT PRIMARY KEY, n BIGINT, s TEXT, b BYTEA)"));
}

const QString insertRow = QStringLiteral("INSERT INTO t (k, n, s, b) VALUES (?, ?, ?, ?)");

qint64 countRows(Connection& connection)
{
    Statement count = connection.statement(QStringLiteral("SELECT count(*) FROM t"));
    REQUIRE(*count.first());
    return count.int64(0);
}

QByteArray allBytes()
{
    QByteArray bytes;
    for (int i = 0; i < 256; ++i)
        bytes.append(char(i));
    return bytes;
}

} // namespace

TEST_CASE("values come back as they went in, in both dialects")
{
    EitherDatabase database(GENERATE(Dialect::sqlCipher, Dialect::postgres));
    const auto writer = database.writer();
    REQUIRE(writer->execute(createTable(*writer)));
    const QString text = QStringLiteral("it's \\ \"quoted\" %1 ?:name 'é 漢 😀\n");
    const auto id = *ThreadId::fromBytes(allBytes().last(16));
    Statement insert = writer->statement(insertRow);
    REQUIRE(insert.exec(1, std::numeric_limits<qint64>::min(), text, allBytes()));
    CHECK(insert.affected() == 1);
    REQUIRE(insert.exec(2, nullptr, QString(), QByteArray()));
    REQUIRE(insert.exec(3, std::numeric_limits<qint64>::max(), std::optional<QString>(), id));
    REQUIRE(insert.exec(4, Position{7}, std::optional<QString>(QStringLiteral("x")), sha256({"y"})));

    Statement select = writer->statement(QStringLiteral("SELECT n, s, b FROM t WHERE k = ?"));
    REQUIRE(*select.first(1));
    CHECK(select.int64(0) == std::numeric_limits<qint64>::min());
    CHECK(select.text(1) == text);
    CHECK(select.bytes(2) == allBytes());
    CHECK_FALSE(select.next());
    REQUIRE(*select.first(2));
    CHECK(select.isNull(0));
    CHECK_FALSE(select.isNull(1)); // a null QString is empty text, not NULL
    CHECK_FALSE(select.isNull(2));
    CHECK(select.bytes(2).isEmpty());
    REQUIRE(*select.first(3));
    CHECK(select.int64(0) == std::numeric_limits<qint64>::max());
    CHECK(select.isNull(1));
    CHECK(select.id<ThreadId>(2) == id);
    REQUIRE(*select.first(4));
    CHECK(select.strong<Position>(0) == Position{7});
    CHECK(select.digest(2) == sha256({"y"}));
    CHECK_FALSE(*select.first(5));
}

TEST_CASE("a stored id of wrong length ends the rows with corrupt")
{
    EitherDatabase database(GENERATE(Dialect::sqlCipher, Dialect::postgres));
    const auto writer = database.writer();
    REQUIRE(writer->execute(createTable(*writer)));
    REQUIRE(writer->statement(insertRow).exec(1, 1, QString(), QByteArray("short")));
    Statement select = writer->statement(QStringLiteral("SELECT b FROM t"));
    const Status read = select.forEach([](Statement& row) { CHECK(row.id<ThreadId>(0).isNull()); });
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::corrupt);
}

TEST_CASE("a number beyond int64 is refused, not wrapped")
{
    TemporaryFile file;
    const auto writer = file.writer();
    REQUIRE(writer->execute(createTable(*writer)));
    Statement insert = writer->statement(insertRow);
    const Status refused = insert.exec(1, std::numeric_limits<quint64>::max(), QString(), QByteArray());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::invalidInput);
    CHECK(insert.exec(1, quint64(5), QString(), QByteArray()));
}

TEST_CASE("a transaction ends with its scope")
{
    EitherDatabase database(GENERATE(Dialect::sqlCipher, Dialect::postgres));
    const auto writer = database.writer();
    REQUIRE(writer->execute(createTable(*writer)));
    {
        const auto transaction = Transaction::begin(*writer);
        REQUIRE(transaction);
        REQUIRE(writer->statement(insertRow).exec(1, 1, QString(), QByteArray()));
        CHECK_FALSE(Transaction::begin(*writer)); // not nested
    }
    CHECK(countRows(*writer) == 0);
    {
        auto transaction = Transaction::begin(*writer);
        REQUIRE(transaction);
        REQUIRE(writer->statement(insertRow).exec(1, 1, QString(), QByteArray()));
        REQUIRE(transaction->commit());
        CHECK_FALSE(transaction->commit());
    }
    CHECK(countRows(*writer) == 1);
}

TEST_CASE("errors say what kind they are and never a value")
{
    const Dialect dialect = GENERATE(Dialect::sqlCipher, Dialect::postgres);
    EitherDatabase database(dialect);
    const auto writer = database.writer();
    REQUIRE(writer->execute(createTable(*writer)));
    const QString secret = QStringLiteral("SECRETMARKER");
    REQUIRE(writer->statement(insertRow).exec(4711, 1, secret, QByteArray()));
    const Status twice = writer->statement(insertRow).exec(4711, 1, secret, QByteArray());
    REQUIRE_FALSE(twice);
    CHECK(twice.error().code == ErrorCode::conflict);
    CHECK_FALSE(twice.error().text.contains(QStringLiteral("4711")));
    const Status mistyped = writer->statement(insertRow).exec(5, secret, secret, QByteArray());
    REQUIRE_FALSE(mistyped);
    CHECK(mistyped.error().code == ErrorCode::invalidInput);
    CHECK_FALSE(mistyped.error().text.contains(secret));
    const Status unknown = writer->statement(QStringLiteral("SELECT nothing FROM nowhere")).exec();
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == ErrorCode::internal);
}

TEST_CASE("a failing statement within a transaction leaves the connection usable")
{
    EitherDatabase database(GENERATE(Dialect::sqlCipher, Dialect::postgres));
    const auto writer = database.writer();
    REQUIRE(writer->execute(createTable(*writer)));
    {
        const auto transaction = Transaction::begin(*writer);
        REQUIRE(transaction);
        CHECK_FALSE(writer->statement(QStringLiteral("SELECT nothing FROM nowhere")).exec());
        CHECK_FALSE(writer->statement(QStringLiteral("INSERT INTO t (k) VALUES (?)")).exec(nullptr, 1));
    }
    CHECK(writer->statement(insertRow).exec(1, 1, QString(), QByteArray()));
    CHECK(countRows(*writer) == 1);
}

TEST_CASE("a reader cannot write and sees what was committed")
{
    EitherDatabase database(GENERATE(Dialect::sqlCipher, Dialect::postgres));
    const auto writer = database.writer();
    REQUIRE(writer->execute(createTable(*writer)));
    const auto reader = database.reader();
    const Status refused = reader->statement(insertRow).exec(1, 1, QString(), QByteArray());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::denied);
    {
        const auto snapshot = Snapshot::begin(*reader);
        REQUIRE(snapshot);
        CHECK(countRows(*reader) == 0);
        REQUIRE(writer->statement(insertRow).exec(1, 1, QString(), QByteArray()));
        CHECK(countRows(*reader) == 0); // the view stays
    }
    CHECK(countRows(*reader) == 1);
}

TEST_CASE("many rows go in as one JSON parameter")
{
    EitherDatabase database(GENERATE(Dialect::sqlCipher, Dialect::postgres));
    const auto writer = database.writer();
    REQUIRE(writer->execute(createTable(*writer)));
    JsonRows rows;
    for (int i = 0; i < 500; ++i)
        rows.row().add(qint64(i)).addNull().add(QStringLiteral("l\"i\\n\n%1 ' ? é😀").arg(i)).add(allBytes());
    Statement insert = writer->statement(writer->choose(
        QStringLiteral("INSERT INTO t (k, n, s, b) SELECT value->>0, value->>1, value->>2, unhex(value->>3) "
                       "FROM json_each(?)"),
        QStringLiteral("INSERT INTO t (k, n, s, b) SELECT (r->>0)::bigint, (r->>1)::bigint, r->>2, "
                       "decode(r->>3, 'hex') FROM jsonb_array_elements(?::jsonb) AS r")));
    REQUIRE(insert.exec(rows));
    CHECK(insert.affected() == 500);
    Statement select = writer->statement(QStringLiteral("SELECT n, s, b FROM t WHERE k = ?"));
    REQUIRE(*select.first(499));
    CHECK(select.isNull(0));
    CHECK(select.text(1) == QStringLiteral("l\"i\\n\n499 ' ? é😀"));
    CHECK(select.bytes(2) == allBytes());
}

TEST_CASE("a statement may be used within its own rows")
{
    EitherDatabase database(GENERATE(Dialect::sqlCipher, Dialect::postgres));
    const auto writer = database.writer();
    REQUIRE(writer->execute(createTable(*writer)));
    for (int i = 0; i < 5; ++i)
        REQUIRE(writer->statement(insertRow).exec(i, i, QString(), QByteArray()));
    int seen = 0;
    const QString sql = QStringLiteral("SELECT k FROM t ORDER BY k");
    Statement outer = writer->statement(sql);
    REQUIRE(outer.forEach([&](Statement&) {
        Statement inner = writer->statement(sql);
        REQUIRE(inner.forEach([&](Statement&) { ++seen; }));
    }));
    CHECK(seen == 25);
}

TEST_CASE("the statement cache stays bounded")
{
    EitherDatabase database(GENERATE(Dialect::sqlCipher, Dialect::postgres));
    const auto writer = database.writer();
    for (int i = 0; i < 600; ++i) {
        Statement select = writer->statement(QStringLiteral("SELECT %1").arg(i));
        REQUIRE(*select.first());
        CHECK(select.int64(0) == i);
    }
}

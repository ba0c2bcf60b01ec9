#include "storage/sql/migrations.h"
#include "tests/disk_support/fault_loop.h"
#include "tests/sql/fixtures.h"

#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

using namespace holdfast;
using namespace holdfast::sql;
using namespace holdfast::test;

namespace {

std::vector<Migration> steps()
{
    return {
        {1, QStringLiteral("people"), {QStringLiteral("CREATE TABLE p (k BIGINT PRIMARY KEY, name TEXT)")}, {}},
        {2, QStringLiteral("ages"), {QStringLiteral("ALTER TABLE p ADD COLUMN age BIGINT NOT NULL DEFAULT 0")}, {}},
        {3,
         QStringLiteral("index"),
         {QStringLiteral("CREATE INDEX p_age ON p (age)")},
         [](WriteConnection& connection) {
             return connection.statement(QStringLiteral("UPDATE p SET age = ?")).exec(7);
         }},
    };
}

} // namespace

TEST_CASE("each older schema migrates to what a fresh one is")
{
    const Dialect dialect = GENERATE(Dialect::sqlCipher, Dialect::postgres);
    const std::vector<Migration> all = steps();
    EitherDatabase fresh(dialect);
    const auto freshWriter = fresh.writer();
    REQUIRE(migrate(*freshWriter, all));
    const Result<QString> freshSchema = schemaText(*freshWriter);
    REQUIRE(freshSchema);
    CHECK(freshSchema->contains(QStringLiteral("p_age")));
    for (size_t from = 1; from < all.size(); ++from) {
        EitherDatabase older(dialect);
        const auto writer = older.writer();
        REQUIRE(migrate(*writer, std::span(all).first(from)));
        CHECK((*schemaText(*writer) != *freshSchema));
        REQUIRE(
            writer->statement(QStringLiteral("INSERT INTO p (k, name) VALUES (?, ?)")).exec(1, QStringLiteral("n")));
        REQUIRE(migrate(*writer, all));
        CHECK(*schemaVersion(*writer) == 3);
        CHECK(*schemaText(*writer) == *freshSchema);
        Statement age = writer->statement(QStringLiteral("SELECT age FROM p"));
        REQUIRE(*age.first());
        CHECK(age.int64(0) == 7);
        CHECK(migrate(*writer, all)); // nothing left to do
    }
}

TEST_CASE("a newer schema is refused and a failing step leaves the version before it")
{
    EitherDatabase database(GENERATE(Dialect::sqlCipher, Dialect::postgres));
    const auto writer = database.writer();
    std::vector<Migration> broken = steps();
    broken[2].statements.append(QStringLiteral("CREATE INDEX bad ON nowhere (nothing)"));
    CHECK_FALSE(migrate(*writer, broken));
    CHECK(*schemaVersion(*writer) == 2);
    CHECK_FALSE(schemaText(*writer)->contains(QStringLiteral("p_age")));
    REQUIRE(migrate(*writer, steps()));
    const QString before = *schemaText(*writer);
    const std::vector<Migration> all = steps();
    const Status refused = migrate(*writer, std::span(all).first(2));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::newerVersion);
    CHECK(*schemaText(*writer) == before);
    CHECK_FALSE(migrate(*writer, std::span(all).subspan(1))); // a gap
}

TEST_CASE("a migration whose nth operation fails stops at a whole version and goes on from there", "[faults]")
{
    const Fault fault = GENERATE(from_range(everyFault()));
    const std::vector<Migration> all = steps();
    const TemporaryFile fresh;
    const auto whole = fresh.writer();
    REQUIRE(migrate(*whole, all));
    const QString newest = *schemaText(*whole);
    SimulatedDisk disk;
    forEveryN(disk, fault, [&](FaultRound& round) {
        TemporaryFile file;
        auto writer = file.writer();
        REQUIRE(migrate(*writer, std::span(all).first(1)));
        REQUIRE(
            writer->statement(QStringLiteral("INSERT INTO p (k, name) VALUES (?, ?)")).exec(1, QStringLiteral("n")));
        round.arm();
        const Status migrated = migrate(*writer, all);
        round.calm();
        if (round.n() % 2 == 0)
            (writer.reset(), writer = file.writer());
        const int version = *schemaVersion(*writer);
        CHECK((migrated ? version == 3 : version >= 1));
        CHECK(schemaText(*writer)->contains(QStringLiteral("age")) == (version >= 2));
        CHECK(schemaText(*writer)->contains(QStringLiteral("p_age")) == (version == 3));
        REQUIRE(migrate(*writer, all));
        CHECK(*schemaText(*writer) == newest);
        Statement age = writer->statement(QStringLiteral("SELECT age FROM p"));
        REQUIRE(*age.first());
        CHECK(age.int64(0) == 7);
    });
}

TEST_CASE("a PostgreSQL URL is taken apart, and TLS is a must beyond this machine")
{
    const auto url = PostgresUrl::parse(QStringLiteral("postgresql://us%40er:p%2Fw@db.example:6543/hold"));
    REQUIRE(url);
    CHECK(url->user == QStringLiteral("us@er"));
    CHECK(url->password == QStringLiteral("p/w"));
    CHECK(url->host == QStringLiteral("db.example"));
    CHECK(url->port == 6543);
    CHECK(url->database == QStringLiteral("hold"));
    CHECK(url->sslMode == QStringLiteral("verify-full"));
    CHECK(PostgresUrl::parse(QStringLiteral("postgresql://u@127.0.0.1/d?sslmode=disable")));
    CHECK_FALSE(PostgresUrl::parse(QStringLiteral("postgresql://u@127.evil.example/d?sslmode=disable")));
    CHECK_FALSE(PostgresUrl::parse(QStringLiteral("postgresql://u@127.0.0.1.evil.example/d?sslmode=disable")));
    for (const char* bad : {"", "x", "mysql://u@h/d", "postgresql://h/d", "postgresql://u@h/", "postgresql://u@h",
                            "postgresql://u@h/d?sslmode=disable", "postgresql://u@h/d?options=-c%20x",
                            "postgresql://u@h/a/b", "postgresql://u@h:99999/d", "postgresql://u:pw@h/d%0a"}) {
        const auto refused = PostgresUrl::parse(QString::fromLatin1(bad));
        INFO(bad);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == ErrorCode::invalidInput);
        CHECK_FALSE(refused.error().text.contains(QStringLiteral("pw")));
    }
}

TEST_CASE("mangled PostgreSQL URLs never break the parser")
{
    const QByteArray good = "postgresql://us%40er:p%2Fw@db.example:6543/hold?sslmode=require";
    int accepted = 0;
    for (qsizetype at = 0; at < good.size(); ++at) {
        accepted += PostgresUrl::parse(QString::fromLatin1(good.left(at))).has_value() ? 1 : 0;
        for (int bit = 0; bit < 8; ++bit) {
            QByteArray flipped = good;
            flipped[at] = char(flipped[at] ^ (1 << bit));
            const auto parsed = PostgresUrl::parse(QString::fromLatin1(flipped));
            if (!parsed)
                continue;
            ++accepted;
            CHECK_FALSE(parsed->host.isEmpty());
            CHECK_FALSE(parsed->sslMode == QStringLiteral("disable"));
        }
    }
    CHECK(accepted > 0);
}

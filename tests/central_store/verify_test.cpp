// Verification names the changed entry; export holds what a stranger needs.
#include "central/store/context.h"
#include "central/store/offline.h"
#include "tests/central_store/store_fixture.h"
#include "tests/support/store_tables.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace holdfast;
using namespace holdfast::store;
using namespace holdfast::test;

namespace {

// The store's tables under the tests' own hand, while the store is closed.
class Opened : public StoreTables
{
public:
    explicit Opened(StoreFixture& fixture, const Organisation& organisation)
        : StoreTables(fixture.config()), organisation_(organisation),
          threadKeys_(keys(), fixture.random), context_{db(),          &db(),         keys(),        threadKeys_,
                                                        organisation_, fixture.clock, fixture.random}
    {}
    [[nodiscard]] VerifyReport verify()
    {
        const Result<VerifyReport> report = verifyStore(context_);
        INFO((report ? std::string() : report.error().text.toStdString()));
        REQUIRE(report);
        return *report;
    }
    void set(const QString& table, const QString& column, qint64 pos, const QByteArray& bytes)
    {
        REQUIRE(
            db().statement(QStringLiteral("UPDATE %1 SET %2 = ? WHERE pos = ?").arg(table, column)).exec(bytes, pos));
    }
    [[nodiscard]] QByteArray get(const QString& table, const QString& column, qint64 pos)
    {
        sql::Statement query = db().statement(QStringLiteral("SELECT %2 FROM %1 WHERE pos = ?").arg(table, column));
        REQUIRE(*query.first(pos));
        return query.bytes(0);
    }
    void dropWalls()
    {
        if (db().dialect() == sql::Dialect::postgres) {
            REQUIRE(db().execute(QStringLiteral("ALTER TABLE entry_header DISABLE TRIGGER USER")));
        } else {
            REQUIRE(db().execute(QStringLiteral("DROP TRIGGER entry_header_no_update")));
            REQUIRE(db().execute(QStringLiteral("DROP TRIGGER entry_header_no_delete")));
        }
    }

private:
    Organisation organisation_;
    ThreadKeys threadKeys_;
    Context context_;
};

// 60 entries of three threads, by central and by a desk, with checkpoints among and after them and a tail behind.
void fill(StoreFixture& fixture)
{
    Desk desk(fixture);
    desk.enrol();
    std::vector<ThreadId> threads;
    for (int i = 0; i < 3; ++i)
        threads.push_back(fixture.openRoom().thread);
    const auto size = [&] { return fixture.read<LogHead>([](StoreReader& r) { return r.feed().head(); })->size; };
    while (size() < 60) {
        const auto thread = threads[size() % 3];
        (void)fixture.append(
            {size() % 4 == 0 ? fixture.central(thread, domain::Kind::threadState, domain::toJson(domain::ThreadState()))
                             : desk.say(thread, QStringLiteral("message %1").arg(size()))});
        if (size() == 20 || size() == 50)
            (void)fixture.checkpoint();
    }
}

} // namespace

TEST_CASE("T1: one changed bit of a header or a content names exactly its entry")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    fill(fixture);
    const Organisation organisation = fixture.store().organisation();
    fixture.config().checkpointInterval = std::chrono::hours(1);
    fixture.close(); // makes the last checkpoint
    Opened store(fixture, organisation);
    store.dropWalls();
    const VerifyReport untouched = store.verify();
    CHECK(untouched.good());
    CHECK(untouched.entries >= 60);
    CHECK(untouched.contents == untouched.entries);
    CHECK(untouched.signatures > 30);
    CHECK(untouched.checkpoints == 3);
    CHECK(untouched.headsEntries == 3);

    int changed = 0;
    for (qint64 pos = 0; pos < qint64(untouched.entries); ++pos) {
        const auto entryId =
            EntryId::fromBytes(store.get(QStringLiteral("entry_header"), QStringLiteral("entry_id"), pos));
        for (const auto& [table, column] : {std::pair(QStringLiteral("entry_header"), QStringLiteral("bytes")),
                                            std::pair(QStringLiteral("content"), QStringLiteral("sealed"))}) {
            const QByteArray good = store.get(table, column, pos);
            QByteArray bad = good;
            const auto bit = size_t(pos * 131 + 7) % size_t(bad.size() * 8);
            bad[qsizetype(bit / 8)] = char(bad[qsizetype(bit / 8)] ^ (1 << (bit % 8)));
            store.set(table, column, pos, bad);
            const VerifyReport report = store.verify();
            INFO(pos << " " << table.toStdString() << " bit " << bit);
            CHECK_FALSE(report.good());
            for (const Finding& finding : report.findings) {
                INFO(finding.what.toStdString());
                REQUIRE(finding.pos);
                CHECK(finding.pos->value == quint64(pos));
                CHECK(finding.entry == entryId);
            }
            store.set(table, column, pos, good);
            ++changed;
        }
    }
    CHECK(changed >= 120);
    CHECK(store.verify().good());
}

TEST_CASE("T2 T3: columns, leaves, ends and checkpoints are verified too")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    fill(fixture);
    const Organisation organisation = fixture.store().organisation();
    fixture.close();
    Opened store(fixture, organisation);
    store.dropWalls();
    REQUIRE(store.verify().good());
    for (const char* column : {"entry_id", "thread", "scope", "author", "leaf"}) {
        const QString header = QStringLiteral("entry_header");
        const QString name = QString::fromLatin1(column);
        const QByteArray good = store.get(header, name, 30);
        QByteArray bad = good;
        bad[3] = char(bad[3] ^ 0x10);
        store.set(header, name, 30, bad);
        const VerifyReport report = store.verify();
        CHECK_FALSE(report.good());
        const bool named = std::any_of(report.findings.begin(), report.findings.end(),
                                       [](const Finding& f) { return f.pos == Position{30}; });
        CHECK(named);
        store.set(header, name, 30, good);
    }
    REQUIRE(store.verify().good());
    for (const char* change : {"UPDATE log_head SET size = size + 1", "UPDATE log_head SET size = size - 1",
                               "UPDATE thread_head SET tseq = tseq + 1", "DELETE FROM entry_position WHERE pos = 12",
                               "DELETE FROM content WHERE pos = 12", "DELETE FROM entry_header WHERE pos = 12"}) {
        INFO(change);
        REQUIRE(store.db().execute(QStringLiteral("BEGIN")));
        REQUIRE(store.db().execute(QString::fromLatin1(change)));
        CHECK_FALSE(store.verify().good());
        REQUIRE(store.db().execute(QStringLiteral("ROLLBACK")));
    }
    CHECK(store.verify().good());
}

TEST_CASE("headers can be neither updated nor deleted")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    const Organisation organisation = fixture.store().organisation();
    fixture.close();
    Opened store(fixture, organisation);
    CHECK_FALSE(store.db().execute(QStringLiteral("UPDATE entry_header SET tseq = 9 WHERE pos = 0")));
    CHECK_FALSE(store.db().execute(QStringLiteral("DELETE FROM entry_header WHERE pos = 0")));
    CHECK(store.verify().good());
    store.dropWalls(); // the control: without the walls the same statement runs
    CHECK(store.db().execute(QStringLiteral("DELETE FROM entry_header WHERE pos = 0")));
}

TEST_CASE("an export has every entry in order with its content, then the checkpoints")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    fill(fixture);
    std::vector<QJsonObject> lines;
    const Result<quint64> written = await<quint64>([&](auto done) {
        fixture.store().exportAll(
            [&](QByteArrayView line) -> Status {
                REQUIRE(line.endsWith('\n'));
                lines.push_back(QJsonDocument::fromJson(line.toByteArray()).object());
                return {};
            },
            std::move(done));
    });
    REQUIRE(written);
    REQUIRE(*written >= 60);
    REQUIRE(lines.size() == *written + 2);
    for (size_t i = 0; i < *written; ++i) {
        CHECK(lines[i].value(QStringLiteral("pos")).toInteger() == qint64(i));
        const auto bytes = [&](const char* name) {
            return QByteArray::fromBase64(lines[i].value(QString::fromLatin1(name)).toString().toLatin1());
        };
        const auto header = log::decodeHeader(bytes("header"));
        REQUIRE(header);
        const auto author = log::decodeAuthorPart(header->authorPart);
        REQUIRE(author);
        CHECK(log::commitment(bytes("salt"), author->kind, bytes("content")) == author->commit);
        CHECK(lines[i].value(QStringLiteral("decoded")).isObject());
    }
    CHECK(lines.back().contains(QStringLiteral("checkpoint")));
    const Result<quint64> stopped = await<quint64>([&](auto done) {
        fixture.store().exportAll(
            [](QByteArrayView) -> Status { return fail(ErrorCode::full, QStringLiteral("Full.")); }, std::move(done));
    });
    CHECK(stopped.error().code == ErrorCode::full);
}

TEST_CASE("verifying a closed store trusts neither the key nor the length that the database itself names")
{
    StoreFixture fixture(Dialect::embedded);
    (void)fixture.openRoom();
    (void)fixture.checkpoint();
    fixture.close();
    const QString older = fixture.databaseFile() + QStringLiteral(".older");
    REQUIRE(QFile::copy(fixture.databaseFile(), older));
    fixture.open();
    (void)fixture.openRoom();
    (void)fixture.checkpoint();
    fixture.close();
    const auto verified = [&] { return verifyOffline(fixture.config(), fixture.clock, fixture.random, {}); };
    REQUIRE(verified());
    CHECK(verified()->good());

    // A shorter log that is whole in itself.
    REQUIRE(QFile::remove(fixture.databaseFile()));
    REQUIRE(QFile::rename(older, fixture.databaseFile()));
    REQUIRE(verified());
    REQUIRE(verified()->findingCount == 1);
    CHECK(verified()->findings.front().what.contains(QStringLiteral("behind its last signed checkpoint")));

    StoreTables(fixture.config())
        .flipBit(QStringLiteral("setting"), QStringLiteral("value"), QStringLiteral("name = 'org.log-key'"));
    REQUIRE_FALSE(verified());
    CHECK(verified().error().code == ErrorCode::wrongKey);
}

TEST_CASE("a damaged page is found wherever it lies, in what the log covers and in what it does not")
{
    constexpr qint64 page = 4096;
    StoreFixture fixture(Dialect::embedded);
    (void)fixture.openRoom();
    (void)fixture.checkpoint();
    fixture.close();
    const auto verified = [&] { return verifyOffline(fixture.config(), fixture.clock, fixture.random, {}); };
    REQUIRE(verified());
    REQUIRE(verified()->good());
    QFile file(fixture.databaseFile());
    REQUIRE(file.open(QIODevice::ReadWrite));
    REQUIRE(file.size() > 20 * page);
    for (qint64 number = 0; number < file.size() / page; number += 3) {
        INFO("page " << number);
        const qint64 at = number * page + 1000;
        REQUIRE(file.seek(at));
        const QByteArray whole = file.read(200);
        REQUIRE(file.seek(at));
        REQUIRE(file.write(QByteArray(200, 'x')) == 200);
        REQUIRE(file.flush());
        const auto report = verified();
        CHECK((!report || !report->good()));
        REQUIRE(file.seek(at));
        REQUIRE(file.write(whole) == 200);
        REQUIRE(file.flush());
    }
    CHECK(verified()->good());
}

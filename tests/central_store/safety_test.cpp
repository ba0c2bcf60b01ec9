// What must not happen: a second process, lost acknowledged entries, a forked log, plain text on disk.
#include "models/log/checkpoint.h"
#include "tests/central_store/store_fixture.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

using namespace holdfast;
using namespace holdfast::store;
using namespace holdfast::test;
using Outcome = AppendResult::Outcome;

namespace {

// Appends in a child process until it is killed; each acknowledged id is written to `pipe` first.
[[noreturn]] void appendForEver(const StoreConfig& config, const ThreadId& room, int pipe)
{
    SystemClock clock;
    SystemRandom random;
    Result<std::unique_ptr<Store>> opened = Store::open(config, clock, random);
    if (!opened)
        _exit(3);
    Store& store = **opened;
    std::atomic<int> flying = 0;
    for (;;) {
        if (flying >= 40) {
            usleep(100);
            continue;
        }
        AppendBatch batch;
        batch.entries = {
            centralEntry(clock, random, room, domain::Kind::threadState, domain::toJson(domain::ThreadState()))};
        ++flying;
        store.append(std::move(batch), [&flying, pipe](Result<std::vector<AppendResult>> results) {
            if (results && results->front().outcome == Outcome::accepted) {
                const QByteArray id = results->front().entry.toBytes();
                if (write(pipe, id.constData(), size_t(id.size())) != id.size())
                    _exit(4);
            }
            --flying;
        });
    }
}

// Kills the child after `count` acknowledgements and answers all that were made.
std::vector<EntryId> appendAndKill(const StoreConfig& config, const ThreadId& room, int count)
{
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::close(ends[0]);
        appendForEver(config, room, ends[1]);
    }
    ::close(ends[1]);
    std::vector<EntryId> acknowledged;
    char id[16];
    for (size_t have = 0;;) {
        const ssize_t got = ::read(ends[0], id + have, sizeof(id) - have);
        if (got <= 0)
            break;
        have += size_t(got);
        if (have < sizeof(id))
            continue;
        have = 0;
        acknowledged.push_back(*EntryId::fromBytes(QByteArrayView(id, 16)));
        if (int(acknowledged.size()) == count)
            ::kill(child, SIGKILL);
    }
    ::close(ends[0]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    return acknowledged;
}

bool anyFileHolds(const QString& directory, const QByteArray& needle)
{
    QDirIterator files(directory, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(needle))
            return true;
    }
    return false;
}

} // namespace

TEST_CASE("nothing acknowledged is lost when central is killed")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    const auto room = fixture.openRoom();
    fixture.close();
    for (const int count : {1, 57, 300}) {
        const std::vector<EntryId> acknowledged = appendAndKill(fixture.config(), room.thread, count);
        REQUIRE(int(acknowledged.size()) >= count);
        fixture.open();
        int lost = 0;
        for (const EntryId& entry : acknowledged) {
            if (!fixture.read<FeedEntry>([&](StoreReader& reader) { return reader.feed().entry(entry); }))
                ++lost;
        }
        CHECK(lost == 0);
        const Result<VerifyReport> report = await<VerifyReport>([&](auto done) { fixture.store().verify(done); });
        REQUIRE(report);
        CHECK(report->good());
        fixture.close();
    }
}

TEST_CASE("a second opener of an embedded store is refused with words")
{
    StoreFixture fixture(Dialect::embedded);
    const auto second = Store::open(fixture.config(), fixture.clock, fixture.random);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::busy);
    const auto again = Store::initialise(fixture.config(), QStringLiteral("X"), fixture.clock, fixture.random);
    CHECK(again.error().code == ErrorCode::conflict);
    fixture.close();
    fixture.open();
}

TEST_CASE("a missing, foreign or readable key file is named, and nothing is made anew")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    fixture.close();
    for (const char* name : {"store.key", "lookup.key", "cursor.key", "kek-1.key", "log.key"}) {
        const QString path = fixture.config().keyDirectory + u'/' + QString::fromLatin1(name);
        REQUIRE(QFile::rename(path, path + QStringLiteral(".away")));
        const auto opened = Store::open(fixture.config(), fixture.clock, fixture.random);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().code == ErrorCode::notFound);
        CHECK(opened.error().text.contains(QString::fromLatin1(name)));
        CHECK_FALSE(QFile::exists(path));
        REQUIRE(QFile::rename(path + QStringLiteral(".away"), path));
    }
    const QString key = fixture.config().keyDirectory + QStringLiteral("/log.key");
    const auto mode = QFile::permissions(key);
    CHECK((mode & (QFileDevice::ReadGroup | QFileDevice::ReadOther)) == QFileDevice::Permissions());
    REQUIRE(QFile::setPermissions(key, mode | QFileDevice::ReadOther));
    CHECK(Store::open(fixture.config(), fixture.clock, fixture.random).error().code == ErrorCode::denied);
    REQUIRE(QFile::setPermissions(key, QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    QFile other(key);
    REQUIRE(other.open(QIODevice::WriteOnly | QIODevice::Truncate));
    other.write(fixture.random.bytes(32).toHex());
    other.close();
    CHECK(Store::open(fixture.config(), fixture.clock, fixture.random).error().code == ErrorCode::wrongKey);
}

TEST_CASE("a store behind its anchor does not append")
{
    StoreFixture fixture(Dialect::embedded);
    (void)fixture.openRoom();
    (void)fixture.checkpoint();
    fixture.close();
    REQUIRE(QFile::copy(fixture.databaseFile(), fixture.databaseFile() + QStringLiteral(".backup")));
    fixture.open(); // the untouched store opens
    Desk desk(fixture);
    desk.enrol();
    (void)fixture.checkpoint();
    fixture.close();
    REQUIRE(QFile::remove(fixture.databaseFile()));
    REQUIRE(QFile::rename(fixture.databaseFile() + QStringLiteral(".backup"), fixture.databaseFile()));
    const auto restored = Store::open(fixture.config(), fixture.clock, fixture.random);
    REQUIRE_FALSE(restored);
    CHECK(restored.error().code == ErrorCode::fenced);
    CHECK(restored.error().text.contains(QStringLiteral("older backup")));
}

TEST_CASE("an anchor that could not be written is written by the next checkpoint, and the fault is over then")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    fixture.close();
    const QString folder = fixture.directory() + QStringLiteral("/worm");
    fixture.config().anchorFile = folder + QStringLiteral("/anchor.note");
    fixture.open();
    const auto checkpoint = [&] {
        return await<QByteArray>([&](auto done) { fixture.store().checkpointNow(std::move(done)); });
    };
    (void)fixture.openRoom();
    CHECK_FALSE(checkpoint());
    CHECK(fixture.store().fault());
    REQUIRE(QDir().mkpath(folder));
    const auto note = checkpoint(); // nothing new came
    REQUIRE(note);
    CHECK_FALSE(fixture.store().fault());
    QFile anchor(fixture.config().anchorFile);
    REQUIRE(anchor.open(QIODevice::ReadOnly));
    CHECK(anchor.readAll() == *note);
}

TEST_CASE("a set-up that failed leaves no keys behind, and the next try works")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres), false);
    StoreConfig wrong = fixture.config();
    wrong.url = QStringLiteral("postgresql://nobody@127.0.0.1:1/nothing");
    const QString name = QStringLiteral("Harbour Life");
    CHECK_FALSE(Store::initialise(wrong, name, fixture.clock, fixture.random));
    CHECK(QDir(wrong.keyDirectory).entryList(QDir::Files).isEmpty());
    REQUIRE(Store::initialise(fixture.config(), name, fixture.clock, fixture.random));
    fixture.open();
    // A second one must leave those of the first alone.
    CHECK_FALSE(Store::initialise(wrong, name, fixture.clock, fixture.random));
    CHECK_FALSE(QDir(wrong.keyDirectory).entryList(QDir::Files).isEmpty());
}

TEST_CASE("no file of an embedded store holds content in clear")
{
    StoreFixture fixture(Dialect::embedded);
    const QByteArray secret("Mrs Jacobs 7803155009087 geyser");
    const auto room = fixture.openRoom();
    Desk desk(fixture);
    (void)fixture.append({desk.say(room.thread, QString::fromLatin1(secret))});
    REQUIRE(await<qint64>([&](auto done) { fixture.store().putRaw(QStringLiteral("main"), secret, done); }));
    CHECK_FALSE(anyFileHolds(fixture.directory(), secret)); // WAL included: the store is open
    fixture.close();
    CHECK_FALSE(anyFileHolds(fixture.directory(), secret));
    // The control: the same scan finds it where it is in clear.
    QFile control(fixture.directory() + QStringLiteral("/control"));
    REQUIRE(control.open(QIODevice::WriteOnly));
    control.write("before" + secret + "after");
    control.close();
    CHECK(anyFileHolds(fixture.directory(), secret));
}

TEST_CASE("a PostgreSQL that would write customers' data into its log is not used")
{
    StoreFixture fixture(Dialect::postgres);
    fixture.close();
    const QString owner = fixture.config().url;
    auto url = sql::PostgresUrl::parse(owner);
    REQUIRE(url);
    auto admin = sql::WriteConnection::open(*url);
    REQUIRE(admin);
    const QString role = QStringLiteral("plain_") + url->database;
    REQUIRE((*admin)->execute(QStringLiteral("CREATE ROLE %1 LOGIN").arg(role)));
    fixture.config().url =
        QStringLiteral("postgresql://%1@%2:%3/%4").arg(role, url->host).arg(url->port).arg(url->database);
    const auto refused = store::Store::open(fixture.config(), fixture.clock, fixture.random);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::denied);
    CHECK(refused.error().text.contains(QStringLiteral("log_min_error_statement")));
    fixture.config().url = owner;
    CHECK((*admin)->execute(QStringLiteral("DROP ROLE %1").arg(role)));
}

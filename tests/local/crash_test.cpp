#include "tests/local/desk_fixture.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>

#include <unistd.h>

#include <csignal>
#include <cstdio>

using namespace holdfast;
using namespace holdfast::test;

namespace {

const char* const folderVariable = "HOLDFAST_CRASH_FOLDER";

// The child tells its parent of each thing that was acknowledged, unbuffered, and is killed while it goes on.
void tell(const QByteArray& line)
{
    const QByteArray text = line + '\n';
    if (::write(STDOUT_FILENO, text.constData(), static_cast<size_t>(text.size())) < 0)
        std::abort();
}

} // namespace

TEST_CASE("Child that writes until it is killed", "[.child]")
{
    const QString folder = qEnvironmentVariable(folderVariable);
    REQUIRE(!folder.isEmpty());
    LogMaker maker(1);
    const Colleague me = maker.colleague(QStringLiteral("Lerato"));
    SystemRandom random;
    auto opened = local::Database::create({folder}, sql::SecretBytes::copyOf(testKey()));
    REQUIRE(opened.has_value());
    local::Database& database = **opened;
    local::Applier applier(database, maker.org(), me.user);
    local::Outbox outbox(database, {maker.org(), me.user, me.device}, me.key, random, maker.clock());
    const ThreadId thread = maker.random().id<ThreadId>();
    for (int round = 0; round < 100'000; ++round) {
        std::vector<local::FeedEntry> feed;
        for (int i = 0; i < 40; ++i)
            feed.push_back(maker.customer(thread, {}, QStringLiteral("Round %1").arg(round)));
        const auto applying = applier.apply({std::move(feed), {}, QByteArray::number(round)});
        domain::AgentReply reply;
        reply.text = QStringLiteral("Reply");
        const EntryId id = valueOf(outbox.put({thread, domain::Kind::agentReply, domain::toJson(reply), {}, {}}));
        tell("put " + id.toHex());
        valueOf(applying);
        tell("applied " + QByteArray::number((round + 1) * 40));
    }
}

TEST_CASE("A kill loses nothing that was acknowledged, and no half of a batch stays", "[crash]")
{
    for (const int milliseconds : {300, 700, 1100}) {
        const QTemporaryDir folder;
        const local::DeskFiles files{folder.path() + QStringLiteral("/desk")};
        QProcess child;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QString::fromLatin1(folderVariable), files.folder);
        child.setProcessEnvironment(environment);
        child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("Child that writes until it is killed")});
        QByteArray told;
        // Not before it has acknowledged something; then at a moment it cannot foresee.
        while (told.count("applied") < 2) {
            REQUIRE(child.waitForReadyRead(60'000));
            told += child.readAllStandardOutput();
        }
        child.waitForFinished(milliseconds);
        ::kill(static_cast<pid_t>(child.processId()), SIGKILL);
        REQUIRE(child.waitForFinished(10'000));
        told += child.readAllStandardOutput();

        auto opened = local::Database::open(files, sql::SecretBytes::copyOf(testKey()));
        REQUIRE(opened.has_value());
        local::Database& database = **opened;
        const auto number = [&database](const QString& sql) {
            return valueOf(database.read<qint64>([sql](sql::ReadConnection& connection) -> Result<qint64> {
                sql::Statement select = connection.statement(sql);
                const Result<bool> found = select.first();
                return found ? Result<qint64>(select.int64(0)) : tl::unexpected(found.error());
            }));
        };
        const qint64 entries = number(QStringLiteral("SELECT count(*) FROM entry"));
        int puts = 0;
        qint64 applied = 0;
        const QList<QByteArray> lines = told.split('\n');
        for (qsizetype i = 0; i + 1 < lines.size(); ++i) { // the last one may be cut
            if (lines[i].startsWith("put ")) {
                ++puts;
                CHECK(number(QStringLiteral("SELECT count(*) FROM outbox WHERE entry = x'%1'")
                                 .arg(QString::fromLatin1(lines[i].mid(4)))) == 1);
            } else if (lines[i].startsWith("applied ")) {
                applied = lines[i].mid(8).toLongLong();
            }
        }
        CHECK(puts > 0);
        CHECK(entries >= applied);
        CHECK(entries % 40 == 0);
        CHECK(
            number(QStringLiteral("SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM setting WHERE name = 'cursor'")) ==
            entries / 40 - 1);
        CHECK(number(QStringLiteral("SELECT count(*) FROM message WHERE row < 4611686018427387904")) == entries);
        CHECK(number(QStringLiteral("SELECT max(device_seq) = count(*) FROM outbox")) == 1);
    }
}

#include "tests/local/desk_fixture.h"

#include <QDirIterator>
#include <QProcess>
#include <QStandardPaths>

using namespace holdfast;
using namespace holdfast::test;

namespace {

const QByteArray markerText = "Zephyrquartz";
const QByteArray markerName = "Xolanibrandt";
const QByteArray markerNumber = "825559471";

int filesWith(const QString& folder, const QByteArray& marker)
{
    int found = 0;
    const QByteArray wide =
        QByteArray(reinterpret_cast<const char*>(QString::fromLatin1(marker).utf16()), marker.size() * 2);
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray bytes = file.readAll();
        if (bytes.contains(marker) || bytes.contains(wide) || bytes.toLower().contains(marker.toLower().toHex()))
            ++found;
    }
    return found;
}

void fill(DeskFixture& desk)
{
    LogMaker& maker = desk.maker;
    const PersonId person = maker.random().id<PersonId>();
    const ThreadId thread = maker.random().id<ThreadId>();
    std::vector<local::FeedEntry> feed{maker.person(person, QString::fromLatin1(markerName),
                                                    QStringLiteral("+27") + QString::fromLatin1(markerNumber)),
                                       maker.openCase(thread, person)};
    for (int i = 0; i < 600; ++i)
        feed.push_back(maker.customer(thread, person, QString::fromLatin1(markerText) + QStringLiteral(" %1").arg(i)));
    desk.apply(std::move(feed));
    valueOf(desk.outbox->put(desk.reply(thread, QString::fromLatin1(markerText))));
    done(putMedia(*desk.media, maker.random().id<BlobId>(), QByteArray(markerText).repeated(60'000)));
    valueOf(desk.reader->search({QString::fromLatin1(markerText), 200, std::nullopt}));
    valueOf(desk.database->read<int>([](sql::ReadConnection& connection) -> Result<int> {
        // A sort large enough to spill, if spilling were allowed.
        sql::Statement sort = connection.statement(
            QStringLiteral("SELECT a.text FROM message AS a, message AS b ORDER BY a.text, b.row DESC LIMIT 5"));
        int rows = 0;
        const Status read = sort.forEach([&rows](sql::Statement&) { ++rows; });
        return read ? Result<int>(rows) : tl::unexpected(read.error());
    }));
}

} // namespace

TEST_CASE("No file of the desk holds text, name or number in clear", "[secrecy]")
{
    const QTemporaryDir temporary;
    qputenv("SQLITE_TMPDIR", temporary.path().toLocal8Bit());
    DeskFixture desk;
    fill(desk);
    for (const QByteArray& marker : {markerText, markerName, markerNumber}) {
        INFO(marker.toStdString());
        CHECK(filesWith(desk.files.folder, marker) == 0); // with its write-ahead logs
        CHECK(filesWith(temporary.path(), marker) == 0);
    }
    QDirIterator files(desk.files.folder, QDir::Files | QDir::Hidden);
    while (files.hasNext()) {
        const QFileInfo file(files.next());
        INFO(file.fileName().toStdString());
        CHECK((file.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther)) ==
              0);
    }
    desk.close();
    qunsetenv("SQLITE_TMPDIR");
    CHECK(filesWith(desk.files.folder, markerText) == 0);

    // The control: the same rows without a key, or the scan proves nothing.
    const QString shell = QStandardPaths::findExecutable(QStringLiteral("sqlcipher"));
    if (shell.isEmpty())
        SKIP("the sqlcipher shell is not installed");
    const QTemporaryDir control;
    QProcess process;
    process.start(shell, {desk.files.history()});
    const QString script =
        QStringLiteral("PRAGMA key = \"x'%1'\";\nSELECT count(*) FROM message WHERE text LIKE '%2%';\n"
                       "ATTACH '%3/plain.db' AS plain KEY '';\nCREATE TABLE plain.message AS SELECT * FROM message;\n"
                       "CREATE TABLE plain.person AS SELECT * FROM person;\n")
            .arg(QString::fromLatin1(testKey().toHex()), QString::fromLatin1(markerText), control.path());
    process.write(script.toUtf8());
    process.closeWriteChannel();
    REQUIRE(process.waitForFinished(60'000));
    // The shell, with the raw key, opens the closed database and finds the messages.
    CHECK(process.readAllStandardOutput().contains("601"));
    for (const QByteArray& marker : {markerText, markerName, markerNumber}) {
        INFO(marker.toStdString());
        CHECK(filesWith(control.path(), marker) == 1);
    }
}

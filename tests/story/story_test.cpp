// The whole path over real sockets and a real window: customer's phone -> webhook -> store -> console -> reply -> Cloud
// API -> status -> tick. On both stores.
#include "sample/media.h"
#include "tests/story_support/desk_window.h"
#include "tests/story_support/organisation.h"
#include "tests/support/postgres.h"
#include "tests/support/string_makers.h"
#include "ui/conversation/conversation_pane.h"
#include "ui/shell/desk_frame.h"

#include <QCoreApplication>
#include <QDirIterator>
#include <QTemporaryDir>

#include <catch2/catch_test_macros.hpp>

#include <cstdio>

using namespace holdfast;
using namespace holdfast::story;

namespace {

const QString thandiwe = QStringLiteral("+27825550143");
const QString thandiweName = QStringLiteral("Thandiwe Mokoena");
const QString passphrase = QStringLiteral("seven quiet herons wade");

// One organisation with one desk, Lerato's.
struct Stage
{
    explicit Stage(const QString& storeUrl = {}) : organisation({folder.filePath(QStringLiteral("org")), storeUrl, 0})
    {
        const QString trouble = organisation.setUp();
        INFO(trouble.toStdString());
        REQUIRE(trouble.isEmpty());
        open();
        REQUIRE(desk->enrol(organisation.server(), QStringLiteral("lerato"), organisation.password(), passphrase));
    }

    void open() { desk = std::make_unique<DeskWindow>(dataDir()); }
    [[nodiscard]] QString dataDir() const { return folder.filePath(QStringLiteral("desk")); }

    // A customer writes; the desk shows it in the list and opens it.
    void beginConversation(const QString& text)
    {
        REQUIRE_FALSE(organisation.phone().write(thandiwe, thandiweName, text).isEmpty());
        REQUIRE(desk->openThreadOf(thandiweName));
        REQUIRE(waitUntil([&] { return desk->message(text).has_value(); }));
    }

    [[nodiscard]] bool reaches(const QString& text, domain::DeliveryStatus status)
    {
        return waitUntil([&] {
            const auto message = desk->message(text);
            return message && message->status == status;
        });
    }

    QTemporaryDir folder;
    Organisation organisation;
    std::unique_ptr<DeskWindow> desk;
};

QByteArray everythingUnder(const QString& folder)
{
    QByteArray all;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly))
            all += file.readAll();
    }
    return all;
}

void wholePath(const QString& storeUrl)
{
    Stage stage(storeUrl);
    DeskWindow& desk = *stage.desk;
    PhoneRemote& phone = stage.organisation.phone();
    stage.beginConversation(QStringLiteral("Somebody reversed into my car at the parkade"));

    // The photo arrives, is verified, and its copy at the provider is deleted; the thread's log says so.
    sample::Dice dice(11);
    const auto photo = sample::makePhoto(dice, sample::Scene::car);
    REQUIRE_FALSE(
        phone.sendFile(thandiwe, thandiweName, QStringLiteral("The damage"), {}, photo.mime, photo.bytes).isEmpty());
    REQUIRE(waitUntil([&] { return desk.hasPhoto(); }));
    REQUIRE(waitUntil([&] {
        const auto media = phone.customerMedia();
        return media.size() == 1 && media.first().value(QStringLiteral("deleted")).toBool();
    }));

    const ThreadId thread = desk.frame()->conversation().thread();
    REQUIRE(waitUntil([&] {
        const auto lines = desk.desk()->reader.threadLog(thread, 100);
        if (!waitUntil([&lines] { return lines.isFinished(); }) || !lines.result())
            return false;
        const QList<views::LogLine> log = *lines.result();
        return std::any_of(log.begin(), log.end(), [](const views::LogLine& line) {
            return line.what.contains(QStringLiteral("deleted at WhatsApp"));
        });
    }));

    // The policy stands beside the conversation, as soon as its record is here: records come behind conversations.
    REQUIRE(waitUntil([&] {
        const auto header = desk.desk()->reader.thread(desk.frame()->conversation().thread());
        if (!waitUntil([&header] { return header.isFinished(); }) || !header.result())
            return false;
        const QList<domain::PolicyFacts> policies = header.result()->policies;
        return policies.size() == 1 && policies.first().asOf.value > 0;
    }));

    const QString answer = QStringLiteral("Glad you are safe. The assessor comes tomorrow at 08:30.");
    REQUIRE(desk.reply(answer));
    REQUIRE(stage.reaches(answer, domain::DeliveryStatus::delivered));
    CHECK(phone.timesReceived(answer) == 1);
    phone.read(thandiwe);
    REQUIRE(stage.reaches(answer, domain::DeliveryStatus::read));

    // A note stays inside.
    const QString note = QStringLiteral("Hold settlement until the footage is here");
    REQUIRE(desk.note(note));
    REQUIRE(waitUntil([&] { return desk.syncState().waiting == 0; }));
    CHECK(phone.timesReceived(note) == 0);

    REQUIRE(desk.openRoom(QStringLiteral("claims-motor")));
    REQUIRE(desk.say(QStringLiteral("Hail in Centurion, expect glass until noon")));
    REQUIRE(waitUntil([&] { return desk.syncState().waiting == 0; }));

    CHECK(desk.finds(QStringLiteral("parkade"), QStringLiteral("reversed into my car")));
    desk.closePalette();
    CHECK(desk.finds(QStringLiteral("082 555 0143"), thandiweName));
    desk.closePalette();

    const Outcome verified =
        stage.organisation.admin({QStringLiteral("verify"), QStringLiteral("--login"), QStringLiteral("admin"),
                                  QStringLiteral("--password-file"), stage.organisation.passwordFile()});
    INFO(verified.output.toStdString() + verified.errors.toStdString());
    CHECK(verified.good());
}

} // namespace

TEST_CASE("from the customer's phone to the desk and back, on the embedded store")
{
    wholePath({});
}

TEST_CASE("from the customer's phone to the desk and back, on PostgreSQL")
{
    const test::TemporaryPostgres database;
    wholePath(database.urlText());
}

TEST_CASE("the desk goes on without central, and what was written goes out once")
{
    Stage stage;
    stage.beginConversation(QStringLiteral("Can I come at nine?"));
    stage.organisation.stopCentral();
    REQUIRE(waitUntil([&] { return stage.desk->syncState().link == views::SyncState::Link::offline; }));
    const QString answer = QStringLiteral("Nine is fine, bay 4.");
    REQUIRE(stage.desk->reply(answer));
    CHECK(stage.desk->syncState().waiting >= 1);
    stage.desk.reset();

    // A restart has everything, also with central stopped.
    stage.open();
    REQUIRE(stage.desk->unlock(passphrase));
    REQUIRE(stage.desk->openThreadOf(thandiweName));
    REQUIRE(waitUntil([&] { return stage.desk->message(answer).has_value(); }));
    REQUIRE(stage.organisation.startCentral().isEmpty());
    REQUIRE(stage.reaches(answer, domain::DeliveryStatus::delivered));
    CHECK(stage.organisation.phone().timesReceived(answer) == 1);
}

// Not run by itself: the next case starts it as a process of its own, to be killed.
TEST_CASE("child: sends a reply and waits for its end", "[.]")
{
    DeskWindow desk(qEnvironmentVariable("HOLDFAST_STORY_DATA"));
    REQUIRE(desk.unlock(passphrase));
    REQUIRE(desk.openThreadOf(thandiweName));
    REQUIRE(desk.reply(qEnvironmentVariable("HOLDFAST_STORY_TEXT")));
    std::puts("SENT");
    std::fflush(stdout);
    CHECK_FALSE(waitUntil([] { return false; }, 120));
}

TEST_CASE("a console killed right after send sends exactly once when it is back")
{
    Stage stage;
    stage.beginConversation(QStringLiteral("Where do I pay the excess?"));
    stage.desk.reset();
    for (int round = 0; round < 3; ++round) {
        const QString answer = QStringLiteral("By EFT, reference CL-8823%1.").arg(round);
        QProcess child;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("HOLDFAST_STORY_DATA"), stage.dataDir());
        environment.insert(QStringLiteral("HOLDFAST_STORY_TEXT"), answer);
        child.setProcessEnvironment(environment);
        child.start(QCoreApplication::applicationFilePath(),
                    {QStringLiteral("child: sends a reply and waits for its end")});
        QByteArray output;
        REQUIRE(waitUntil([&] { return (output += child.readAllStandardOutput()).contains("SENT"); }, 90));
        child.kill();
        REQUIRE(child.waitForFinished());
        stage.open();
        REQUIRE(stage.desk->unlock(passphrase));
        REQUIRE(stage.desk->openThreadOf(thandiweName));
        REQUIRE(stage.reaches(answer, domain::DeliveryStatus::delivered));
        CHECK(stage.organisation.phone().timesReceived(answer) == 1);
        stage.desk.reset();
    }
}

TEST_CASE("central killed between the webhook's 200 and parsing loses nothing")
{
    Stage stage;
    PhoneRemote& phone = stage.organisation.phone();
    for (int round = 0; round < 3; ++round) {
        const QString text = QStringLiteral("Message of round %1").arg(round);
        REQUIRE_FALSE(phone.write(thandiwe, thandiweName, text).isEmpty());
        // The moment that the phone has its 200, central dies.
        REQUIRE(waitUntil([&] { return phone.state().value(QStringLiteral("pending_deliveries")).toInt() == 0; }));
        stage.organisation.killCentral();
        REQUIRE(stage.organisation.startCentral().isEmpty());
        REQUIRE(stage.desk->openThreadOf(thandiweName));
        REQUIRE(waitUntil([&] { return stage.desk->message(text).has_value(); }, 60));
    }
}

TEST_CASE("a wrong passphrase says so and leaves every file as it was")
{
    Stage stage;
    stage.beginConversation(QStringLiteral("Only the right words open this"));
    stage.desk.reset();
    const QByteArray before = everythingUnder(stage.dataDir());
    stage.open();
    CHECK_FALSE(stage.desk->unlock(QStringLiteral("not the passphrase")));
    CHECK_FALSE(stage.desk->lockWords().isEmpty());
    stage.desk.reset();
    CHECK(everythingUnder(stage.dataDir()) == before);
    stage.open();
    CHECK(stage.desk->unlock(passphrase));
}

TEST_CASE(
    "nothing that the console wrote shows text, name or number in clear; the sqlcipher shell opens it with the key")
{
    Stage stage;
    const QString marker = QStringLiteral("zebrafinch marker text");
    stage.beginConversation(marker);
    stage.desk.reset();
    const QByteArray all = everythingUnder(stage.dataDir());
    REQUIRE(all.size() > 100'000);
    for (const QByteArray& clear :
         {marker.toUtf8(), thandiweName.toUtf8(), QByteArray("27825550143"), QByteArray("zebrafinch")}) {
        CHECK_FALSE(all.contains(clear));
        CHECK_FALSE(all.contains(QString::fromUtf8(clear).toUtf8().toBase64().left(16)));
    }

    const QString passphraseFile = stage.organisation.folderFile(QStringLiteral("passphrase"));
    QFile file(passphraseFile);
    REQUIRE(file.open(QIODevice::WriteOnly));
    file.write(passphrase.toUtf8());
    file.close();
    const Outcome shown = stage.organisation.admin(
        {QStringLiteral("key"), QStringLiteral("show"), QStringLiteral("--data"), stage.dataDir(),
         QStringLiteral("--login"), QStringLiteral("lerato"), QStringLiteral("--password-file"),
         stage.organisation.passwordFile(), QStringLiteral("--passphrase-file"), passphraseFile});
    INFO(shown.errors.toStdString());
    REQUIRE(shown.good());
    const QByteArray key = shown.output.trimmed();
    REQUIRE(key.size() == 64);

    QString database;
    QDirIterator files(stage.dataDir(), {QStringLiteral("desk.db")}, QDir::Files, QDirIterator::Subdirectories);
    REQUIRE(files.hasNext());
    database = files.next();
    const QString plain = stage.folder.filePath(QStringLiteral("control.db"));
    QProcess shell;
    shell.start(QStringLiteral("sqlcipher"), {database});
    shell.write("PRAGMA key = \"x'" + key + "'\";\nSELECT text FROM message;\nATTACH '" + plain.toUtf8() +
                "' AS plain KEY '';\nSELECT sqlcipher_export('plain');\n");
    shell.closeWriteChannel();
    REQUIRE(shell.waitForFinished(60'000));
    CHECK(shell.readAllStandardOutput().contains(marker.toUtf8()));

    // The control: the same scan finds all of it in a database without a key, or the scan above proved nothing.
    QFile control(plain);
    REQUIRE(control.open(QIODevice::ReadOnly));
    const QByteArray clear = control.readAll();
    CHECK(clear.contains(marker.toUtf8()));
    CHECK(clear.contains(thandiweName.toUtf8()));
    CHECK(clear.contains("27825550143"));
}

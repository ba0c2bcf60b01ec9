#include "storage/local/desk_directory.h"
#include "storage/local/desk_settings.h"
#include "storage/local/key_slots.h"
#include "tests/local/desk_fixture.h"

#include <QDir>
#include <QFile>

using namespace holdfast;
using namespace holdfast::test;

namespace {

constexpr local::PassphraseCost cheap{64, 1, 1};

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    REQUIRE(file.open(QIODevice::ReadOnly));
    return file.readAll();
}

// Every file below the folder with its bytes: nothing changed means this is equal.
QMap<QString, QByteArray> everything(const QString& folder)
{
    QMap<QString, QByteArray> files;
    const QFileInfoList entries = QDir(folder).entryInfoList(QDir::Files | QDir::Hidden);
    for (const QFileInfo& entry : entries)
        files.insert(entry.fileName(), bytesOf(entry.filePath()));
    return files;
}

void createSlots(local::KeySlots& slotFile, const sql::SecretBytes& key)
{
    const Status made = slotFile.create(key, QStringLiteral("a long passphrase"));
    if (!made)
        FAIL(made.error().text.toStdString());
}

} // namespace

TEST_CASE("A passphrase opens its slot, another does not and changes nothing", "[keys]")
{
    const QTemporaryDir folder;
    SystemRandom random;
    local::KeySlots slotFile(folder.filePath(QStringLiteral("keys.json")), random, cheap);
    const sql::SecretBytes key = sql::SecretBytes::copyOf(testKey());
    CHECK(slotFile.open(QStringLiteral("x")).error().code == ErrorCode::notFound);
    createSlots(slotFile, key);
    CHECK(slotFile.create(key, QStringLiteral("again")).error().code == ErrorCode::conflict);
    const auto before = everything(folder.path());
    CHECK(before.size() == 1);
    CHECK(QFile::permissions(folder.filePath(QStringLiteral("keys.json"))) ==
          (QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser));
    CHECK(slotFile.open(QStringLiteral("wrong")).error().code == ErrorCode::wrongKey);
    CHECK(slotFile.changePassphrase(QStringLiteral("wrong"), QStringLiteral("new")).error().code ==
          ErrorCode::wrongKey);
    CHECK(everything(folder.path()) == before);
    const auto opened = slotFile.open(QStringLiteral("a long passphrase"));
    REQUIRE(opened.has_value());
    CHECK(opened->view() == key.view());
    REQUIRE(slotFile.changePassphrase(QStringLiteral("a long passphrase"), QStringLiteral("new one")).has_value());
    CHECK(slotFile.open(QStringLiteral("a long passphrase")).error().code == ErrorCode::wrongKey);
    CHECK(slotFile.open(QStringLiteral("new one"))->view() == key.view());
    CHECK(everything(folder.path()).size() == 1);
    CHECK(!bytesOf(folder.filePath(QStringLiteral("keys.json"))).contains(testKey().toBase64().left(12)));
}

TEST_CASE("The passphrase is the same text on every keyboard", "[keys]")
{
    const QTemporaryDir folder;
    SystemRandom random;
    local::KeySlots slotFile(folder.filePath(QStringLiteral("keys.json")), random, cheap);
    REQUIRE(slotFile.create(sql::SecretBytes::copyOf(testKey()), QStringLiteral("m\u00f4re")).has_value());
    CHECK(slotFile.open(QStringLiteral("mo\u0302re")).has_value());
}

TEST_CASE("Damaged, foreign and newer key files are refused with words", "[keys][hostile]")
{
    const QTemporaryDir folder;
    SystemRandom random;
    const QString path = folder.filePath(QStringLiteral("keys.json"));
    local::KeySlots slotFile(path, random, cheap);
    createSlots(slotFile, sql::SecretBytes::copyOf(testKey()));
    const QByteArray good = bytesOf(path);
    SeededRandom seeded(1);
    const auto tryWith = [&](const QByteArray& bytes) {
        QFile file(path);
        REQUIRE(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(bytes);
        file.close();
        return slotFile.open(QStringLiteral("a long passphrase"));
    };
    for (int i = 0; i < 200; ++i) {
        QByteArray bad = good;
        if (i % 3 == 0)
            bad.truncate(seeded.below(static_cast<int>(bad.size())));
        else if (i % 3 == 1)
            bad = seeded.bytes(seeded.below(300));
        else
            bad.replace("\"wrapped\": \"", QByteArray("\"wrapped\": \"") + static_cast<char>('A' + seeded.below(26)));
        const auto opened = tryWith(bad);
        if (bad != good)
            CHECK((!opened && !opened.error().text.isEmpty()));
    }
    QByteArray greedy = good;
    greedy.replace("\"memory_kib\": 64", "\"memory_kib\": 99999999");
    CHECK(tryWith(greedy).error().code == ErrorCode::corrupt);
    QByteArray newer = good;
    newer.replace("\"version\": 1", "\"version\": 2");
    CHECK(tryWith(newer).error().code == ErrorCode::newerVersion);
    CHECK(tryWith(good).has_value());
}

TEST_CASE("A calibrated cost never goes below the floor", "[keys]")
{
    const local::PassphraseCost cost = local::calibratedCost();
    CHECK(cost.memoryKiB >= 64 * 1024);
    CHECK(cost.passes >= 3);
}

TEST_CASE("A database is opened by its key alone and never made by opening", "[keys]")
{
    DeskFixture desk;
    desk.apply({desk.maker.customer(desk.maker.random().id<ThreadId>(), {}, QStringLiteral("Keep me"))});
    CHECK(local::Database::open(desk.files, sql::SecretBytes::copyOf(testKey())).error().code == ErrorCode::busy);
    desk.close();
    const auto before = everything(desk.files.folder);
    CHECK(local::Database::open(desk.files, sql::SecretBytes::copyOf(QByteArray(32, 'w'))).error().code ==
          ErrorCode::wrongKey);
    CHECK(everything(desk.files.folder) == before);
    const local::DeskFiles nowhere{desk.folder.path() + QStringLiteral("/nowhere")};
    CHECK(local::Database::open(nowhere, sql::SecretBytes::copyOf(testKey())).error().code == ErrorCode::notFound);
    CHECK(!QDir(nowhere.folder).exists());
    SystemRandom random;
    local::KeySlots slotFile(desk.files.keys(), random, cheap);
    createSlots(slotFile, sql::SecretBytes::copyOf(testKey()));
    CHECK(local::Database::create(desk.files, sql::SecretBytes::copyOf(testKey())).error().code == ErrorCode::conflict);
    desk.open();
    CHECK(desk.query(QStringLiteral("SELECT text FROM message")) == QStringList{QStringLiteral("Keep me")});
}

TEST_CASE("A database of a newer version is refused with words and stays as it is", "[keys]")
{
    DeskFixture desk;
    done(desk.database->write<void>(local::Priority::normal, [](sql::WriteConnection& connection) -> Result<void> {
        return connection.execute(QStringLiteral("PRAGMA user_version = 99"));
    }));
    desk.close();
    const auto before = everything(desk.files.folder);
    const auto opened = local::Database::open(desk.files, sql::SecretBytes::copyOf(testKey()));
    REQUIRE(!opened);
    CHECK(opened.error().code == ErrorCode::newerVersion);
    CHECK(opened.error().text.contains(QStringLiteral("newer")));
    CHECK(everything(desk.files.folder) == before);
}

TEST_CASE("Known desks are listed without a key", "[keys]")
{
    const QTemporaryDir folder;
    SystemRandom random;
    const local::DeskDirectory directory(folder.path() + QStringLiteral("/desks"));
    CHECK(directory.desks()->isEmpty());
    const local::DeskRecord record{random.id<OrgId>(),       QStringLiteral("Harbourline"),
                                   random.id<UserId>(),      QStringLiteral("Lerato Khumalo"),
                                   QStringLiteral("lerato"), QUrl(QStringLiteral("https://central.example:8443"))};
    const auto files = directory.prepare(record);
    REQUIRE(files.has_value());
    CHECK(*directory.desks() == QList<local::DeskRecord>{record});
    CHECK(QFileInfo(files->folder).permissions() == (QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner |
                                                     QFile::ReadUser | QFile::WriteUser | QFile::ExeUser));
    QFile damaged(files->record());
    REQUIRE(damaged.open(QIODevice::WriteOnly | QIODevice::Truncate));
    damaged.write("[1,2");
    damaged.close();
    CHECK(directory.desks()->isEmpty());
    CHECK(QFile::exists(files->record()));
}

TEST_CASE("The identity is written once and survives a restart", "[keys]")
{
    DeskFixture desk;
    local::DeskIdentity identity;
    identity.org = desk.maker.org();
    identity.user = desk.me.user;
    identity.device = desk.me.device;
    identity.organisation = QStringLiteral("Harbourline");
    identity.deviceSeed = QByteArray(32, 's');
    identity.logPublicKey = QByteArray(32, 'l');
    {
        local::DeskSettings settings(*desk.database);
        CHECK(await(settings.identity()).error().code == ErrorCode::notFound);
        done(settings.setIdentity(identity));
        done(settings.setIdentity(identity));
        local::DeskIdentity other = identity;
        other.user = UserId();
        CHECK(await(settings.setIdentity(other)).error().code == ErrorCode::conflict);
        done(settings.setCheckpoint({"note 5", 5, Epoch{1}}));
        done(settings.setCheckpoint({"note 9", 9, Epoch{1}}));
    }
    desk.close();
    desk.open();
    local::DeskSettings settings(*desk.database);
    CHECK(valueOf(settings.identity()).deviceSeed == identity.deviceSeed);
    CHECK(valueOf(settings.identity()).device == identity.device);
    CHECK(valueOf(settings.checkpoint()).size == 9);
}

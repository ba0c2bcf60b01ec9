// The nth disk or SQL operation of the desk's database fails, for every n: the desk opens again clean, nothing that was
// acknowledged is lost, no half of anything stays, and what failed can be done again.
#include "storage/local/desk_settings.h"
#include "tests/disk_support/fault_loop.h"
#include "tests/disk_support/sql_faults.h"
#include "tests/local/desk_fixture.h"

#include <QDir>
#include <QFile>

#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

using namespace holdfast;
using namespace holdfast::test;
using domain::Kind;

namespace {

Status statusOf(const auto& result)
{
    return result ? Status() : Status(tl::unexpected(result.error()));
}

// A desk with a little history, a waiting reply and a photo, which is put back as it was before every round.
class FaultDesk : public DeskFixture
{
public:
    FaultDesk() : colleague_(maker.colleague(QStringLiteral("Priya")))
    {
        domain::Attachment file;
        file.id = photo;
        file.size = photoBytes.size();
        file.mime = QStringLiteral("image/jpeg");
        file.sha256 = sha256({photoBytes});
        apply({maker.profile(me, QStringLiteral("Lerato Khumalo")), maker.enrol(me),
               maker.person(person, QStringLiteral("Thandiwe Mokoena"), QStringLiteral("+27825550143")),
               maker.openCase(thread, person), maker.customer(thread, person, QStringLiteral("Good day")),
               maker.customer(thread, person, QStringLiteral("The damage"), {file})},
              "before");
        done(putMedia(*media, photo, photoBytes));
        waiting = valueOf(outbox->put(reply(thread, QStringLiteral("Waiting"))));
        entry = valueOf(outbox->find(waiting));
        keepFiles();
    }

    void keepFiles()
    {
        close();
        kept_.clear();
        for (const QFileInfo& info : QDir(files.folder).entryInfoList(QDir::Files)) {
            QFile file(info.filePath());
            REQUIRE(file.open(QIODevice::ReadOnly));
            kept_.insert(info.fileName(), file.readAll());
        }
    }

    void putBack()
    {
        close();
        for (const QFileInfo& info : QDir(files.folder).entryInfoList(QDir::Files))
            QFile::remove(info.filePath());
        for (auto it = kept_.cbegin(); it != kept_.cend(); ++it) {
            QFile file(files.folder + u'/' + it.key());
            REQUIRE(file.open(QIODevice::WriteOnly));
            file.write(it.value());
        }
    }

    // A batch with everything that the applier keeps apart until a commit: a new device, its words, new threads.
    [[nodiscard]] std::vector<local::FeedEntry> batch(int customers)
    {
        const PersonId other = maker.random().id<PersonId>();
        const ThreadId second = maker.random().id<ThreadId>();
        domain::InternalNote note;
        note.text = QStringLiteral("Assessor booked");
        std::vector<local::FeedEntry> all{
            maker.profile(colleague_, QStringLiteral("Priya Naidoo")),
            maker.enrol(colleague_),
            maker.accept(entry),
            maker.signedBy(colleague_, thread, Kind::internalNote, domain::toJson(note)),
            maker.person(other, QStringLiteral("Sipho Dlamini"), QStringLiteral("+27825550144")),
            maker.openCase(second, other)};
        for (int i = 0; i < customers; ++i)
            all.push_back(maker.customer(second, other, QStringLiteral("Number %1 about HL204118%1").arg(i)));
        all.push_back(maker.assign(colleague_, second, me.user));
        return all;
    }

    // All that the desk knows, to be compared.
    [[nodiscard]] QStringList everything()
    {
        QStringList all = dump();
        for (const char* sql : {
                 "SELECT 'entry ' || json_array(pos, hex(header), hex(content), checked) FROM entry",
                 "SELECT 'outbox ' || json_array(hex(entry), device_seq, state, code, hex(author_part)) FROM outbox",
                 "SELECT 'receipt ' || json_array(hex(entry), pos, hex(header), hex(receipt)) FROM receipt",
                 "SELECT 'counter ' || json_array(hex(device), seq) FROM device_counter",
                 "SELECT 'setting ' || json_array(name, hex(value)) FROM setting",
                 "SELECT 'draft ' || json_array(hex(thread), note, text) FROM draft",
                 "SELECT 'held ' || json_array(hex(blob), size, hex(sha256)) FROM held",
                 "SELECT 'checkpoint ' || json_array(size, epoch, hex(note)) FROM checkpoint",
                 "SELECT 'fault ' || what FROM fault",
             })
            all += query(QString::fromLatin1(sql));
        all.sort();
        return all;
    }

    [[nodiscard]] bool isSound()
    {
        const auto check = [](sql::ReadConnection& connection) -> Result<bool> {
            for (const char* sql : {"PRAGMA integrity_check", "PRAGMA cipher_integrity_check"}) {
                sql::Statement select = connection.statement(QString::fromLatin1(sql));
                const Result<bool> row = select.first();
                if (!row)
                    return row;
                if (*row && select.text(0) != QStringLiteral("ok"))
                    return false;
            }
            return true;
        };
        const auto search = [](sql::WriteConnection& connection) -> Result<void> {
            return connection.execute(
                QStringLiteral("INSERT INTO message_fts (message_fts, rank) VALUES ('integrity-check', 1)"));
        };
        const auto searched = await(database->write<void>(local::Priority::normal, search));
        INFO((searched ? "" : searched.error().text.toStdString()));
        CHECK(searched);
        return valueOf(database->read<bool>(check)) && valueOf(database->readMedia<bool>(check));
    }

    const BlobId photo = maker.random().id<BlobId>();
    const QByteArray photoBytes = maker.random().bytes(300'000);
    const PersonId person = maker.random().id<PersonId>();
    const ThreadId thread = maker.random().id<ThreadId>();
    EntryId waiting;
    local::OutboxEntry entry;

private:
    Colleague colleague_;
    QHash<QString, QByteArray> kept_;
};

using Act = std::function<Status(FaultDesk&)>;

// An act that is one transaction and may be done again: afterwards the desk is as before or as after it, whole.
void allOrNothing(FaultDesk& desk, const Fault& fault, const Act& act)
{
    SimulatedDisk disk;
    desk.putBack();
    desk.open();
    const QStringList before = desk.everything();
    REQUIRE(act(desk));
    const QStringList after = desk.everything();
    const bool acts = before != after;
    REQUIRE(acts);
    forEveryN(disk, fault, [&](FaultRound& round) {
        desk.putBack();
        desk.open();
        round.arm();
        const Status acted = act(desk);
        round.calm();
        INFO(sql_faults::failedStatement().toStdString());
        const bool restarts = round.n() % 2 == 0;
        if (restarts) {
            desk.close();
            desk.open();
        }
        const QStringList now = desk.everything();
        const bool isWhole = acted ? now == after : now == before || now == after;
        CHECK(isWhole);
        CHECK(act(desk)); // also in the process that saw it fail
        const bool isDone = desk.everything() == after;
        CHECK(isDone);
        desk.close();
        desk.open();
        const bool isKept = desk.everything() == after;
        CHECK(isKept);
        CHECK(desk.isSound());
    });
}

} // namespace

TEST_CASE("A feed batch whose nth operation fails is there whole or not at all", "[faults]")
{
    const Fault fault = GENERATE(from_range(everyFault()));
    FaultDesk desk;
    const std::vector<local::FeedEntry> batch = desk.batch(6);
    allOrNothing(desk, fault, [&batch](FaultDesk& open) {
        return statusOf(await(open.applier->apply({batch, {}, "after"})));
    });
}

TEST_CASE("Central's answers to the outbox fail whole, and hold once they are acknowledged", "[faults]")
{
    const Fault fault = GENERATE(from_range(everyFault()));
    FaultDesk desk;
    SECTION("accepted, with a receipt")
    {
        allOrNothing(desk, fault, [](FaultDesk& open) {
            return statusOf(await(open.outbox->markAccepted(open.waiting, Position{77}, "header", "receipt")));
        });
    }
    SECTION("held back")
    {
        allOrNothing(desk, fault, [](FaultDesk& open) {
            return statusOf(await(open.outbox->markHeld(open.waiting, QStringLiteral("conversation_moved"),
                                                        QStringLiteral("The customer wrote again."))));
        });
    }
}

TEST_CASE("Small facts of the desk fail whole", "[faults]")
{
    const Fault fault = GENERATE(from_range(everyFault()));
    FaultDesk desk;
    SECTION("a checkpoint")
    {
        allOrNothing(desk, fault, [](FaultDesk& open) {
            return statusOf(await(local::DeskSettings(*open.database).setCheckpoint({"note", 8, Epoch{1}})));
        });
    }
    SECTION("a token")
    {
        allOrNothing(desk, fault, [](FaultDesk& open) {
            return statusOf(await(local::DeskSettings(*open.database).setValue(QStringLiteral("refresh"), "token")));
        });
    }
    SECTION("a draft")
    {
        allOrNothing(desk, fault, [](FaultDesk& open) {
            return statusOf(await(
                local::DeskSettings(*open.database).saveDraft(open.thread, true, QStringLiteral("Half a thought"))));
        });
    }
    SECTION("a rebuild of everything derived")
    {
        // Afterwards the same: so the act also writes something.
        allOrNothing(desk, fault, [](FaultDesk& open) -> Status {
            if (const Status rebuilt = statusOf(await(open.applier->rebuild())); !rebuilt)
                return rebuilt;
            return statusOf(await(local::DeskSettings(*open.database).setValue(QStringLiteral("rebuilt"), "1")));
        });
    }
}

TEST_CASE("An outbox entry whose nth operation fails is there once or not at all, and the next one follows", "[faults]")
{
    const Fault fault = GENERATE(from_range(everyFault()));
    FaultDesk desk;
    SimulatedDisk disk;
    forEveryN(disk, fault, [&](FaultRound& round) {
        desk.putBack();
        desk.open();
        round.arm();
        const auto put = await(desk.outbox->put(desk.reply(desk.thread, QStringLiteral("Under fire"))));
        round.calm();
        if (round.n() % 2 == 0) {
            desk.close();
            desk.open();
        }
        const int there = valueOf(desk.outbox->counts()).waiting - 1;
        CHECK((put ? there == 1 : there == 0 || there == 1));
        const EntryId next = valueOf(desk.outbox->put(desk.reply(desk.thread, QStringLiteral("Behind it"))));
        desk.close();
        desk.open();
        const QList<local::OutboxEntry> waiting = valueOf(desk.outbox->waiting(100));
        REQUIRE(waiting.size() == 2 + there);
        if (put)
            CHECK(waiting[1].id == *put);
        CHECK(waiting.last().id == next);
        for (int i = 0; i < waiting.size(); ++i)
            CHECK(waiting[i].deviceSeq.value == quint64(i) + 1); // dense, so that central sees no gap
        CHECK(valueOf(desk.reader->newestMessages(desk.thread, 50)).messages.size() == 4 + there);
        CHECK(desk.isSound());
    });
}

TEST_CASE("A batch of two pieces stops between them, and its cursor comes with the last", "[faults]")
{
    const Fault fault = GENERATE(Fault{Fault::Where::disk, false, 13}, Fault{Fault::Where::sql, true, 10});
    FaultDesk desk;
    const std::vector<local::FeedEntry> batch = desk.batch(540);
    const QString count = QStringLiteral("SELECT count(*) FROM entry");
    const QString cursor = QStringLiteral("SELECT CAST(value AS TEXT) FROM setting WHERE name = 'cursor'");
    SimulatedDisk disk;
    forEveryN(disk, fault, [&](FaultRound& round) {
        desk.putBack();
        desk.open();
        round.arm();
        const auto applied = await(desk.applier->apply({batch, {}, "after"}));
        round.calm();
        desk.close();
        desk.open();
        const qint64 entries = desk.query(count).value(0).toLongLong() - 6;
        const QString at = desk.query(cursor).value(0);
        CHECK((entries == 0 || entries == 500 || entries == qint64(batch.size())));
        CHECK(at == (entries == qint64(batch.size()) ? QStringLiteral("after") : QStringLiteral("before")));
        if (applied)
            CHECK(at == QStringLiteral("after"));
        CHECK(await(desk.applier->apply({batch, {}, "after"})));
        CHECK(desk.query(count).value(0).toLongLong() == qint64(batch.size()) + 6);
        CHECK(valueOf(desk.outbox->counts()).waiting == 0);
        CHECK(desk.isSound());
    });
}

TEST_CASE("A file whose nth chunk fails has no name, and is stored by the next attempt", "[faults]")
{
    const Fault fault = GENERATE(from_range(everyFault()));
    FaultDesk desk;
    const BlobId id = desk.maker.random().id<BlobId>();
    const QByteArray bytes = desk.maker.random().bytes(5 * local::mediaChunkBytes + 17);
    SimulatedDisk disk;
    forEveryN(disk, fault, [&](FaultRound& round) {
        desk.putBack();
        desk.open();
        round.arm();
        const auto stored = await(putMedia(*desk.media, id, bytes));
        round.calm();
        desk.close();
        desk.open();
        const bool named = valueOf(desk.media->has(id));
        CHECK((!stored || named));
        if (named)
            CHECK(valueOf(desk.media->get(id)) == bytes);
        done(putMedia(*desk.media, id, bytes));
        CHECK(valueOf(desk.media->get(id)) == bytes);
        CHECK(valueOf(desk.media->get(desk.photo)) == desk.photoBytes);
        CHECK(desk.isSound());
    });
}

TEST_CASE("A scope whose closing fails is closed by the next attempt, its photo included", "[faults]")
{
    const Fault fault = GENERATE(from_range(everyFault()));
    FaultDesk desk;
    const QStringList leavings{QStringLiteral("SELECT count(*) FROM entry"),
                               QStringLiteral("SELECT count(*) FROM held"),
                               QStringLiteral("SELECT count(*) FROM message WHERE row < 4611686018427387904")};
    const local::FeedBatch closing{{}, {{desk.maker.scope(), false}}, "closed"};
    SimulatedDisk disk;
    forEveryN(disk, fault, [&](FaultRound& round) {
        desk.putBack();
        desk.open();
        round.arm();
        const auto closed = await(desk.applier->apply(closing));
        const auto emptied = await(desk.database->truncateLog());
        round.calm();
        if (round.n() % 2 == 0) {
            desk.close();
            desk.open();
        }
        const bool rowsGone = desk.query(leavings[0]) == QStringList{QStringLiteral("0")};
        CHECK((!closed || rowsGone));
        CHECK(desk.query(QStringLiteral("SELECT count(*) FROM entry")).value(0).toInt() == (rowsGone ? 0 : 6));
        CHECK(await(desk.applier->apply(closing)));
        done(desk.database->truncateLog());
        CHECK(valueOf(desk.outbox->counts()).waiting == 1); // the outbox is never part of it
        CHECK(desk.query(leavings[0]) == QStringList{QStringLiteral("0")});
        CHECK(desk.query(leavings[2]) == QStringList{QStringLiteral("0")});
        CHECK(desk.isSound());
        Q_UNUSED(emptied)
    });
}

TEST_CASE("A desk whose opening fails opens when the disk is well again, also with a log to play in", "[faults]")
{
    const Fault fault = GENERATE(from_range(everyFault()));
    FaultDesk desk;
    // As a crash leaves it: the newest entry is in the log alone.
    desk.putBack();
    desk.open();
    const EntryId newest = valueOf(desk.outbox->put(desk.reply(desk.thread, QStringLiteral("In the log"))));
    QHash<QString, QByteArray> crashed;
    for (const char* name : {"/desk.db", "/desk.db-wal", "/media.db"}) {
        QFile file(desk.files.folder + QLatin1StringView(name));
        REQUIRE(file.open(QIODevice::ReadOnly));
        crashed.insert(file.fileName(), file.readAll());
    }
    SimulatedDisk disk;
    forEveryN(disk, fault, [&](FaultRound& round) {
        desk.close();
        for (const QFileInfo& info : QDir(desk.files.folder).entryInfoList(QDir::Files))
            QFile::remove(info.filePath());
        for (auto it = crashed.cbegin(); it != crashed.cend(); ++it) {
            QFile file(it.key());
            REQUIRE(file.open(QIODevice::WriteOnly));
            file.write(it.value());
        }
        round.arm();
        {
            const auto opened = local::Database::open(desk.files, sql::SecretBytes::copyOf(testKey()));
            if (!opened)
                CHECK((opened.error().code == ErrorCode::io || opened.error().code == ErrorCode::full));
        }
        round.calm();
        desk.open();
        CHECK(valueOf(desk.outbox->find(newest)).id == newest);
        CHECK(valueOf(desk.media->get(desk.photo)) == desk.photoBytes);
        CHECK(desk.isSound());
    });
}

TEST_CASE("A first run whose nth operation fails is done again from the beginning", "[faults]")
{
    const Fault fault = GENERATE(from_range(everyFault()));
    const QTemporaryDir folder;
    int run = 0;
    SimulatedDisk disk;
    forEveryN(disk, fault, [&](FaultRound& round) {
        const local::DeskFiles files{folder.path() + QStringLiteral("/desk%1").arg(++run)};
        local::DeskIdentity identity;
        identity.user = UserId::fromBytes(QByteArray(16, 'u')).value();
        identity.org = OrgId::fromBytes(QByteArray(16, 'o')).value();
        identity.device = DeviceId::fromBytes(QByteArray(16, 'd')).value();
        const auto setUp = [&]() -> Status {
            auto made = local::Database::create(files, sql::SecretBytes::copyOf(testKey()));
            if (!made)
                return tl::unexpected(made.error());
            return statusOf(await(local::DeskSettings(**made).setIdentity(identity)));
        };
        round.arm();
        const Status first = setUp();
        round.calm();
        if (!first) {
            REQUIRE(setUp()); // no key slots were written, so nobody's desk is in the way
        }
        const auto opened = local::Database::open(files, sql::SecretBytes::copyOf(testKey()));
        REQUIRE(opened);
        CHECK(await(local::DeskSettings(**opened).identity()));
    });
}

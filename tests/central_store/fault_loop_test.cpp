// The nth disk or SQL operation of the embedded store fails, for every n: the store goes on, opens again clean,
// verifies, and holds all that it acknowledged.
#include "tests/central_store/store_fixture.h"
#include "tests/disk_support/fault_loop.h"
#include "tests/disk_support/sql_faults.h"

#include <QDir>
#include <QFile>

#include <catch2/generators/catch_generators_range.hpp>

using namespace holdfast;
using namespace holdfast::store;
using namespace holdfast::test;
using Outcome = AppendResult::Outcome;

namespace {

// A store with a room, an enrolled desk and one message, put back as it was before every round.
class FaultStore : public StoreFixture
{
public:
    FaultStore() : StoreFixture(Dialect::embedded), room(openRoom()), desk(*this)
    {
        desk.enrol();
        known = desk.say(room.thread, QStringLiteral("There before"));
        REQUIRE(append({known}).front().outcome == Outcome::accepted);
        REQUIRE(await<qint64>([&](auto done) { store().putRaw(QStringLiteral("main"), "there before", done); }));
        close();
        for (const QString& name : QDir(directory()).entryList(QDir::Files))
            kept_.insert(name, contentsOf(name));
        anchor_ = contentsOf(QStringLiteral("keys/anchor.note"));
    }

    void putBack()
    {
        close();
        for (const QString& name : QDir(directory()).entryList(QDir::Files))
            QFile::remove(directory() + u'/' + name);
        for (auto it = kept_.cbegin(); it != kept_.cend(); ++it)
            putFile(it.key(), it.value());
        putFile(QStringLiteral("keys/anchor.note"), anchor_);
    }

    // The desk's message opens no new thread; a customer's case does, with keys and a job of its own.
    [[nodiscard]] AppendBatch newCase()
    {
        const ThreadId thread = random.id<ThreadId>();
        domain::ThreadOpened opened;
        opened.type = domain::ThreadType::customerCase;
        opened.scope = room.scope;
        opened.person = random.id<PersonId>();
        opened.channel = QStringLiteral("main");
        AppendBatch batch;
        batch.entries = {central(thread, domain::Kind::threadOpened, domain::toJson(opened)),
                         desk.say(room.thread, QStringLiteral("Under fire"))};
        const EntryId entry = batch.entries.back().author.entryId;
        batch.after = [thread, entry](StoreWriter& writer, std::span<const AppendResult>) -> Status {
            Job job;
            job.entry = entry;
            job.thread = thread;
            job.channel = QStringLiteral("main");
            job.state = QStringLiteral("waiting");
            job.payload = "{}";
            const Result<std::optional<Job>> there = writer.sends().job(entry, {});
            if (!there)
                return tl::unexpected<Error>(there.error());
            return *there ? Status() : writer.sends().put(job);
        };
        return batch;
    }

    [[nodiscard]] bool has(const EntryId& entry)
    {
        return read<FeedEntry>([&](StoreReader& reader) { return reader.feed().entry(entry); }).has_value();
    }
    [[nodiscard]] bool hasJob(const EntryId& entry)
    {
        const auto job = read<bool>([&](StoreReader& reader) -> Result<bool> {
            const auto found = reader.sends().job(entry, {});
            return found ? Result<bool>(found->has_value()) : tl::unexpected<Error>(found.error());
        });
        REQUIRE(job);
        return *job;
    }
    [[nodiscard]] QList<QByteArray> bodies()
    {
        QList<QByteArray> all;
        const auto waiting =
            read<std::vector<InboxItem>>([](StoreReader& reader) { return reader.inbox().waiting(100); });
        REQUIRE(waiting);
        for (const InboxItem& item : *waiting)
            all.append(item.bytes);
        return all;
    }
    // Everything decrypts, chains and hashes, and no words say that the store stopped.
    void checkSound()
    {
        CHECK(verified().good());
        CHECK_FALSE(store().fault().has_value());
        CHECK(has(known.author.entryId));
        CHECK(bodies().contains("there before"));
    }

    Room room;
    Desk desk;
    EntryToAppend known;

private:
    VerifyReport verified()
    {
        const auto report = await<VerifyReport>([&](auto done) { store().verify(done); });
        REQUIRE(report);
        return *report;
    }
    QByteArray contentsOf(const QString& name)
    {
        QFile file(directory() + u'/' + name);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void putFile(const QString& name, const QByteArray& bytes)
    {
        QFile file(directory() + u'/' + name);
        REQUIRE(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(bytes);
    }
    QHash<QString, QByteArray> kept_;
    QByteArray anchor_;
};

} // namespace

TEST_CASE("a batch whose nth operation fails is appended whole or not at all, and once when it is sent again",
          "[faults]")
{
    const Fault fault = GENERATE(from_range(everyFault()));
    FaultStore fixture;
    SimulatedDisk disk;
    forEveryN(disk, fault, [&](FaultRound& round) {
        fixture.putBack();
        fixture.open();
        const AppendBatch batch = fixture.newCase();
        round.arm();
        const auto results = fixture.tryAppend(batch);
        round.calm();
        INFO(sql_faults::failedStatement().toStdString());
        if (round.n() % 2 == 0) {
            fixture.close();
            fixture.open();
        }
        const EntryId entry = batch.entries.back().author.entryId;
        const bool isThere = fixture.has(entry);
        CHECK((!results || isThere));
        CHECK(fixture.has(batch.entries.front().author.entryId) == isThere);
        CHECK(fixture.hasJob(entry) == isThere);
        const auto again = fixture.tryAppend(batch);
        REQUIRE(again);
        for (const AppendResult& result : *again)
            CHECK(result.outcome == (isThere ? Outcome::duplicate : Outcome::accepted));
        CHECK(fixture.hasJob(entry));
        fixture.checkSound();
        fixture.close();
        fixture.open();
        CHECK(fixture.has(entry));
        fixture.checkSound();
    });
}

TEST_CASE("a webhook's body whose nth operation fails is not acknowledged, or kept", "[faults]")
{
    const Fault fault = GENERATE(from_range(everyFault()));
    FaultStore fixture;
    SimulatedDisk disk;
    forEveryN(disk, fault, [&](FaultRound& round) {
        fixture.putBack();
        fixture.open();
        const auto put = [&](const QByteArray& bytes) {
            return await<qint64>([&](auto done) { fixture.store().putRaw(QStringLiteral("main"), bytes, done); });
        };
        round.arm();
        const auto under = put("under fire");
        round.calm();
        REQUIRE(put("behind it"));
        fixture.close();
        fixture.open();
        const QList<QByteArray> bodies = fixture.bodies();
        CHECK((!under || bodies.count("under fire") == 1));
        CHECK(bodies.count("under fire") <= 1);
        CHECK(bodies.count("behind it") == 1);
        fixture.checkSound();
    });
}

TEST_CASE("an attachment whose nth operation fails is resumed where it stopped", "[faults]")
{
    const Fault fault = GENERATE(from_range(everyFault()));
    FaultStore fixture;
    const QByteArray bytes = fixture.random.bytes(int(blobChunkBytes) + 1000);
    SimulatedDisk disk;
    forEveryN(disk, fault, [&](FaultRound& round) {
        fixture.putBack();
        fixture.open();
        BlobFacts facts;
        facts.id = fixture.random.id<BlobId>();
        facts.thread = fixture.room.thread;
        facts.size = bytes.size();
        facts.mime = QStringLiteral("image/jpeg");
        facts.sha256 = sha256({bytes});
        const auto upload = [&]() -> Result<BlobFacts> {
            auto at = fixture.write<BlobFacts>([&](StoreWriter& writer) { return writer.blobs().begin(facts); });
            while (at && !at->complete) {
                const QByteArray chunk = bytes.mid(qsizetype(at->nextChunk) * blobChunkBytes, blobChunkBytes);
                at = await<BlobFacts>(
                    [&](auto done) { fixture.store().putBlobChunk(facts.id, at->nextChunk, chunk, done); });
            }
            return at;
        };
        round.arm();
        const auto first = upload();
        round.calm();
        fixture.close();
        fixture.open();
        const auto stored = [&] {
            return fixture.read<QByteArray>(
                [&](StoreReader& reader) { return reader.blobs().range(facts.id, 0, bytes.size()); });
        };
        if (first)
            CHECK(stored() == bytes);
        REQUIRE(upload());
        CHECK(stored() == bytes);
        fixture.checkSound();
    });
}

TEST_CASE("a checkpoint whose nth operation fails leaves the anchor behind the store, never before it", "[faults]")
{
    const Fault fault = GENERATE(from_range(everyFault()));
    FaultStore fixture;
    SimulatedDisk disk;
    forEveryN(disk, fault, [&](FaultRound& round) {
        fixture.putBack();
        fixture.open();
        (void)fixture.append({fixture.desk.say(fixture.room.thread, QStringLiteral("Something to sign"))});
        const auto sign = [&] {
            return await<QByteArray>([&](auto done) { fixture.store().checkpointNow(std::move(done)); });
        };
        round.arm();
        const auto note = sign();
        round.calm();
        if (round.n() % 2 == 0) {
            fixture.close();
            fixture.open(); // refuses a store that is behind its anchor
        }
        const auto again = sign();
        REQUIRE(again);
        if (note)
            CHECK(*again == *note);
        (void)fixture.append({fixture.desk.say(fixture.room.thread, QStringLiteral("And on"))});
        fixture.checkSound();
        fixture.close();
        fixture.open();
        fixture.checkSound();
    });
}

TEST_CASE("a store whose opening fails opens when the disk is well again", "[faults]")
{
    const Fault fault = GENERATE(from_range(everyFault()));
    FaultStore fixture;
    // As a crash leaves it: with a log to play in.
    fixture.open();
    const EntryToAppend newest = fixture.desk.say(fixture.room.thread, QStringLiteral("In the log"));
    (void)fixture.append({newest});
    QHash<QString, QByteArray> crashed;
    for (const char* suffix : {"", "-wal"}) {
        QFile file(fixture.databaseFile() + QLatin1StringView(suffix));
        REQUIRE(file.open(QIODevice::ReadOnly));
        crashed.insert(file.fileName(), file.readAll());
    }
    SimulatedDisk disk;
    forEveryN(disk, fault, [&](FaultRound& round) {
        fixture.putBack();
        QFile::remove(fixture.databaseFile() + QStringLiteral("-shm"));
        for (auto it = crashed.cbegin(); it != crashed.cend(); ++it) {
            QFile file(it.key());
            REQUIRE(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
            file.write(it.value());
        }
        round.arm();
        {
            const auto opened = Store::open(fixture.config(), fixture.clock, fixture.random);
            if (!opened)
                CHECK((opened.error().code == ErrorCode::io || opened.error().code == ErrorCode::full));
        }
        round.calm();
        fixture.open();
        CHECK(fixture.has(newest.author.entryId));
        fixture.checkSound();
    });
}

// What earlier versions wrote opens with this one, whole.
#include "central/store/offline.h"
#include "central/store/store.h"
#include "storage/local/applier.h"
#include "storage/local/desk_reader.h"
#include "storage/local/key_slots.h"
#include "storage/local/outbox.h"
#include "storage/sql/connection.h"
#include "storage/sql/secret_bytes.h"
#include "tests/support/store_tables.h"
#include "tests/upgrade/seeded_store.h"

#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <future>

using namespace holdfast;
using namespace holdfast::test;

namespace {

template <typename T>
T valueOf(QFuture<Result<T>> future)
{
    future.waitForFinished();
    Result<T> result = future.result();
    INFO((result ? std::string() : result.error().text.toStdString()));
    REQUIRE(result);
    return std::move(*result);
}

template <typename T>
T answered(const std::function<void(store::Done<T>)>& call)
{
    auto promise = std::make_shared<std::promise<Result<T>>>();
    auto future = promise->get_future();
    call([promise](Result<T> result) { promise->set_value(std::move(result)); });
    Result<T> result = future.get();
    INFO((result ? std::string() : result.error().text.toStdString()));
    REQUIRE(result);
    return std::move(*result);
}

store::StoreConfig configOf(const SeededStore& seeded)
{
    store::StoreConfig config;
    config.url = QStringLiteral("sqlcipher:%1/central.db").arg(seeded.central());
    config.keyDirectory = seeded.central() + QStringLiteral("/keys");
    config.checkpointInterval = std::chrono::hours(1);
    return config;
}

class NoBlobs : public local::BlobFetcher
{
public:
    QFuture<Result<QByteArray>> fetch(const BlobId&, qint64) override
    {
        QPromise<Result<QByteArray>> promise;
        promise.start();
        promise.addResult(fail(ErrorCode::network, QStringLiteral("No connection.")));
        promise.finish();
        return promise.future();
    }
};

// A desk of an earlier version, unlocked by its passphrase.
class OldDesk
{
public:
    explicit OldDesk(const SeededStore& seeded) : files_{seeded.desk()}, slots_(files_.keys(), random_)
    {
        Result<sql::SecretBytes> key = slots_.open(seeded.text("passphrase"));
        INFO((key ? std::string() : key.error().text.toStdString()));
        REQUIRE(key);
        auto opened = local::Database::open(files_, std::move(*key));
        INFO((opened ? std::string() : opened.error().text.toStdString()));
        REQUIRE(opened);
        database = std::move(*opened);
        media = std::make_unique<local::MediaStore>(*database, clock_);
        const local::DeskIdentity identity = valueOf(local::DeskSettings(*database).identity());
        CHECK(identity.org == seeded.id<OrgId>("organisation"));
        CHECK(identity.user == seeded.id<UserId>("user"));
        reader = std::make_unique<local::LocalDeskReader>(*database, *media, blobs_, clock_, identity);
    }
    // Ids of the messages that a search finds.
    QList<EntryId> found(const QString& text)
    {
        QList<EntryId> ids;
        for (const views::SearchHit& hit : valueOf(reader->search({text, 50, std::nullopt})).hits)
            ids.append(hit.message);
        return ids;
    }

private:
    SystemRandom random_;
    SystemClock clock_;
    NoBlobs blobs_;
    local::DeskFiles files_;
    local::KeySlots slots_;

public:
    std::unique_ptr<local::Database> database;
    std::unique_ptr<local::MediaStore> media;
    std::unique_ptr<local::LocalDeskReader> reader;
};

} // namespace

TEST_CASE("a central store of an earlier version verifies, is served and is appended to")
{
    const SeededStore seeded(GENERATE(QStringLiteral("v0.1")));
    const store::StoreConfig config = configOf(seeded);
    SystemClock clock;
    SystemRandom random;
    const Result<store::VerifyReport> before = store::verifyOffline(config, clock, random, {});
    INFO((before ? std::string() : before.error().text.toStdString()));
    REQUIRE(before);
    CHECK(before->good());
    CHECK(before->entries >= quint64(seeded.number("deskEntries")));
    CHECK(before->checkpoints >= 1);
    CHECK(before->signatures > 0);

    Result<std::unique_ptr<store::Store>> opened = store::Store::open(config, clock, random);
    INFO((opened ? std::string() : opened.error().text.toStdString()));
    REQUIRE(opened);
    store::Store& store = **opened;
    CHECK(store.organisation().id == seeded.id<OrgId>("organisation"));
    const auto entry = seeded.id<EntryId>("message");
    const auto found = answered<store::FeedEntry>([&](auto done) {
        store.read<store::FeedEntry>([&](store::StoreReader& reader) { return reader.feed().entry(entry); },
                                     std::move(done));
    });
    REQUIRE(found.content);
    CHECK(QString::fromUtf8(*found.content).contains(seeded.text("messageText")));

    const auto holder = seeded.id<PersonId>("holder");
    const auto held = answered<std::vector<PolicyId>>([&](auto done) {
        store.read<std::vector<PolicyId>>(
            [&](store::StoreReader& reader) { return reader.people().policiesHeldBy(holder, 10); }, std::move(done));
    });
    CHECK(std::count(held.begin(), held.end(), seeded.id<PolicyId>("policy")) == 1);

    // Checksums were made for what was there before there were any.
    const auto counted = answered<quint64>([&](auto done) {
        store.read<quint64>(
            [&](store::StoreReader& reader) -> Result<quint64> {
                quint64 entries = 0;
                const auto scopes = reader.access().scopes();
                for (const store::ScopeRow& scope : scopes.value())
                    entries += reader.feed().checksum(scope.scope.scope)->entries;
                return entries;
            },
            std::move(done));
    });
    CHECK(counted == before->entries);

    store::AppendBatch batch;
    domain::MediaCustody custody;
    custody.message = entry;
    custody.step = domain::CustodyStep::failed;
    custody.attachment.id = random.id<BlobId>();
    batch.entries.push_back(store::centralEntry(clock, random, seeded.id<ThreadId>("thread"),
                                                domain::Kind::mediaCustody, domain::toJson(custody)));
    const auto results =
        answered<std::vector<store::AppendResult>>([&](auto done) { store.append(std::move(batch), std::move(done)); });
    REQUIRE(results.size() == 1);
    CHECK(results.front().outcome == store::AppendResult::Outcome::accepted);
    CHECK(results.front().pos.value == before->entries);
    const auto after = answered<store::VerifyReport>([&](auto done) { store.verify(std::move(done)); });
    CHECK(after.good());
    CHECK(after.entries == before->entries + 1);
}

TEST_CASE("the plain hashes that an earlier version kept of people's lines are gone after the upgrade")
{
    const SeededStore seeded(QStringLiteral("v0.1"));
    const store::StoreConfig config = configOf(seeded);
    const auto digests = [&config] {
        StoreTables tables(config);
        sql::Statement count =
            tables.db().statement(QStringLiteral("SELECT count(*) FROM outside_reference WHERE length(digest) > 0"));
        REQUIRE(*count.first());
        return count.int64(0);
    };
    REQUIRE(StoreTables(config).db().execute(
        QStringLiteral("INSERT INTO outside_reference (lookup, thread, digest) VALUES (x'01', x'02', x'03')")));
    CHECK(digests() > 0);
    SystemClock clock;
    SystemRandom random;
    REQUIRE(store::Store::open(config, clock, random));
    CHECK(digests() == 0);
}

TEST_CASE("a desk of an earlier version unlocks and has everything")
{
    const SeededStore seeded(GENERATE(QStringLiteral("v0.1")));
    OldDesk desk(seeded);
    const auto message = seeded.id<EntryId>("message");
    const auto thread = seeded.id<ThreadId>("thread");
    CHECK(desk.found(QStringLiteral("scorched")).contains(message));
    CHECK(desk.found(QStringLiteral("nothing like this")).isEmpty());
    CHECK(valueOf(desk.reader->message(message)).text == seeded.text("messageText"));

    const views::MessagePage page = valueOf(desk.reader->newestMessages(thread, 50));
    REQUIRE(page.messages.size() == 2);
    CHECK(page.messages.first().id == message);
    CHECK(page.messages.last().id == seeded.id<EntryId>("pending"));
    CHECK(page.messages.last().pending);
    CHECK(page.messages.last().text == seeded.text("pendingText"));
    CHECK(valueOf(desk.reader->draft(thread, false)) == seeded.text("draft"));
    CHECK(valueOf(desk.media->get(seeded.id<BlobId>("blob"))) == QByteArray(3000, 'm'));
    CHECK(valueOf(local::DeskSettings(*desk.database).cursor()) == QByteArrayLiteral("seeded-cursor"));
    CHECK_FALSE(valueOf(local::DeskSettings(*desk.database).firstFault()));

    const auto entries = valueOf(desk.database->read<qint64>([](sql::ReadConnection& connection) -> Result<qint64> {
        sql::Statement count = connection.statement(QStringLiteral("SELECT count(*) FROM entry"));
        const Result<bool> counted = count.first();
        return counted ? Result<qint64>(count.int64(0)) : tl::unexpected(counted.error());
    }));
    CHECK(entries == seeded.number("deskEntries"));
    const auto differ = valueOf(desk.database->read<qint64>([](sql::ReadConnection& connection) -> Result<qint64> {
        sql::Statement count = connection.statement(QStringLiteral(
            "SELECT count(*) FROM thread WHERE held <> (SELECT count(*) FROM entry WHERE entry.thread = thread.id)"
            " OR (held > 0 AND checksum = 0)"));
        const Result<bool> counted = count.first();
        return counted ? Result<qint64>(count.int64(0)) : tl::unexpected(counted.error());
    }));
    CHECK(differ == 0); // checksums were made for what was there before there were any
}

TEST_CASE("a desk of an earlier version can fold its log anew")
{
    const SeededStore seeded(GENERATE(QStringLiteral("v0.1")));
    OldDesk desk(seeded);
    local::Applier applier(*desk.database, seeded.id<OrgId>("organisation"), seeded.id<UserId>("user"));
    QFuture<Result<void>> rebuilt = applier.rebuild();
    rebuilt.waitForFinished();
    REQUIRE(rebuilt.result());
    CHECK(desk.found(QStringLiteral("scorched")).contains(seeded.id<EntryId>("message")));
    CHECK(valueOf(desk.reader->newestMessages(seeded.id<ThreadId>("thread"), 50)).messages.size() == 2);
}

TEST_CASE("a wrong passphrase leaves an earlier version's desk as it was")
{
    const SeededStore seeded(GENERATE(QStringLiteral("v0.1")));
    SystemRandom random;
    const local::KeySlots keySlots(local::DeskFiles{seeded.desk()}.keys(), random);
    const Result<sql::SecretBytes> key = keySlots.open(seeded.text("passphrase") + u'!');
    REQUIRE_FALSE(key);
    CHECK(key.error().code == ErrorCode::wrongKey);
    CHECK(keySlots.open(seeded.text("passphrase")));
}

// Erasing: what was erased cannot be decrypted with any key that still exists, its neighbours can, and the log still
// verifies.
#include "central/store/content_seal.h"
#include "central/store/context.h"
#include "central/store/open_database.h"
#include "central/store/raw_rows.h"
#include "tests/central_store/store_fixture.h"
#include "tests/local/decrypted_pages.h"

#include <QFile>

using namespace holdfast;
using namespace holdfast::store;
using namespace holdfast::test;
using domain::Kind;

namespace {

const QByteArray secret = "Zephyrquartz";
const QByteArray fileName = "Xylophone.jpg";
const QByteArray neighbour = "Olivinefels";

// The store's tables and keys while it is closed: whoever holds both.
class Vault
{
public:
    Vault(StoreFixture& fixture, const Organisation& organisation)
        : keys_(*Keyring::load(fixture.config().keyDirectory, {})),
          database_(*openDatabase(fixture.config(), keys_, sql::OpenMode::mustExist)),
          db_(*database_.database->openWriter()), organisation_(organisation),
          threadKeys_(keys_, fixture.random), context_{*db_,          db_.get(),     keys_,         threadKeys_,
                                                       organisation_, fixture.clock, fixture.random}
    {}
    [[nodiscard]] VerifyReport verify() { return *verifyStore(context_); }
    [[nodiscard]] const Keyring& keys() const { return keys_; }
    [[nodiscard]] QList<QByteArray> column(const QString& sql)
    {
        QList<QByteArray> values;
        sql::Statement query = db_->statement(sql);
        REQUIRE(query.forEach([&values](sql::Statement& row) { values.append(row.bytes(0)); }));
        return values;
    }
    [[nodiscard]] QByteArray sealedAt(const EntryId& entry)
    {
        sql::Statement query = db_->statement(QStringLiteral(
            "SELECT c.sealed FROM content c JOIN entry_position p ON p.pos = c.pos WHERE p.entry_id = ?"));
        const Result<bool> found = query.first(entry);
        REQUIRE(found);
        return *found ? query.bytes(0) : QByteArray();
    }
    // With every generation of every thread's key that the store and the key files still give.
    [[nodiscard]] bool anyKeyOpens(const EntryId& entry, const QByteArray& sealed)
    {
        std::vector<std::pair<ThreadId, qint64>> generations;
        {
            sql::Statement query = db_->statement(QStringLiteral("SELECT thread, generation FROM thread_key"));
            REQUIRE(query.forEach(
                [&](sql::Statement& row) { generations.emplace_back(row.id<ThreadId>(0), row.int64(1)); }));
        }
        for (const auto& [thread, generation] : generations) {
            const Result<QByteArray> key = threadKeys_.ofGeneration(*db_, thread, generation);
            REQUIRE(key);
            for (const qint64 bound : {qint64(1), qint64(2), qint64(3), generation}) {
                if (openContent(*key, bound, entry, sealed))
                    return true;
            }
        }
        return false;
    }
    // Everything that can be decrypted: contents, files, jobs, raw bodies.
    [[nodiscard]] QByteArray readable()
    {
        QByteArray all;
        StoreReader reader(context_);
        const LogHead head = *reader.feed().head();
        for (quint64 pos = 0; pos < head.size; ++pos)
            all += reader.feed().entryAt(Position{pos})->content.value_or(QByteArray()) + '\n';
        for (const QByteArray& id : column(QStringLiteral("SELECT blob FROM blob WHERE complete = 1"))) {
            const BlobId blob = *BlobId::fromBytes(id);
            all += *reader.blobs().range(blob, 0, reader.blobs().facts(blob)->size);
        }
        for (const QByteArray& id : column(QStringLiteral("SELECT thread FROM thread_head"))) {
            const std::vector<Job> jobs = *reader.sends().ofThread(*ThreadId::fromBytes(id));
            for (const Job& job : jobs)
                all += job.payload;
        }
        sql::Statement raw = db_->statement(QStringLiteral("SELECT id FROM raw_inbox"));
        std::vector<qint64> bodies;
        REQUIRE(raw.forEach([&](sql::Statement& row) { bodies.push_back(row.int64(0)); }));
        for (const qint64 body : bodies)
            all += reader.inbox().item(body)->bytes;
        return all;
    }
    [[nodiscard]] sql::WriteConnection& db() { return *db_; }

private:
    Keyring keys_;
    OpenDatabase database_;
    std::unique_ptr<sql::WriteConnection> db_;
    Organisation organisation_;
    ThreadKeys threadKeys_;
    Context context_;
};

// Two customers with a case each; of the first, one message with a file is the one to go.
struct Erasing
{
    explicit Erasing(Dialect dialect) : fixture(dialect), organisation(fixture.store().organisation())
    {
        open(thread, person);
        open(other, somebody);
        (void)say(thread, person, "the first words stay");
        victim = say(thread, person, secret, file);
        custody();
        (void)say(thread, person, "the last words stay");
        kept = say(other, somebody, neighbour, otherFile);
        job();
        raw();
    }
    void open(const ThreadId& id, const PersonId& by)
    {
        domain::PersonFacts facts;
        facts.name = QString::fromLatin1(by == person ? secret : neighbour);
        facts.phones = {by == person ? QStringLiteral("+27825550143") : QStringLiteral("+27825550144")};
        EntryToAppend record = fixture.central(by, Kind::personFacts, domain::toJson(facts));
        record.newThreadScope = organisation.everyone;
        domain::ThreadOpened opened;
        opened.scope = fixture.random.id<ScopeId>();
        opened.person = by;
        opened.channel = QStringLiteral("main");
        (void)fixture.append({record, fixture.central(id, Kind::threadOpened, domain::toJson(opened))});
    }
    EntryId say(const ThreadId& id, const PersonId& by, const QByteArray& text, const BlobId& blob = {})
    {
        domain::CustomerMessage message;
        message.person = by;
        message.channel = QStringLiteral("main");
        message.providerId = QStringLiteral("wamid.") + QString::fromLatin1(text.left(8).toHex());
        message.providerAt = fixture.clock.now();
        message.type = QStringLiteral("text");
        message.text = QString::fromLatin1(text);
        if (!blob.isNull()) {
            put(blob, id, (text + ' ').repeated(30'000));
            message.attachments = {{blob, -1, {}, {}, {}}};
        }
        const EntryToAppend entry = fixture.central(id, Kind::customerMessage, domain::toJson(message));
        (void)fixture.append({entry});
        return entry.author.entryId;
    }
    void put(const BlobId& blob, const ThreadId& id, const QByteArray& bytes)
    {
        BlobFacts facts;
        facts.id = blob;
        facts.thread = id;
        facts.size = bytes.size();
        facts.mime = QStringLiteral("image/jpeg");
        facts.sha256 = sha256({bytes});
        REQUIRE(fixture.write<BlobFacts>([&](StoreWriter& writer) { return writer.blobs().begin(facts); }));
        for (qint64 at = 0; at * blobChunkBytes < bytes.size(); ++at) {
            REQUIRE(await<BlobFacts>([&](auto done) {
                fixture.store().putBlobChunk(blob, at, bytes.mid(at * blobChunkBytes, blobChunkBytes), std::move(done));
            }));
        }
    }
    void custody()
    {
        domain::MediaCustody step;
        step.message = victim;
        step.step = domain::CustodyStep::stored;
        step.attachment = {file, 10, QStringLiteral("image/jpeg"), QString::fromLatin1(fileName), sha256({"x"})};
        (void)fixture.append({fixture.central(thread, Kind::mediaCustody, domain::toJson(step))});
    }
    void job()
    {
        REQUIRE(fixture.write<bool>([&](StoreWriter& writer) -> Result<bool> {
            Job of;
            of.entry = victim;
            of.thread = thread;
            of.channel = QStringLiteral("main");
            of.state = QStringLiteral("waiting");
            of.payload = secret;
            const Status put = writer.sends().put(of);
            return put ? Result<bool>(true) : tl::unexpected(put.error());
        }));
    }
    void raw()
    {
        for (const QByteArray& text : {secret, neighbour}) {
            const QByteArray body =
                R"({"messages":[{"id":"wamid.)" + text.left(8).toHex() + R"(","text":")" + text + "\"}]}";
            const auto id = await<qint64>(
                [&](auto done) { fixture.store().putRaw(QStringLiteral("main"), body, std::move(done)); });
            REQUIRE(id);
            REQUIRE(fixture.write<bool>([&](StoreWriter& writer) -> Result<bool> {
                const Status done = writer.inbox().done(*id);
                return done ? Result<bool>(true) : tl::unexpected(done.error());
            }));
        }
    }
    Result<ErasureReport> erase(const ErasureRequest& request)
    {
        return await<ErasureReport>([&](auto done) { fixture.store().erase(request, {}, std::move(done)); });
    }
    [[nodiscard]] std::optional<PersonId> byPhone(const QString& phone)
    {
        return *fixture.read<std::optional<PersonId>>(
            [&](StoreReader& reader) { return reader.people().personByPhone(phone); });
    }

    StoreFixture fixture;
    Organisation organisation;
    ThreadId thread = fixture.random.id<ThreadId>();
    ThreadId other = fixture.random.id<ThreadId>();
    PersonId person = fixture.random.id<PersonId>();
    PersonId somebody = fixture.random.id<PersonId>();
    BlobId file = fixture.random.id<BlobId>();
    BlobId otherFile = fixture.random.id<BlobId>();
    EntryId victim, kept;
};

} // namespace

TEST_CASE("an erased message cannot be read with any key that is left; its neighbours can, and the log verifies")
{
    const Dialect dialect = GENERATE(Dialect::embedded, Dialect::postgres);
    Erasing of(dialect);
    StoreFixture& fixture = of.fixture;
    (void)fixture.checkpoint();
    fixture.close();
    QByteArray sealed;
    QByteArray keptSealed;
    {
        Vault vault(fixture, of.organisation);
        sealed = vault.sealedAt(of.victim);
        keptSealed = vault.sealedAt(of.kept);
        CHECK(vault.anyKeyOpens(of.victim, sealed)); // the control of the attempt itself
        const QByteArray readable = vault.readable();
        CHECK(readable.contains(secret));
        CHECK(readable.contains(fileName));
        CHECK(vault.verify().erased == 0);
    }
    fixture.open();
    ErasureRequest request;
    request.entries = {of.victim};
    request.reason = QStringLiteral("asked");
    const Result<ErasureReport> report = of.erase(request);
    REQUIRE(report);
    CHECK(report->entries == 2); // the message, and the step that names its file
    CHECK(report->blobs == 1);
    CHECK(report->threads == 1);
    CHECK(of.erase(request)->entries == 0); // nothing is left to erase
    // The thread goes on under its new key.
    const EntryId later = of.say(of.thread, of.person, "later words");
    (void)fixture.checkpoint();
    fixture.close();

    Vault vault(fixture, of.organisation);
    const VerifyReport verified = vault.verify();
    CHECK(verified.good());
    CHECK(verified.erased == 2);
    CHECK(vault.sealedAt(of.victim).isEmpty());
    CHECK_FALSE(vault.anyKeyOpens(of.victim, sealed));
    CHECK(vault.anyKeyOpens(of.kept, keptSealed));
    CHECK(vault.anyKeyOpens(later, vault.sealedAt(later)));
    const QByteArray readable = vault.readable();
    CHECK(readable.count(secret) == 1); // the person's facts are another thread's
    CHECK_FALSE(readable.contains(fileName));
    CHECK(readable.contains("the first words stay"));
    CHECK(readable.contains("the last words stay"));
    CHECK(readable.count(neighbour) > 3);
    CHECK(vault.column(QStringLiteral("SELECT blob FROM blob")) == QList<QByteArray>{of.otherFile.toBytes()});
    if (dialect == Dialect::embedded) {
        const QByteArray key = vault.keys().databaseKey();
        const QByteArray pages = decryptedPages(fixture.databaseFile(), key);
        CHECK_FALSE(pages.contains(sealed.first(32)));
        CHECK(pages.contains(keptSealed.first(32)));
    }
}

TEST_CASE("an erasure that was cut off half-way is served as ever and ends after the next start")
{
    Erasing of(GENERATE(Dialect::embedded, Dialect::postgres));
    StoreFixture& fixture = of.fixture;
    for (int i = 0; i < 450; ++i) // more than two pieces
        (void)of.say(of.thread, of.person, "message " + QByteArray::number(i));
    const auto generations = [&] {
        return Vault(fixture, of.organisation)
            .column(QStringLiteral("SELECT DISTINCT c.generation FROM content c JOIN entry_header h ON h.pos = c.pos "
                                   "ORDER BY c.generation DESC"))
            .size();
    };
    // As a crash leaves it: the erasure is committed, one piece is done.
    REQUIRE(fixture.write<bool>([&](StoreWriter& writer) -> Result<bool> {
        const Status begun = writer.rekeying().begin(of.thread);
        return begun ? writer.rekeying().step() : tl::unexpected(begun.error());
    }));
    fixture.close();
    CHECK(generations() == 2);
    {
        Vault vault(fixture, of.organisation);
        CHECK(vault.readable().count("message ") == 450);
        CHECK(vault.column(QStringLiteral("SELECT thread FROM rekeying")).size() == 1);
    }
    fixture.open();
    const EntryId later = of.say(of.thread, of.person, "written in between");
    REQUIRE(await<void>([&](auto done) { fixture.store().settleErasures(std::move(done)); }));
    REQUIRE(await<void>([&](auto done) { fixture.store().settleErasures(std::move(done)); })); // nothing is left
    fixture.close();
    Vault vault(fixture, of.organisation);
    CHECK(vault.verify().good());
    CHECK(vault.column(QStringLiteral("SELECT thread FROM rekeying")).isEmpty());
    CHECK(vault.column(QStringLiteral("SELECT k.thread FROM thread_key k GROUP BY k.thread HAVING count(*) > 1"))
              .isEmpty());
    CHECK(vault.readable().count("message ") == 450);
    CHECK(vault.readable().contains((secret + ' ').repeated(100))); // the file
    CHECK(vault.anyKeyOpens(later, vault.sealedAt(later)));
}

TEST_CASE("a content that is damaged does not keep the rest of its thread from being erased")
{
    Erasing of(Dialect::embedded);
    StoreFixture& fixture = of.fixture;
    const EntryId damaged = of.say(of.thread, of.person, "soon unreadable");
    fixture.close();
    {
        Vault vault(fixture, of.organisation);
        QByteArray sealed = vault.sealedAt(damaged);
        sealed.back() = char(sealed.back() ^ 1);
        REQUIRE(vault.db()
                    .statement(QStringLiteral("UPDATE content SET sealed = ? WHERE pos = (SELECT pos FROM "
                                              "entry_position WHERE entry_id = ?)"))
                    .exec(sealed, damaged));
    }
    fixture.open();
    ErasureRequest request;
    request.entries = {of.victim};
    const Result<ErasureReport> report = of.erase(request);
    REQUIRE(report);
    CHECK(report->settled);
    CHECK(fixture.store().incidents().damagedValues > 0);
    fixture.close();
    Vault vault(fixture, of.organisation);
    CHECK(vault.readable().count(secret) == 1);
    CHECK(vault.readable().contains("the last words stay"));
}

TEST_CASE("a whole thread and a person are erased but for the log's structure")
{
    Erasing of(GENERATE(Dialect::embedded, Dialect::postgres));
    StoreFixture& fixture = of.fixture;
    (void)fixture.append({fixture.central(
        of.thread, Kind::threadMoved,
        domain::toJson(domain::ThreadMoved{fixture.random.id<ScopeId>(), fixture.random.id<ScopeId>()}))});
    REQUIRE(of.byPhone(QStringLiteral("+27825550143")) == of.person);
    ErasureRequest request;
    request.person = of.person;
    const Result<ErasureReport> report = of.erase(request);
    REQUIRE(report);
    CHECK(report->threads == 2); // the case and the person's facts
    CHECK(of.byPhone(QStringLiteral("+27825550143")) == std::nullopt);
    CHECK(of.byPhone(QStringLiteral("+27825550144")) == of.somebody);
    CHECK(
        fixture.read<domain::PersonFacts>([&](StoreReader& r) { return r.people().person(of.person); }).error().code ==
        ErrorCode::notFound);
    (void)fixture.checkpoint();
    fixture.close();
    Vault vault(fixture, of.organisation);
    const VerifyReport verified = vault.verify();
    INFO((verified.findings.empty() ? std::string() : verified.findings.front().what.toStdString()));
    CHECK(verified.good());
    CHECK(verified.erased == 5); // a person's facts, three messages, the step of a file
    const QByteArray readable = vault.readable();
    CHECK_FALSE(readable.contains(secret));
    CHECK_FALSE(readable.contains("words stay"));
    CHECK(readable.contains(neighbour));
}

TEST_CASE("what holds no personal text, or judges erasures, is not erased")
{
    Erasing of(Dialect::embedded);
    StoreFixture& fixture = of.fixture;
    const auto structural = fixture.append({fixture.central(
        of.thread, Kind::threadMoved,
        domain::toJson(domain::ThreadMoved{fixture.random.id<ScopeId>(), fixture.random.id<ScopeId>()}))});
    const auto recorded = fixture.append({fixture.central(of.organisation.auditThread, Kind::exported, "{}")});
    const auto code = [&](const ErasureRequest& request) { return of.erase(request).error().code; };
    CHECK(code({{structural.front().entry}, {}, {}, {}}) == ErrorCode::denied);
    CHECK(code({{recorded.front().entry}, {}, {}, {}}) == ErrorCode::denied);
    CHECK(code({{of.victim, fixture.random.id<EntryId>()}, {}, {}, {}}) == ErrorCode::notFound); // all or nothing
    CHECK(code({{}, of.organisation.structure, {}, {}}) == ErrorCode::denied);
    CHECK(code({{}, fixture.random.id<ThreadId>(), {}, {}}) == ErrorCode::notFound);
    fixture.close();
    Vault vault(fixture, of.organisation);
    CHECK(vault.verify().erased == 0);
    CHECK(vault.readable().contains(secret));
}

TEST_CASE("a content that nothing erased is still named, and so is a structural one that is missing")
{
    Erasing of(Dialect::embedded);
    StoreFixture& fixture = of.fixture;
    ErasureRequest request;
    request.entries = {of.victim};
    REQUIRE(of.erase(request));
    fixture.close();
    Vault vault(fixture, of.organisation);
    REQUIRE(vault.verify().good());
    REQUIRE(vault.db()
                .statement(QStringLiteral("DELETE FROM content WHERE pos = (SELECT pos FROM entry_position "
                                          "WHERE entry_id = ?)"))
                .exec(of.kept));
    const VerifyReport report = vault.verify();
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings.front().entry == of.kept);
}

TEST_CASE("a store that is older than the journal is cleaned before it serves anything")
{
    Erasing of(Dialect::embedded);
    StoreFixture& fixture = of.fixture;
    fixture.close();
    const QString file = fixture.databaseFile();
    const QString backup = file + QStringLiteral(".backup");
    REQUIRE(QFile::copy(file, backup));
    fixture.open();
    ErasureRequest request;
    request.entries = {of.victim};
    REQUIRE(of.erase(request));
    request.entries.clear();
    request.person = of.person;
    REQUIRE(of.erase(request));
    fixture.close();

    QFile journal(fixture.config().keyDirectory + QStringLiteral("/erasures.log"));
    REQUIRE(journal.open(QIODevice::ReadOnly));
    const QByteArray lines = journal.readAll();
    CHECK(lines.count('\n') == 3);
    CHECK_FALSE(lines.contains(secret));
    // The older store comes back, and with it what was erased. (Its anchor would refuse it before: that is another
    // wall.)
    for (const QString& old : {file, file + QStringLiteral("-wal"), file + QStringLiteral("-shm"),
                               fixture.config().keyDirectory + QStringLiteral("/anchor.note")})
        QFile::remove(old);
    REQUIRE(QFile::copy(backup, file));
    {
        Vault vault(fixture, of.organisation);
        REQUIRE(vault.readable().contains(secret));
    }
    fixture.open();
    CHECK(fixture.store().erasures().holds(of.victim));
    CHECK_FALSE(fixture.store().erasures().holds(of.kept));
    fixture.close();
    Vault vault(fixture, of.organisation);
    CHECK(vault.verify().good());
    CHECK_FALSE(vault.readable().contains(secret));
    CHECK(vault.readable().contains(neighbour));
}

TEST_CASE("a torn last line of the journal is passed over, a damaged one stops the store")
{
    Erasing of(Dialect::embedded);
    StoreFixture& fixture = of.fixture;
    ErasureRequest request;
    request.entries = {of.victim};
    REQUIRE(of.erase(request));
    fixture.close();
    QFile journal(fixture.config().keyDirectory + QStringLiteral("/erasures.log"));
    REQUIRE(journal.open(QIODevice::ReadWrite | QIODevice::Append));
    journal.write("{\"thread\":\"");
    journal.close();
    fixture.open();
    CHECK(fixture.store().erasures().holds(of.victim));
    request.entries = {of.kept};
    REQUIRE(of.erase(request));
    fixture.close();
    fixture.open(); // the new line did not continue the torn one
    CHECK(fixture.store().erasures().holds(of.kept));
    fixture.close();
    REQUIRE(journal.open(QIODevice::ReadWrite));
    journal.write("#");
    journal.close();
    CHECK(Store::open(fixture.config(), fixture.clock, fixture.random).error().code == ErrorCode::corrupt);
}

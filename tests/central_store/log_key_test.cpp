// The log's signing key changes, and the checkpoints that are kept elsewhere.
#include "central/store/daily_anchor.h"
#include "central/store/offline.h"
#include "models/log/checkpoint.h"
#include "tests/central_store/store_fixture.h"

#include <QDir>
#include <QFile>

using namespace holdfast;
using namespace holdfast::store;
using namespace holdfast::test;

namespace {

void changeKey(StoreFixture& fixture)
{
    const OrgId org = fixture.store().organisation().id;
    fixture.close();
    REQUIRE(Keyring::changeLogKey(fixture.config().keyDirectory, {}, org, fixture.random));
    fixture.open();
}

ProofAnswer proofs(StoreFixture& fixture)
{
    const auto answer = await<ProofAnswer>([&](auto done) { fixture.store().proofs(0, {}, done); });
    REQUIRE(answer);
    return *answer;
}

VerifyReport verified(const StoreFixture& fixture, const QString& anchors = {})
{
    SystemClock clock;
    SystemRandom random;
    const Result<VerifyReport> report = verifyOffline(fixture.config(), clock, random, anchors);
    INFO((report ? std::string() : report.error().text.toStdString()));
    REQUIRE(report);
    for (const Finding& finding : report->findings)
        UNSCOPED_INFO(finding.what.toStdString());
    return *report;
}

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    REQUIRE(file.open(QIODevice::ReadOnly));
    return file.readAll();
}

void put(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    REQUIRE(file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

} // namespace

TEST_CASE("the log's key changes with a log.key entry, and everything before and after it verifies")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    (void)fixture.openRoom();
    (void)fixture.checkpoint();
    const QByteArray first = fixture.store().organisation().logPublicKey;
    changeKey(fixture);
    CHECK(fixture.store().organisation().logPublicKey == first); // until the next checkpoint, which is signed anew
    const QByteArray note = fixture.checkpoint();
    const QByteArray second = fixture.store().keys().logKey().publicKey();
    CHECK(second != first);
    CHECK(log::openCheckpoint(note, QByteArrayView(second)));
    CHECK_FALSE(log::openCheckpoint(note, QByteArrayView(first)));
    changeKey(fixture);
    (void)fixture.openRoom();
    (void)fixture.checkpoint();

    const ProofAnswer answer = proofs(fixture);
    REQUIRE(answer.handovers.size() == 2);
    const auto path = log::handoversFrom(fixture.store().organisation().id, first, answer.handovers);
    REQUIRE(path.size() == 2);
    CHECK(path[1].next == fixture.store().keys().logKey().publicKey());
    CHECK(log::openCheckpoint(answer.checkpoint, QByteArrayView(path[1].next)));
    fixture.close();
    const VerifyReport report = verified(fixture);
    CHECK(report.good());
    CHECK(report.checkpoints >= 3);

    // The store's own record of the changes is not what makes its first key the log's.
    REQUIRE(QFile::remove(fixture.config().keyDirectory + QStringLiteral("/log.key.handovers")));
    CHECK(verified(fixture).findingCount == 1);
}

TEST_CASE("a change of the key that was interrupted is finished by the next one, and a finished one is not done twice")
{
    StoreFixture fixture(Dialect::embedded);
    const QString signer = fixture.config().keyDirectory + QStringLiteral("/log.key");
    const OrgId org = fixture.store().organisation().id;
    const QByteArray oldSeed = contentOf(signer);
    changeKey(fixture);
    const QByteArray newSeed = contentOf(signer);
    const QByteArray handovers = contentOf(signer + QStringLiteral(".handovers"));
    fixture.close();
    const auto change = [&] { return Keyring::changeLogKey(fixture.config().keyDirectory, {}, org, fixture.random); };
    const auto putKey = [](const QString& path, const QByteArray& seed) {
        put(path, seed);
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner);
    };
    // Broken off before the new key took the old one's place.
    putKey(signer, oldSeed);
    putKey(signer + QStringLiteral(".next"), newSeed);
    REQUIRE(change());
    CHECK(contentOf(signer) == newSeed);
    CHECK(contentOf(signer + QStringLiteral(".handovers")) == handovers);
    CHECK_FALSE(QFile::exists(signer + QStringLiteral(".next")));
    // Broken off before the tidying: the next change makes a third key.
    putKey(signer + QStringLiteral(".next"), newSeed);
    REQUIRE(change());
    CHECK(contentOf(signer) != newSeed);
    fixture.open();
    (void)fixture.checkpoint();
    CHECK(proofs(fixture).handovers.size() == 2);
}

TEST_CASE("a program with the old key signs nothing any more, and a key that nobody handed over opens no store")
{
    StoreFixture fixture(Dialect::embedded);
    const QString signer = fixture.config().keyDirectory + QStringLiteral("/log.key");
    const QByteArray oldSeed = contentOf(signer);
    changeKey(fixture);
    (void)fixture.checkpoint();
    fixture.close();
    REQUIRE(QFile::remove(signer));
    put(signer, oldSeed);
    QFile::setPermissions(signer, QFile::ReadOwner | QFile::WriteOwner);
    const auto withOld = Store::open(fixture.config(), fixture.clock, fixture.random);
    REQUIRE_FALSE(withOld);
    CHECK(withOld.error().code == ErrorCode::wrongKey);
    put(signer, QByteArray(64, 'a'));
    CHECK(Store::open(fixture.config(), fixture.clock, fixture.random).error().code == ErrorCode::wrongKey);
}

TEST_CASE("one checkpoint a day is anchored, never overwritten, and cannot be written to")
{
    const QTemporaryDir folder;
    const DailyAnchor daily(folder.path());
    constexpr qint64 day = 24LL * 3600 * 1'000'000;
    const Timestamp noon{20'000 * day + day / 2};
    REQUIRE(daily.keep("first", noon));
    REQUIRE(daily.keep("second", Timestamp{noon.value + day / 2 - 1}));
    REQUIRE(daily.keep("third", Timestamp{noon.value + day / 2}));
    const auto kept = keptAnchors(folder.path());
    REQUIRE(kept);
    REQUIRE(kept->size() == 2);
    CHECK((*kept)[0].name == QStringLiteral("2024-10-04.note"));
    CHECK((*kept)[0].note == "first");
    CHECK((*kept)[1].note == "third");
    CHECK_FALSE(QFile::permissions(folder.filePath((*kept)[0].name)) & QFile::WriteOwner);
    CHECK(DailyAnchor({}).keep("note", noon)); // none is asked for
    CHECK_FALSE(DailyAnchor(folder.filePath(QStringLiteral("none"))).keep("note", noon));
    // A folder that is not there is no anchor that was taken away: it is said, and central does not start.
    const QString none = folder.filePath(QStringLiteral("none"));
    CHECK(keptAnchors(none).error().code == ErrorCode::io);
    CHECK(DailyAnchor(none).check().error().text.contains(none));
    CHECK(DailyAnchor(folder.path()).check());
    CHECK(DailyAnchor({}).check());
    REQUIRE(QDir().mkpath(none));
    CHECK(keptAnchors(none).error().code == ErrorCode::notFound);
}

TEST_CASE("T3 T5 T6: anchors tell a cut, rolled back or newly written log; the first one that does not fit is named")
{
    StoreFixture fixture(Dialect::embedded);
    const QString anchors = fixture.directory() + QStringLiteral("/anchors");
    REQUIRE(QDir().mkpath(anchors));
    fixture.close();
    fixture.config().anchorDirectory = anchors;
    fixture.open();
    (void)fixture.openRoom();
    const QByteArray note = fixture.checkpoint();
    const auto kept = keptAnchors(anchors);
    REQUIRE(kept);
    REQUIRE(kept->size() == 1);
    CHECK(kept->front().note == note);
    changeKey(fixture);
    (void)fixture.openRoom();
    const QByteArray later = fixture.checkpoint();
    const auto newest = *log::openCheckpoint(later, QByteArrayView(fixture.store().keys().logKey().publicKey()));
    fixture.close();
    put(anchors + QStringLiteral("/2999-01-01.note"), later);
    const VerifyReport good = verified(fixture, anchors);
    CHECK(good.good());
    CHECK(good.anchors == 2);

    const auto keys = *Keyring::load(fixture.config().keyDirectory, {});
    const auto expect = [&](const QByteArray& wrong, const QString& words) {
        put(anchors + QStringLiteral("/2999-01-02.note"), wrong);
        const VerifyReport report = verified(fixture, anchors);
        REQUIRE(report.findings.size() == 1);
        CHECK(report.findings.front().what.contains(QStringLiteral("2999-01-02.note")));
        CHECK(report.findings.front().what.contains(words));
    };
    log::Checkpoint other = newest;
    other.size += 7;
    expect(log::signCheckpoint(other, keys.logKey()), QStringLiteral("cut or restored"));
    other = newest;
    other.root = sha256({"another history"});
    expect(log::signCheckpoint(other, keys.logKey()), QStringLiteral("written anew"));
    const auto stranger = *log::SigningKey::fromSeed(QByteArray(32, 's'));
    expect(log::signCheckpoint(newest, stranger), QStringLiteral("not a checkpoint"));
    expect(QByteArray(70'000, 'n'), QStringLiteral("not a checkpoint"));
    REQUIRE(QFile::remove(anchors + QStringLiteral("/2999-01-02.note")));
    CHECK(verified(fixture, anchors).good());
}

#include "central/store/epoch.h"
#include "models/log/checkpoint.h"
#include "tests/central_store/store_fixture.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

using namespace holdfast;
using namespace holdfast::store;
using namespace holdfast::test;

namespace {

log::Checkpoint opened(const QByteArray& note, const Organisation& organisation)
{
    const Result<log::Checkpoint> checkpoint = log::openCheckpoint(note, organisation.logPublicKey);
    REQUIRE(checkpoint);
    return *checkpoint;
}

} // namespace

TEST_CASE("a restored store begins a new epoch, and the log says from what")
{
    StoreFixture fixture(GENERATE(Dialect::embedded, Dialect::postgres));
    const Organisation before = fixture.store().organisation();
    const auto room = fixture.openRoom();
    Desk desk(fixture);
    desk.enrol();
    (void)fixture.append({desk.say(room.thread, QStringLiteral("kept"))});
    const log::Checkpoint kept = opened(fixture.checkpoint(), before);
    fixture.close();
    // Not behind: nothing to begin, nothing changed.
    const auto early = beginEpoch(fixture.config(), fixture.clock, fixture.random);
    REQUIRE_FALSE(early);
    CHECK(early.error().code == ErrorCode::conflict);
    fixture.backUp();

    fixture.open();
    for (int i = 0; i < 3; ++i)
        (void)fixture.append({desk.say(room.thread, QStringLiteral("lost"))});
    const QByteArray lostNote = fixture.checkpoint();
    const log::Checkpoint lost = opened(lostNote, before);
    fixture.close();
    fixture.restore();
    const auto refused = Store::open(fixture.config(), fixture.clock, fixture.random);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().text.contains(QStringLiteral("epoch begin")));

    const auto begun = beginEpoch(fixture.config(), fixture.clock, fixture.random);
    REQUIRE(begun);
    CHECK(begun->from == Epoch{1});
    CHECK(begun->epoch == Epoch{2});
    CHECK(begun->size == kept.size);
    CHECK(begun->root == kept.root);
    CHECK(begun->lost == lost.size - kept.size);
    CHECK_FALSE(beginEpoch(fixture.config(), fixture.clock, fixture.random));

    fixture.open();
    CHECK(fixture.store().organisation().epoch == Epoch{2});
    const auto first =
        fixture.read<FeedEntry>([&](StoreReader& reader) { return reader.feed().entryAt(Position{kept.size}); });
    REQUIRE(first);
    CHECK(first->kind == domain::number(domain::Kind::epochBegan));
    CHECK(log::decodeHeader(first->header)->epoch == Epoch{2});
    const QJsonObject content = QJsonDocument::fromJson(*first->content).object();
    CHECK(content.value(QStringLiteral("epoch")).toInt() == 1);
    CHECK(quint64(content.value(QStringLiteral("size")).toInt()) == kept.size);
    CHECK(content.value(QStringLiteral("root")).toString().toLatin1() == kept.root.toBytes().toHex());
    CHECK(content.value(QStringLiteral("anchor")).toString().toUtf8() == lostNote);
    QFile anchor(fixture.config().keyDirectory + QStringLiteral("/anchor.note"));
    REQUIRE(anchor.open(QIODevice::ReadOnly));
    CHECK(opened(anchor.readAll(), before).epoch == Epoch{2});

    (void)fixture.append({desk.say(room.thread, QStringLiteral("after"))});
    CHECK(opened(fixture.checkpoint(), before).epoch == Epoch{2});
    const auto report = await<VerifyReport>([&](auto done) { fixture.store().verify(done); });
    REQUIRE(report);
    CHECK(report->findingCount == 0);
}

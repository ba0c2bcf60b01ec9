#include "tests/ui_conversation/pane_fixture.h"
#include "ui/conversation/message_item.h"

#include <QAbstractButton>
#include <QPainter>

using namespace holdfast;
using namespace holdfast::test;

namespace {

// A message in the upper half of the view, and where its body stands.
struct Kept
{
    EntryId id;
    int y = 0;
};

Kept firstShown(PaneFixture& f)
{
    for (int row = 0; row < f.rows().count(); ++row) {
        const QRect body = f.view().bodyOf(f.rows().at(row).id);
        if (body.top() >= 0)
            return {f.rows().at(row).id, body.top()};
    }
    return {};
}

// The anchor is the first message of which a part is in sight.
Kept anchorOf(PaneFixture& f)
{
    for (int row = 0; row < f.rows().count(); ++row) {
        const QRect body = f.view().bodyOf(f.rows().at(row).id);
        const int bottom = f.view().itemTop(row) + f.view().item(row)->geometry().height;
        if (bottom > 0)
            return {f.rows().at(row).id, body.top()};
    }
    return {};
}

void toMiddle(PaneFixture& f)
{
    QScrollBar* bar = f.view().verticalScrollBar();
    bar->setValue(bar->maximum() / 2 + 7);
    QTest::qWait(1);
}

} // namespace

TEST_CASE("What is read stays where it is when fifty messages come in above")
{
    PaneFixture f;
    f.fill(600);
    REQUIRE(soon([&] { return f.rows().isLoaded(); }));
    f.fake.hold(true);
    QScrollBar* bar = f.view().verticalScrollBar();
    bar->setValue(200);
    QTest::qWait(1);
    REQUIRE(f.fake.heldCount() > 0);
    const Kept kept = firstShown(f);
    const int before = f.rows().rowOf(kept.id);
    f.fake.hold(false);
    f.fake.releaseAll();
    REQUIRE(soon([&] { return f.rows().rowOf(kept.id) >= before + 50; }));
    CHECK(std::abs(f.view().bodyOf(kept.id).top() - kept.y) <= 1);
}

TEST_CASE("The anchored message stays within a pixel over every width")
{
    PaneFixture f;
    f.fill(200);
    REQUIRE(soon([&] { return f.rows().isLoaded(); }));
    toMiddle(f);
    for (int width = 480; width <= 1600; width += 35) {
        CAPTURE(width);
        const Kept kept = anchorOf(f);
        REQUIRE_FALSE(kept.id.isNull());
        f.pane->resize(width, 828);
        QTest::qWait(0);
        CHECK(std::abs(f.view().bodyOf(kept.id).top() - kept.y) <= 1);
    }
}

TEST_CASE("The anchored message stays over changes of scheme and text size")
{
    PaneFixture f;
    f.fill(200);
    REQUIRE(soon([&] { return f.rows().isLoaded(); }));
    toMiddle(f);
    for (const int percent : {90, 115, 150, 130, 100}) {
        CAPTURE(percent);
        const Kept kept = anchorOf(f);
        f.theme.setTextPercent(percent);
        CHECK(std::abs(f.view().bodyOf(kept.id).top() - kept.y) <= 1);
        QTest::qWait(1);
    }
    const Kept kept = anchorOf(f);
    f.theme.setScheme(ui::Scheme::dark);
    CHECK(f.view().bodyOf(kept.id).top() == kept.y);
}

TEST_CASE("The newest message is followed while it is in sight, and a pill tells of it otherwise")
{
    PaneFixture f;
    f.fill(80);
    REQUIRE(soon([&] { return f.rows().isLoaded() && f.view().isAtNewest(); }));
    const EntryId first = f.fake.customerWrites(f.id, QStringLiteral("One more"));
    REQUIRE(soon([&] { return f.rows().rowOf(first) >= 0; }));
    CHECK(f.view().isAtNewest());
    CHECK(f.view().viewport()->rect().contains(f.view().bodyOf(first)));

    toMiddle(f);
    const Kept kept = anchorOf(f);
    const EntryId second = f.fake.customerWrites(f.id, QStringLiteral("And another"));
    REQUIRE(soon([&] { return f.rows().rowOf(second) >= 0; }));
    CHECK(f.view().bodyOf(kept.id).top() == kept.y);
    auto* pill = f.view().viewport()->findChild<QAbstractButton*>();
    REQUIRE(pill);
    CHECK(pill->isVisible());
    CHECK(pill->text() == QStringLiteral("1 new message"));
    QTest::mouseClick(pill, Qt::LeftButton);
    REQUIRE(soon([&] { return f.view().isAtNewest(); }));
    CHECK_FALSE(pill->isVisible());
}

TEST_CASE("A status changes in place: no row moves")
{
    PaneFixture f;
    f.fill(40);
    REQUIRE(soon([&] { return f.rows().isLoaded(); }));
    QList<int> before;
    for (int row = 0; row < f.rows().count(); ++row)
        before.append(f.view().itemTop(row));
    SampleThread& thread = *f.fake.data().find(f.id);
    int changed = 0;
    for (views::Message& message : thread.messages) {
        if (message.kind == views::MessageKind::reply) {
            message.status = domain::DeliveryStatus::read;
            ++changed;
        }
    }
    REQUIRE(changed > 3);
    Q_EMIT f.fake.news().threadChanged(f.id);
    QTest::qWait(5);
    QList<int> after;
    for (int row = 0; row < f.rows().count(); ++row)
        after.append(f.view().itemTop(row));
    CHECK(after == before);
    CHECK(f.rows().at(f.rows().count() - 4).status == domain::DeliveryStatus::read);
}

TEST_CASE("Text layouts live only near what is on screen")
{
    PaneFixture f;
    f.fill(600);
    REQUIRE(soon([&] { return f.rows().isLoaded(); }));
    for (int i = 0; i < 6; ++i) {
        f.view().verticalScrollBar()->setValue(0);
        QTest::qWait(2);
    }
    REQUIRE(f.rows().count() > 200);
    (void)f.pane->grab();
    CHECK(f.view().heavyCount() > 0);
    CHECK(f.view().heavyCount() < 100);
}

TEST_CASE("Parts of messages lie where the design puts them")
{
    PaneFixture f;
    REQUIRE(soon([&] { return f.rows().isLoaded(); }));
    for (const int width : {480, 588, 800, 1600}) {
        CAPTURE(width);
        f.pane->resize(width, 828);
        QTest::qWait(1);
        const int viewport = f.view().viewport()->width();
        int bottom = -100'000;
        for (int row = 0; row < f.rows().count(); ++row) {
            CAPTURE(row);
            const ui::ItemGeometry& g = f.view().item(row)->geometry();
            const views::Message& message = f.rows().at(row);
            CHECK(f.view().itemTop(row) >= bottom); // nothing overlaps
            bottom = f.view().itemTop(row) + g.height;
            CHECK(g.body.left() >= 16);
            CHECK(g.body.right() <= viewport - 16);
            const bool bubble =
                message.kind == views::MessageKind::customer || message.kind == views::MessageKind::reply;
            if (bubble)
                CHECK(g.body.width() <= std::min(viewport * 76 / 100, width >= 960 ? 560 : 448));
            if (bubble && !g.time.isEmpty())
                CHECK(g.body.contains(g.time));
            if (!g.text.isEmpty())
                CHECK(g.body.adjusted(0, 0, 1, 1).contains(g.text));
            for (const QRect& photo : g.photos)
                CHECK(g.body.contains(photo));
            if (message.kind == views::MessageKind::reply && !g.photosHidden)
                CHECK(g.body.center().x() > viewport / 2 - 20);
        }
    }
}

TEST_CASE("A quote leads to its message")
{
    PaneFixture f(QStringLiteral("Thandiwe Mokoena"), {588, 420});
    REQUIRE(soon([&] { return f.rows().isLoaded(); }));
    int quoting = -1;
    for (int row = 0; row < f.rows().count(); ++row)
        quoting = f.rows().at(row).quote ? row : quoting;
    REQUIRE(quoting >= 0);
    const EntryId quoted = f.rows().at(quoting).quote->message;
    f.view().aimAt(f.rows().at(quoting).id);
    QTest::qWait(200);
    const QRect quote = f.view().item(quoting)->geometry().quote.translated(0, f.view().itemTop(quoting));
    QTest::mouseClick(f.view().viewport(), Qt::LeftButton, {}, quote.center());
    CHECK(soon([&] { return f.view().viewport()->rect().intersects(f.view().bodyOf(quoted)); }));
}

TEST_CASE("A message found by search is opened in the middle of a long history")
{
    PaneFixture f;
    f.fill(900);
    const ThreadId id = f.id;
    f.pane->close();
    const views::Message wanted = f.fake.data().find(id)->messages.at(300);
    f.pane->openAt(id, wanted.key, wanted.id);
    REQUIRE(soon([&] { return f.rows().rowOf(wanted.id) >= 0; }));
    QTest::qWait(200);
    CHECK(f.view().viewport()->rect().contains(f.view().bodyOf(wanted.id)));
    CHECK_FALSE(f.view().isAtNewest());
}

TEST_CASE("A window of sixty messages paints")
{
    PaneFixture f;
    f.fill(60);
    REQUIRE(soon([&] { return f.rows().isLoaded(); }));
    const QImage image = f.view().viewport()->grab().toImage();
    const QColor ground = f.theme.colour(ui::Colour::chat);
    int inked = 0;
    for (int y = 0; y < image.height(); y += 3)
        inked += image.pixelColor(image.width() / 3, y) != ground ? 1 : 0;
    CHECK(inked > 40);
}

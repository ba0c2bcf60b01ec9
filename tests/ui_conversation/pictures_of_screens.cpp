#include "tests/ui_conversation/pane_fixture.h"

#include <QDir>
#include <QImage>

using namespace holdfast;
using namespace holdfast::test;

namespace {

// Writes the picture beside the build for the eye, and answers it for the test.
QImage picture(PaneFixture& fixture, const QString& name)
{
    REQUIRE(soon([&] { return fixture.rows().isLoaded(); }));
    QTest::qWait(250); // photos decode on their own threads
    const QImage image = fixture.pane->grab().toImage();
    QDir().mkpath(QStringLiteral(HOLDFAST_BIN_DIR "/../pictures"));
    image.save(QStringLiteral(HOLDFAST_BIN_DIR "/../pictures/conversation-%1.png").arg(name));
    return image;
}

int coloursIn(const QImage& image)
{
    QSet<QRgb> seen;
    for (int y = 0; y < image.height(); y += 2) {
        for (int x = 0; x < image.width(); x += 2)
            seen.insert(image.pixel(x, y));
    }
    return static_cast<int>(seen.size());
}

} // namespace

TEST_CASE("A conversation paints in both schemes and at every size of text")
{
    struct Shot
    {
        QString name;
        QString thread;
        ui::Scheme scheme;
        int percent;
        QSize size;
    };
    const QSize desk(588, 828);
    const QString customer = QStringLiteral("Thandiwe Mokoena");
    const QString room = QStringLiteral("claims-motor");
    const QList<Shot> shots = {{QStringLiteral("light"), customer, ui::Scheme::light, 100, desk},
                               {QStringLiteral("dark"), customer, ui::Scheme::dark, 100, desk},
                               {QStringLiteral("light-150"), customer, ui::Scheme::light, 150, desk},
                               {QStringLiteral("contrast"), customer, ui::Scheme::highContrast, 100, desk},
                               {QStringLiteral("wide"), customer, ui::Scheme::light, 100, {1500, 900}},
                               {QStringLiteral("room-light"), room, ui::Scheme::light, 100, {614, 828}},
                               {QStringLiteral("room-dark"), room, ui::Scheme::dark, 100, {614, 828}}};
    for (const Shot& shot : shots) {
        CAPTURE(shot.name);
        PaneFixture fixture(shot.thread, shot.size, shot.scheme, shot.percent);
        CHECK(coloursIn(picture(fixture, shot.name)) > 40);
    }
}

TEST_CASE("A note's composer looks like a note")
{
    PaneFixture fixture;
    fixture.pane->focusNote();
    QTest::qWait(20);
    const QImage image = picture(fixture, QStringLiteral("note-mode"));
    const QPoint inside = fixture.pane->composer().geometry().center();
    CHECK(image.pixelColor(inside.x() + 150, fixture.pane->composer().y() + 8) ==
          fixture.theme.colour(ui::Colour::noteFill));
}

#include "tests/phone_window/window_fixture.h"

#include <QAccessible>
#include <QDir>
#include <QMenu>

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::test;
using namespace Qt::StringLiterals;

namespace {

QStringList namelessIn(const QWidget& window)
{
    QStringList nameless;
    for (const QWidget* widget : window.findChildren<QWidget*>()) {
        const bool reachable = (widget->focusPolicy() & Qt::TabFocus) && widget->isEnabled();
        if (reachable && widget->accessibleName().trimmed().isEmpty())
            nameless.append(QString::fromLatin1(widget->metaObject()->className()));
    }
    return nameless;
}

// Writes the picture beside the build for the eye, and answers it for the test.
QImage picture(WindowFixture& fixture, const QString& name)
{
    QTest::qWait(50); // queued layouts
    const QImage image = fixture.window.grab().toImage();
    QDir().mkpath(QStringLiteral(HOLDFAST_BIN_DIR "/../pictures"));
    image.save(QStringLiteral(HOLDFAST_BIN_DIR "/../pictures/simulator-%1.png").arg(name));
    return image;
}

qsizetype coloursIn(const QImage& image)
{
    QSet<QRgb> seen;
    for (int y = 0; y < image.height(); y += 2) {
        for (int x = 0; x < image.width(); x += 2)
            seen.insert(image.pixel(x, y));
    }
    return seen.size();
}

} // namespace

TEST_CASE("Everything that takes the focus has a name")
{
    WindowFixture fixture;
    CHECK(namelessIn(fixture.window).join(u' ').toStdString().empty());
    // The walk must see what has none.
    QWidget nameless(&fixture.window);
    nameless.setFocusPolicy(Qt::StrongFocus);
    CHECK(namelessIn(fixture.window).size() == 1);
}

TEST_CASE("Every part is reached by Tab, and Tab comes back")
{
    WindowFixture fixture;
    fixture.type(u"x"_s); // enables the button that sends
    QSet<QString> reached;
    for (int i = 0; i < 30; ++i) {
        QWidget* const focus = QApplication::focusWidget();
        REQUIRE(focus);
        reached.insert(focus->accessibleName());
        QTest::keyClick(focus, Qt::Key_Tab);
    }
    for (const QString& name :
         {u"Message to the business"_s, u"Send"_s, u"Take a photo"_s, u"Attach a file"_s, u"Chat"_s,
          u"Writing as Thandiwe Mokoena"_s, u"Send a sample PDF"_s, u"Phone"_s, u"Skip 24 h"_s}) {
        CAPTURE(name);
        CHECK(reached.contains(name));
    }
}

TEST_CASE("Messages are told in words, one child each")
{
    WindowFixture fixture;
    fixture.type(u"Hello"_s);
    fixture.enter();
    REQUIRE(soon([&] { return fixture.last().status == domain::DeliveryStatus::delivered; }));
    QAccessibleInterface* const list = QAccessible::queryAccessibleInterface(&fixture.window.phoneScreen().chat());
    REQUIRE(list);
    REQUIRE(list->childCount() == 1);
    const QString spoken = list->child(0)->text(QAccessible::Name);
    CHECK(spoken.startsWith(u"You, "));
    CHECK(spoken.endsWith(u", Hello, Delivered"));
}

TEST_CASE("The customer is chosen by keys, also as a number typed by hand")
{
    // Of the platform without a display, when a menu opens.
    expectWarning(u"This plugin does not support"_s);
    WindowFixture fixture;
    auto& button = fixture.named<phone::PersonButton>(u"Writing as Thandiwe Mokoena"_s);
    button.setFocus();
    QTest::keyClick(&button, Qt::Key_Down);
    auto* const menu = fixture.window.findChild<QMenu*>();
    REQUIRE(menu);
    REQUIRE(menu->isVisible());
    QDir().mkpath(QStringLiteral(HOLDFAST_BIN_DIR "/../pictures"));
    CHECK(menu->grab().save(QStringLiteral(HOLDFAST_BIN_DIR "/../pictures/simulator-customers.png")));
    QTest::keyClick(menu, Qt::Key_Down);
    QTest::keyClick(menu, Qt::Key_Down);
    QTest::keyClick(menu, Qt::Key_Return);
    CHECK(fixture.handset.person().name == u"Ashwin Govender");
    CHECK(button.accessibleName() == u"Writing as Ashwin Govender");

    button.click();
    menu->actions().constLast()->trigger();
    menu->close();
    auto& field = fixture.named<ui::TextField>(u"Number of the customer"_s);
    QTest::keyClicks(&field, u"12"_s);
    QTest::keyClick(&field, Qt::Key_Return);
    CHECK(fixture.handset.person().name == u"Ashwin Govender"); // that was no number
    field.clear();
    QTest::keyClicks(&field, u"+27 82 555 0199"_s);
    QTest::keyClick(&field, Qt::Key_Return);
    CHECK(fixture.handset.person().number == "27825550199");
    CHECK(button.accessibleName() == u"Writing as +27 82 555 0199");
    CHECK(button.isVisible());
}

TEST_CASE("The states of a phone paint: nothing yet, no signal, several lines, a deleted copy, an answer to a message")
{
    for (const ui::Scheme scheme : {ui::Scheme::light, ui::Scheme::dark}) {
        WindowFixture fixture(scheme);
        const QString suffix = scheme == ui::Scheme::dark ? u"dark"_s : u"light"_s;
        CHECK(coloursIn(picture(fixture, u"empty-"_s + suffix)) > 20);
        fixture.named<QAbstractButton>(u"Take a photo"_s).click();
        const phone::PhoneMessage photo = fixture.last();
        REQUIRE(soon([&] { return !fixture.handset.thumbnails().find(photo.picture).isNull(); }));
        REQUIRE(fixture.graph("DELETE", "/v25.0/" + photo.picture).status == 200);
        QJsonObject answer = textTo(PhoneFixture::customer, u"Thank you, this is clear."_s);
        answer[u"context"_s] = QJsonObject{{u"message_id"_s, QString::fromLatin1(photo.key)}};
        REQUIRE(fixture.send(answer).status == 200);
        REQUIRE(soon([&] { return fixture.rows().rowCount() == 2; }));
        CHECK(fixture.last().quoteName == u"You");
        REQUIRE(soon([&] { return fixture.rows().row(0).message.copyDeleted; }));
        fixture.window.reachControl().setCurrent(1);
        fixture.type(u"I am in the lift"_s);
        fixture.enter();
        fixture.named<QAbstractButton>(u"Send a sample PDF"_s).click();
        fixture.type(
            u"This is longer than one line, so the field grows with it and the buttons stay where they are."_s);
        fixture.enter();
        fixture.type(
            u"This is longer than one line, so the field grows with it and the buttons stay where they are."_s);
        CHECK(coloursIn(picture(fixture, u"states-"_s + suffix)) > 40);
        CHECK(fixture.window.phoneScreen().writing().field().height() > 30);
        fixture.window.reachControl().setCurrent(2);
        fixture.window.phoneScreen().tell(u"This file is larger than 16 MB. Nothing was sent."_s);
        CHECK(coloursIn(picture(fixture, u"blocked-"_s + suffix)) > 40);
    }
}

TEST_CASE("The window paints in every scheme and size of text")
{
    struct Shot
    {
        QString name;
        ui::Scheme scheme;
        int percent;
    };
    for (const Shot& shot : {Shot{u"light"_s, ui::Scheme::light, 100}, Shot{u"dark"_s, ui::Scheme::dark, 100},
                             Shot{u"contrast"_s, ui::Scheme::highContrast, 100}}) {
        CAPTURE(shot.name);
        WindowFixture fixture(shot.scheme, shot.percent);
        fixture.deactivate();
        REQUIRE_FALSE(fixture.customerWrites(u"Good day, somebody reversed into my car."_s).isEmpty());
        const QByteArray first = fixture.sendText(
            u"I am sorry, Thandiwe. Glad you are safe. Did the other driver leave details? A photo is fine."_s);
        REQUIRE(soon([&] { return fixture.rows().rowCount() == 2; }));
        fixture.named<QAbstractButton>(u"Take a photo"_s).click();
        fixture.named<QAbstractButton>(u"Send a sample PDF"_s).click();
        const QByteArray second = fixture.sendText(u"The assessor is booked for tomorrow, 08:30, Randburg."_s);
        REQUIRE(soon([&] { return fixture.rows().rowCount() == 5; }));
        const QByteArray third = fixture.sendText(u"Gate 3, then follow the blue signs to bay 4."_s);
        REQUIRE(soon([&] { return fixture.rows().rowCount() == 6; }));
        REQUIRE(fixture.phone.chats().markReadByBusiness(fixture.rows().row(3).message.key));
        fixture.type(u"Can I come at 09:00 instead?"_s);
        fixture.enter();
        fixture.type(u"And where do I pay the excess"_s);
        REQUIRE(soon([&] { return fixture.last().status == domain::DeliveryStatus::delivered; }));
        REQUIRE(
            soon([&] { return !fixture.handset.thumbnails().find(fixture.rows().row(2).message.picture).isNull(); }));
        fixture.activate();
        QTest::qWait(200);
        CHECK(coloursIn(picture(fixture, shot.name)) > 40);
        CHECK(fixture.window.width() == 376);
    }
}

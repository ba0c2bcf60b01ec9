#include "tests/phone_window/window_fixture.h"

#include <QClipboard>

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::test;
using namespace Qt::StringLiterals;
using domain::DeliveryStatus;
using phone::MessageStatus;

TEST_CASE("What is typed reaches the chat and the webhook, and its ticks tell how far it came")
{
    WindowFixture fixture;
    fixture.type(u"Can I come at 09:00 instead?"_s);
    fixture.enter();
    REQUIRE(fixture.rows().rowCount() == 1);
    CHECK(fixture.last().isOwn);
    CHECK(fixture.last().text == u"Can I come at 09:00 instead?");
    CHECK(fixture.window.phoneScreen().writing().field().toPlainText().isEmpty());

    const Received received = fixture.receiver.next();
    CHECK(received.message()[u"from"_s].toString() == u"27825550143");
    CHECK(received.message()[u"text"_s][u"body"_s].toString() == u"Can I come at 09:00 instead?");
    CHECK(received.value()[u"contacts"_s][0][u"profile"_s][u"name"_s].toString() == u"Thandiwe Mokoena");

    REQUIRE(soon([&] { return fixture.last().status == DeliveryStatus::delivered; }));
    REQUIRE(fixture.phone.chats().markReadByBusiness(fixture.last().key));
    REQUIRE(soon([&] { return fixture.last().status == DeliveryStatus::read; }));
}

TEST_CASE("A message that the business's server refuses has one tick until it is taken")
{
    WindowFixture fixture;
    fixture.receiver.answerNextWith({500, 500, 500});
    fixture.type(u"Hello"_s);
    fixture.enter();
    CHECK(fixture.last().status == DeliveryStatus::sent);
    REQUIRE(soon([&] { return fixture.last().status == DeliveryStatus::delivered; }));
}

TEST_CASE("Shift and Enter begin a line; blank text is not sent")
{
    WindowFixture fixture;
    fixture.type(u"one"_s);
    QTest::keyClick(&fixture.window.phoneScreen().writing().field(), Qt::Key_Return, Qt::ShiftModifier);
    fixture.type(u"two"_s);
    fixture.enter();
    REQUIRE(fixture.rows().rowCount() == 1);
    CHECK(fixture.last().text == u"one\ntwo");
    fixture.type(u"   "_s);
    fixture.enter();
    CHECK(fixture.rows().rowCount() == 1);
}

TEST_CASE("Text beyond what a phone allows stays in the field, with words about it")
{
    WindowFixture fixture;
    fixture.window.phoneScreen().writing().field().setPlainText(QString(4097, u'a'));
    fixture.enter();
    CHECK(fixture.rows().rowCount() == 0);
    CHECK(fixture.window.phoneScreen().writing().field().toPlainText().size() == 4097);
    const auto labels = fixture.window.findChildren<ui::TextLabel*>();
    CHECK(std::any_of(labels.begin(), labels.end(),
                      [](const auto* label) { return label->isVisible() && label->text().contains(u"longer"); }));
}

TEST_CASE("A message of the business appears, and is read once the window is in front")
{
    WindowFixture fixture;
    REQUIRE_FALSE(fixture.customerWrites(u"Hello"_s).isEmpty());
    fixture.deactivate();
    const QByteArray id = fixture.sendText(u"The assessor is booked for tomorrow."_s);
    REQUIRE(soon([&] { return fixture.rows().rowCount() == 2; }));
    CHECK_FALSE(fixture.last().isOwn);
    CHECK(fixture.last().text == u"The assessor is booked for tomorrow.");
    CHECK(fixture.statusOf(id) == MessageStatus::delivered);
    QTest::qWait(100);
    CHECK(fixture.statusOf(id) == MessageStatus::delivered);
    CHECK(fixture.handset.unread(PhoneFixture::customer) == 1);

    fixture.activate();
    REQUIRE(soon([&] { return fixture.statusOf(id) == MessageStatus::read; }));
    CHECK(fixture.handset.unread(PhoneFixture::customer) == 0);
    // While it stays in front, the next one is read as it comes.
    const QByteArray next = fixture.sendText(u"Gate 3."_s);
    REQUIRE(soon([&] { return fixture.statusOf(next) == MessageStatus::read; }));
}

TEST_CASE("Each customer has a chat of their own, and only the open one is read")
{
    WindowFixture fixture;
    REQUIRE_FALSE(fixture.customerWrites(u"Hello"_s).isEmpty());
    fixture.handset.writeAs(phone::samplePeople()[1]);
    CHECK(fixture.rows().rowCount() == 0);
    const QByteArray id = fixture.sendText(u"For Thandiwe alone"_s);
    REQUIRE(soon([&] { return fixture.statusOf(id) == MessageStatus::delivered; }));
    REQUIRE(soon([&] { return fixture.handset.unread(PhoneFixture::customer) == 1; }));
    CHECK(fixture.rows().rowCount() == 0);
    fixture.handset.writeAs(phone::samplePeople()[0]);
    CHECK(fixture.rows().rowCount() == 2);
    REQUIRE(soon([&] { return fixture.statusOf(id) == MessageStatus::read; }));
}

TEST_CASE("Without a signal messages wait in both directions, and go on once it is back")
{
    WindowFixture fixture;
    REQUIRE_FALSE(fixture.customerWrites(u"Hello"_s).isEmpty());
    (void)fixture.receiver.next();
    fixture.window.reachControl().setCurrent(1);
    const QByteArray id = fixture.sendText(u"Are you there?"_s);
    REQUIRE(soon([&] { return fixture.statusOf(id) == MessageStatus::sent; }));
    fixture.type(u"I am in the basement"_s);
    fixture.enter();
    REQUIRE(fixture.rows().rowCount() == 2);
    CHECK(fixture.last().status == DeliveryStatus::waiting);
    QTest::qWait(300);
    CHECK(fixture.statusOf(id) == MessageStatus::sent);
    CHECK(fixture.phone.chats().all().size() == 2); // nothing of it left the phone

    fixture.window.reachControl().setCurrent(0);
    REQUIRE(soon([&] { return fixture.statusOf(id) == MessageStatus::read; }));
    REQUIRE(soon([&] { return fixture.rows().rowCount() == 3; }));
    REQUIRE(soon([&] { return fixture.last().status == DeliveryStatus::delivered; }));
    CHECK(fixture.last().text == u"I am in the basement");
}

TEST_CASE("Blocked, the business's messages end as failed 131026 and never show")
{
    WindowFixture fixture;
    REQUIRE_FALSE(fixture.customerWrites(u"Hello"_s).isEmpty());
    (void)fixture.receiver.next();
    fixture.window.reachControl().setCurrent(2);
    const QByteArray id = fixture.sendText(u"Please answer"_s);
    REQUIRE(soon([&] { return fixture.statusOf(id) == MessageStatus::failed; }));
    const Received report = fixture.receiver.next();
    CHECK(report.status()[u"status"_s].toString() == u"failed");
    CHECK(report.status()[u"errors"_s][0][u"code"_s].toInt() == 131026);
    QCoreApplication::processEvents();
    CHECK(fixture.rows().rowCount() == 1);
    CHECK_FALSE(fixture.window.phoneScreen().writing().field().isEnabled());
    fixture.window.reachControl().setCurrent(0);
    CHECK(fixture.window.phoneScreen().writing().field().isEnabled());
}

TEST_CASE("Sample photos and documents go out as files, and a deleted copy is told")
{
    WindowFixture fixture;
    fixture.named<QAbstractButton>(u"Send two sample photos"_s).click();
    REQUIRE(fixture.rows().rowCount() == 2);
    CHECK(fixture.last().type == "image");
    const QJsonObject photo = fixture.receiver.next().message();
    CHECK(photo[u"image"_s][u"mime_type"_s].toString() == u"image/jpeg");
    const QByteArray key = fixture.last().picture;
    REQUIRE(soon([&] { return !fixture.handset.thumbnails().find(key).isNull(); }));

    fixture.named<QAbstractButton>(u"Send a sample PDF"_s).click();
    REQUIRE(fixture.rows().rowCount() == 3);
    CHECK(fixture.last().type == "document");
    CHECK(fixture.last().fileName.endsWith(u".pdf"));
    CHECK(fixture.last().size > 500);

    CHECK_FALSE(fixture.last().copyDeleted);
    const QByteArray media = fixture.phone.chats().find(fixture.last().key)->mediaId;
    CHECK(fixture.graph("DELETE", "/v25.0/" + media).status == 200);
    REQUIRE(soon([&] { return fixture.last().copyDeleted; }));
    CHECK(fixture.rows().index(2).data(Qt::AccessibleTextRole).toString().contains(u"deleted"));
}

TEST_CASE("Skipping a day ends the reply window that the stand-in enforces")
{
    WindowFixture fixture;
    REQUIRE_FALSE(fixture.customerWrites(u"Hello"_s).isEmpty());
    CHECK(fixture.phone.chats().windowOpen(PhoneFixture::customer));
    fixture.named<QAbstractButton>(u"Skip 1 h"_s).click();
    CHECK(fixture.phone.chats().windowOpen(PhoneFixture::customer));
    fixture.named<QAbstractButton>(u"Skip 24 h"_s).click();
    CHECK_FALSE(fixture.phone.chats().windowOpen(PhoneFixture::customer));
}

TEST_CASE("Hostile text stays text within its bubble and one line in its name")
{
    WindowFixture fixture;
    const QString bell = u"<img src=x onerror=alert(1)>\u202Eevil\u0007<b>bold</b>"_s;
    const QString name = u"A&B \u202E<h1>\nTwo lines</h1> "_s + QString(500, u'x');
    REQUIRE(fixture
                .control("POST", "/control/messages",
                         {{u"from"_s, u"+27825550143"_s}, {u"name"_s, name}, {u"text"_s, bell}})
                .status == 200);
    (void)fixture.sendText(QString(4096, u'W'));
    (void)fixture.sendText(u"e"_s + QString(2000, QChar(0x0301)));
    REQUIRE(soon([&] { return fixture.rows().rowCount() == 4 - 1; }));
    const QString shown = fixture.rows().row(0).message.text;
    CHECK(shown == u"<img src=x onerror=alert(1)>evil<b>bold</b>");
    for (const phone::Person& person : fixture.handset.people()) {
        CHECK(phone::shownName(person).size() <= 62);
        CHECK_FALSE(phone::shownName(person).contains(u'\n'));
        CHECK_FALSE(phone::shownName(person).contains(QChar(0x202E)));
    }
    const auto& chat = fixture.window.phoneScreen().chat();
    for (int row = 0; row < fixture.rows().rowCount(); ++row) {
        const phone::Bubble bubble(fixture.theme, fixture.rows().row(row), {}, chat.viewport()->width());
        CHECK(bubble.body().left() >= 0);
        CHECK(bubble.body().right() < chat.viewport()->width());
        CHECK(bubble.height() < 20'000);
    }
    CHECK_FALSE(fixture.window.grab().isNull());
}

TEST_CASE("A picture that is none shows a place holder, and nothing breaks")
{
    WindowFixture fixture;
    CHECK(fixture.handset.sendFile({"\x89PNG\r\n\x1a\nnot a picture", "image/png", u"x.png"_s}));
    const QByteArray key = fixture.last().picture;
    REQUIRE(soon([&] { return fixture.handset.thumbnails().isBroken(key); }));
    CHECK_FALSE(fixture.window.grab().isNull());
    CHECK_FALSE(fixture.handset.sendFile({QByteArray(16 * 1024 * 1024 + 1, 'x'), "text/plain", u"x"_s}));
    CHECK_FALSE(fixture.handset.sendFile({{}, "text/plain", u"x"_s}));
}

TEST_CASE("The text of a focused message is copied as it is")
{
    WindowFixture fixture;
    fixture.type(u"Copy <me> & you"_s);
    fixture.enter();
    auto& chat = fixture.window.phoneScreen().chat();
    chat.setFocus();
    chat.setCurrentIndex(fixture.rows().index(0));
    QTest::keyClick(&chat, Qt::Key_C, Qt::ControlModifier);
    CHECK(QGuiApplication::clipboard()->text() == u"Copy <me> & you");
}

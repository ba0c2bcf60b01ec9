#include "tests/ui_conversation/pane_fixture.h"
#include "ui/conversation/conversation_access.h"
#include "ui/conversation/message_words.h"
#include "ui/conversation/notice.h"

#include <QClipboard>
#include <QMouseEvent>

using namespace holdfast;
using namespace holdfast::test;

TEST_CASE("A message's accessible child keeps its identity when rows shift")
{
    PaneFixture f;
    f.fill(300);
    REQUIRE(soon([&] { return f.rows().isLoaded(); }));
    QAccessibleInterface* view = QAccessible::queryAccessibleInterface(&f.view());
    REQUIRE(view);
    CHECK(view->role() == QAccessible::List);
    REQUIRE(view->childCount() == f.rows().count());

    const int row = 20;
    const EntryId message = f.rows().at(row).id;
    QAccessibleInterface* child = view->child(row);
    REQUIRE(child);
    const QAccessible::Id identity = QAccessible::uniqueId(child);
    CHECK(view->indexOfChild(child) == row);

    f.view().verticalScrollBar()->setValue(0);
    REQUIRE(soon([&] { return f.rows().rowOf(message) > row; }));
    QAccessibleInterface* later = view->child(f.rows().rowOf(message));
    CHECK(later == child);
    CHECK(QAccessible::uniqueId(later) == identity);
    CHECK(view->indexOfChild(later) == f.rows().rowOf(message));
    CHECK(view->child(row) != child);
    CHECK(later->text(QAccessible::Name).contains(f.rows().at(f.rows().rowOf(message)).text.left(9)));
}

TEST_CASE("A message that left has no accessible child any more")
{
    PaneFixture f;
    f.fill(20);
    REQUIRE(soon([&] { return f.rows().isLoaded(); }));
    QAccessibleInterface* view = QAccessible::queryAccessibleInterface(&f.view());
    REQUIRE(view);
    REQUIRE(view->child(0));
    const QAccessible::Id identity = QAccessible::uniqueId(view->child(0));
    f.pane->close();
    CHECK(view->childCount() == 0);
    CHECK(QAccessible::accessibleInterface(identity) == nullptr);
}

TEST_CASE("Names say what the eye sees")
{
    PaneFixture f;
    REQUIRE(soon([&] { return f.rows().isLoaded(); }));
    views::Message note;
    note.kind = views::MessageKind::note;
    note.authorName = QStringLiteral("Priya Naidoo");
    note.text = QStringLiteral("Hold settlement");
    note.at = sampleNow();
    CHECK(ui::spokenMessage(note, false)
              .startsWith(QStringLiteral("Internal note, never sent, Priya Naidoo, Hold settlement, ")));
    views::Message reply = note;
    reply.kind = views::MessageKind::reply;
    reply.status = domain::DeliveryStatus::read;
    CHECK(ui::spokenMessage(reply, false).endsWith(QStringLiteral(", Read")));
    reply.notSent = QStringLiteral("this number is not on WhatsApp");
    CHECK(ui::spokenMessage(reply, false).endsWith(QStringLiteral("this number is not on WhatsApp")));
    CHECK(ui::spokenMessage(reply, true).startsWith(QStringLiteral("Unread, ")));
}

TEST_CASE("Arrow keys move a focus that is seen and told")
{
    PaneFixture f;
    f.fill(100);
    REQUIRE(soon([&] { return f.rows().isLoaded(); }));
    f.pane->activateWindow();
    f.pane->focusMessages();
    QTest::keyClick(&f.view(), Qt::Key_End);
    const EntryId last = f.view().focusedMessage();
    CHECK(f.rows().rowOf(last) == f.rows().count() - 1);
    for (int i = 0; i < 30; ++i)
        QTest::keyClick(&f.view(), Qt::Key_Up);
    const EntryId focused = f.view().focusedMessage();
    CHECK(f.rows().rowOf(focused) == f.rows().count() - 31);
    CHECK(f.view().viewport()->rect().intersects(f.view().bodyOf(focused)));
    QAccessibleInterface* view = QAccessible::queryAccessibleInterface(&f.view());
    REQUIRE(view->focusChild());
    CHECK(view->focusChild()->state().focused);
    QTest::keyClick(&f.view(), Qt::Key_Home);
    REQUIRE(soon([&] { return f.rows().rowOf(f.fake.data().find(f.id)->messages.first().id) == 0; }));
}

TEST_CASE("Text is selected within and over messages, and copied")
{
    PaneFixture f;
    f.fill(12);
    REQUIRE(soon([&] { return f.rows().isLoaded(); }));
    f.view().verticalScrollBar()->setValue(f.view().verticalScrollBar()->maximum());
    const auto textOf = [&](int row) {
        return f.view().item(row)->geometry().text.translated(0, f.view().itemTop(row));
    };
    QWidget* viewport = f.view().viewport();
    QTest::mousePress(viewport, Qt::LeftButton, {}, textOf(8).topLeft() + QPoint(0, 8));
    QTest::mouseMove(viewport, textOf(8).topRight() + QPoint(0, 8));
    QMouseEvent within(QEvent::MouseMove, textOf(8).topRight() + QPoint(200, 8), QCursor::pos(), Qt::LeftButton,
                       Qt::LeftButton, {});
    QApplication::sendEvent(viewport, &within);
    CHECK(f.rows().at(8).text.startsWith(f.view().selectedText()));
    CHECK_FALSE(f.view().selectedText().isEmpty());
    QMouseEvent across(QEvent::MouseMove, textOf(10).bottomRight() - QPoint(1, 4), QCursor::pos(), Qt::LeftButton,
                       Qt::LeftButton, {});
    QApplication::sendEvent(viewport, &across);
    QTest::mouseRelease(viewport, Qt::LeftButton, {}, textOf(10).bottomRight());
    QTest::keyClick(&f.view(), Qt::Key_C, Qt::ControlModifier);
    const QString copied = QApplication::clipboard()->text();
    for (int row = 8; row <= 10; ++row)
        CHECK(copied.contains(QStringLiteral("Message %1.").arg(row)));
    CHECK(copied.count(u'\n') == 2);
    CHECK(copied.contains(QStringLiteral("Internal - never sent"))); // row 10 is a note, and stays one in a copy
}

TEST_CASE("A reply that failed says why, and what can be done")
{
    PaneFixture f;
    const auto failed = [&f] {
        for (int row = 0; row < f.rows().count(); ++row) {
            if (f.rows().at(row).notSent)
                return row;
        }
        return -1;
    };
    REQUIRE(soon([&] { return failed() >= 0; }));
    const views::Message& message = f.rows().at(failed());
    using Act = ui::ConversationView::Act;
    REQUIRE(f.view().actsOf(message.id).contains(Act::why));
    const ui::MessageItem* item = f.view().item(failed());
    const QRect why = item->geometry().why;
    REQUIRE_FALSE(why.isEmpty());
    CHECK(why.height() >= 24);
    CHECK(why.right() < f.view().viewport()->width());
    f.view().perform(message.id, Act::why);
    const auto* notice = f.pane->findChild<ui::Notice*>();
    CHECK(notice->isVisible());
    CHECK(notice->words().contains(QStringLiteral("not on WhatsApp")));
    CHECK(notice->words().contains(QStringLiteral("kept here")));
}

TEST_CASE("What came while the window was aside is read once it is back")
{
    PaneFixture f;
    f.fake.acts.clear();
    QWidget other;
    other.resize(200, 100);
    other.show();
    other.activateWindow();
    if (!QTest::qWaitForWindowActive(&other) || f.pane->isActiveWindow())
        return; // no window system that moves the keyboard
    f.fake.customerWrites(f.id, QStringLiteral("Are you there?"));
    QTest::qWait(700);
    CHECK(f.count(QStringLiteral("read")) == 0);
    f.pane->activateWindow();
    CHECK(soon([&] { return f.count(QStringLiteral("read")) == 1; }));
}

TEST_CASE("What was seen is marked as read, once, and only by who looks")
{
    PaneFixture f;
    SampleThread& thread = *f.fake.data().find(f.id);
    thread.readUpTo = ThreadSeq{static_cast<quint64>(thread.messages.size()) - 2};
    thread.messages.last().kind = views::MessageKind::customer;
    f.pane->close();
    f.fake.acts.clear();
    f.pane->activateWindow();
    f.pane->open(f.id);
    REQUIRE(soon([&] { return f.rows().isLoaded(); }));
    QTest::qWait(700);
    if (f.pane->window()->isActiveWindow())
        CHECK(f.count(QStringLiteral("read")) == 1);
    else
        CHECK(f.count(QStringLiteral("read")) == 0);
}

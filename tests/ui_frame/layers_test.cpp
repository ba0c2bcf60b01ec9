// Cards and photos over the window: they have the keyboard to themselves, and go with the desk.
#include "tests/support/string_makers.h"
#include "tests/ui_frame/desk_fixture.h"
#include "ui/conversation/conversation_pane.h"
#include "ui/conversation/conversation_view.h"
#include "ui/conversation/file_sheet.h"
#include "ui/conversation/notice.h"
#include "ui/conversation/photo_viewer.h"
#include "ui/shell/not_sent_list.h"
#include "ui/shell/search_palette.h"
#include "ui/shell/status_bar.h"
#include "ui/threads/assign_popup.h"
#include "ui/threads/thread_list_model.h"
#include "ui/threads/thread_list_view.h"
#include "ui/threads/thread_pane.h"
#include "ui/widgets/controls.h"

#include <QLineEdit>

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using test::WindowOnDesk;

namespace {

const ThreadId thandiwe = test::sampleId<ThreadId>(103);

int count(const test::FakeDesk& desk, const char* act)
{
    return static_cast<int>(std::count_if(desk.acts.cbegin(), desk.acts.cend(),
                                          [act](const auto& each) { return each.name == QLatin1StringView(act); }));
}

// The message with the photos, focused by key.
void openPhoto(WindowOnDesk& open)
{
    ui::DeskFrame& desk = *open.window.deskFrame();
    desk.openThread(thandiwe, true);
    REQUIRE(QTest::qWaitFor([&] { return desk.conversation().rows().isLoaded(); }, 5000));
    ui::ConversationView& view = desk.conversation().view();
    for (int row = 0; row < view.rows().count(); ++row) {
        if (!view.item(row)->pictures().empty())
            view.setFocusedMessage(view.rows().at(row).id);
    }
    open.key(Qt::Key_Return);
    auto* viewer = desk.findChild<ui::PhotoViewer*>();
    REQUIRE(viewer);
    REQUIRE(viewer->isVisible());
}

} // namespace

TEST_CASE("Nothing of a photo, a card or a name stays over the lock screen")
{
    WindowOnDesk open;
    openPhoto(open);
    open.key(Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
    REQUIRE(open.session.state() == views::Session::State::locked);
    const auto shown = [&] {
        QStringList names;
        for (const QWidget* child : open.window.findChildren<QWidget*>(Qt::FindDirectChildrenOnly)) {
            if (child->isVisible())
                names.append(QString::fromLatin1(child->metaObject()->className()));
        }
        return names;
    };
    CHECK(shown() == QStringList{QStringLiteral("holdfast::ui::LockScreen")});
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    CHECK(open.window.findChild<ui::PhotoViewer*>() == nullptr);
    CHECK(open.window.findChild<ui::AssignPopup*>() == nullptr);
}

TEST_CASE("A card or a photo has the keyboard to itself")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    openPhoto(open);
    QWidget* viewer = QApplication::focusWidget();
    open.key(Qt::Key_F6);
    CHECK(QApplication::focusWidget() == viewer);
    open.key(Qt::Key_K, Qt::ControlModifier);
    CHECK(desk.palette().isHidden());
    open.key(Qt::Key_Down, Qt::AltModifier);
    CHECK(desk.conversation().thread() == thandiwe);
    open.key(Qt::Key_E);
    CHECK(count(open.desk, "done") == 0);
    open.key(Qt::Key_Escape);
    open.key(Qt::Key_K, Qt::ControlModifier);
    CHECK(desk.palette().isVisible()); // and gives it back
}

TEST_CASE("S saves a copy of the photo that is shown")
{
    WindowOnDesk open;
    openPhoto(open);
    open.key(Qt::Key_S);
    auto* sheet = open.window.findChild<ui::FileSheet*>();
    REQUIRE(sheet);
    CHECK(sheet->isVisible());
    CHECK(sheet->isAncestorOf(QApplication::focusWidget()));
}

TEST_CASE("A room is never assigned, however it came to be open")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    desk.openConversation(test::sampleId<ThreadId>(300));
    desk.openView(views::View::myQueue); // the pane still shows the room
    desk.conversation().focusMessages();
    open.key(Qt::Key_A);
    for (const ui::AssignPopup* popup : open.window.findChildren<ui::AssignPopup*>())
        CHECK(popup->isHidden());
}

TEST_CASE("A list row that could not be finished says so where it can be read")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    desk.threads().list().setFocus();
    desk.threads().list().step(0);
    open.desk.failNext({ErrorCode::full, QStringLiteral("The disk is full.")});
    open.key(Qt::Key_E);
    bool told = false;
    for (const ui::Notice* notice : open.window.findChildren<ui::Notice*>())
        told = told || (notice->isVisible() && notice->accessibleName().contains(QStringLiteral("The disk is full.")));
    CHECK(told);
}

TEST_CASE("Why the desk is offline is said, not only shown in a tooltip")
{
    WindowOnDesk open;
    views::SyncState state;
    state.detail = QStringLiteral("Central does not answer.");
    open.desk.news().setSyncState(state);
    CHECK(open.window.deskFrame()->statusBar().accessibleName().endsWith(QStringLiteral("Central does not answer.")));
}

TEST_CASE("Single letters can be switched off, Enter can send, and both are remembered")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    const auto command = [&](const QString& name) {
        open.key(Qt::Key_K, Qt::ControlModifier);
        QTest::keyClicks(&desk.palette().input(), u'>' + name);
        open.key(Qt::Key_Return);
    };
    desk.openThread(thandiwe, false);
    desk.threads().list().setFocus();
    command(QStringLiteral("Single-letter keys off"));
    CHECK_FALSE(open.settings.value(QStringLiteral("keys/letters")).toBool());
    desk.threads().list().setFocus();
    for (const Qt::Key key : {Qt::Key_A, Qt::Key_E, Qt::Key_R, Qt::Key_J})
        open.key(key);
    CHECK(count(open.desk, "done") == 0);
    CHECK(desk.threads().isAncestorOf(QApplication::focusWidget()));
    CHECK(desk.conversation().thread() == thandiwe);
    command(QStringLiteral("Enter sends, Shift"));
    CHECK(open.settings.value(QStringLiteral("keys/enter-sends")).toBool());
    desk.conversation().focusReply();
    QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("On my way"));
    open.key(Qt::Key_Return);
    CHECK(count(open.desk, "reply") == 1);
    command(QStringLiteral("Single-letter keys on"));
    desk.threads().list().setFocus();
    open.key(Qt::Key_E);
    CHECK(count(open.desk, "done") == 1);
}

TEST_CASE("What was not sent is listed, tried again and let go by keys")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    views::SyncState state;
    state.notSent = 1;
    open.desk.news().setSyncState(state);
    desk.statusBar().setFocus(Qt::TabFocusReason);
    open.key(Qt::Key_Return);
    auto* list = open.window.findChild<ui::NotSentList*>();
    REQUIRE(list);
    REQUIRE(list->isVisible());
    QStringList names;
    for (const ui::PushButton* button : list->findChildren<ui::PushButton*>())
        names.append(button->accessibleName());
    CHECK(names.contains(QStringLiteral("Try again: Gate 3, then follow the blue signs to bay 4.")));
    CHECK(names.contains(QStringLiteral("Let it go: Gate 3, then follow the blue signs to bay 4.")));
    open.key(Qt::Key_Space);
    CHECK(count(open.desk, "retry") == 1);
    open.key(Qt::Key_Escape);
    CHECK(list->isHidden());
    CHECK(QApplication::focusWidget() == &desk.statusBar());
}

TEST_CASE("A list that was scrolled far keeps its lower part over news")
{
    WindowOnDesk open;
    test::SampleData& data = open.desk.data();
    const test::SampleThread pattern = data.threads.first();
    for (int i = 0; i < 1100; ++i) {
        test::SampleThread thread = pattern;
        thread.header.row.id = test::sampleId<ThreadId>(5000 + i);
        thread.header.row.title = QStringLiteral("Customer %1").arg(i);
        thread.header.row.at = Timestamp{test::sampleNow().value - (i + 1) * 3'600'000'000LL};
        data.threads.append(thread);
    }
    ui::ThreadListModel& model = open.window.deskFrame()->threads().model();
    open.window.deskFrame()->openView(views::View::all);
    while (model.canFetchMore({}))
        model.fetchMore({});
    const int rows = model.rowCount();
    REQUIRE(rows > 1000);
    Q_EMIT open.desk.news().threadsChanged();
    QCoreApplication::processEvents();
    CHECK(model.rowCount() == rows);
}

TEST_CASE("An ampersand in a name is no key")
{
    WindowOnDesk open;
    ui::PushButton button(open.theme, ui::PushButton::Kind::outlined, QStringLiteral("R&D.pdf"), &open.window);
    CHECK(button.shortcut().isEmpty());
    button.setText(QStringLiteral("Q&A.pdf"));
    CHECK(button.shortcut().isEmpty());
    QAbstractButton& plain = button;
    plain.setText(QStringLiteral("R&D.pdf")); // the control: Qt's own makes one
    CHECK_FALSE(button.shortcut().isEmpty());
}

#include "models/views/thread_window.h"
#include "tests/support/string_makers.h"
#include "tests/ui_frame/desk_fixture.h"
#include "ui/conversation/conversation_pane.h"
#include "ui/conversation/notice.h"
#include "ui/panel/panel.h"
#include "ui/shell/kept_draft_bar.h"
#include "ui/shell/key_list.h"
#include "ui/shell/navigation.h"
#include "ui/shell/result_model.h"
#include "ui/shell/search_palette.h"
#include "ui/shell/status_bar.h"
#include "ui/threads/assign_popup.h"
#include "ui/threads/thread_list_model.h"
#include "ui/threads/thread_list_view.h"
#include "ui/threads/thread_pane.h"

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QListView>

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using test::WindowOnDesk;

namespace {

// Every widget that takes the focus must say what it is.
QStringList unnamed(const QWidget& root)
{
    QStringList list;
    for (const QWidget* widget : root.findChildren<QWidget*>()) {
        const bool inner = widget->objectName().startsWith(QLatin1StringView("qt_"));
        if (inner || widget->focusPolicy() == Qt::NoFocus || widget->focusProxy())
            continue;
        if (widget->accessibleName().trimmed().isEmpty())
            list.append(QString::fromLatin1(widget->metaObject()->className()));
    }
    return list;
}

bool inside(const QWidget& pane)
{
    const QWidget* focus = QApplication::focusWidget();
    return focus && (focus == &pane || pane.isAncestorOf(focus));
}

ThreadId thandiwe()
{
    return test::sampleId<ThreadId>(103);
}

} // namespace

TEST_CASE("Everything that takes the focus has a name")
{
    WindowOnDesk open;
    open.window.deskFrame()->openThread(thandiwe(), false);
    for (int tab = 0; tab < 4; ++tab) {
        open.window.deskFrame()->panel().showTab(tab);
        QCoreApplication::processEvents();
        CHECK(unnamed(open.window).join(u',') == QString());
    }
    WindowOnDesk locked(views::Session::State::locked);
    CHECK(unnamed(locked.window).join(u',') == QString());
    WindowOnDesk first(views::Session::State::firstRun);
    CHECK(unnamed(first.window).join(u',') == QString());
}

TEST_CASE("The walk over names goes red on a field without one")
{
    WindowOnDesk open;
    open.window.deskFrame()->openThread(thandiwe(), false);
    QLineEdit nameless(&open.window);
    CHECK(unnamed(open.window) == QStringList{QStringLiteral("QLineEdit")});
}

TEST_CASE("Every label shows plain text")
{
    WindowOnDesk open;
    open.window.deskFrame()->openThread(thandiwe(), false);
    QCoreApplication::processEvents();
    int labels = 0;
    for (const QLabel* label : open.window.findChildren<QLabel*>()) {
        CHECK(label->textFormat() == Qt::PlainText);
        ++labels;
    }
    CHECK(labels > 20);
}

TEST_CASE("F6 walks over the panes and back")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    desk.openThread(thandiwe(), false);
    desk.threads().list().setFocus();
    open.key(Qt::Key_F6);
    CHECK(inside(desk.conversation()));
    open.key(Qt::Key_F6);
    CHECK(inside(desk.panel()));
    open.key(Qt::Key_F6);
    CHECK(inside(desk.statusBar()));
    open.key(Qt::Key_F6);
    CHECK(inside(desk.navigation()));
    open.key(Qt::Key_F6);
    CHECK(inside(desk.threads()));
    open.key(Qt::Key_F6, Qt::ShiftModifier);
    CHECK(inside(desk.navigation()));
}

TEST_CASE("J and K walk the list, Enter opens, E finishes, R and N write")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    desk.threads().list().setFocus();
    desk.threads().list().setCurrentIndex({});
    open.key(Qt::Key_J);
    CHECK(desk.threads().list().currentIndex().row() == 0);
    open.key(Qt::Key_J);
    open.key(Qt::Key_J);
    open.key(Qt::Key_K);
    CHECK(desk.threads().list().currentIndex().row() == 1);
    const ThreadId second = desk.threads().list().currentRow()->id;
    CHECK(desk.conversation().thread() == second);
    CHECK(inside(desk.threads()));
    open.key(Qt::Key_Return);
    CHECK(inside(desk.conversation()));
    desk.threads().list().setFocus();
    open.key(Qt::Key_R);
    CHECK(inside(desk.conversation()));
    CHECK(qobject_cast<QLineEdit*>(QApplication::focusWidget()) == nullptr);
    desk.threads().list().setFocus();
    open.key(Qt::Key_E);
    REQUIRE_FALSE(open.desk.acts.isEmpty());
    const bool done = std::any_of(open.desk.acts.cbegin(), open.desk.acts.cend(), [&](const auto& act) {
        return act.name == QLatin1StringView("done") && act.thread == second;
    });
    CHECK(done);
    CHECK(desk.threads().model().total() == 11);
}

TEST_CASE("A opens the list of colleagues; a part of a name and Enter assign")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    desk.openThread(thandiwe(), false);
    desk.threads().list().setFocus();
    open.key(Qt::Key_A);
    auto* popup = desk.findChild<ui::AssignPopup*>();
    REQUIRE(popup->isVisible());
    CHECK(inside(*popup));
    QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("priya"));
    open.key(Qt::Key_Return);
    CHECK(popup->isHidden());
    REQUIRE(open.desk.acts.last().name == QStringLiteral("assign"));
    CHECK(open.desk.acts.last().user == test::sampleId<UserId>(2));
    CHECK(inside(desk.threads())); // the focus came back
    CHECK(desk.threads().model().indexOf(thandiwe()).isValid() == false);
}

TEST_CASE("A part of a team's name and Enter hand the thread over")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    desk.openThread(thandiwe(), false);
    desk.threads().list().setFocus();
    open.key(Qt::Key_A);
    QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("home"));
    open.key(Qt::Key_Return);
    REQUIRE(open.desk.acts.last().name == QStringLiteral("move"));
    CHECK(open.desk.acts.last().thread == thandiwe());
    CHECK(open.desk.acts.last().text == test::sampleId<ScopeId>(801).toHexString());
}

TEST_CASE("A conversation that was moved away leaves the window, with words instead")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    desk.openThread(thandiwe(), false);
    REQUIRE(desk.conversation().isVisible());
    open.desk.loseThread(thandiwe());
    QCoreApplication::processEvents();
    CHECK_FALSE(desk.conversation().isVisible());
    CHECK(desk.conversation().thread().isNull());
    CHECK(desk.conversation().rows().count() == 0);
}

TEST_CASE("A draft whose conversation is gone is offered until it is discarded")
{
    WindowOnDesk open;
    auto* bar = open.window.deskFrame()->findChild<ui::KeptDraftBar*>();
    REQUIRE(bar);
    CHECK(bar->isHidden());
    open.desk.keepDraft(QStringLiteral("I sent the form."));
    open.desk.keepDraft(QStringLiteral("And the second."));
    QCoreApplication::processEvents();
    CHECK(bar->isVisible());
    const auto buttons = bar->findChildren<QAbstractButton*>();
    REQUIRE(buttons.size() == 2);
    buttons[0]->click();
    CHECK(QGuiApplication::clipboard()->text() == QStringLiteral("And the second."));
    buttons[1]->click();
    QCoreApplication::processEvents();
    buttons[0]->click();
    CHECK(QGuiApplication::clipboard()->text() == QStringLiteral("I sent the form."));
    buttons[1]->click();
    QCoreApplication::processEvents();
    CHECK(bar->isHidden());
}

TEST_CASE("Ctrl K searches while typing, Down and Enter open what was found")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    desk.threads().list().setFocus();
    open.key(Qt::Key_K, Qt::ControlModifier);
    ui::SearchPalette& palette = desk.palette();
    REQUIRE(palette.isVisible());
    CHECK(QApplication::focusWidget() == &palette.input());
    QTest::keyClicks(&palette.input(), QStringLiteral("mokoena"));
    CHECK(palette.results().count(ui::Scope::people) == 1);
    open.key(Qt::Key_Tab);
    CHECK(inside(palette)); // the focus stays inside
    palette.input().setFocus();
    open.key(Qt::Key_Return);
    CHECK(palette.isHidden());
    CHECK(desk.conversation().thread() == thandiwe());
}

TEST_CASE("Esc closes the palette and gives the focus back")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    desk.threads().list().setFocus();
    open.key(Qt::Key_K, Qt::ControlModifier);
    open.key(Qt::Key_Escape);
    CHECK(desk.palette().isHidden());
    CHECK(inside(desk.threads()));
}

TEST_CASE("What is found says who wrote it: a note never reads like the customer's words")
{
    WindowOnDesk open;
    ui::SearchPalette& palette = open.window.deskFrame()->palette();
    palette.openSearch();
    const auto find = [&](const QString& words) {
        static_cast<QLineEdit&>(palette.input()).setText(words);
        QString said;
        for (int row = 0; row < palette.results().rowCount(); ++row)
            said += palette.results().index(row).data(Qt::AccessibleTextRole).toString() + u'\n';
        return said;
    };
    CHECK(find(QStringLiteral("on file since"))
              .contains(QStringLiteral("internal note, never sent, Note, Priya: Certificate")));
    CHECK(find(QStringLiteral("excess is waived")).contains(QStringLiteral("Priya: Your excess")));
    CHECK(find(QStringLiteral("inspection is set")).contains(QStringLiteral("You: The inspection")));
    const QString customer = find(QStringLiteral("another yard"));
    CHECK(customer.contains(QStringLiteral("They want to tow")));
    CHECK_FALSE(customer.contains(QStringLiteral(": They want")));
}

TEST_CASE("A number that the search was stopped at is no count")
{
    ui::ResultModel model(UserId(), nullptr);
    QList<views::SearchHit> hits(50);
    model.setHits(hits, QStringLiteral("x"), true);
    CHECK(model.countWords(ui::Scope::messages) == QStringLiteral("50+"));
    CHECK(model.countWords(ui::Scope::all) == QStringLiteral("50+"));
    CHECK(model.countWords(ui::Scope::people).isEmpty());
    model.setHits(hits, QStringLiteral("x"), false);
    CHECK(model.countWords(ui::Scope::messages) == QStringLiteral("50"));
    hits = {views::SearchHit()};
    hits[0].what = views::SearchHit::What::policy;
    hits[0].title = hits[0].policyNumber = QStringLiteral("HL-204-118-7");
    hits[0].excerpt = QStringLiteral("HL-204-118-7 Motor Comprehensive");
    hits[0].marks = {{0, 12}, {13, 5}};
    model.setHits(hits, QStringLiteral("x"), false);
    const views::SearchHit& shown = model.row(model.index(1))->hit;
    CHECK(shown.policyNumber.isEmpty());
    CHECK(shown.excerpt == QStringLiteral("Motor Comprehensive"));
    CHECK(shown.marks == QList<std::pair<int, int>>{{0, 5}});
}

TEST_CASE("The status bar says what the keys do in each mode")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    desk.openThread(thandiwe(), false);
    const auto hinted = [&desk](const QString& words) {
        const auto& hints = desk.statusBar().hints();
        return std::any_of(hints.begin(), hints.end(), [&](const ui::StatusHint& hint) { return hint.words == words; });
    };
    desk.conversation().focusReply();
    CHECK(hinted(QStringLiteral("send to customer")));
    desk.conversation().focusNote();
    CHECK(hinted(QStringLiteral("save note")));
    CHECK_FALSE(hinted(QStringLiteral("send to customer")));
    desk.openConversation(test::sampleId<ThreadId>(300));
    CHECK(hinted(QStringLiteral("send to colleagues")));
}

TEST_CASE("Assigning says to whom, where the row may leave the list")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    desk.openThread(thandiwe(), false);
    desk.conversation().showAssign();
    QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("priya"));
    open.key(Qt::Key_Return);
    const QList<ui::Notice*> notices = desk.findChildren<ui::Notice*>();
    CHECK(std::any_of(notices.begin(), notices.end(), [](const ui::Notice* notice) {
        return notice->isVisible() &&
               notice->words() == QStringLiteral("Thandiwe Mokoena is assigned to Priya Naidoo.");
    }));
}

TEST_CASE("Without a thread the panel says what it is for")
{
    WindowOnDesk open;
    const QList<QLabel*> labels = open.window.deskFrame()->panel().findChildren<QLabel*>();
    CHECK(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
        return label->text().startsWith(QStringLiteral("Choose a thread to see its policy"));
    }));
}

TEST_CASE("A late answer of the search does not replace a newer one")
{
    WindowOnDesk open;
    ui::SearchPalette& palette = open.window.deskFrame()->palette();
    palette.openSearch();
    auto& input = static_cast<QLineEdit&>(palette.input());
    open.desk.hold(true);
    input.setText(QStringLiteral("the"));
    input.setText(QStringLiteral("mokoena"));
    REQUIRE(open.desk.heldCount() == 2);
    open.desk.release(1);
    const int rows = palette.results().rowCount();
    open.desk.release(0);
    CHECK(palette.results().rowCount() == rows);
    CHECK(palette.results().count(ui::Scope::people) == 1);
}

TEST_CASE("A policy is found and linked to a thread that has none")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    const ThreadId id = open.desk.data().named(QStringLiteral("Busisiwe Ndlela"))->header.row.id;
    desk.openThread(id, false);
    QAbstractButton* link = nullptr;
    for (QAbstractButton* button : desk.panel().findChildren<QAbstractButton*>()) {
        if (button->accessibleName() == QLatin1StringView("Link a policy"))
            link = button;
    }
    REQUIRE(link);
    link->click();
    REQUIRE(desk.palette().isVisible());
    CHECK(open.desk.searches.last().text == QStringLiteral("Busisiwe Ndlela")); // the holder's own are proposed
    const QList<QLabel*> labels = desk.palette().findChildren<QLabel*>();
    CHECK(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
        return label->isVisible() && label->text().startsWith(QStringLiteral("Type a policy number"));
    }));
    QTest::keyClicks(&desk.palette().input(), QStringLiteral("HL-204-118"));
    open.key(Qt::Key_Return);
    CHECK(desk.palette().isHidden());
    REQUIRE(open.desk.acts.last().name == QStringLiteral("link"));
    CHECK(open.desk.data().find(id)->header.row.policyNumber == QStringLiteral("HL-204-118-7"));
}

TEST_CASE("Alt Down walks over rooms; a room hides the list and the panel")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    desk.threads().list().setFocus();
    open.key(Qt::Key_Down, Qt::AltModifier);
    CHECK(desk.conversation().thread() == test::sampleId<ThreadId>(300));
    CHECK(desk.threads().isHidden());
    CHECK(desk.panel().isHidden());
    open.key(Qt::Key_Down, Qt::AltModifier);
    CHECK(desk.conversation().thread() == test::sampleId<ThreadId>(301));
    open.key(Qt::Key_Up, Qt::AltModifier);
    CHECK(desk.conversation().thread() == test::sampleId<ThreadId>(300));
    desk.openView(views::View::myQueue);
    CHECK_FALSE(desk.threads().isHidden());
}

TEST_CASE("The columns fall in steps")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    desk.openThread(thandiwe(), false);
    CHECK(desk.fall() == ui::DeskFrame::Fall::wide);
    CHECK(desk.navigation().width() == 208);
    CHECK_FALSE(desk.panel().isHidden());
    open.window.resize(1024, 700);
    QCoreApplication::processEvents();
    CHECK(desk.fall() == ui::DeskFrame::Fall::medium);
    CHECK(desk.navigation().width() == 52);
    CHECK(desk.panel().isHidden());
    open.key(Qt::Key_F9);
    CHECK_FALSE(desk.panel().isHidden());
    CHECK(desk.panel().geometry().right() == desk.width() - 1);
    open.key(Qt::Key_Escape);
    CHECK(desk.panel().isHidden());
    open.window.resize(720, 450);
    QCoreApplication::processEvents();
    CHECK(desk.fall() == ui::DeskFrame::Fall::narrow);
    CHECK_FALSE(desk.conversation().isVisible() == desk.threads().isVisible());
    CHECK(open.window.width() == 720);
    open.window.resize(1440, 900);
    QCoreApplication::processEvents();
    CHECK(desk.fall() == ui::DeskFrame::Fall::wide);
    CHECK(desk.panel().isVisible());
    CHECK(desk.threads().isVisible());
}

TEST_CASE("Ctrl 1 to 4 change the tab of the panel")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    desk.openThread(thandiwe(), false);
    desk.threads().list().setFocus();
    for (int tab = 3; tab >= 0; --tab) {
        open.key(Qt::Key(Qt::Key_1 + tab), Qt::ControlModifier);
        CHECK(desk.panel().tab() == tab);
    }
}

TEST_CASE("The status bar says what is true, in words")
{
    WindowOnDesk open;
    ui::StatusBar& bar = open.window.deskFrame()->statusBar();
    CHECK(bar.words() == QStringLiteral("Encrypted, In sync, 0 waiting, log verified to 1\u00a0284\u00a0310"));
    views::SyncState state;
    state.waiting = 4;
    state.notSent = 1;
    state.faultAt = 1'284'122;
    open.desk.news().setSyncState(state);
    CHECK(bar.words() ==
          QStringLiteral("Encrypted, Offline, 4 waiting, 1 not sent, log check failed at 1\u00a0284\u00a0122"));
    CHECK(bar.accessibleName() == bar.words());
}

TEST_CASE("The counts of the navigation are what a click lists")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    const views::Navigation& facts = desk.navigation().facts();
    for (const auto& [view, count] :
         {std::pair(views::View::myQueue, facts.myQueue), std::pair(views::View::unassigned, facts.unassigned),
          std::pair(views::View::all, facts.all)}) {
        desk.openView(view);
        CHECK(desk.threads().model().rowCount() == count);
    }
}

TEST_CASE("The look changes at run time and is remembered")
{
    WindowOnDesk open;
    Q_EMIT open.window.deskFrame()->schemeRequested(ui::Scheme::dark);
    Q_EMIT open.window.deskFrame()->textPercentRequested(130);
    CHECK(open.theme.isDark());
    CHECK(ui::savedScheme(open.settings, ui::Scheme::light) == ui::Scheme::dark);
    CHECK(ui::savedTextPercent(open.settings) == 130);
}

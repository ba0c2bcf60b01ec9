// The whole story by keys alone, and every place where the keyboard can be is seen and named.
#include "tests/support/string_makers.h"
#include "tests/ui_frame/desk_fixture.h"
#include "ui/conversation/conversation_pane.h"
#include "ui/lock/cards.h"
#include "ui/lock/lock_screen.h"
#include "ui/lock/secret_field.h"
#include "ui/shell/search_palette.h"
#include "ui/threads/thread_list_view.h"
#include "ui/threads/thread_pane.h"

#include <QAccessible>
#include <QLineEdit>

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using test::WindowOnDesk;

namespace {

struct Typist
{
    WindowOnDesk& open;

    void type(const QString& text) { QTest::keyClicks(QApplication::focusWidget(), text); }
    void tab() { open.key(Qt::Key_Tab); }
    void enter() { open.key(Qt::Key_Return); }
    void send() { open.key(Qt::Key_Return, Qt::ControlModifier); }
    [[nodiscard]] QString place() const
    {
        const QWidget* focus = QApplication::focusWidget();
        return focus && focus->isVisible() ? focus->accessibleName() : QString();
    }
    // Tab until there; as a person would, and not for ever.
    bool tabTo(const QString& name)
    {
        for (int i = 0; i < 60 && place() != name; ++i)
            tab();
        return place() == name;
    }
    [[nodiscard]] bool did(const char* act, const QString& text = {}) const
    {
        return std::any_of(open.desk.acts.cbegin(), open.desk.acts.cend(), [&](const auto& each) {
            return each.name == QLatin1StringView(act) && (text.isEmpty() || each.text == text);
        });
    }
};

// What the keyboard reaches by Tab, in order, each once.
QList<QWidget*> stopsOf(WindowOnDesk& open)
{
    QList<QWidget*> stops;
    for (int i = 0; i < 80; ++i) {
        QWidget* at = QApplication::focusWidget();
        if (!at || stops.contains(at))
            break;
        stops.append(at);
        open.key(Qt::Key_Tab);
    }
    return stops;
}

// The window with the focus on `stop`, as it comes by Tab, against the window without any focus.
bool isSeen(WindowOnDesk& open, QWidget& stop)
{
    stop.setFocus(Qt::TabFocusReason);
    QTest::keyClick(&stop, Qt::Key_Shift); // styles draw rings after a key only
    QCoreApplication::processEvents();
    const QImage with = open.window.grab().toImage();
    stop.clearFocus();
    QCoreApplication::processEvents();
    return with != open.window.grab().toImage();
}

void addNameless(QAccessibleInterface* at, QStringList& found, int depth)
{
    if (!at || depth > 40)
        return;
    const QAccessible::State state = at->state();
    const bool isControl = state.focusable && !state.invisible && !state.offscreen;
    if (isControl && at->text(QAccessible::Name).trimmed().isEmpty()) {
        const QObject* object = at->object();
        found.append(object ? QString::fromLatin1(object->metaObject()->className()) : QStringLiteral("item"));
    }
    for (int i = 0; i < at->childCount(); ++i)
        addNameless(at->child(i), found, depth + 1);
}

QStringList nameless(QWidget& window)
{
    QStringList found;
    addNameless(QAccessible::queryAccessibleInterface(&window), found, 0);
    found.removeDuplicates();
    return found;
}

} // namespace

TEST_CASE("From first run to the lock: the story by keys alone")
{
    WindowOnDesk open(views::Session::State::firstRun);
    Typist t{open};
    open.window.activateWindow();
    ui::FirstRunCard& card = *open.window.lockScreen()->firstRunCard();
    REQUIRE(t.tabTo(card.server().accessibleName()));
    t.type(QStringLiteral("desk.harbourline.example"));
    t.enter();
    REQUIRE(t.tabTo(card.login().accessibleName()));
    t.type(QStringLiteral("lerato.khumalo"));
    REQUIRE(t.tabTo(card.password().accessibleName()));
    t.type(QStringLiteral("Winter-2026"));
    REQUIRE(t.tabTo(card.passphrase().accessibleName()));
    t.type(QStringLiteral("correct horse battery staple"));
    REQUIRE(t.tabTo(card.again().accessibleName()));
    t.type(QStringLiteral("correct horse battery staple"));
    t.enter();
    REQUIRE(open.session.state() == views::Session::State::open);
    REQUIRE(open.window.deskFrame());
    ui::DeskFrame& desk = *open.window.deskFrame();

    // Choose a thread, reply, note, assign.
    REQUIRE(t.tabTo(desk.threads().list().accessibleName()));
    for (int i = 0; i < 20 && desk.conversation().thread() != test::sampleId<ThreadId>(103); ++i)
        open.key(Qt::Key_J);
    REQUIRE(desk.conversation().thread() == test::sampleId<ThreadId>(103));
    t.enter();
    open.key(Qt::Key_R);
    t.type(QStringLiteral("The assessor comes at eight"));
    t.send();
    CHECK(t.did("reply", QStringLiteral("The assessor comes at eight")));
    open.key(Qt::Key_Escape);
    open.key(Qt::Key_N);
    t.type(QStringLiteral("Hold settlement"));
    t.send();
    CHECK(t.did("note", QStringLiteral("Hold settlement")));
    open.key(Qt::Key_Escape);
    open.key(Qt::Key_A);
    t.type(QStringLiteral("priya"));
    t.enter();
    CHECK(t.did("assign"));

    // A room, then search, then the lock.
    open.key(Qt::Key_Down, Qt::AltModifier);
    REQUIRE(desk.conversation().thread() == test::sampleId<ThreadId>(300));
    t.type(QStringLiteral("Morning all"));
    t.send();
    CHECK(t.did("room", QStringLiteral("Morning all")));
    open.key(Qt::Key_K, Qt::ControlModifier);
    t.type(QStringLiteral("mokoena"));
    t.enter();
    CHECK(desk.conversation().thread() == test::sampleId<ThreadId>(103));
    open.key(Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
    REQUIRE(open.session.state() == views::Session::State::locked);
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    REQUIRE(open.window.lockScreen());
    REQUIRE(t.tabTo(open.window.lockScreen()->unlockCard()->passphrase().accessibleName()));
    t.type(QStringLiteral("correct horse battery staple"));
    t.enter();
    CHECK(open.session.state() == views::Session::State::open);
}

TEST_CASE("Every place that Tab reaches is seen and has a name")
{
    const auto walk = [](WindowOnDesk& open, int least) {
        const QList<QWidget*> stops = stopsOf(open);
        CHECK(stops.size() >= least);
        for (QWidget* stop : stops) {
            CAPTURE(stop->metaObject()->className(), stop->accessibleName());
            CHECK_FALSE(stop->accessibleName().isEmpty());
            CHECK(isSeen(open, *stop));
        }
    };
    SECTION("the desk")
    {
        WindowOnDesk open;
        open.window.deskFrame()->openThread(test::sampleId<ThreadId>(103), false);
        open.window.deskFrame()->threads().list().setFocus(Qt::TabFocusReason);
        walk(open, 10);
    }
    SECTION("the lock screen")
    {
        WindowOnDesk open(views::Session::State::locked);
        open.window.lockScreen()->unlockCard()->passphrase().setFocus(Qt::TabFocusReason);
        walk(open, 2);
    }
    SECTION("first run")
    {
        WindowOnDesk open(views::Session::State::firstRun);
        open.window.lockScreen()->firstRunCard()->server().setFocus(Qt::TabFocusReason);
        walk(open, 2);
    }
}

TEST_CASE("No control of the accessible tree is without a name")
{
    WindowOnDesk open;
    ui::DeskFrame& desk = *open.window.deskFrame();
    desk.openThread(test::sampleId<ThreadId>(103), false);
    QTest::qWait(5);
    CHECK(nameless(open.window).join(u',') == QString());
    desk.showPalette();
    CHECK(nameless(open.window).join(u',') == QString());
    open.key(Qt::Key_Escape);
    desk.openConversation(test::sampleId<ThreadId>(300));
    QTest::qWait(5);
    CHECK(nameless(open.window).join(u',') == QString());
    WindowOnDesk locked(views::Session::State::locked);
    CHECK(nameless(locked.window).join(u',') == QString());
    WindowOnDesk first(views::Session::State::firstRun);
    CHECK(nameless(first.window).join(u',') == QString());
    // The control: it must find one that has none.
    auto* bare = new QLineEdit(&open.window);
    bare->show();
    CHECK(nameless(open.window).contains(QStringLiteral("QLineEdit")));
}

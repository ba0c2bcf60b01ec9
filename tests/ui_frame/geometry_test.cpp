// Every screen at the sizes and text scales that people have: nothing outside its parent, nothing cut that could be
// read.
#include "tests/support/string_makers.h"
#include "tests/ui_frame/desk_fixture.h"
#include "ui/conversation/conversation_header.h"
#include "ui/conversation/conversation_pane.h"
#include "ui/panel/panel.h"
#include "ui/shell/navigation.h"
#include "ui/shell/search_palette.h"

#include <QAbstractButton>
#include <QLabel>
#include <QScrollArea>

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using test::WindowOnDesk;

namespace {

bool scrolls(const QWidget& parent)
{
    return qobject_cast<const QAbstractScrollArea*>(parent.parentWidget()) != nullptr;
}

QStringList outside(const QWidget& window)
{
    QStringList found;
    for (const QWidget* widget : window.findChildren<QWidget*>()) {
        const QWidget* parent = widget->parentWidget();
        if (!widget->isVisible() || widget->isWindow() || !parent || scrolls(*parent))
            continue;
        if (!parent->rect().contains(widget->geometry()))
            found.append(QStringLiteral("%1 in %2")
                             .arg(QString::fromLatin1(widget->metaObject()->className()),
                                  QString::fromLatin1(parent->metaObject()->className())));
    }
    found.removeDuplicates();
    return found;
}

// The phone number over a conversation gives way to the words of the window's pill; the panel shows it too.
bool mayBeCut(const QLabel& label)
{
    const QString policy = label.text().section(QStringLiteral(" \u00b7 "), 0, 0);
    const bool inHeader = qobject_cast<const ui::ConversationHeader*>(label.parentWidget());
    return inHeader && policy.startsWith(QStringLiteral("HL-")) &&
           QFontMetrics(label.font()).horizontalAdvance(policy) <= label.contentsRect().width();
}

// Labels of one line whose words do not fit into what they were given.
QStringList cut(const QWidget& window)
{
    QStringList found;
    for (const QLabel* label : window.findChildren<QLabel*>()) {
        const int needs = QFontMetrics(label->font()).horizontalAdvance(label->text());
        if (label->isVisible() && !label->wordWrap() && needs > label->contentsRect().width() + 1 && !mayBeCut(*label))
            found.append(label->text());
    }
    return found;
}

QStringList tooSmall(const QWidget& window)
{
    constexpr int least = 24; // for a finger or an unsteady hand
    QStringList found;
    for (const QAbstractButton* button : window.findChildren<QAbstractButton*>()) {
        if (button->isVisible() && (button->width() < least || button->height() < least))
            found.append(
                QStringLiteral("%1 %2x%3").arg(button->accessibleName()).arg(button->width()).arg(button->height()));
    }
    return found;
}

} // namespace

TEST_CASE("Nothing stands outside of its parent at any size, and every button can be hit")
{
    for (const QSize size :
         {QSize(2560, 1440), QSize(1440, 900), QSize(1366, 768), QSize(1024, 700), QSize(720, 450)}) {
        for (const int percent : {90, 100, 150}) {
            CAPTURE(size.width(), size.height(), percent);
            WindowOnDesk open(views::Session::State::open, size, percent);
            ui::DeskFrame& desk = *open.window.deskFrame();
            desk.openThread(test::sampleId<ThreadId>(103), true);
            QTest::qWait(5);
            CHECK(outside(open.window).join(u',') == QString());
            CHECK(tooSmall(open.window).join(u',') == QString());
            desk.openConversation(test::sampleId<ThreadId>(300));
            QTest::qWait(5);
            CHECK(outside(open.window).join(u',') == QString());
            desk.showPalette();
            CHECK(outside(open.window).join(u',') == QString());
            WindowOnDesk locked(views::Session::State::locked, size, percent);
            CHECK(outside(locked.window).join(u',') == QString());
            WindowOnDesk first(views::Session::State::firstRun, size, percent);
            CHECK(outside(first.window).join(u',') == QString());
        }
    }
}

TEST_CASE("No words are cut that fit")
{
    for (const QSize size : {QSize(1440, 900), QSize(1366, 768), QSize(1024, 700)}) {
        CAPTURE(size.width());
        WindowOnDesk open(views::Session::State::open, size);
        ui::DeskFrame& desk = *open.window.deskFrame();
        desk.openThread(test::sampleId<ThreadId>(103), false);
        if (desk.fall() != ui::DeskFrame::Fall::wide)
            desk.toggleDrawer();
        for (int tab = 0; tab < 4; ++tab) {
            CAPTURE(tab);
            desk.panel().showTab(tab);
            QTest::qWait(5);
            CHECK(cut(open.window).join(u'|') == QString());
        }
    }
}

TEST_CASE("Scripts from right to left, emoji and names without end stay in their places")
{
    WindowOnDesk open;
    test::SampleThread& thread = *open.desk.data().find(test::sampleId<ThreadId>(103));
    const QString names[] = {QStringLiteral("محمد عبد الرحمن الزهراني"), QStringLiteral("שרה לוי כהן"),
                             QStringLiteral("👩🏽‍🚒🔥 Nomsa 🧯"), QString(400, u'W'),
                             QStringLiteral("Ngxangxosholwenimkhulu").repeated(20)};
    ui::DeskFrame& desk = *open.window.deskFrame();
    for (const QString& name : names) {
        CAPTURE(name);
        thread.header.row.title = name;
        thread.header.person.name = name;
        thread.header.policies.first().holderName = name;
        thread.header.policies.first().facts.prepend({QStringLiteral("Holder"), name});
        thread.messages.last().text = name;
        desk.conversation().close();
        Q_EMIT open.desk.news().threadsChanged();
        desk.openThread(test::sampleId<ThreadId>(103), false);
        Q_EMIT open.desk.news().threadChanged(test::sampleId<ThreadId>(103));
        QTest::qWait(5);
        CHECK(outside(open.window).join(u',') == QString());
        for (int tab = 0; tab < 4; ++tab) {
            desk.panel().showTab(tab);
            QTest::qWait(2);
            CHECK(outside(open.window).join(u',') == QString());
            // The panel scrolls downwards only.
            const auto* area = desk.panel().findChild<QScrollArea*>();
            CHECK(area->widget()->width() <= area->viewport()->width());
        }
    }
}

// The keys of the desk: panes, single letters, commands. Single letters act only while no text field has the focus.
#include "ui/composer/composer.h"
#include "ui/conversation/conversation_pane.h"
#include "ui/conversation/conversation_view.h"
#include "ui/conversation/photo_viewer.h"
#include "ui/panel/panel.h"
#include "ui/shell/desk_frame.h"
#include "ui/shell/key_list.h"
#include "ui/shell/navigation.h"
#include "ui/shell/not_sent_list.h"
#include "ui/shell/search_palette.h"
#include "ui/shell/status_bar.h"
#include "ui/theme/words.h"
#include "ui/threads/thread_list_view.h"
#include "ui/threads/thread_pane.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSettings>
#include <QShortcut>
#include <QTextEdit>

namespace holdfast::ui {
namespace {

constexpr int paneCount = 5;

QString lettersKey()
{
    return QStringLiteral("keys/letters");
}
QString enterKey()
{
    return QStringLiteral("keys/enter-sends");
}

} // namespace

void DeskFrame::addKeys()
{
    const auto bind = [this](const char* keys, auto act) {
        auto* shortcut = new QShortcut(QKeySequence(QString::fromLatin1(keys)), this);
        connect(shortcut, &QShortcut::activated, this, [this, act] {
            if (!isCovered())
                act();
        });
    };
    // Locking is possible at any time.
    auto* lock = new QShortcut(QKeySequence(QStringLiteral("Ctrl+Shift+L")), this);
    connect(lock, &QShortcut::activated, this, &DeskFrame::lockRequested);
    bind("Ctrl+K", [this] { showPalette(); });
    bind("Ctrl+/", [this] { showKeys(); });
    bind("F6", [this] { stepPane(1); });
    bind("Shift+F6", [this] { stepPane(-1); });
    bind("F9", [this] { toggleDrawer(); });
    bind("Alt+Up", [this] { navigation_->stepConversation(-1); });
    bind("Alt+Down", [this] { navigation_->stepConversation(1); });
    bind("Ctrl+R", [this] { conversation_->retryFailed(); });
    for (int tab = 0; tab < 4; ++tab) {
        bind(qPrintable(QStringLiteral("Ctrl+%1").arg(tab + 1)), [this, tab] {
            if (room_)
                return;
            panel_->showTab(tab);
            if (fall_ != Fall::wide && !drawerOpen_)
                toggleDrawer();
        });
    }
    connect(qApp, &QApplication::focusChanged, this, [this] { showHints(); });
    setLetterKeys(settings_.value(lettersKey(), true).toBool());
    setEnterSends(settings_.value(enterKey(), false).toBool());
}

bool DeskFrame::isCovered() const
{
    const QList<QWidget*> children = findChildren<QWidget*>(Qt::FindDirectChildrenOnly);
    return std::any_of(children.begin(), children.end(), [](const QWidget* child) {
        return child->isVisible() && (qobject_cast<const Overlay*>(child) || qobject_cast<const PhotoViewer*>(child));
    });
}

void DeskFrame::setLetterKeys(bool on)
{
    letterKeys_ = on;
    threads_->list().setLetterKeys(on);
    settings_.setValue(lettersKey(), on);
    showHints();
}

void DeskFrame::setEnterSends(bool enterSends)
{
    conversation_->setEnterSends(enterSends);
    settings_.setValue(enterKey(), enterSends);
    showHints();
}

void DeskFrame::addCommands()
{
    QList<Command> commands{
        {tr("Go to My queue"), {}, [this] { openView(views::View::myQueue); }},
        {tr("Go to Unassigned"), {}, [this] { openView(views::View::unassigned); }},
        {tr("Go to All"), {}, [this] { openView(views::View::all); }},
        {tr("Light look"), {}, [this] { Q_EMIT schemeRequested(Scheme::light); }},
        {tr("Dark look"), {}, [this] { Q_EMIT schemeRequested(Scheme::dark); }},
        {tr("High contrast look"), {}, [this] { Q_EMIT schemeRequested(Scheme::highContrast); }},
    };
    for (const int percent : {90, 100, 115, 130, 150})
        commands.append(
            {tr("Text size %1 %").arg(percent), {}, [this, percent] { Q_EMIT textPercentRequested(percent); }});
    commands.append({tr("Enter sends, Shift+Enter makes a line"), {}, [this] { setEnterSends(true); }});
    commands.append({tr("Ctrl+Enter sends, Enter makes a line"), {}, [this] { setEnterSends(false); }});
    commands.append({tr("Single-letter keys on"), {}, [this] { setLetterKeys(true); }});
    commands.append({tr("Single-letter keys off"), {}, [this] { setLetterKeys(false); }});
    commands.append({tr("What was not sent"), {}, [this] { notSent_->openList(); }});
    commands.append({tr("All keys"), QStringLiteral("Ctrl+/"), [this] { showKeys(); }});
    commands.append({tr("Lock Holdfast"), QStringLiteral("Ctrl+Shift+L"), [this] { Q_EMIT lockRequested(); }});
    search_->setCommands(commands);
}

bool DeskFrame::typing() const
{
    const QWidget* focus = QApplication::focusWidget();
    return qobject_cast<const QLineEdit*>(focus) || qobject_cast<const QPlainTextEdit*>(focus) ||
           qobject_cast<const QTextEdit*>(focus);
}

void DeskFrame::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && drawerOpen_) {
        toggleDrawer();
        return;
    }
    if (event->modifiers() != Qt::NoModifier || typing() || !letterKeys_) {
        QWidget::keyPressEvent(event);
        return;
    }
    const bool open = !conversation_->isHidden();
    switch (event->key()) {
    case Qt::Key_R:
        if (open)
            conversation_->focusReply();
        return;
    case Qt::Key_N:
        if (open)
            conversation_->focusNote();
        return;
    case Qt::Key_A:
        if (open)
            conversation_->showAssign();
        return;
    case Qt::Key_E:
        if (open && !room_)
            conversation_->toggleDone();
        return;
    case Qt::Key_J:
    case Qt::Key_K:
        if (!room_)
            threads_->list().step(event->key() == Qt::Key_J ? 1 : -1);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

DeskFrame::Pane DeskFrame::focusedPane() const
{
    const QWidget* focus = QApplication::focusWidget();
    if (!focus)
        return Pane::threads;
    if (focus == status_)
        return Pane::status;
    const std::pair<const QWidget*, Pane> places[] = {{navigation_, Pane::navigation},
                                                      {threads_, Pane::threads},
                                                      {conversation_, Pane::conversation},
                                                      {panel_, Pane::panel}};
    for (const auto& [widget, pane] : places) {
        if (widget->isAncestorOf(focus))
            return pane;
    }
    return Pane::threads;
}

bool DeskFrame::isShown(Pane pane) const
{
    switch (pane) {
    case Pane::navigation:
    case Pane::status:
        return true;
    case Pane::threads:
        return !room_; // in `narrow` it comes to the front
    case Pane::conversation:
        return !conversation_->isHidden();
    case Pane::panel:
        return !panel_->isHidden() && !room_ && !conversation_->isHidden();
    }
    return false;
}

void DeskFrame::stepPane(int by)
{
    int at = static_cast<int>(focusedPane());
    do {
        at = (at + by + paneCount) % paneCount;
    } while (!isShown(static_cast<Pane>(at)));
    focusPane(static_cast<Pane>(at));
}

void DeskFrame::showPane(Pane pane)
{
    if (fall_ != Fall::narrow || (pane != Pane::threads && pane != Pane::conversation))
        return;
    front_ = pane;
    applyFall();
}

void DeskFrame::focusPane(Pane pane)
{
    showPane(pane);
    switch (pane) {
    case Pane::navigation:
        navigation_->list().setFocus(Qt::TabFocusReason);
        break;
    case Pane::threads:
        threads_->list().setFocus(Qt::TabFocusReason);
        break;
    case Pane::conversation:
        conversation_->focusMessages();
        break;
    case Pane::panel:
        panel_->focusTabs();
        break;
    case Pane::status:
        status_->setFocus(Qt::TabFocusReason);
        break;
    }
}

void DeskFrame::showHints()
{
    const auto hint = [](const char* keys, const QString& words) {
        return StatusHint{QString::fromUtf8(keys).split(u' '), words};
    };
    QList<StatusHint> hints;
    const Pane pane = focusedPane();
    if (typing() && pane == Pane::conversation) {
        const bool enterSends = settings_.value(enterKey(), false).toBool();
        hints << hint(enterSends ? "Enter" : "Ctrl Enter", conversation_->composer().submitWords())
              << hint("Esc", tr("leave"));
    } else if (!letterKeys_) {
        hints << hint("F6", tr("next pane")) << hint("Enter", tr("open"));
    } else if (room_) {
        hints << hint("R", tr("write")) << hint("Alt \u2191", tr("above")) << hint("Alt \u2193", tr("below"));
    } else {
        hints << hint("J K", tr("move")) << hint("R", tr("reply")) << hint("N", tr("note")) << hint("A", tr("assign"))
              << hint("E", tr("done"));
    }
    if (fall_ != Fall::wide && !room_)
        hints << hint("F9", drawerOpen_ ? tr("close panel") : tr("panel"));
    hints << hint("Ctrl K", tr("commands"));
    status_->setHints(hints);
}

} // namespace holdfast::ui

#include "models/views/thread_window.h"
#include "models/views/when_done.h"
#include "ui/composer/composer.h"
#include "ui/conversation/conversation_header.h"
#include "ui/conversation/conversation_pane.h"
#include "ui/conversation/conversation_view.h"
#include "ui/conversation/notice.h"
#include "ui/threads/assign_popup.h"

#include <QKeyEvent>
#include <QPainter>
#include <QTimer>

#include <algorithm>

namespace holdfast::ui {

void ConversationPane::focusMessages()
{
    view_->setFocus(Qt::ShortcutFocusReason);
}

void ConversationPane::focusReply()
{
    composer_->setMode(Composer::Mode::reply);
    composer_->focusText();
}

void ConversationPane::focusNote()
{
    composer_->setMode(Composer::Mode::note);
    if (composer_->mode() == Composer::Mode::note)
        composer_->focusText();
}

void ConversationPane::showAssign()
{
    if (!facts_ || facts_->row.type != domain::ThreadType::customerCase)
        return;
    if (!assign_) {
        assign_ = new AssignPopup(theme_, desk_, cover());
        connect(assign_, &AssignPopup::assigned, this,
                [this](const ThreadId&, const QString& done) { notice_->confirm(done); });
    }
    assign_->openFor(thread_, facts_->row.title);
}

void ConversationPane::toggleDone()
{
    if (!facts_ || facts_->row.type != domain::ThreadType::customerCase)
        return;
    const bool isDone = facts_->row.status == domain::ThreadStatus::done;
    const auto next = isDone ? domain::ThreadStatus::open : domain::ThreadStatus::done;
    views::whenDone(desk_.acts.setState(thread_, next, {}, QString()), this,
                    [this, mine = generation_, isDone](const Result<EntryId>& done) {
                        if (mine != generation_)
                            return;
                        if (!done)
                            tell(done.error().text);
                        else
                            notice_->confirm(isDone ? tr("Open again.") : tr("Done. Press E to open it again."));
                    });
}

void ConversationPane::retryFailed()
{
    const auto mayRetry = [this](int row) { return row >= 0 && window_->at(row).notSent && window_->at(row).mayRetry; };
    int row = window_->rowOf(view_->focusedMessage());
    for (int each = window_->count() - 1; each >= 0 && !mayRetry(row); --each)
        row = each;
    if (mayRetry(row))
        Q_EMIT view_->retryRequested(window_->at(row).id);
}

// What is in sight is asked for once; again by whoever presses, and when it became another hole.
void ConversationPane::fetchMissing(const EntryId& row, bool again)
{
    constexpr quint64 beginning = 200; // entries: more than the window shows
    const int at = window_->rowOf(row);
    if (at < 0 || desk_.news.syncState().link != views::SyncState::Link::online)
        return;
    const views::Hole hole = window_->at(at).hole;
    const bool toFirst = goingToFirst_ && hole.first.value == 1;
    const auto asked = asked_.constFind(row);
    if (!again && !toFirst && asked != asked_.constEnd() && *asked == hole)
        return;
    asked_.insert(row, hole);
    view_->setHoleFailure(row, QString());
    views::Hole wanted = hole;
    if (toFirst) {
        goingToFirst_ = false;
        wanted.last.value = std::min(beginning, hole.last.value);
    }
    views::whenDone(desk_.acts.fetchHistory(thread_, wanted), this,
                    [this, row, toFirst, mine = generation_](const Result<void>& done) {
                        if (mine != generation_)
                            return;
                        if (!done) {
                            view_->setHoleFailure(row, done.error().text);
                            return;
                        }
                        if (toFirst)
                            view_->showFirst(true);
                        else
                            window_->refresh();
                    });
}

void ConversationPane::setBackVisible(bool visible)
{
    header_->setBackVisible(visible);
}

void ConversationPane::setPanelOffered(bool offered)
{
    header_->setPanelOffered(offered);
}

void ConversationPane::setEnterSends(bool enterSends)
{
    composer_->setEnterSends(enterSends);
}

void ConversationPane::setLetterKeys(bool on)
{
    letterKeys_ = on;
}

bool ConversationPane::letterKey(int key)
{
    switch (key) {
    case Qt::Key_R:
        focusReply();
        return true;
    case Qt::Key_N:
        focusNote();
        return true;
    case Qt::Key_A:
        showAssign();
        return true;
    case Qt::Key_E:
        toggleDone();
        return true;
    default:
        return false;
    }
}

void ConversationPane::keyPressEvent(QKeyEvent* event)
{
    const bool open = !thread_.isNull();
    if (open && event->modifiers() == Qt::ControlModifier && event->key() == Qt::Key_R)
        return retryFailed();
    const bool letter = letterKeys_ && event->modifiers() == Qt::NoModifier && !composer_->hasTextFocus();
    if (open && letter && letterKey(event->key()))
        return;
    QWidget::keyPressEvent(event);
}

void ConversationPane::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const bool isRoom = facts_ && facts_->row.type != domain::ThreadType::customerCase;
    painter.fillRect(rect(), theme_.colour(isRoom ? Colour::surface : Colour::chat));
}

void ConversationPane::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    readTimer_->start();
}

void ConversationPane::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::ActivationChange && readTimer_)
        readTimer_->start();
}

} // namespace holdfast::ui

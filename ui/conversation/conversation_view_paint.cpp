#include "ui/conversation/conversation_view.h"
#include "ui/conversation/item_painter.h"
#include "ui/conversation/new_below_pill.h"
#include "ui/conversation/pictures.h"
#include "ui/theme/words.h"
#include "ui/widgets/painting.h"

#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

namespace holdfast::ui {

void ConversationView::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    painter.fillRect(event->rect(), theme_.colour(isRoom_ ? Colour::surface : Colour::chat));
    if (window_.error() && window_.count() == 0) {
        const QRect box(column_.left, 12, column_.width, theme_.lineHeight(Role::base));
        paintLine(painter, box, plainLine(window_.error()->text), Role::base, Colour::bad, theme_);
        return;
    }
    if (window_.isLoaded() && window_.count() == 0) {
        const QRect box(column_.left, 12, column_.width, theme_.lineHeight(Role::base));
        paintLine(painter, box, tr("Nothing has been written here yet."), Role::base, Colour::text2, theme_);
        return;
    }
    const ItemContext shared = context();
    ItemPainter artist(painter, shared, pictures_);
    const bool active = isActiveWindow();
    for (int row = firstVisible(); row >= 0 && row <= lastVisible(); ++row) {
        const MessageItem& shown = *items_[static_cast<size_t>(row)];
        const int top = itemTop(row);
        if (!QRect(0, top, viewport()->width(), shown.geometry().height).intersects(event->rect()))
            continue;
        ItemState state;
        state.selection = selectionIn(row);
        state.isFocused = keyFocus_ && hasFocus() && shown.message().id == focused_;
        state.flashes = shown.message().id == flashed_;
        state.windowActive = active;
        painter.save();
        painter.translate(0, top);
        artist.paint(shown, state);
        painter.restore();
    }
    // Layouts are heavy; what is a screen away can make its own again.
    const int first = firstVisible();
    const int last = lastVisible();
    const int margin = std::max(8, last - first + 1);
    for (int row = 0; row < static_cast<int>(items_.size()); ++row) {
        if (row < first - margin || row > last + margin)
            items_[static_cast<size_t>(row)]->drop();
    }
}

void ConversationView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    keepingPlace([] {});
}

void ConversationView::placePill()
{
    const bool away = window_.hasMoreAfter() ||
                      verticalScrollBar()->value() < verticalScrollBar()->maximum() - viewport()->height() / 2;
    const bool shown = window_.count() > 0 && !isAtNewest() && (away || newBelow_ > 0);
    pill_->setCount(newBelow_);
    pill_->setVisible(shown);
    const QSize size = pill_->sizeHint();
    pill_->setGeometry((viewport()->width() - size.width()) / 2, viewport()->height() - size.height() - 10,
                       size.width(), size.height());
}

void ConversationView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    keyFocus_ = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason ||
                event->reason() == Qt::ShortcutFocusReason;
    if (keyFocus_ && focused_.isNull() && window_.count() > 0)
        setFocusedMessage(window_.at(lastVisible()).id);
    viewport()->update();
}

void ConversationView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

void ConversationView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::ActivationChange)
        viewport()->update();
}

} // namespace holdfast::ui

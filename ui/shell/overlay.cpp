#include "ui/shell/overlay.h"

#include <QAbstractItemView>
#include <QAccessible>
#include <QApplication>
#include <QKeyEvent>
#include <QPainter>

namespace holdfast::ui {
namespace {

constexpr int sideMargin = 16;
constexpr int bottomMargin = 40;

} // namespace

void tellCurrentRow(QAbstractItemView& list)
{
    QAccessibleInterface* access = QAccessible::queryAccessibleInterface(&list);
    if (!access || !list.currentIndex().isValid())
        return;
    QAccessibleEvent event(&list, QAccessible::Focus);
    event.setChild(list.currentIndex().row());
    QAccessible::updateAccessibility(&event);
}

Overlay::Overlay(const Theme& theme, const QString& accessibleName, QWidget* window)
    : QWidget(window), theme_(theme), card_(new QWidget(this))
{
    setAccessibleName(accessibleName);
    card_->setAccessibleName(accessibleName);
    window->installEventFilter(this);
    hide();
    connect(&theme, &Theme::changed, this, [this] { place(); });
}

void Overlay::setCardGeometry(int width, int height, int top)
{
    wanted_ = QSize(width, height);
    top_ = top;
    place();
}

void Overlay::place()
{
    setGeometry(parentWidget()->rect());
    const int width = std::min(wanted_.width(), this->width() - 2 * sideMargin);
    const int top = std::min(top_, std::max(sideMargin, (height() - wanted_.height()) / 2));
    const int height = std::min(wanted_.height(), this->height() - top - bottomMargin);
    card_->setGeometry((this->width() - width) / 2, top, width, height);
}

void Overlay::openOverlay()
{
    before_ = QApplication::focusWidget();
    place();
    raise();
    show();
    if (QWidget* first = firstFocus())
        first->setFocus(Qt::PopupFocusReason);
}

void Overlay::closeOverlay()
{
    if (isHidden())
        return;
    hide();
    if (before_)
        before_->setFocus(Qt::PopupFocusReason);
    Q_EMIT closed();
}

bool Overlay::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize)
        place();
    return QWidget::eventFilter(watched, event);
}

void Overlay::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), theme_.colour(Colour::scrim));
    const QRectF box = card_->geometry();
    painter.setPen(Qt::NoPen);
    // 0 8 24: widening outlines, each a little of the whole darkness.
    const int whole = theme_.isDark() ? 128 : 41;
    for (int spread = 12; spread > 0; spread -= 2) {
        painter.setBrush(QColor(0, 0, 0, whole / 7));
        painter.drawRoundedRect(box.adjusted(-spread, 8 - spread, spread, 8 + spread), 10 + spread, 10 + spread);
    }
    painter.setPen(theme_.colour(Colour::line2));
    painter.setBrush(theme_.colour(Colour::raised));
    painter.drawRoundedRect(box.adjusted(-0.5, -0.5, 0.5, 0.5), 10, 10);
}

void Overlay::mousePressEvent(QMouseEvent* event)
{
    if (!card_->geometry().contains(event->position().toPoint()))
        closeOverlay();
}

void Overlay::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        closeOverlay();
    // Nothing reaches the window below.
    event->accept();
}

bool Overlay::focusNextPrevChild(bool next)
{
    QWidget* const start = QApplication::focusWidget() ? QApplication::focusWidget() : this;
    QWidget* at = start;
    do {
        at = next ? at->nextInFocusChain() : at->previousInFocusChain();
        if (card_->isAncestorOf(at) && at->isVisible() && at->isEnabled() && (at->focusPolicy() & Qt::TabFocus)) {
            at->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
            return true;
        }
    } while (at != start);
    return true;
}

} // namespace holdfast::ui

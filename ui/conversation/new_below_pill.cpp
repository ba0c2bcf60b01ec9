#include "ui/conversation/new_below_pill.h"

#include "ui/widgets/painting.h"

#include <QPainter>

namespace holdfast::ui {

NewBelowPill::NewBelowPill(const Theme& theme, QWidget* parent) : QAbstractButton(parent), theme_(theme)
{
    setCursor(Qt::ArrowCursor);
    setFocusPolicy(Qt::NoFocus); // End does the same from the keyboard
    setCount(0);
}

void NewBelowPill::setCount(int count)
{
    if (count == count_)
        return;
    count_ = count;
    setText(count == 0 ? tr("Newest") : count == 1 ? tr("1 new message") : tr("%1 new messages").arg(count));
    setAccessibleName(tr("%1, go to the newest message").arg(text()));
    updateGeometry();
    update();
}

QSize NewBelowPill::sizeHint() const
{
    return {textWidth(text(), Role::secondaryStrong, theme_) + 44, theme_.grown(28)};
}

void NewBelowPill::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool loud = count_ > 0;
    const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    const Colour fill = loud ? (underMouse() ? Colour::accentHover : Colour::accent)
                             : (isDown()       ? Colour::press
                                : underMouse() ? Colour::hover
                                               : Colour::raised);
    painter.setPen(loud ? QPen(Qt::NoPen) : QPen(theme_.colour(Colour::line2), 1));
    painter.setBrush(theme_.colour(fill));
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2);
    const Colour ink = loud ? Colour::onAccent : Colour::text2;
    theme_.icons().paintIn(painter, QRectF(10, 0, 16, height()), Icon::chevronDown, 14, theme_.colour(ink));
    paintLine(painter, rect().adjusted(30, 0, -10, 0), text(), Role::secondaryStrong, ink, theme_);
}

} // namespace holdfast::ui

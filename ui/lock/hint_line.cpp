#include "ui/lock/hint_line.h"

#include "ui/widgets/controls.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QPainter>

namespace holdfast::ui {

HintLine::HintLine(const Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(20, 0, 0, 0);
    label_ = new TextLabel(theme, Role::secondary, colour_, this);
    label_->setWordWrap(true);
    row->addWidget(label_);
    hide();
}

void HintLine::say(Icon icon, Colour colour, const QString& words)
{
    icon_ = icon;
    colour_ = colour;
    label_->setLook(Role::secondary, colour);
    label_->setText(words);
    setAccessibleName(words);
    setVisible(!words.isEmpty());
    update();
    if (words.isEmpty())
        return;
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

QString HintLine::words() const
{
    return isHidden() ? QString() : label_->text();
}

void HintLine::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const qreal top = (theme_.lineHeight(Role::secondary) - 14) / 2.0;
    theme_.icons().paint(painter, QPointF(0, label_->y() + top), icon_, 14, theme_.colour(colour_));
}

} // namespace holdfast::ui

#include "ui/shell/brand.h"

#include <QPainter>

namespace holdfast::ui {

void paintBrand(QPainter& painter, const QRectF& box, const Theme& theme)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.colour(Colour::accent));
    const qreal radius = box.width() * 0.25;
    painter.drawRoundedRect(box, radius, radius);
    painter.translate(box.topLeft());
    painter.scale(box.width() / 24, box.height() / 24);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.colour(Colour::onAccent), 2.1, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    QPainterPath mark;
    mark.moveTo(8.2, 5.6);
    mark.lineTo(8.2, 13.6);
    mark.moveTo(15.8, 5.6);
    mark.lineTo(15.8, 13.6);
    mark.moveTo(8.2, 9.4);
    mark.lineTo(15.8, 9.4);
    mark.moveTo(5, 14.4);
    mark.cubicTo(5, 19.4, 12, 19.6, 12, 14.6);
    mark.cubicTo(12, 19.6, 19, 19.4, 19, 14.4);
    painter.drawPath(mark);
    painter.restore();
}

BrandMark::BrandMark(const Theme& theme, int size, QWidget* parent) : QWidget(parent), theme_(theme)
{
    setFixedSize(size, size);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void BrandMark::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    paintBrand(painter, rect(), theme_);
}

} // namespace holdfast::ui

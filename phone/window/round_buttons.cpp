#include "phone/window/round_buttons.h"

#include "ui/theme/style.h"

#include <QPainter>

namespace holdfast::phone {
namespace {

using ui::Colour;

constexpr int sendSide = 34;
constexpr int cameraSide = 26;

void prepare(QAbstractButton& button, const ui::Theme& theme, const QString& name)
{
    button.setAccessibleName(name);
    button.setToolTip(name);
    button.setFocusPolicy(Qt::StrongFocus);
    button.setAttribute(Qt::WA_Hover);
    button.setCursor(Qt::PointingHandCursor);
    QObject::connect(&theme, &ui::Theme::changed, &button, [&button] {
        button.updateGeometry();
        button.update();
    });
}

QPainterPath cameraPath()
{
    QPainterPath path;
    path.moveTo(4.5, 7.5);
    path.lineTo(7.6, 7.5);
    path.lineTo(9.2, 5);
    path.lineTo(14.8, 5);
    path.lineTo(16.4, 7.5);
    path.lineTo(19.5, 7.5);
    path.cubicTo(20.6, 7.5, 21.5, 8.4, 21.5, 9.5);
    path.lineTo(21.5, 17.5);
    path.cubicTo(21.5, 18.6, 20.6, 19.5, 19.5, 19.5);
    path.lineTo(4.5, 19.5);
    path.cubicTo(3.4, 19.5, 2.5, 18.6, 2.5, 17.5);
    path.lineTo(2.5, 9.5);
    path.cubicTo(2.5, 8.4, 3.4, 7.5, 4.5, 7.5);
    path.closeSubpath();
    path.addEllipse(QPointF(12, 13.2), 3.4, 3.4);
    return path;
}

} // namespace

SendButton::SendButton(const ui::Theme& theme, QWidget* parent) : QAbstractButton(parent), theme_(theme)
{
    prepare(*this, theme, tr("Send"));
}

QSize SendButton::sizeHint() const
{
    const int side = theme_.grown(sendSide);
    return {side, side};
}

void SendButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool on = isEnabled();
    painter.setPen(on ? QPen(Qt::NoPen) : QPen(theme_.colour(Colour::line), 1));
    painter.setBrush(on ? QBrush(theme_.colour(underMouse() || isDown() ? Colour::accentHover : Colour::accent))
                        : QBrush(Qt::NoBrush));
    const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.drawEllipse(box);
    theme_.icons().paintIn(painter, rect(), ui::Icon::arrowUp, theme_.grown(16),
                           theme_.colour(on ? Colour::onAccent : Colour::disabled));
    if (!hasFocus())
        return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme_.colour(on ? Colour::onAccent : Colour::ring), 1.5));
    painter.drawEllipse(box.adjusted(2.5, 2.5, -2.5, -2.5));
}

CameraButton::CameraButton(const ui::Theme& theme, QWidget* parent) : QAbstractButton(parent), theme_(theme)
{
    prepare(*this, theme, tr("Take a photo"));
}

QSize CameraButton::sizeHint() const
{
    const int side = theme_.grown(cameraSide);
    return {side, side};
}

void CameraButton::paintEvent(QPaintEvent*)
{
    static const QPainterPath path = cameraPath();
    constexpr int grid = 24;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (isEnabled() && (underMouse() || isDown())) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme_.colour(isDown() ? Colour::press : Colour::hover));
        painter.drawEllipse(rect());
    }
    const int size = theme_.grown(16);
    const qreal scale = qreal(size) / grid;
    painter.save();
    painter.translate((width() - size) / 2.0, (height() - size) / 2.0);
    painter.scale(scale, scale);
    painter.setBrush(Qt::NoBrush);
    const QColor ink = theme_.colour(!isEnabled() ? Colour::disabled : underMouse() ? Colour::text : Colour::text2);
    painter.setPen(QPen(ink, ui::IconSet::stroke(size) / scale, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(path);
    painter.restore();
    if (hasFocus())
        ui::paintFocusRing(painter, rect(), width() / 2.0, theme_);
}

} // namespace holdfast::phone

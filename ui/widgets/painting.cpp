#include "ui/widgets/painting.h"

#include "ui/theme/words.h"

#include <QFontMetrics>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

namespace holdfast::ui {
namespace {

constexpr int chipHeight = 18;
constexpr int chipPadding = 6;
constexpr int keyHeight = 18;
constexpr int keyPadding = 5;
constexpr int maxBadge = 99;
constexpr int ticksDesignWidth = 16;

QString badgeText(int count)
{
    return count > maxBadge ? QStringLiteral("99+") : QString::number(count);
}

QRectF centred(qreal left, qreal centreY, qreal width, qreal height)
{
    return {left, std::round(centreY - height / 2), width, height};
}

} // namespace

int textWidth(const QString& text, Role role, const Theme& theme)
{
    return static_cast<int>(std::ceil(QFontMetricsF(theme.font(role)).horizontalAdvance(text)));
}

void paintAvatar(QPainter& painter, const QRectF& box, const QString& name, AvatarShape shape, const Theme& theme)
{
    const AvatarColours colours = theme.avatar(name);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(colours.fill);
    painter.setPen(theme.isHighContrast() ? QPen(colours.text, 1) : QPen(Qt::NoPen));
    if (shape == AvatarShape::circle) {
        painter.drawEllipse(box);
    } else {
        const qreal radius = box.width() >= 28 ? 6 : 4;
        painter.drawRoundedRect(box, radius, radius);
    }
    QFont font = theme.font(Role::strong);
    font.setPixelSize(std::max(8, static_cast<int>(std::lround(box.width() * 0.36))));
    if (box.width() * 0.36 < 8.5)
        font.setPixelSize(8);
    painter.setFont(font);
    painter.setPen(colours.text);
    painter.drawText(box, Qt::AlignCenter | Qt::TextSingleLine, initials(name));
    painter.restore();
}

int badgeWidth(int count, const Theme& theme)
{
    const int height = theme.grown(chipHeight);
    return std::max(height, textWidth(badgeText(count), Role::small, theme) + 10);
}

int paintBadge(QPainter& painter, int right, int centreY, int count, const Theme& theme)
{
    const int width = badgeWidth(count, theme);
    const QRectF box = centred(right - width, centreY, width, theme.grown(chipHeight));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.colour(Colour::accent));
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2);
    QFont font = theme.font(Role::small);
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(theme.colour(Colour::onAccent));
    painter.drawText(box, Qt::AlignCenter, badgeText(count));
    painter.restore();
    return width;
}

int chipWidth(const QString& text, const Theme& theme)
{
    return textWidth(text, Role::small, theme) + 2 * chipPadding;
}

int paintChip(QPainter& painter, int left, int centreY, const QString& text, Colour fill, Colour ink,
              const Theme& theme)
{
    const int width = chipWidth(text, theme);
    const QRectF box = centred(left, centreY, width, theme.grown(chipHeight));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.isHighContrast() ? QPen(theme.colour(Colour::text), 1) : QPen(Qt::NoPen));
    painter.setBrush(theme.colour(fill));
    painter.drawRoundedRect(box, 4, 4);
    painter.setFont(theme.font(Role::small));
    painter.setPen(theme.colour(ink));
    painter.drawText(box, Qt::AlignCenter | Qt::TextSingleLine, text);
    painter.restore();
    return width;
}

int keyCapWidth(const QString& key, const Theme& theme)
{
    return std::max(theme.grown(keyHeight), textWidth(key, Role::smallPlain, theme) + 2 * keyPadding);
}

int paintKeyCap(QPainter& painter, int left, int centreY, const QString& key, const Theme& theme, bool onAccent)
{
    const int width = keyCapWidth(key, theme);
    const QRectF box = centred(left, centreY, width, theme.grown(keyHeight));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QColor line = theme.colour(onAccent ? Colour::onAccent : Colour::line2);
    painter.setPen(QPen(line, 1));
    painter.setBrush(onAccent ? QBrush(Qt::NoBrush) : QBrush(theme.colour(Colour::surface)));
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter.setFont(theme.font(Role::smallPlain));
    painter.setPen(theme.colour(onAccent ? Colour::onAccent : Colour::text2));
    painter.drawText(box, Qt::AlignCenter | Qt::TextSingleLine, key);
    painter.restore();
    return width;
}

int ticksWidth(const Theme& theme)
{
    return theme.grown(ticksDesignWidth);
}

void paintTicks(QPainter& painter, qreal left, qreal centreY, domain::DeliveryStatus status, const Theme& theme)
{
    using domain::DeliveryStatus;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal scale = ticksWidth(theme) / qreal(ticksDesignWidth);
    painter.translate(left, std::round(centreY - 5 * scale));
    painter.scale(scale, scale);
    painter.setBrush(Qt::NoBrush);
    const bool read = status == DeliveryStatus::read || status == DeliveryStatus::played;
    const QColor ink = theme.colour(read ? Colour::accentText : Colour::text2);
    painter.setPen(QPen(ink, read ? 1.9 : 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const auto tick = [&painter](qreal x) { painter.drawPolyline(QPolygonF{{x, 5.5}, {x + 3.2, 8.5}, {x + 9, 1.8}}); };
    switch (status) {
    case DeliveryStatus::waiting:
    case DeliveryStatus::queued:
        painter.setPen(QPen(ink, 1.2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawEllipse(QPointF(9, 5), 4.4, 4.4);
        painter.drawPolyline(QPolygonF{{9, 2.6}, {9, 5}, {10.8, 6.2}});
        break;
    case DeliveryStatus::sent:
        tick(5);
        break;
    case DeliveryStatus::delivered:
    case DeliveryStatus::read:
    case DeliveryStatus::played:
        tick(1);
        painter.drawPolyline(QPolygonF{{8, 7.4}, {9.2, 8.5}, {15, 1.8}});
        break;
    case DeliveryStatus::failed:
        painter.setPen(QPen(theme.colour(Colour::badMark), 1.5, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(QPointF(6, 1.5), QPointF(13, 8.5));
        painter.drawLine(QPointF(13, 1.5), QPointF(6, 8.5));
        break;
    }
    painter.restore();
}

int paintLine(QPainter& painter, const QRect& box, const QString& text, Role role, Colour colour, const Theme& theme,
              Qt::Alignment alignment, Qt::TextElideMode elide)
{
    if (box.width() <= 0)
        return 0;
    const QFontMetrics metrics(theme.font(role));
    // Whole and fractional widths differ by less than a pixel: that must not cost a letter.
    const bool fits = metrics.horizontalAdvance(text) <= box.width() + 1;
    const QString shown = fits ? text : metrics.elidedText(text, elide, box.width());
    painter.setFont(theme.font(role));
    painter.setPen(theme.colour(colour));
    // Left stays left, also for a name in a right-to-left script: columns must hold.
    painter.drawText(
        box, static_cast<int>(alignment | Qt::AlignVCenter | Qt::AlignAbsolute) | Qt::TextSingleLine | Qt::TextDontClip,
        shown);
    return std::min(box.width(), metrics.horizontalAdvance(shown));
}

void paintMarkedLine(QPainter& painter, const QRect& box, const QString& text, const QList<std::pair<int, int>>& marks,
                     Role role, Colour colour, const Theme& theme)
{
    const QFontMetrics metrics(theme.font(role));
    const QString shown = metrics.elidedText(text, Qt::ElideRight, box.width());
    const int height = metrics.height();
    const int top = box.top() + (box.height() - height) / 2;
    // Where a letter stands in mixed directions only a layout knows.
    QTextLayout layout(shown, theme.font(role));
    layout.beginLayout();
    const QTextLine line = layout.createLine();
    layout.endLayout();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.colour(Colour::hit));
    for (const auto& [start, length] : marks) {
        const int from = std::clamp<int>(start, 0, static_cast<int>(shown.size()));
        const int to = std::clamp<int>(start + length, from, static_cast<int>(shown.size()));
        if (from == to)
            continue;
        const auto [left, right] = std::minmax({line.cursorToX(from), line.cursorToX(to)});
        painter.drawRoundedRect(QRectF(box.left() + left - 1, top, right - left + 2, height), 3, 3);
        if (theme.isHighContrast()) // a line where the tint may be the ground's own
            painter.fillRect(QRectF(box.left() + left, top + height - 2, right - left, 2), theme.colour(Colour::text));
    }
    painter.restore();
    paintLine(painter, box, text, role, colour, theme);
}

void outlineSelected(QPainter& painter, const QRectF& box, qreal radius, const Theme& theme)
{
    if (!theme.isHighContrast())
        return;
    painter.setBrush(Qt::NoBrush);
    // Thicker than every other line of that scheme: the fill may be the ground's own.
    painter.setPen(QPen(theme.colour(Colour::text), 2));
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius);
}

void paintHairline(QPainter& painter, const QRect& box, Qt::Edge edge, const QColor& colour)
{
    const qreal thin = 1.0 / std::max<qreal>(1, std::floor(painter.device()->devicePixelRatioF() / 1.5));
    QRectF line(box);
    switch (edge) {
    case Qt::TopEdge:
        line.setHeight(thin);
        break;
    case Qt::BottomEdge:
        line.setTop(line.bottom() - thin);
        break;
    case Qt::LeftEdge:
        line.setWidth(thin);
        break;
    case Qt::RightEdge:
        line.setLeft(line.right() - thin);
        break;
    }
    painter.fillRect(line, colour);
}

} // namespace holdfast::ui

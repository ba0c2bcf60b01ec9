// What delegates and widgets paint alike: avatars, badges, chips, key caps, ticks, highlighted text.
#pragma once

#include "models/domain/content.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <utility>

namespace holdfast::ui {

enum class AvatarShape { circle, roundedSquare }; // customers; staff

void paintAvatar(QPainter& painter, const QRectF& box, const QString& name, AvatarShape shape, const Theme& theme);

// 18 high, min 18 wide, right aligned at `right`; answers the width.
int paintBadge(QPainter& painter, int right, int centreY, int count, const Theme& theme);
[[nodiscard]] int badgeWidth(int count, const Theme& theme);

// A chip 18 high with its left edge at `left`; answers the width.
int paintChip(QPainter& painter, int left, int centreY, const QString& text, Colour fill, Colour ink,
              const Theme& theme);
[[nodiscard]] int chipWidth(const QString& text, const Theme& theme);

// A key cap with its left edge at `left`; answers the width. `onAccent`: on a primary button.
int paintKeyCap(QPainter& painter, int left, int centreY, const QString& key, const Theme& theme,
                bool onAccent = false);
[[nodiscard]] int keyCapWidth(const QString& key, const Theme& theme);

// Delivery ticks, 16x10 at 100 %; the word beside them in high contrast is the caller's.
[[nodiscard]] int ticksWidth(const Theme& theme);
// From their left edge, centred at `centreY`.
void paintTicks(QPainter& painter, qreal left, qreal centreY, domain::DeliveryStatus status, const Theme& theme);

// One line of plain text in `box`, vertically centred, elided at the right; answers the width that it took.
int paintLine(QPainter& painter, const QRect& box, const QString& text, Role role, Colour colour, const Theme& theme,
              Qt::Alignment alignment = Qt::AlignLeft, Qt::TextElideMode elide = Qt::ElideRight);
// The same with spans (start, length) on the `hit` colour.
void paintMarkedLine(QPainter& painter, const QRect& box, const QString& text, const QList<std::pair<int, int>>& marks,
                     Role role, Colour colour, const Theme& theme);
[[nodiscard]] int textWidth(const QString& text, Role role, const Theme& theme);

// Around a selected row, where the fill alone may not show: high contrast only.
void outlineSelected(QPainter& painter, const QRectF& box, qreal radius, const Theme& theme);

// A line of 1 device pixel along an edge of `box`.
void paintHairline(QPainter& painter, const QRect& box, Qt::Edge edge, const QColor& colour);

} // namespace holdfast::ui

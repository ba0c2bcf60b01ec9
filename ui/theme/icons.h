// Our icons: one stroke style on a 24-unit grid, drawn as paths and cached as pixmaps.
#pragma once

#include <QColor>
#include <QHash>
#include <QPainterPath>
#include <QPixmap>

class QPainter;

namespace holdfast::ui {

enum class Icon {
    alert,   // circle with "!"
    arrowUp, // send
    at,
    back,
    bolt,
    capsLock,
    check,
    chevronDown,
    clock,
    close,
    cloud,
    cross,
    device,
    document,
    download,
    eye,
    eyeOff,
    filter,
    hash,
    inbox,
    image,
    key,
    link,
    lock,
    log,
    message,
    microphone,
    more,
    note,
    panel,
    paperclip,
    people,
    person,
    personPlus,
    policy,
    reply,
    retry,
    search,
    server,
    shield,
    template_,
    unread,
    warning, // triangle
    count
};

// Rendered pixmaps per icon, size, colour and scale. GUI thread only.
class IconSet
{
public:
    // On the 24-unit grid, to be stroked with round caps and joins.
    [[nodiscard]] static const QPainterPath& path(Icon icon);
    // Stroke width in px for an icon of `size` px.
    [[nodiscard]] static qreal stroke(int size);

    [[nodiscard]] QPixmap pixmap(Icon icon, int size, const QColor& colour, qreal scale) const;
    // Draws the icon with its top left corner at `at`, sharp at the painter's scale.
    void paint(QPainter& painter, const QPointF& at, Icon icon, int size, const QColor& colour) const;
    // Centred in `box`.
    void paintIn(QPainter& painter, const QRectF& box, Icon icon, int size, const QColor& colour) const;

private:
    mutable QHash<quint64, QPixmap> cache_; // cleared when it holds too many
};

} // namespace holdfast::ui

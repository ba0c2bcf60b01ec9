#include "ui/theme/icons.h"

#include <QPainter>
#include <QPen>
#include <QStringView>

#include <array>
#include <cmath>

namespace holdfast::ui {
namespace {

// Absolute commands: M L H V C Z as in SVG; O cx cy r: circle; R x y w h r: rounded rectangle;
// A cx cy r start sweep: arc in degrees, counter-clockwise from three o'clock.
constexpr std::array<const char*, static_cast<size_t>(Icon::count)> outlines{
    /* alert */ "O 12 12 9 M 12 7.5 V 13 M 12 16.4 V 16.5",
    /* arrowUp */ "M 12 19.5 V 5 M 5.5 11 L 12 4.5 L 18.5 11",
    /* at */
    "O 12 12 4 M 16 8 V 13.2 C 16 15.2 17.2 16.2 18.6 16.2 C 20.2 16.2 21 14.6 21 12 C 21 7 17 3 12 3 "
    "C 7 3 3 7 3 12 C 3 17 7 21 12 21 C 14 21 15.8 20.4 17.2 19.4",
    /* back */ "M 20 12 H 4.5 M 11 5 L 4 12 L 11 19",
    /* bolt */ "M 13 3 L 5 13.5 H 11.5 L 10.5 21 L 19 10.5 H 12.5 Z",
    /* capsLock */ "M 12 3.5 L 4 11.5 H 8.5 V 16 H 15.5 V 11.5 H 20 Z M 8.5 20 H 15.5",
    /* check */ "M 4.5 12.5 L 9.5 17.5 L 19.5 6.5",
    /* chevronDown */ "M 6 9 L 12 15 L 18 9",
    /* clock */ "O 12 12 9 M 12 7 V 12 L 15.5 14",
    /* close */ "M 6 6 L 18 18 M 18 6 L 6 18",
    /* cloud */
    "M 7 19 H 17.5 C 20 19 21.5 17.3 21.5 15.2 C 21.5 13.1 19.9 11.5 17.8 11.4 C 17.5 8 15 5.5 11.8 5.5 "
    "C 8.9 5.5 6.5 7.5 5.9 10.3 C 3.9 10.8 2.5 12.6 2.5 14.7 C 2.5 17.2 4.5 19 7 19 Z",
    /* cross */ "M 5.5 5.5 L 18.5 18.5 M 18.5 5.5 L 5.5 18.5",
    /* device */ "R 3 4 18 12.5 1.5 M 8.5 20.5 H 15.5 M 12 16.5 V 20.5",
    /* document */ "M 6 3 H 14 L 19 8 V 21 H 6 Z M 14 3 V 8 H 19",
    /* download */ "M 12 4 V 15 M 6.5 10 L 12 15.5 L 17.5 10 M 4.5 20 H 19.5",
    /* eye */
    "M 2.5 12 C 5 7.5 8.3 5.5 12 5.5 C 15.7 5.5 19 7.5 21.5 12 C 19 16.5 15.7 18.5 12 18.5 "
    "C 8.3 18.5 5 16.5 2.5 12 Z O 12 12 3",
    /* eyeOff */
    "M 9.9 5.7 C 10.6 5.6 11.3 5.5 12 5.5 C 15.7 5.5 19 7.5 21.5 12 C 20.8 13.3 20 14.4 19.1 15.3 "
    "M 6.3 7.3 C 4.8 8.4 3.6 10 2.5 12 C 5 16.5 8.3 18.5 12 18.5 C 13.9 18.5 15.7 18 17.3 16.9 "
    "M 9.9 9.9 C 8.7 11.1 8.7 12.9 9.9 14.1 C 11.1 15.3 12.9 15.3 14.1 14.1 M 4 4 L 20 20",
    /* filter */ "M 4 6.5 H 20 M 7 12 H 17 M 10 17.5 H 14",
    /* hash */ "M 9.5 4 L 7.5 20 M 16.5 4 L 14.5 20 M 4.5 9 H 20 M 4 15 H 19.5",
    /* inbox */ "M 3 13 L 6 5 H 18 L 21 13 V 19 H 3 Z M 3 13 H 8.5 L 10 16 H 14 L 15.5 13 H 21",
    /* image */ "R 3 4.5 18 15 2 O 8.5 9.5 1.5 M 3.5 17 L 9 12.5 L 13 16 L 16.5 13 L 20.5 16.5",
    /* key */ "O 8 15.5 4.5 M 11.2 12.3 L 20 3.5 M 16 7.5 L 19 10.5",
    /* link */
    "M 10 14 C 11.5 15.5 13.8 15.5 15.3 14 L 19.3 10 C 20.8 8.5 20.8 6.2 19.3 4.7 C 17.8 3.2 15.5 3.2 14 4.7 "
    "L 12.5 6.2 M 14 10 C 12.5 8.5 10.2 8.5 8.7 10 L 4.7 14 C 3.2 15.5 3.2 17.8 4.7 19.3 "
    "C 6.2 20.8 8.5 20.8 10 19.3 L 11.5 17.8",
    /* lock */ "R 5 10.5 14 10 2 M 8 10.5 V 7.5 C 8 5.2 9.8 3.5 12 3.5 C 14.2 3.5 16 5.2 16 7.5 V 10.5",
    /* log */ "M 8.5 6 H 20 M 8.5 12 H 20 M 8.5 18 H 20 M 4 6 H 4.1 M 4 12 H 4.1 M 4 18 H 4.1",
    /* message */
    "M 5 4.5 H 19 C 20.1 4.5 21 5.4 21 6.5 V 15 C 21 16.1 20.1 17 19 17 H 11 L 6.5 20.5 V 17 H 5 "
    "C 3.9 17 3 16.1 3 15 V 6.5 C 3 5.4 3.9 4.5 5 4.5 Z",
    /* microphone */
    "R 9 3 6 11 3 M 5.5 11.5 C 5.5 15 8.4 17.5 12 17.5 C 15.6 17.5 18.5 15 18.5 11.5 M 12 17.5 V 21",
    /* more */ "O 5 12 0.5 O 12 12 0.5 O 19 12 0.5",
    /* note */ "R 4 4 16 16 2 M 8 9 H 16 M 8 12.5 H 16 M 8 16 H 12",
    /* panel */ "R 3 4.5 18 15 2 M 15 4.5 V 19.5",
    /* paperclip */
    "M 20 11.5 L 12 19.5 C 9.8 21.7 6.6 21.7 4.6 19.7 C 2.6 17.7 2.6 14.4 4.7 12.3 L 13 4 C 14.4 2.6 16.6 2.6 18 4 "
    "C 19.4 5.4 19.4 7.6 18 9 L 10 17 C 9.3 17.7 8.2 17.7 7.5 17 C 6.8 16.3 6.8 15.2 7.5 14.5 L 14.5 7.5",
    /* people */
    "O 9 8.5 3.5 M 2.5 20 C 2.5 16.2 5.2 14.5 9 14.5 C 12.8 14.5 15.5 16.2 15.5 20 "
    "M 15.5 5.3 C 17.2 5.6 18.4 6.9 18.4 8.5 C 18.4 10.1 17.2 11.4 15.5 11.7 M 18 14.9 C 20.2 15.5 21.5 17.2 21.5 20",
    /* person */ "O 12 8 4 M 4.5 20.5 C 4.5 16.5 7.5 14.5 12 14.5 C 16.5 14.5 19.5 16.5 19.5 20.5",
    /* personPlus */
    "O 10 8 4 M 2.5 20.5 C 2.5 16.5 5.5 14.5 10 14.5 C 11.5 14.5 12.9 14.8 14 15.3 M 18 14 V 20 M 15 17 H 21",
    /* policy */
    "M 6 3.5 H 19 V 20.5 H 6.5 C 5.1 20.5 4.5 19.6 4.5 18.5 V 5 C 4.5 4.2 5.2 3.5 6 3.5 Z "
    "M 4.5 18.3 C 4.5 17.2 5.3 16.5 6.5 16.5 H 19",
    /* reply */ "M 9.5 6 L 4 11.5 L 9.5 17 M 4.5 11.5 H 14 C 17.6 11.5 20 13.9 20 17.5 V 18.5",
    /* retry */ "A 12 12 7.5 20 300 M 19.5 4.5 V 9.5 H 14.5",
    /* search */ "O 11 11 7 M 16 16 L 20.5 20.5",
    /* server */ "R 4 4 16 7 1.5 R 4 13 16 7 1.5 M 8 7.5 H 8.1 M 8 16.5 H 8.1",
    /* shield */
    "M 12 3 L 19.5 5.5 V 11.5 C 19.5 16 16.5 19.3 12 21 C 7.5 19.3 4.5 16 4.5 11.5 V 5.5 Z M 8.5 12 L 11 14.5 L 15.5 "
    "9.5",
    /* template_ */ "R 4 4 16 16 2 M 4 9.5 H 20 M 8 13.5 H 16 M 8 16.8 H 13",
    /* unread */ "R 3 5.5 18 13 2 M 3.5 7 L 12 13 L 20.5 7",
    /* warning */ "M 12 4 L 21.5 20 H 2.5 Z M 12 10 V 14.5 M 12 17.2 V 17.3",
};

class OutlineReader
{
public:
    explicit OutlineReader(const char* text) : tokens_(QString::fromLatin1(text).split(u' ', Qt::SkipEmptyParts)) {}

    QPainterPath read()
    {
        while (next_ < tokens_.size())
            command(tokens_[next_++].at(0).toLatin1());
        return path_;
    }

private:
    qreal number() { return next_ < tokens_.size() ? tokens_[next_++].toDouble() : 0; }
    QPointF point()
    {
        const qreal x = number();
        return {x, number()};
    }

    void command(char letter)
    {
        const QPointF here = path_.currentPosition();
        switch (letter) {
        case 'M':
            path_.moveTo(point());
            break;
        case 'L':
            path_.lineTo(point());
            break;
        case 'H':
            path_.lineTo(number(), here.y());
            break;
        case 'V':
            path_.lineTo(here.x(), number());
            break;
        case 'C': {
            const QPointF first = point();
            const QPointF second = point();
            path_.cubicTo(first, second, point());
            break;
        }
        case 'Z':
            path_.closeSubpath();
            break;
        case 'O': {
            const QPointF centre = point();
            const qreal radius = number();
            path_.addEllipse(centre, radius, radius);
            break;
        }
        case 'R': {
            const QPointF corner = point();
            const QPointF size = point();
            const qreal radius = number();
            path_.addRoundedRect(QRectF(corner, QSizeF(size.x(), size.y())), radius, radius);
            break;
        }
        case 'A': {
            const QPointF centre = point();
            const qreal radius = number();
            const QRectF box(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius);
            const qreal start = number();
            path_.arcMoveTo(box, start);
            path_.arcTo(box, start, number());
            break;
        }
        default:
            break;
        }
    }

    QStringList tokens_;
    qsizetype next_ = 0;
    QPainterPath path_;
};

using Paths = std::array<QPainterPath, static_cast<size_t>(Icon::count)>;

Paths readAll()
{
    Paths paths;
    for (size_t i = 0; i < paths.size(); ++i)
        paths[i] = OutlineReader(outlines[i]).read();
    return paths;
}

constexpr qsizetype maxCached = 1000;

} // namespace

const QPainterPath& IconSet::path(Icon icon)
{
    static const Paths paths = readAll();
    return paths[static_cast<size_t>(icon)];
}

qreal IconSet::stroke(int size)
{
    if (size <= 12)
        return 1.2;
    return size <= 16 ? 1.4 : 1.6 * size / 20.0;
}

QPixmap IconSet::pixmap(Icon icon, int size, const QColor& colour, qreal scale) const
{
    const quint64 key = quint64(colour.rgba()) << 32 | quint64(static_cast<quint8>(icon)) << 24 |
                        quint64(size & 0xff) << 16 | quint64(std::lround(scale * 100) & 0xffff);
    if (const auto it = cache_.constFind(key); it != cache_.cend())
        return *it;
    const int device = static_cast<int>(std::ceil(size * scale));
    QPixmap pixmap(device, device);
    pixmap.setDevicePixelRatio(scale);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal unit = size / 24.0;
    painter.scale(unit, unit);
    painter.setPen(QPen(colour, stroke(size) / unit, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(path(icon));
    painter.end();
    if (cache_.size() >= maxCached)
        cache_.clear();
    cache_.insert(key, pixmap);
    return pixmap;
}

void IconSet::paint(QPainter& painter, const QPointF& at, Icon icon, int size, const QColor& colour) const
{
    const qreal scale = painter.device()->devicePixelRatioF();
    const QPointF sharp(std::round(at.x() * scale) / scale, std::round(at.y() * scale) / scale);
    painter.drawPixmap(sharp, pixmap(icon, size, colour, scale));
}

void IconSet::paintIn(QPainter& painter, const QRectF& box, Icon icon, int size, const QColor& colour) const
{
    paint(painter, box.center() - QPointF(size / 2.0, size / 2.0), icon, size, colour);
}

} // namespace holdfast::ui

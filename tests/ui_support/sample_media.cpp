#include "tests/ui_support/sample_parts.h"

#include <QBuffer>
#include <QImage>
#include <QPainter>
#include <QPainterPath>

namespace holdfast::test {
namespace {

void paintParkade(QPainter& painter, const QSizeF& size, int view)
{
    painter.fillRect(QRectF({}, size), QColor(0x8d, 0x93, 0x96).darker(100 + view * 6));
    painter.fillRect(QRectF(0, size.height() * 0.62, size.width(), size.height()), QColor(0x5f, 0x64, 0x66));
    painter.setPen(QPen(QColor(0xd9, 0xd5, 0xc2), size.width() * 0.012));
    for (int i = 0; i < 3; ++i) {
        const qreal x = size.width() * (0.1 + 0.4 * i);
        painter.drawLine(QPointF(x, size.height()), QPointF(x + size.width() * 0.12, size.height() * 0.64));
    }
    painter.setPen(Qt::NoPen);
    painter.fillRect(QRectF(size.width() * (0.7 - 0.1 * view), 0, size.width() * 0.07, size.height() * 0.62),
                     QColor(0x75, 0x7b, 0x7e));
}

void paintCar(QPainter& painter, int view)
{
    const QColor paint = view == 3 ? QColor(0x2c, 0x52, 0x70) : QColor(0x3a, 0x63, 0x84);
    QPainterPath body;
    body.moveTo(4, 58);
    body.cubicTo(5, 46, 14, 44, 26, 42);
    body.lineTo(40, 27);
    body.lineTo(72, 27);
    body.lineTo(86, 42);
    body.cubicTo(96, 44, 98, 50, 97, 62);
    body.lineTo(4, 62);
    body.closeSubpath();
    painter.setBrush(paint);
    painter.drawPath(body);
    painter.setBrush(QColor(0x24, 0x33, 0x3d));
    painter.drawPolygon(QPolygonF{{43, 30}, {56, 30}, {56, 42}, {33, 42}});
    painter.drawPolygon(QPolygonF{{59, 30}, {70, 30}, {80, 42}, {59, 42}});
    for (const qreal x : {24.0, 78.0}) {
        painter.setBrush(QColor(0x1c, 0x1f, 0x21));
        painter.drawEllipse(QPointF(x, 62), 9, 9);
        painter.setBrush(QColor(0xb8, 0xbf, 0xc3));
        painter.drawEllipse(QPointF(x, 62), 5, 5);
    }
    painter.setPen(QPen(QColor(0xe4, 0xe8, 0xea), 0.8));
    for (int i = 0; i < 6; ++i)
        painter.drawLine(QPointF(8 + i, 50 + i * 1.4), QPointF(18 + 2 * i, 47 + i * 1.9));
}

} // namespace

QByteArray carPicture(int view, int width, int height)
{
    QImage image(width, height, QImage::Format_RGB32);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    paintParkade(painter, image.size(), view);
    const qreal zoom = width / 100.0 * (1.0 + 0.35 * (view % 3));
    painter.translate(-width * 0.12 * (view % 3), height * (0.16 - 0.12 * (view % 3)));
    painter.scale(zoom, zoom);
    paintCar(painter, view);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

QByteArray smallPdf()
{
    return QByteArrayLiteral("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                             "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
                             "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
                             "trailer<</Root 1 0 R>>\n%%EOF\n");
}

} // namespace holdfast::test

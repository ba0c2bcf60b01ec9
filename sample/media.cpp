#include "sample/media.h"

#include <QBuffer>
#include <QImage>
#include <QImageWriter>
#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace holdfast::sample {
namespace {

constexpr int width = 960;
constexpr int height = 720;

void paintParkade(QPainter& painter, Dice& dice)
{
    const int grey = dice.between(88, 128);
    painter.fillRect(0, 0, width, height, QColor(grey, grey, grey + 6));
    painter.fillRect(0, 430, width, height - 430, QColor(grey - 30, grey - 30, grey - 26));
    for (int x = dice.below(160); x < width; x += 240)
        painter.fillRect(x, 60, 34, 380, QColor(grey + 28, grey + 26, grey + 20));
    painter.setPen(QPen(QColor(222, 214, 170), 7));
    for (int x = -80 + dice.below(120); x < width; x += 260)
        painter.drawLine(x, 470, x - 90, height);
    painter.setPen(Qt::NoPen);
    for (int x = 40; x < width; x += 200)
        painter.fillRect(x, 24, 120, 10, QColor(250, 250, 236));
}

QPainterPath carBody()
{
    QPainterPath body;
    body.moveTo(70, 330);
    body.cubicTo(80, 270, 150, 262, 235, 250);
    body.cubicTo(290, 170, 350, 150, 470, 150);
    body.cubicTo(590, 150, 640, 190, 690, 252);
    body.cubicTo(760, 262, 800, 290, 806, 350);
    body.cubicTo(806, 400, 790, 410, 760, 412);
    body.lineTo(100, 412);
    body.cubicTo(70, 412, 66, 380, 70, 330);
    return body;
}

void paintWheel(QPainter& painter, const QPointF& centre)
{
    painter.setBrush(QColor(24, 25, 28));
    painter.drawEllipse(centre, 66, 66);
    painter.setBrush(QColor(176, 180, 186));
    painter.drawEllipse(centre, 40, 40);
    painter.setPen(QPen(QColor(88, 92, 98), 8));
    for (int spoke = 0; spoke < 5; ++spoke) {
        const qreal angle = spoke * 6.28318 / 5;
        painter.drawLine(centre, centre + QPointF(36 * std::cos(angle), 36 * std::sin(angle)));
    }
    painter.setPen(Qt::NoPen);
}

void paintDent(QPainter& painter, Dice& dice, const QPointF& centre, const QColor& paint)
{
    for (int ring = 0; ring < 4; ++ring) {
        QPolygonF dent;
        const int points = 9;
        for (int i = 0; i < points; ++i) {
            const qreal angle = i * 6.28318 / points;
            const qreal radius = (78 - ring * 17) * (0.7 + dice.below(60) / 100.0);
            dent << centre + QPointF(radius * std::cos(angle), 0.7 * radius * std::sin(angle));
        }
        painter.setBrush(paint.darker(120 + ring * 35));
        painter.drawPolygon(dent);
    }
    painter.setPen(QPen(QColor(226, 226, 222), 3));
    for (int scratch = 0; scratch < 7; ++scratch) {
        const QPointF from = centre + QPointF(dice.between(-110, 60), dice.between(-50, 50));
        painter.drawLine(from, from + QPointF(dice.between(30, 120), dice.between(-14, 14)));
    }
    painter.setPen(Qt::NoPen);
}

void paintCar(QPainter& painter, Dice& dice)
{
    paintParkade(painter, dice);
    static const QList<QColor> paints = {QColor(62, 104, 150),  QColor(170, 40, 38), QColor(196, 198, 200),
                                         QColor(230, 230, 228), QColor(52, 58, 62),  QColor(84, 110, 84)};
    const QColor paint = dice.pick(paints);
    const qreal zoom = 0.9 + dice.below(90) / 100.0;
    painter.save();
    painter.translate(dice.between(-140, 70) * zoom, height - 520 * zoom);
    painter.scale(zoom, zoom);
    painter.setBrush(QColor(0, 0, 0, 90));
    painter.drawEllipse(QRectF(70, 440, 760, 60));
    painter.setBrush(paint);
    painter.drawPath(carBody());
    painter.setBrush(QColor(150, 190, 205));
    QPainterPath glass;
    glass.moveTo(300, 248);
    glass.cubicTo(330, 190, 370, 172, 462, 172);
    glass.lineTo(462, 250);
    glass.closeSubpath();
    glass.addPolygon(QPolygonF({{480, 172}, {560, 180}, {640, 252}, {480, 252}}));
    painter.drawPath(glass);
    painter.setBrush(QColor(250, 240, 200));
    painter.drawEllipse(QRectF(84, 296, 54, 30));
    paintWheel(painter, {220, 412});
    paintWheel(painter, {660, 412});
    paintDent(painter, dice, {static_cast<qreal>(dice.between(120, 760)), static_cast<qreal>(dice.between(300, 350))},
              paint);
    painter.restore();
}

void paintWindscreen(QPainter& painter, Dice& dice)
{
    QLinearGradient sky(0, 0, 0, height);
    sky.setColorAt(0, QColor(150, 184, 214));
    sky.setColorAt(1, QColor(206, 214, 206));
    painter.fillRect(0, 0, width, height, sky);
    painter.fillRect(0, 560, width, 160, QColor(34, 36, 40));
    const QPointF hit(dice.between(250, 700), dice.between(150, 400));
    painter.setPen(QPen(QColor(246, 250, 252), 2));
    for (int crack = 0; crack < 26; ++crack) {
        QPointF at = hit;
        qreal angle = dice.below(628) / 100.0;
        for (int step = 0; step < dice.between(3, 9); ++step) {
            angle += (dice.below(60) - 30) / 100.0;
            const QPointF next = at + QPointF(42 * std::cos(angle), 42 * std::sin(angle));
            painter.drawLine(at, next);
            at = next;
        }
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(240, 244, 246, 170));
    painter.drawEllipse(hit, 26, 22);
}

void paintCeiling(QPainter& painter, Dice& dice)
{
    painter.fillRect(0, 0, width, height, QColor(232, 228, 218));
    for (int y = 0; y < height; y += 120)
        painter.fillRect(0, y, width, 4, QColor(214, 208, 196));
    for (int stain = 0; stain < 5; ++stain) {
        const QPointF centre(dice.between(150, 800), dice.between(120, 600));
        for (int ring = 0; ring < 6; ++ring) {
            painter.setBrush(QColor(168 - ring * 8, 128 - ring * 6, 72, 60));
            painter.drawEllipse(centre, 150 - ring * 20 + dice.below(18), 110 - ring * 15 + dice.below(14));
        }
    }
    painter.setPen(QPen(QColor(70, 60, 50), 4));
    QPointF at(dice.between(100, 400), 0);
    while (at.y() < height) {
        const QPointF next = at + QPointF(dice.between(-20, 36), dice.between(24, 60));
        painter.drawLine(at, next);
        at = next;
    }
}

void addNoise(QImage& image, Dice& dice)
{
    for (int y = 0; y < image.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < image.width(); x += 4) {
            const quint64 bits = dice.number();
            for (int i = 0; i < 4; ++i) {
                const int shift = static_cast<int>((bits >> (i * 8)) & 15) - 8;
                const QRgb old = line[x + i];
                line[x + i] = qRgb(std::clamp(qRed(old) + shift, 0, 255), std::clamp(qGreen(old) + shift, 0, 255),
                                   std::clamp(qBlue(old) + shift, 0, 255));
            }
        }
    }
}

QByteArray pdfText(const QString& text)
{
    QByteArray out;
    for (const QChar character : text) {
        const char byte = character.unicode() < 256 ? static_cast<char>(character.unicode()) : '?';
        if (byte == '(' || byte == ')' || byte == '\\')
            out += '\\';
        out += byte;
    }
    return out;
}

QByteArray pdfPage(const QString& title, const QStringList& lines, int page, int pages)
{
    QByteArray stream = "BT /F1 18 Tf 60 770 Td (" + pdfText(title) + ") Tj ET\n0.5 w 60 758 m 535 758 l S\n";
    int y = 730;
    for (const QString& line : lines) {
        stream += "BT /F1 11 Tf 60 " + QByteArray::number(y) + " Td (" + pdfText(line) + ") Tj ET\n";
        y -= 18;
    }
    return stream + "BT /F1 9 Tf 60 40 Td (Page " + QByteArray::number(page) + " of " + QByteArray::number(pages) +
           ") Tj ET\n";
}

} // namespace

MediaFile makePhoto(Dice& dice, Scene scene)
{
    QImage image(width, height, QImage::Format_RGB32);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    if (scene == Scene::car)
        paintCar(painter, dice);
    else if (scene == Scene::windscreen)
        paintWindscreen(painter, dice);
    else
        paintCeiling(painter, dice);
    painter.end();
    addNoise(image, dice);
    MediaFile file{QString(), QStringLiteral("image/jpeg"), {}};
    QBuffer buffer(&file.bytes);
    buffer.open(QIODevice::WriteOnly);
    QImageWriter writer(&buffer, "jpeg");
    writer.setQuality(72);
    writer.write(image);
    return file;
}

MediaFile makePdf(Dice& dice, const QString& name, const QString& title, const QStringList& lines)
{
    const int pages = dice.between(1, 3);
    QList<QByteArray> objects;
    QByteArray kids;
    for (int page = 0; page < pages; ++page)
        kids += QByteArray::number(4 + 2 * page) + " 0 R ";
    objects << "<< /Type /Catalog /Pages 2 0 R >>"
            << "<< /Type /Pages /Kids [" + kids + "] /Count " + QByteArray::number(pages) + " >>"
            << "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";
    for (int page = 0; page < pages; ++page) {
        const QByteArray stream = pdfPage(title, lines, page + 1, pages);
        objects << "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
                   "/Contents " +
                       QByteArray::number(5 + 2 * page) + " 0 R >>"
                << "<< /Length " + QByteArray::number(stream.size()) + " >>\nstream\n" + stream + "endstream";
    }
    QByteArray out = "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n";
    QByteArray table = "xref\n0 " + QByteArray::number(objects.size() + 1) + "\n0000000000 65535 f \n";
    for (qsizetype i = 0; i < objects.size(); ++i) {
        table += QByteArray::number(out.size()).rightJustified(10, '0') + " 00000 n \n";
        out += QByteArray::number(i + 1) + " 0 obj\n" + objects.at(i) + "\nendobj\n";
    }
    const qsizetype start = out.size();
    out += table + "trailer\n<< /Size " + QByteArray::number(objects.size() + 1) + " /Root 1 0 R >>\nstartxref\n" +
           QByteArray::number(start) + "\n%%EOF\n";
    return {name, QStringLiteral("application/pdf"), out};
}

} // namespace holdfast::sample

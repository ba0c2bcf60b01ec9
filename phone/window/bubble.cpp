#include "phone/window/bubble.h"

#include "ui/conversation/item_layout.h"
#include "ui/conversation/item_painter.h"
#include "ui/theme/words.h"
#include "ui/widgets/painting.h"

#include <QFileInfo>
#include <QPainter>

namespace holdfast::phone {
namespace {

using ui::Colour;
using ui::Role;

constexpr int margin = 12; // of the column
constexpr int padX = 10;
constexpr int padY = 6;
constexpr int photoPad = 3;
constexpr int share = 88;       // percent of the column that a bubble may take: 76 of the window
constexpr int leastWidth = 120; // before the view has its size
constexpr int cardWidth = 240;
constexpr qreal round = 12;
constexpr qreal tight = 4;
const QColor onPhoto(10, 16, 17, 184); // 72 %

QString belowWords()
{
    return ChatModel::tr("Copy at the provider deleted");
}

QString fileWords(const PhoneMessage& message)
{
    return message.fileName.isEmpty() ? ChatModel::tr("Document") : message.fileName;
}

QString typeWord(const PhoneMessage& message)
{
    constexpr int longest = 4;
    const QString suffix = QFileInfo(message.fileName).suffix().toUpper();
    return suffix.isEmpty() || suffix.size() > longest ? ChatModel::tr("FILE") : suffix;
}

QColor mixed(const QColor& ground, const QColor& with, qreal part)
{
    const auto mix = [part](int a, int b) { return static_cast<int>(a + (b - a) * part + 0.5); };
    return {mix(ground.red(), with.red()), mix(ground.green(), with.green()), mix(ground.blue(), with.blue())};
}

} // namespace

Bubble::Bubble(const ui::Theme& theme, PhoneRow row, QSize picture, int width)
    : theme_(theme), row_(std::move(row)), picture_(picture), width_(width), time_(ui::clockTime(row_.message.at))
{
    const bool isTemplate = row_.message.type == "template";
    const QString text = isTemplate ? ChatModel::tr("Template: %1").arg(row_.message.text) : row_.message.text;
    text_.set(text, theme.font(Role::message), theme.lineHeight(Role::message));
    layOut();
}

bool Bubble::isFor(const PhoneRow& row, QSize picture, int width) const
{
    return width == width_ && picture == picture_ && row == row_;
}

int Bubble::timeWidth() const
{
    const int word = ui::textWidth(time_, Role::smallPlain, theme_);
    if (!row_.message.isOwn)
        return word;
    constexpr int ticks = 16;
    constexpr int gap = 5;
    const QString status = ui::statusWords(row_.message.status);
    return word + gap + (theme_.isHighContrast() ? ui::textWidth(status, Role::smallPlain, theme_) : ticks);
}

int Bubble::innerWidth(int most) const
{
    int inner = 0;
    const PhoneMessage& message = row_.message;
    if (!message.quoteName.isEmpty()) {
        const int words = std::max(ui::textWidth(message.quoteName, Role::secondaryStrong, theme_),
                                   ui::textWidth(message.quoteText, Role::secondary, theme_));
        inner = std::min(most, words + 20);
    }
    if (message.type == "document") {
        const int words = ui::textWidth(fileWords(message), Role::name, theme_);
        inner = std::max(inner, std::min({most, theme_.grown(cardWidth), words + theme_.grown(34) + 12}));
        inner = std::max(inner, std::min(most, theme_.grown(34) + 12 + 90 + timeWidth()));
    }
    return inner;
}

void Bubble::layOut()
{
    const PhoneMessage& message = row_.message;
    int y = row_.day.isEmpty() ? (row_.startsRun ? 8 : 2) : 12;
    if (!row_.day.isEmpty()) {
        const int high = theme_.grown(20);
        const int wide = ui::textWidth(row_.day, Role::secondary, theme_) + 20;
        day_ = QRect((width_ - wide) / 2, y, wide, high);
        y = day_.bottom() + 1 + 10;
    }
    const int most = std::max(leastWidth, (width_ - 2 * margin) * share / 100);
    const int mostInner = most - 2 * padX;
    const int time = timeWidth();
    int inner = innerWidth(mostInner);
    bool timeInline = false;
    if (!text_.isEmpty()) {
        text_.layout(mostInner);
        timeInline = !text_.isRightToLeft() && text_.lastLineWidth() + 10 + time <= mostInner;
        inner = std::max({inner, text_.width(), timeInline ? text_.lastLineWidth() + 10 + time : time});
        if (text_.isRightToLeft())
            text_.layout(std::min(mostInner, inner + 1));
    }
    const bool isPhoto = message.type == "image";
    if (isPhoto) {
        const QSize size = picture_.isEmpty() ? QSize(320, 240) : picture_;
        photo_ = ui::photoGrid(1, size.width(), size.height(), most - 2 * photoPad).front();
        inner = std::max(inner, photo_.width() + 2 * photoPad - 2 * padX);
    }
    const int wide = std::max(inner, time) + 2 * padX;
    const int left = message.isOwn ? width_ - margin - wide : margin;
    const int top = y;
    y += isPhoto && message.quoteName.isEmpty() ? photoPad : padY;
    if (!message.quoteName.isEmpty()) {
        const int high = theme_.lineHeight(Role::secondaryStrong) + theme_.lineHeight(Role::secondary) + 4;
        quote_ = QRect(left + padX, y, wide - 2 * padX, high);
        y += high + 4;
    }
    if (isPhoto) {
        photo_ = QRect(left + photoPad, y, wide - 2 * photoPad, photo_.height());
        y += photo_.height() + (text_.isEmpty() ? photoPad : 4);
    }
    if (message.type == "document") {
        card_ = QRect(left + padX, y, wide - 2 * padX, theme_.grown(44));
        y += card_.height() + (text_.isEmpty() ? 0 : 4);
    }
    const int timeHigh = theme_.lineHeight(Role::smallPlain);
    if (!text_.isEmpty()) {
        words_ = QRect(left + padX, y, wide - 2 * padX, text_.height());
        y += text_.height() + (timeInline ? 0 : timeHigh - 2);
    }
    const bool timeOnPhoto = isPhoto && text_.isEmpty();
    const int right = left + wide - padX - (timeOnPhoto ? 6 : 0);
    when_ = QRect(right - time, (timeOnPhoto ? y - 11 : y + (timeInline ? 1 : 0)) - timeHigh, time, timeHigh);
    y += timeOnPhoto ? 0 : padY;
    body_ = QRect(left, top, wide, y - top);
    if (message.copyDeleted) {
        below_ = QRect(margin, y + 2, width_ - 2 * margin - 2, timeHigh);
        y += 2 + timeHigh;
    }
    height_ = y;
}

// The tail is the upper corner on the sender's side; corners inside a run are tight too.
QPainterPath Bubble::outline() const
{
    std::array<qreal, 4> radii{round, round, round, round};
    const bool right = row_.message.isOwn;
    radii[right ? 1 : 0] = tight;
    radii[right ? 2 : 3] = row_.endsRun ? round : tight;
    return ui::roundedPath(body_, radii);
}

void Bubble::paint(QPainter& painter, const QImage& picture, bool isBroken, bool isFocused) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    if (!day_.isEmpty())
        paintDay(painter);
    painter.setPen(theme_.isHighContrast() ? QPen(theme_.colour(Colour::text), 1) : QPen(Qt::NoPen));
    painter.setBrush(theme_.colour(row_.message.isOwn ? Colour::bubbleOut : Colour::bubbleIn));
    painter.drawPath(outline());
    if (!quote_.isEmpty())
        paintQuote(painter);
    if (!photo_.isEmpty())
        paintPhoto(painter, picture, isBroken);
    if (!card_.isEmpty())
        paintCard(painter);
    // Marks stacked on a letter may reach out of their line, but never out of their message.
    painter.save();
    painter.setClipRect(body_, Qt::IntersectClip);
    text_.draw(painter, words_.topLeft(), theme_.colour(Colour::text), {}, {});
    painter.restore();
    paintTime(painter);
    if (!below_.isEmpty())
        ui::paintLine(painter, below_, belowWords(), Role::smallPlain, Colour::text3, theme_,
                      row_.message.isOwn ? Qt::AlignRight : Qt::AlignLeft);
    if (!isFocused)
        return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme_.colour(Colour::ring), 2));
    painter.drawPath(outline());
}

void Bubble::paintDay(QPainter& painter) const
{
    painter.setPen(theme_.isHighContrast() ? QPen(theme_.colour(Colour::text)) : QPen(Qt::NoPen));
    painter.setBrush(theme_.colour(Colour::press));
    painter.drawRoundedRect(day_, day_.height() / 2.0, day_.height() / 2.0);
    ui::paintLine(painter, day_, row_.day, Role::secondary, Colour::text2, theme_, Qt::AlignHCenter);
}

void Bubble::paintQuote(QPainter& painter) const
{
    const QColor ground = theme_.colour(row_.message.isOwn ? Colour::bubbleOut : Colour::bubbleIn);
    const QColor fill = theme_.isDark() ? mixed(ground, Qt::white, 0.07) : mixed(ground, Qt::black, 0.05);
    painter.fillPath(ui::roundedPath(quote_, {2, 4, 4, 2}), fill);
    painter.fillRect(QRect(quote_.left(), quote_.top(), 3, quote_.height()), theme_.colour(Colour::ring));
    const QRect words = quote_.adjusted(11, 2, -8, -2);
    const int line = theme_.lineHeight(Role::secondaryStrong);
    ui::paintLine(painter, QRect(words.left(), words.top(), words.width(), line), row_.message.quoteName,
                  Role::secondaryStrong, Colour::accentText, theme_);
    ui::paintLine(painter, QRect(words.left(), words.top() + line, words.width(), words.height() - line),
                  row_.message.quoteText, Role::secondary, Colour::text, theme_);
}

void Bubble::paintPhoto(QPainter& painter, const QImage& picture, bool isBroken) const
{
    const bool bare = quote_.isEmpty();
    const bool right = row_.message.isOwn;
    const qreal lower = text_.isEmpty() ? 9 : 2;
    const qreal tail = 2;
    QPainterPath shape =
        ui::roundedPath(photo_, {bare ? (right ? 9 : tail) : 2, bare ? (right ? tail : 9) : 2,
                                 right && !row_.endsRun ? tail : lower, !right && !row_.endsRun ? tail : lower});
    if (picture.isNull()) {
        painter.fillPath(shape, theme_.colour(Colour::hover));
        theme_.icons().paintIn(painter, photo_, isBroken ? ui::Icon::warning : ui::Icon::image, 20,
                               theme_.colour(isBroken ? Colour::warn : Colour::text3));
        return;
    }
    // Fills the shape with the middle of the picture.
    const QSizeF crop = QSizeF(photo_.size()).scaled(picture.size(), Qt::KeepAspectRatio);
    const QPointF corner((picture.width() - crop.width()) / 2, (picture.height() - crop.height()) / 2);
    painter.save();
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.setClipPath(shape, Qt::IntersectClip);
    painter.drawImage(QRectF(photo_), picture, QRectF(corner, crop));
    painter.restore();
}

void Bubble::paintCard(QPainter& painter) const
{
    const PhoneMessage& message = row_.message;
    const QSize size(theme_.grown(34), std::min(theme_.grown(40), card_.height()));
    const QRect tile(QPoint(card_.left(), card_.top() + (card_.height() - size.height()) / 2), size);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme_.colour(message.isOwn ? Colour::surface : Colour::accentTint));
    painter.drawRoundedRect(tile, 4, 4);
    ui::paintLine(painter, tile, typeWord(message), Role::small, Colour::accentText, theme_, Qt::AlignHCenter);
    const QRect words(tile.right() + 11, card_.top(), card_.right() - tile.right() - 10, card_.height());
    const int name = theme_.lineHeight(Role::name);
    const int meta = theme_.lineHeight(Role::secondary);
    const int top = words.top() + (words.height() - name - meta) / 2;
    ui::paintLine(painter, QRect(words.left(), top, words.width(), name), fileWords(message), Role::name, Colour::text,
                  theme_, Qt::AlignLeft, Qt::ElideMiddle);
    const int reserve = text_.isEmpty() ? when_.width() + 8 : 0;
    ui::paintLine(painter, QRect(words.left(), top + name, words.width() - reserve, meta), ui::fileSize(message.size),
                  Role::secondary, Colour::text2, theme_);
}

void Bubble::paintTime(QPainter& painter) const
{
    const bool timeOnPhoto = !photo_.isEmpty() && text_.isEmpty();
    const bool isOwn = row_.message.isOwn;
    QRect box = when_;
    if (timeOnPhoto) {
        // The plate is of the bubble's colour, so that the ticks keep their meaning on any photo.
        painter.setPen(Qt::NoPen);
        painter.setBrush(isOwn ? theme_.colour(Colour::bubbleOut) : onPhoto);
        const QRectF plate = QRectF(box).adjusted(-7, -1, 7, 1);
        painter.drawRoundedRect(plate, plate.height() / 2, plate.height() / 2);
    }
    if (timeOnPhoto && !isOwn) {
        painter.setFont(theme_.font(Role::smallPlain));
        painter.setPen(Qt::white);
        painter.drawText(box, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter), time_);
        return;
    }
    ui::paintLine(painter, box, time_, Role::smallPlain, isOwn ? Colour::text2 : Colour::text3, theme_);
    if (!isOwn)
        return;
    if (theme_.isHighContrast())
        ui::paintLine(painter, box, ui::statusWords(row_.message.status), Role::smallPlain, Colour::text, theme_,
                      Qt::AlignRight);
    else
        ui::paintTicks(painter, box.right() + 1 - ui::ticksWidth(theme_), box.center().y(), row_.message.status,
                       theme_);
}

} // namespace holdfast::phone

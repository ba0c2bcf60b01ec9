// Where the parts of one message lie for a width, and how they are painted.
#pragma once

#include "phone/window/chat_model.h"
#include "ui/conversation/text_block.h"
#include "ui/theme/theme.h"

#include <QRect>

namespace holdfast::phone {

// One laid-out message: x of the view, y of the row; an empty rectangle is a part that it does not have.
class Bubble
{
public:
    Bubble(const ui::Theme& theme, PhoneRow row, QSize picture, int width);

    [[nodiscard]] bool isFor(const PhoneRow& row, QSize picture, int width) const;
    [[nodiscard]] int height() const { return height_; }
    [[nodiscard]] const QRect& body() const { return body_; }
    // The painter's origin is the row's top left corner. `picture` may be null: a place holder is painted.
    void paint(QPainter& painter, const QImage& picture, bool isBroken, bool isFocused) const;

private:
    void layOut();
    [[nodiscard]] int timeWidth() const;
    [[nodiscard]] int innerWidth(int most) const;
    [[nodiscard]] QPainterPath outline() const;
    void paintDay(QPainter& painter) const;
    void paintQuote(QPainter& painter) const;
    void paintPhoto(QPainter& painter, const QImage& picture, bool isBroken) const;
    void paintCard(QPainter& painter) const;
    void paintTime(QPainter& painter) const;

    const ui::Theme& theme_;
    const PhoneRow row_;
    const QSize picture_;
    const int width_;
    const QString time_;
    ui::TextBlock text_;
    int height_ = 0;
    QRect day_, body_, quote_, photo_, card_, words_, when_, below_;
};

} // namespace holdfast::phone

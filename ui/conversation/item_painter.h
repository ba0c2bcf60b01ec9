// Paints one laid-out message with the tokens of the theme.
#pragma once

#include "ui/conversation/message_item.h"

class QPainter;

namespace holdfast::ui {

class Pictures;

struct ItemState
{
    TextRange selection;
    bool isFocused = false; // keyboard focus on this message
    bool flashes = false;
    bool windowActive = true;
};

class ItemPainter
{
public:
    ItemPainter(QPainter& painter, const ItemContext& context, Pictures& pictures);
    // The painter's origin is the item's top left corner.
    void paint(const MessageItem& item, const ItemState& state);

private:
    void above(const MessageItem& item);
    void bubble(const MessageItem& item);
    void note(const MessageItem& item);
    void row(const MessageItem& item);
    void process(const MessageItem& item, Icon icon);
    void quote(const MessageItem& item, const QColor& ground);
    void photos(const MessageItem& item);
    void photo(const MessageItem& item, size_t tile, const QPainterPath& shape);
    void files(const MessageItem& item);
    void file(const views::AttachmentView& attachment, const QRect& box, int reserve);
    void words(const MessageItem& item, const ItemState& state);
    void time(const MessageItem& item);
    void failure(const MessageItem& item);
    void ring(const MessageItem& item);
    [[nodiscard]] const QColor& colour(Colour token) const { return theme_.colour(token); }

    QPainter& p_;
    const ItemContext& context_;
    const Theme& theme_;
    Pictures& pictures_;
};

// A rectangle whose corners have their own radii: top left, top right, bottom right, bottom left.
[[nodiscard]] QPainterPath roundedPath(const QRectF& box, const std::array<qreal, 4>& radii);

} // namespace holdfast::ui

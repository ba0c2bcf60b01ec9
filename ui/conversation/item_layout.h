// Computes where the parts of one message lie for a column. Pure: no painter, no widget.
#pragma once

#include "ui/conversation/message_item.h"

namespace holdfast::ui {

class ItemLayout
{
public:
    ItemLayout(MessageItem& item, const Column& column, const ItemContext& context);
    [[nodiscard]] ItemGeometry run();

private:
    void above(); // day and unread line
    void bubble();
    void note();
    void row(); // of a room
    void process();
    void failure();
    // Contents in a box whose left edge is `left`: photos, files, text. They answer the y below them.
    [[nodiscard]] int photos(int left, int y, int most);
    [[nodiscard]] int files(int left, int y, int most);
    [[nodiscard]] int quote(int left, int y, int width);
    [[nodiscard]] int moreLine(int left, int y, int width);
    [[nodiscard]] int bubbleInner(int most); // width that the contents of a bubble need
    [[nodiscard]] int timeWidth() const;
    [[nodiscard]] bool hasText() const { return !item_.text.isEmpty(); }

    MessageItem& item_;
    const Column& column_;
    const ItemContext& context_;
    const Theme& theme_;
    ItemGeometry g_;
    int y_ = 0;
};

// Size of photo tiles for `count` pictures; `width` and `height` are the record's (0: not known yet).
[[nodiscard]] std::vector<QRect> photoGrid(int count, int width, int height, int most);

} // namespace holdfast::ui

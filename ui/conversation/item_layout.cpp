#include "ui/conversation/item_layout.h"

#include "ui/conversation/message_words.h"
#include "ui/widgets/painting.h"

namespace holdfast::ui {

namespace {

constexpr int padX = 10;
constexpr int padY = 6;
constexpr int photoPad = 3;
constexpr int tileGap = 2;
constexpr int mostTiles = 4;
constexpr int cardWidth = 300;
constexpr int cardHeight = 44;
constexpr int thumbnail = 32;

} // namespace

std::vector<QRect> photoGrid(int count, int width, int height, int most)
{
    std::vector<QRect> tiles;
    if (count == 1) {
        // Within 320x240 and never enlarged; a record without a size reserves the whole frame, so that nothing reflows.
        QSize size = width > 0 && height > 0 ? QSize(width, height) : QSize(320, 240);
        size = size.boundedTo(QSize(320, 240)) == size ? size : size.scaled(320, 240, Qt::KeepAspectRatio);
        if (size.width() > most)
            size = size.scaled(most, 240, Qt::KeepAspectRatio);
        tiles.emplace_back(QPoint(0, 0), size.expandedTo(QSize(96, 48)).boundedTo(QSize(std::max(most, 1), 240)));
        return tiles;
    }
    const int shown = std::min(count, mostTiles);
    const QSize design = count == 2 ? QSize(200, 150) : QSize(97, 80);
    const int fits = (most - (shown - 1) * tileGap) / std::max(1, shown);
    const int wide = std::min(design.width(), fits);
    const int high = design.height() * wide / design.width();
    for (int i = 0; i < shown; ++i)
        tiles.emplace_back(i * (wide + tileGap), 0, wide, high);
    return tiles;
}

ItemLayout::ItemLayout(MessageItem& item, const Column& column, const ItemContext& context)
    : item_(item), column_(column), context_(context), theme_(context.theme)
{}

ItemGeometry ItemLayout::run()
{
    using views::MessageKind;
    above();
    switch (item_.message().kind) {
    case MessageKind::note:
        note();
        break;
    case MessageKind::process:
    case MessageKind::hole:
        process();
        break;
    case MessageKind::room:
        row();
        break;
    case MessageKind::customer:
    case MessageKind::reply:
    case MessageKind::unknown:
        bubble();
        break;
    }
    failure();
    g_.height = y_;
    return g_;
}

void ItemLayout::above()
{
    const views::RowPlace& place = item_.place();
    const int small = theme_.lineHeight(Role::secondary);
    if (place.startsDay) {
        const int high = small + 6;
        if (context_.isRoom) {
            g_.day = QRect(column_.left, y_ + 8, column_.width, high);
        } else {
            const int wide = textWidth(item_.day, Role::secondary, theme_) + 24;
            g_.day = QRect(column_.left + (column_.width - wide) / 2, y_ + 8, wide, high);
        }
        y_ += high + 16;
    } else if (!context_.isRoom && place.startsRun) {
        y_ += 8;
    } else if (!context_.isRoom) {
        y_ += 2;
    }
    if (place.startsUnread) {
        g_.unread = QRect(column_.left, y_, column_.width, small + 4);
        y_ += small + 12;
    }
}

int ItemLayout::timeWidth() const
{
    return textWidth(item_.time, Role::smallPlain, theme_) + 2 + ticksWidth(item_, theme_);
}

int ItemLayout::bubbleInner(int most)
{
    int inner = 0;
    if (!item_.authorName.isEmpty())
        inner = std::min(most, textWidth(item_.authorName, Role::small, theme_));
    if (item_.message().quote) {
        const int words = std::max(textWidth(item_.quoteAuthor, Role::secondaryStrong, theme_),
                                   textWidth(item_.quoteText, Role::secondary, theme_));
        const int picture = item_.message().quote->thumbnail ? thumbnail + 8 : 0;
        inner = std::max(inner, std::min(most, words + picture + 24));
    }
    if (!item_.files().empty())
        inner = std::max(inner, std::min(most, theme_.grown(cardWidth)));
    if (!item_.moreWords.isEmpty())
        inner = most;
    return inner;
}

void ItemLayout::bubble()
{
    const int mostInner = column_.bubbleMost - 2 * padX;
    const int time = timeWidth();
    int inner = bubbleInner(mostInner);
    bool timeInline = false;
    TextBlock& text = item_.text;
    if (hasText()) {
        text.layout(mostInner);
        timeInline =
            !text.isRightToLeft() && item_.moreWords.isEmpty() && text.lastLineWidth() + 10 + time <= mostInner;
        inner = std::max({inner, text.width(), timeInline ? text.lastLineWidth() + 10 + time : time});
        if (text.isRightToLeft())
            text.layout(std::min(mostInner, inner + 1)); // lines lean on the right edge of the bubble
    }
    const int count = static_cast<int>(item_.pictures().size());
    int wide = inner + 2 * padX;
    if (count > 0) {
        (void)photos(0, 0, column_.bubbleMost - 2 * photoPad);
        wide = std::max(inner > 0 ? wide : 0, g_.photos.back().right() + 1 + 2 * photoPad);
        inner = wide - 2 * padX;
    }
    wide = std::max(wide, 2 * padX + time);
    const int left = item_.isOutgoing() ? column_.left + column_.width - wide : column_.left;
    const int top = y_;
    int y = top + (count > 0 && item_.authorName.isEmpty() && !item_.message().quote ? photoPad : padY);
    if (!item_.authorName.isEmpty()) {
        g_.author = QRect(left + padX, y, inner, theme_.lineHeight(Role::small));
        y += theme_.lineHeight(Role::small);
    }
    if (item_.message().quote)
        y = quote(left + padX, y, inner);
    if (count > 0)
        y = photos(left + photoPad, y, column_.bubbleMost - 2 * photoPad) + (hasText() ? 4 : 0);
    y = files(left + padX, y, inner);
    const int timeHigh = theme_.lineHeight(Role::smallPlain);
    if (hasText()) {
        g_.text = QRect(left + padX, y, std::max(text.width(), text.isRightToLeft() ? inner : 0), text.height());
        y = moreLine(left + padX, y + text.height(), inner);
        y += timeInline ? 0 : timeHigh - 2;
    }
    const bool photosLast = count > 0 && !hasText() && item_.files().empty();
    g_.timeOnPhoto = photosLast;
    const int right = photosLast ? g_.photos.back().right() + 1 - 12 : left + wide - padX;
    const int bottom = photosLast ? y - 8 : y + (timeInline ? 1 : 0);
    g_.time = QRect(right - time, bottom - timeHigh, time, timeHigh);
    y += photosLast ? photoPad : padY;
    g_.body = QRect(left, top, wide, y - top);
    y_ = y;
}

int ItemLayout::quote(int left, int y, int width)
{
    const int high = theme_.lineHeight(Role::secondaryStrong) + theme_.lineHeight(Role::secondary) + 4;
    g_.quote = QRect(left, y, width, high);
    return y + high + 4;
}

int ItemLayout::photos(int left, int y, int most)
{
    const auto& pictures = item_.pictures();
    if (pictures.empty())
        return y;
    const views::AttachmentView& first = item_.message().attachments.at(pictures.front());
    // WhatsApp tells no size with a customer's photo. One frame before and after it came, so that nothing moves then
    // and the thread looks the same when it is opened again.
    const bool sizeCame = item_.message().kind != views::MessageKind::customer;
    g_.photos =
        photoGrid(static_cast<int>(pictures.size()), sizeCame ? first.width : 0, sizeCame ? first.height : 0, most);
    g_.photosHidden = static_cast<int>(pictures.size() - g_.photos.size());
    for (QRect& tile : g_.photos)
        tile.translate(left, y);
    return g_.photos.front().bottom() + 1;
}

int ItemLayout::files(int left, int y, int most)
{
    g_.files.clear();
    const int high = std::max(cardHeight, theme_.lineHeight(Role::base) + theme_.lineHeight(Role::secondary) + 10);
    for (size_t i = 0; i < item_.files().size(); ++i) {
        g_.files.emplace_back(left, y, std::min(most, theme_.grown(cardWidth)), high);
        y += high + (i + 1 < item_.files().size() || hasText() ? 4 : 0);
    }
    return y;
}

int ItemLayout::moreLine(int left, int y, int width)
{
    if (item_.moreWords.isEmpty())
        return y;
    g_.more = QRect(left, y, width, theme_.lineHeight(Role::secondary));
    return y + g_.more.height();
}

void ItemLayout::note()
{
    const int left = column_.left + std::min(40, column_.width / 10);
    const int width = column_.left + column_.width - left;
    const int top = y_;
    const int textLeft = left + 14;
    const int inner = left + width - 12 - textLeft;
    g_.note = QRect(textLeft, top + padY, inner, theme_.lineHeight(Role::base) + 2);
    int y = g_.note.bottom() + 1;
    y = files(textLeft, y, inner);
    if (hasText()) {
        item_.text.layout(inner);
        g_.text = QRect(textLeft, y, inner, item_.text.height());
        y = moreLine(textLeft, y + item_.text.height(), inner);
    }
    y += padY + 1;
    g_.body = QRect(left, top, width, y - top);
    y_ = y;
}

void ItemLayout::row()
{
    const views::RowPlace& place = item_.place();
    const int face = theme_.grown(32);
    const int textLeft = column_.left + face + 10;
    const int inner = std::min(column_.left + column_.width - textLeft, theme_.grown(920));
    const int top = y_;
    int y = top + (place.startsRun ? 7 : 2);
    if (place.startsRun) {
        g_.avatar = QRect(column_.left, y, face, face);
        g_.author = QRect(textLeft, y - 2, inner, theme_.lineHeight(Role::base));
        y += theme_.lineHeight(Role::base) - 2;
    } else {
        // The time of a row without a name stands where the avatar would be.
        g_.time = QRect(column_.left, y, face, theme_.lineHeight(Role::message));
    }
    if (item_.message().quote)
        y = quote(textLeft, y + 2, std::min(inner, theme_.grown(448)));
    if (!item_.pictures().empty())
        y = photos(textLeft, y + 2, inner) + 4;
    y = files(textLeft, y, inner);
    if (hasText()) {
        item_.text.layout(inner);
        g_.text = QRect(textLeft, y, inner, item_.text.height());
        y = moreLine(textLeft, y + item_.text.height(), inner);
    }
    if (place.startsRun)
        y = std::max(y, g_.avatar.bottom() + 1 - (item_.place().endsRun ? 0 : 2));
    y += place.endsRun ? 7 : 2;
    g_.body = QRect(0, top, column_.viewport, y - top);
    y_ = y;
}

void ItemLayout::process()
{
    const int most = std::max(80, column_.width - 120);
    item_.text.layout(most);
    const int x = column_.left + (column_.width - most) / 2;
    g_.text = QRect(x, y_ + 2, most, item_.text.height());
    g_.body = QRect(column_.left, y_, column_.width, item_.text.height() + 4);
    y_ += g_.body.height();
}

void ItemLayout::failure()
{
    if (item_.reason.isEmpty())
        return;
    const int retry = item_.message().mayRetry ? textWidth(retryWords(), Role::secondaryStrong, theme_) + 10 : 0;
    const int letGo = item_.mayLetGo() ? textWidth(letGoWords(), Role::secondaryStrong, theme_) + 10 : 0;
    const int icon = theme_.grown(14) + 6;
    const int why = textWidth(whyWords(), Role::secondaryStrong, theme_) + 10;
    const int most = std::max(80, column_.width - icon - retry - letGo - why);
    item_.reason.layout(most);
    const int wide = icon + item_.reason.width() + retry + letGo + why;
    const bool onRight = item_.isOutgoing();
    const int indent = item_.message().kind == views::MessageKind::room ? theme_.grown(32) + 10 : 0;
    int x = onRight ? column_.left + column_.width - wide : std::max(column_.left + indent, g_.body.left());
    const int top = y_ + 4;
    const int line = theme_.lineHeight(Role::secondary);
    g_.reasonIcon = QRect(x, top, icon - 4, line);
    g_.reason = QRect(x + icon, top, item_.reason.width(), item_.reason.height());
    x = g_.reason.right() + 1;
    // Links are at least 24 high for the pointer.
    const QRect link(0, top - 4, 0, line + 8);
    if (retry > 0)
        g_.retry = QRect(x + 10, link.top(), retry - 10, link.height());
    x += retry;
    if (letGo > 0)
        g_.letGo = QRect(x + 10, link.top(), letGo - 10, link.height());
    x += letGo;
    g_.why = QRect(x + 10, link.top(), why - 10, link.height());
    y_ = top + item_.reason.height() + 4;
}

} // namespace holdfast::ui

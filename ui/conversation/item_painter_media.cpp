#include "ui/conversation/file_card.h"
#include "ui/conversation/item_painter.h"
#include "ui/conversation/message_words.h"
#include "ui/conversation/pictures.h"
#include "ui/widgets/painting.h"

#include <QPainter>

namespace holdfast::ui {

void ItemPainter::photos(const MessageItem& item)
{
    const ItemGeometry& g = item.geometry();
    if (g.photos.empty())
        return;
    constexpr qreal radius = 9;
    for (size_t i = 0; i < g.photos.size(); ++i) {
        const qreal left = i == 0 ? radius : 0;
        const qreal right = i + 1 == g.photos.size() ? radius : 0;
        photo(item, i, roundedPath(g.photos[i], {left, right, right, left}));
    }
    if (g.timeOnPhoto)
        time(item);
}

void ItemPainter::photo(const MessageItem& item, size_t tile, const QPainterPath& shape)
{
    const ItemGeometry& g = item.geometry();
    const QRect& box = g.photos[tile];
    const views::AttachmentView& attachment = item.message().attachments.at(item.pictures()[tile]);
    if (attachment.state == views::AttachmentView::State::good) {
        if (g.photos.size() == 1)
            pictures_.paintWhole(p_, box, shape, attachment.attachment.id, theme_);
        else
            pictures_.paintCropped(p_, box, shape, attachment.attachment.id, theme_);
    } else {
        p_.fillPath(shape, colour(Colour::hover));
        theme_.icons().paintIn(p_, box, Icon::image, 20, colour(Colour::text3));
        const QRect words(box.left() + 8, box.center().y() + 14, box.width() - 16, theme_.lineHeight(Role::small));
        if (box.width() > 160)
            paintLine(p_, words, attachmentWords(attachment), Role::small, Colour::text2, theme_, Qt::AlignHCenter);
    }
    if (g.photosHidden > 0 && tile + 1 == g.photos.size()) {
        p_.fillPath(shape, QColor(10, 16, 17, 184)); // 72 %, as captions on photos
        p_.setFont(theme_.font(Role::title));
        p_.setPen(Qt::white);
        const QRect above = g.timeOnPhoto ? box.adjusted(0, 0, 0, g.time.top() - 2 - box.bottom()) : box;
        p_.drawText(above, static_cast<int>(Qt::AlignCenter), QStringLiteral("+%1").arg(g.photosHidden));
    }
}

void ItemPainter::files(const MessageItem& item)
{
    const ItemGeometry& g = item.geometry();
    for (size_t i = 0; i < g.files.size(); ++i) {
        const bool timeHere = i + 1 == g.files.size() && item.text.isEmpty() && !g.time.isEmpty();
        file(item.message().attachments.at(item.files()[i]), g.files[i], timeHere ? g.time.width() + 8 : 0);
    }
}

void ItemPainter::file(const views::AttachmentView& attachment, const QRect& box, int reserve)
{
    const auto moving = context_.transfers.constFind(attachment.attachment.id);
    const OptionalTransfer transfer = moving == context_.transfers.cend() ? std::nullopt : OptionalTransfer(*moving);
    const QSize size(theme_.grown(34), std::min(theme_.grown(40), box.height()));
    const QRect tile(QPoint(box.left(), box.top() + (box.height() - size.height()) / 2), size);
    paintFileTile(p_, tile, attachment, transfer, theme_);
    const QRect words(tile.right() + 11, box.top(), box.right() - tile.right() - 10, box.height());
    const int name = theme_.lineHeight(Role::name);
    const int meta = theme_.lineHeight(Role::secondary);
    const int top = words.top() + (words.height() - name - meta) / 2;
    paintLine(p_, QRect(words.left(), top, words.width(), name), attachmentName(attachment), Role::name, Colour::text,
              theme_, Qt::AlignLeft, Qt::ElideMiddle);
    paintLine(p_, QRect(words.left(), top + name, words.width() - reserve, meta), attachmentWords(attachment, transfer),
              Role::secondary, fileInk(attachment, transfer), theme_);
    paintTransfer(p_, QRect(words.left(), box.bottom() - 1, words.width() - reserve, 2), attachment, transfer, theme_);
}

} // namespace holdfast::ui

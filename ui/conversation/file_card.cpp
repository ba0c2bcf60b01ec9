#include "ui/conversation/file_card.h"

#include "ui/conversation/message_words.h"
#include "ui/widgets/painting.h"

#include <QPainter>

namespace holdfast::ui {

namespace {

using State = views::AttachmentView::State;

bool failed(const views::AttachmentView& file, const OptionalTransfer& transfer)
{
    return file.state == State::failed ||
           (file.state == State::good && !file.isHere && transfer && !transfer->failure.isEmpty());
}

bool isAway(const views::AttachmentView& file)
{
    return file.state == State::expected || (file.state == State::good && !file.isHere);
}

} // namespace

void paintFileTile(QPainter& painter, const QRect& tile, const views::AttachmentView& file,
                   const OptionalTransfer& transfer, const Theme& theme)
{
    const bool aside = file.state == State::mismatch;
    const bool bad = failed(file, transfer);
    const bool plain = theme.isHighContrast();
    QPen pen(Qt::NoPen);
    if (aside || bad)
        pen = QPen(theme.colour(plain ? Colour::text : aside ? Colour::warnMark : Colour::badMark), 1);
    else if (isAway(file))
        pen = QPen(theme.colour(plain ? Colour::text : Colour::field), 1, Qt::DashLine);
    else if (plain)
        pen = QPen(theme.colour(Colour::text), 1);
    painter.setPen(pen);
    painter.setBrush(theme.colour(aside ? Colour::warnTint : bad ? Colour::badTint : Colour::accentTint));
    painter.drawRoundedRect(QRectF(tile).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    if (aside || bad)
        theme.icons().paintIn(painter, tile, Icon::warning, 20, theme.colour(aside ? Colour::warn : Colour::bad));
    else
        paintLine(painter, tile, typeWord(file), Role::small, Colour::accentText, theme, Qt::AlignHCenter);
}

void paintTransfer(QPainter& painter, const QRect& box, const views::AttachmentView& file,
                   const OptionalTransfer& transfer, const Theme& theme)
{
    if (file.isHere || file.state != State::good || !transfer || !transfer->failure.isEmpty() || transfer->total <= 0)
        return;
    painter.fillRect(box, theme.colour(Colour::line2));
    const qint64 part = std::clamp<qint64>(transfer->received * box.width() / transfer->total, 0, box.width());
    painter.fillRect(QRect(box.topLeft(), QSize(static_cast<int>(part), box.height())), theme.colour(Colour::ring));
}

Colour fileInk(const views::AttachmentView& file, const OptionalTransfer& transfer)
{
    if (file.state == State::mismatch)
        return Colour::warn;
    return failed(file, transfer) ? Colour::bad : Colour::text2;
}

} // namespace holdfast::ui

#include "ui/conversation/file_facts.h"

#include "ui/conversation/file_card.h"
#include "ui/conversation/message_words.h"
#include "ui/theme/words.h"
#include "ui/widgets/painting.h"

#include <QPainter>

namespace holdfast::ui {

namespace {

constexpr int tileWidth = 40;
constexpr int tileHeight = 48;

} // namespace

FileFacts::FileFacts(const Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme)
{
    setObjectName(QStringLiteral("fileFacts"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void FileFacts::show(const views::AttachmentView& file, const QString& from)
{
    file_ = file;
    from_ = from;
    setTransfer(std::nullopt);
    setToolTip(plainToolTip(attachmentName(file)));
}

void FileFacts::setTransfer(const std::optional<views::Transfer>& transfer)
{
    transfer_ = transfer;
    setAccessibleName(QStringList{attachmentName(file_), meta(), from_}.join(QStringLiteral(", ")));
    update();
}

QString FileFacts::meta() const
{
    return attachmentWords(file_, transfer_);
}

QSize FileFacts::sizeHint() const
{
    const int lines = theme_.lineHeight(Role::title) + 2 * theme_.lineHeight(Role::secondary) + 4;
    return {200, std::max(theme_.grown(tileHeight), lines) + 8};
}

void FileFacts::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QSize size(theme_.grown(tileWidth), theme_.grown(tileHeight));
    const QRect tile(QPoint(0, 2), size);
    paintFileTile(painter, tile, file_, transfer_, theme_);
    const QRect words(tile.right() + 13, 0, width() - tile.right() - 13, height() - 4);
    const int title = theme_.lineHeight(Role::title);
    const int line = theme_.lineHeight(Role::secondary);
    paintLine(painter, QRect(words.left(), words.top(), words.width(), title), attachmentName(file_), Role::title,
              Colour::text, theme_, Qt::AlignLeft, Qt::ElideMiddle);
    paintLine(painter, QRect(words.left(), words.top() + title + 2, words.width(), line), meta(), Role::secondary,
              Colour::text2, theme_);
    paintLine(painter, QRect(words.left(), words.top() + title + line + 4, words.width(), line), from_, Role::secondary,
              Colour::text2, theme_);
    paintTransfer(painter, QRect(0, height() - 3, width(), 3), file_, transfer_, theme_);
}

} // namespace holdfast::ui

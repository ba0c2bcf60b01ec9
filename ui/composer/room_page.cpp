#include "ui/composer/room_page.h"

namespace holdfast::ui {

RoomPage::RoomPage(const Theme& theme, RoomWriter& writer, QWidget* parent)
    : EditorPage(theme, tr("Message to colleagues"), parent), writer_(writer)
{
    setUpButton(tr("Send"), Icon::arrowUp);
    refresh();
}

QFuture<Result<EntryId>> RoomPage::write(const QString& text)
{
    return writer_.writeToRoom(text, mentionsIn(text));
}

} // namespace holdfast::ui

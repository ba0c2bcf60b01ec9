// The composer of a room or a direct conversation: a message to colleagues.
#pragma once

#include "ui/composer/editor_page.h"

namespace holdfast::ui {

class RoomPage : public EditorPage
{
    Q_OBJECT
public:
    RoomPage(const Theme& theme, RoomWriter& writer, QWidget* parent);

protected:
    QFuture<Result<EntryId>> write(const QString& text) override;
    [[nodiscard]] int limit() const override { return 16 * 1024; }

private:
    RoomWriter& writer_;
};

} // namespace holdfast::ui

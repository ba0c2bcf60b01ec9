// The composer's Note mode. It holds a NoteWriter and nothing else: no path from here leads to a customer.
#pragma once

#include "ui/composer/editor_page.h"

namespace holdfast::ui {

class NotePage : public EditorPage
{
    Q_OBJECT
public:
    NotePage(const Theme& theme, NoteWriter& writer, QWidget* parent);

protected:
    QFuture<Result<EntryId>> write(const QString& text) override;
    [[nodiscard]] int limit() const override { return 16 * 1024; }

private:
    NoteWriter& writer_;
};

} // namespace holdfast::ui

#include "ui/composer/note_page.h"

namespace holdfast::ui {

NotePage::NotePage(const Theme& theme, NoteWriter& writer, QWidget* parent)
    : EditorPage(theme, tr("Internal note, never sent"), parent), writer_(writer)
{
    setPlaceholder(tr("Internal note, never sent to the customer. Type @ and a name to mention a colleague"));
    setUpButton(tr("Save note"), Icon::note);
    refresh();
}

QFuture<Result<EntryId>> NotePage::write(const QString& text)
{
    return writer_.writeNote(text, mentionsIn(text));
}

} // namespace holdfast::ui

#include "storage/sync/note_entry.h"

#include "models/domain/content.h"

namespace holdfast::sync {

Result<local::NewEntry> noteEntry(const ThreadId& thread, const QString& text, const QList<UserId>& mentions)
{
    if (text.trimmed().isEmpty())
        return fail(ErrorCode::invalidInput, QStringLiteral("The note is empty. Write something first."));
    local::NewEntry entry;
    entry.thread = thread;
    entry.kind = domain::Kind::internalNote;
    entry.content = domain::toJson(domain::InternalNote{text, mentions});
    return entry;
}

} // namespace holdfast::sync

// Makes the outbox entry of a reply to a customer, with its files. The one place that makes this kind.
#pragma once

#include "models/views/desk.h"
#include "storage/local/media_store.h"
#include "storage/local/outbox.h"

namespace holdfast::sync {

// A file of a reply with the id under which its bytes are kept.
struct ReplyFile
{
    domain::Attachment attachment;
    QByteArray bytes;
};

[[nodiscard]] Result<QList<ReplyFile>> replyFiles(const QList<views::OutgoingFile>& files, RandomSource& random);

[[nodiscard]] Result<local::NewEntry> replyEntry(const ThreadId& thread, const QString& text,
                                                 const QList<ReplyFile>& files, std::optional<EntryId> replyTo,
                                                 ThreadSeq seen);

} // namespace holdfast::sync

#include "storage/sync/reply_entry.h"

#include "models/domain/content.h"
#include "models/domain/file_type.h"

namespace holdfast::sync {
namespace {

constexpr qsizetype maxFiles = 10;

} // namespace

Result<QList<ReplyFile>> replyFiles(const QList<views::OutgoingFile>& files, RandomSource& random)
{
    if (files.size() > maxFiles)
        return fail(ErrorCode::tooLarge, QStringLiteral("A reply carries at most ten files. Send several replies."));
    QList<ReplyFile> ready;
    for (const views::OutgoingFile& file : files) {
        if (file.bytes.isEmpty())
            return fail(ErrorCode::invalidInput, QStringLiteral("An attached file is empty. Remove it and try again."));
        if (file.bytes.size() > local::maxMediaBytes)
            return fail(ErrorCode::tooLarge, QStringLiteral("An attached file is larger than 100 MB. Remove it."));
        const QSize size = domain::pictureSize(file.bytes).value_or(QSize(0, 0));
        const domain::Attachment attachment{random.id<BlobId>(), file.bytes.size(), file.mime,    file.name,
                                            file.sha256,         size.width(),      size.height()};
        ready.append({attachment, file.bytes});
    }
    return ready;
}

Result<local::NewEntry> replyEntry(const ThreadId& thread, const QString& text, const QList<ReplyFile>& files,
                                   std::optional<EntryId> replyTo, ThreadSeq seen)
{
    if (text.trimmed().isEmpty() && files.isEmpty())
        return fail(ErrorCode::invalidInput, QStringLiteral("The reply is empty. Write something first."));
    local::NewEntry entry;
    entry.thread = thread;
    entry.kind = domain::Kind::agentReply;
    domain::AgentReply reply;
    reply.text = text;
    reply.replyTo = replyTo;
    reply.seen = seen;
    for (const ReplyFile& file : files) {
        reply.attachments.append(file.attachment);
        entry.blobs.append(file.attachment.id);
    }
    entry.content = domain::toJson(reply);
    return entry;
}

} // namespace holdfast::sync

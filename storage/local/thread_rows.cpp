#include "storage/local/thread_rows.h"

#include "models/domain/kinds.h"
#include "storage/local/outbox.h"
#include "storage/local/schema.h"

#include <algorithm>

namespace holdfast::local {

using views::ThreadRow;

const QString threadColumns = QStringLiteral(
    "t.id, t.type, t.status, CASE t.type WHEN 'direct' THEN (SELECT group_concat(s2.name, ', ') FROM thread_member AS "
    "tm"
    " JOIN staff AS s2 ON s2.id = tm.user WHERE tm.thread = t.id AND tm.user <> ?)"
    " ELSE coalesce(nullif(p.name, ''), t.title) END, po.number, po.line, t.newest_at, m.kind, m.author,"
    " substr(m.text, 1, 200), m.type, m.attachments, m.names, m.status, d.status, o.state, dr.text, t.unread,"
    " t.customer_at, t.assignee, s.name, s.role, s.team, sa.name");

const QString threadJoins = QStringLiteral(
    " LEFT JOIN person AS p ON p.id = t.person LEFT JOIN policy AS po ON po.id = t.policy"
    " LEFT JOIN message AS m ON m.thread = t.id AND m.ord = t.newest_ord"
    " LEFT JOIN delivery AS d ON d.message = m.entry LEFT JOIN outbox AS o ON o.entry = m.entry"
    " LEFT JOIN draft AS dr ON dr.thread = t.id AND dr.note = 0 LEFT JOIN staff AS s ON s.id = t.assignee"
    " LEFT JOIN staff AS sa ON sa.id = m.author");

namespace {

constexpr qint64 windowLength = 24LL * 3600 * 1000 * 1000; // microseconds: WhatsApp's window after a customer message

enum Column {
    id,
    type,
    status,
    title,
    policyNumber,
    line,
    newestAt,
    messageKind,
    author,
    text,
    messageType,
    attachments,
    names,
    messageStatus,
    deliveryStatus,
    outboxState,
    draft,
    unread,
    customerAt,
    assignee,
    assigneeName,
    assigneeRole,
    assigneeTeam,
    authorName
};

ThreadRow::Snippet fileSnippet(const QString& messageType)
{
    if (messageType == QLatin1String("image") || messageType == QLatin1String("sticker"))
        return ThreadRow::Snippet::photo;
    if (messageType == QLatin1String("audio") || messageType == QLatin1String("voice"))
        return ThreadRow::Snippet::voice;
    if (messageType == QLatin1String("document"))
        return ThreadRow::Snippet::document;
    return ThreadRow::Snippet::other;
}

QString fileWords(ThreadRow::Snippet kind, qint64 count, const QString& caption, const QString& fileNames)
{
    if (!caption.isEmpty())
        return caption;
    if (kind == ThreadRow::Snippet::photo)
        return count == 1 ? QStringLiteral("Photo") : QStringLiteral("%1 photos").arg(count);
    if (kind == ThreadRow::Snippet::voice)
        return QStringLiteral("Voice note");
    const QString first = fileNames.section(u'\n', 0, 0);
    return first.isEmpty() ? QStringLiteral("File") : first;
}

bool wasNotSent(sql::Statement& row)
{
    if (!row.isNull(outboxState)) {
        const auto state = row.enumeration<OutboxState>(outboxState);
        if (state == OutboxState::refused || state == OutboxState::held)
            return true;
    }
    return !row.isNull(deliveryStatus) &&
           row.enumeration<domain::DeliveryStatus>(deliveryStatus) == domain::DeliveryStatus::failed;
}

// A colleague's words and a note never stand under the customer's name alone.
void nameWriter(ThreadRow& thread, sql::Statement& row, const UserId& me)
{
    using Snippet = ThreadRow::Snippet;
    const auto kind = row.enumeration<domain::Kind>(messageKind);
    const bool isMine = row.id<UserId>(author) == me;
    if (kind != domain::Kind::agentReply && kind != domain::Kind::internalNote)
        return;
    if (kind == domain::Kind::internalNote)
        thread.snippetKind = Snippet::note;
    else
        thread.snippetKind = isMine ? Snippet::you : Snippet::colleague;
    if (isMine)
        return;
    thread.snippetAuthor = row.text(authorName);
    if (thread.snippetAuthor.isEmpty())
        thread.snippetAuthor = QStringLiteral("Colleague");
}

void fillSnippet(ThreadRow& thread, sql::Statement& row, const UserId& me)
{
    using Snippet = ThreadRow::Snippet;
    if (!row.isNull(draft)) {
        thread.snippetKind = Snippet::draft;
        thread.snippet = row.text(draft).left(200);
        return;
    }
    if (row.isNull(messageKind))
        return;
    const qint64 files = row.int64(attachments);
    thread.snippetKind = files > 0 ? fileSnippet(row.text(messageType)) : Snippet::text;
    thread.snippet = files > 0 ? fileWords(thread.snippetKind, files, row.text(text), row.text(names)) : row.text(text);
    if (row.int64(messageKind) == 0 || row.text(messageType) == QLatin1String("unknown"))
        thread.snippetKind = Snippet::other;
    else if (wasNotSent(row))
        thread.snippetKind = Snippet::notSent;
    else
        nameWriter(thread, row, me);
    thread.snippetStatus = std::max(row.enumeration<domain::DeliveryStatus>(messageStatus),
                                    row.enumeration<domain::DeliveryStatus>(deliveryStatus));
}

} // namespace

ThreadRow rowOf(sql::Statement& row, const UserId& me)
{
    ThreadRow thread;
    thread.id = row.id<ThreadId>(id);
    thread.type = domain::threadTypeOf(row.text(type)).value_or(domain::ThreadType::customerCase);
    thread.status = domain::threadStatusOf(row.text(status)).value_or(domain::ThreadStatus::open);
    thread.title = row.text(title);
    if (thread.title.isEmpty())
        thread.title = thread.type == domain::ThreadType::customerCase ? QStringLiteral("Unknown customer")
                                                                       : QStringLiteral("Conversation");
    thread.policyNumber = row.text(policyNumber);
    thread.tag = row.text(line);
    thread.at = row.strong<Timestamp>(newestAt);
    fillSnippet(thread, row, me);
    thread.unread = static_cast<int>(row.int64(unread));
    if (const qint64 since = row.int64(customerAt); since > 0)
        thread.windowUntil = Timestamp{since + windowLength};
    if (const UserId user = row.id<UserId>(assignee); !user.isNull())
        thread.assignee = views::Staff{user, row.text(assigneeName), row.text(assigneeRole), row.text(assigneeTeam)};
    return thread;
}

} // namespace holdfast::local

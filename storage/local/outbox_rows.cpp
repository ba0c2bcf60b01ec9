#include "storage/local/outbox_rows.h"

#include "models/domain/content.h"
#include "storage/local/message_eraser.h"
#include "storage/local/projection.h"

namespace holdfast::local {
namespace {

const QString columns = QStringLiteral("entry, thread, kind, device_seq, author_part, signature, salt, content, blobs,"
                                       " state, attempts, code, text, at");

OutboxEntry entryOf(sql::Statement& row)
{
    OutboxEntry entry;
    entry.id = row.id<EntryId>(0);
    entry.thread = row.id<ThreadId>(1);
    entry.kind = row.enumeration<domain::Kind>(2);
    entry.deviceSeq = row.strong<DeviceSeq>(3);
    entry.authorPart = row.bytes(4);
    entry.signature = row.bytes(5);
    entry.salt = row.bytes(6);
    entry.content = row.bytes(7);
    const QByteArray blobs = row.bytes(8);
    for (qsizetype at = 0; at + BlobId::size <= blobs.size(); at += BlobId::size)
        entry.blobs.append(*BlobId::fromBytes(blobs.mid(at, BlobId::size)));
    entry.state = row.enumeration<OutboxState>(9);
    entry.attempts = static_cast<int>(row.int64(10));
    entry.code = row.text(11);
    entry.text = row.text(12);
    entry.at = row.strong<Timestamp>(13);
    return entry;
}

Result<DeviceSeq> nextDeviceSeq(sql::WriteConnection& connection, const DeviceId& device)
{
    sql::Statement next =
        connection.statement(QStringLiteral("INSERT INTO device_counter (device, seq) VALUES (?, 1)"
                                            " ON CONFLICT (device) DO UPDATE SET seq = seq + 1 RETURNING seq"));
    const Result<bool> found = next.first(device);
    if (!found)
        return tl::unexpected(found.error());
    return next.strong<DeviceSeq>(0);
}

// A reply says anew what its author has seen: the thread as it stands now.
Result<QByteArray> contentOfRetry(sql::Connection& connection, const NewEntry& old)
{
    if (old.kind != domain::Kind::agentReply)
        return old.content;
    const domain::Content parsed = domain::parseContent(domain::number(old.kind), old.content);
    const auto* reply = std::get_if<domain::AgentReply>(&parsed);
    if (!reply)
        return old.content;
    sql::Statement head = connection.statement(QStringLiteral("SELECT head_seq FROM thread WHERE id = ?"));
    const Result<bool> found = head.first(old.thread);
    if (!found)
        return tl::unexpected(found.error());
    domain::AgentReply again = *reply;
    if (*found)
        again.seen = head.strong<ThreadSeq>(0);
    return domain::toJson(again);
}

} // namespace

Result<QList<OutboxEntry>> readOutbox(sql::Connection& connection, OutboxState state, int limit)
{
    QList<OutboxEntry> entries;
    sql::Statement select = connection.statement(
        QStringLiteral("SELECT %1 FROM outbox WHERE state = ? ORDER BY device_seq LIMIT ?").arg(columns));
    select.bind(0, state);
    select.bind(1, limit);
    const Status read = select.forEach([&entries](sql::Statement& row) { entries.append(entryOf(row)); });
    return read ? Result<QList<OutboxEntry>>(std::move(entries)) : tl::unexpected(read.error());
}

Result<std::optional<OutboxEntry>> findOutbox(sql::Connection& connection, const EntryId& id)
{
    sql::Statement select = connection.statement(QStringLiteral("SELECT %1 FROM outbox WHERE entry = ?").arg(columns));
    const Result<bool> found = select.first(id);
    if (!found)
        return tl::unexpected(found.error());
    return *found ? std::optional(entryOf(select)) : std::nullopt;
}

Result<OutboxEntry> writeAndSign(sql::WriteConnection& connection, const Author& author, const log::SigningKey& key,
                                 RandomSource& random, const Clock& clock, const NewEntry& entry)
{
    if (entry.content.size() > log::maxContentBytes)
        return fail(ErrorCode::tooLarge, QStringLiteral("This is too long to be sent. Shorten it or attach a file."));
    const Result<DeviceSeq> seq = nextDeviceSeq(connection, author.device);
    if (!seq)
        return tl::unexpected(seq.error());
    OutboxEntry signedEntry;
    signedEntry.at = clock.now();
    signedEntry.id = random.entryId(signedEntry.at);
    signedEntry.thread = entry.thread;
    signedEntry.kind = entry.kind;
    signedEntry.deviceSeq = *seq;
    signedEntry.salt = random.bytes(32);
    signedEntry.content = entry.content;
    signedEntry.blobs = entry.blobs;
    const log::KindNumber kind = domain::number(entry.kind);
    signedEntry.authorPart =
        log::encode(log::AuthorPart{signedEntry.id, entry.thread, kind, author.user, author.device, *seq,
                                    signedEntry.at, log::commitment(signedEntry.salt, kind, entry.content)});
    signedEntry.signature = key.sign(log::entryMessage(author.org, signedEntry.authorPart));
    return signedEntry;
}

Status renumberRow(sql::WriteConnection& connection, const Author& author, const log::SigningKey& key,
                   const EntryId& id)
{
    Result<std::optional<OutboxEntry>> found = findOutbox(connection, id);
    if (!found)
        return tl::unexpected(found.error());
    if (!*found || (*found)->state != OutboxState::waiting)
        return {};
    OutboxEntry& entry = **found;
    const Result<DeviceSeq> seq = nextDeviceSeq(connection, author.device);
    Result<log::AuthorPart> part = log::decodeAuthorPart(entry.authorPart);
    if (!seq || !part)
        return tl::unexpected(!seq ? seq.error() : part.error());
    part->deviceSeq = *seq;
    entry.deviceSeq = *seq;
    entry.authorPart = log::encode(*part);
    entry.signature = key.sign(log::entryMessage(author.org, entry.authorPart));
    if (const Status removed = MessageEraser(connection).removePending({id}); !removed)
        return removed;
    if (const Status removed = connection.statement(QStringLiteral("DELETE FROM outbox WHERE entry = ?")).exec(id);
        !removed)
        return removed;
    return putRow(connection, author.user, entry, std::nullopt);
}

Status putRow(sql::WriteConnection& connection, const UserId& me, const OutboxEntry& entry,
              const std::optional<EntryId>& replaces)
{
    if (replaces) {
        const Result<std::optional<ThreadId>> gone = letGo(connection, *replaces);
        if (!gone)
            return tl::unexpected(gone.error());
    }
    QByteArray blobs;
    for (const BlobId& blob : entry.blobs)
        blobs += blob.toBytes();
    const Status stored =
        connection
            .statement(QStringLiteral("INSERT INTO outbox (%1) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                           .arg(columns))
            .exec(entry.id, entry.thread, domain::number(entry.kind), entry.deviceSeq, entry.authorPart,
                  entry.signature, entry.salt, entry.content, blobs, entry.state, entry.attempts, entry.code,
                  entry.text, entry.at);
    if (!stored)
        return stored;
    if (entry.kind == domain::Kind::fileSaved)
        return {}; // its thread is the audit's, which no desk holds
    Result<domain::Entry> pending = pendingEntry(entry.authorPart, entry.content);
    if (!pending)
        return tl::unexpected(pending.error());
    Projection projection(connection, me);
    if (const Status loaded = projection.load({entry.thread}); !loaded)
        return loaded;
    projection.addPendingRows(*pending);
    return projection.finish();
}

Status dropSpentDraft(sql::WriteConnection& connection, const OutboxEntry& entry)
{
    const domain::Content content = domain::parseContent(domain::number(entry.kind), entry.content);
    const auto* reply = std::get_if<domain::AgentReply>(&content);
    const auto* note = std::get_if<domain::InternalNote>(&content);
    const auto* message = std::get_if<domain::RoomMessage>(&content);
    if (!reply && !note && !message)
        return {};
    const QString& written = reply ? reply->text : note ? note->text : message->text;
    sql::Statement select =
        connection.statement(QStringLiteral("SELECT text FROM draft WHERE thread = ? AND note = ?"));
    const Result<bool> found = select.first(entry.thread, note != nullptr);
    if (!found)
        return tl::unexpected(found.error());
    if (!*found || select.text(0).trimmed() != written.trimmed())
        return {};
    return connection.statement(QStringLiteral("DELETE FROM draft WHERE thread = ? AND note = ?"))
        .exec(entry.thread, note != nullptr);
}

Result<NewEntry> entryToRetry(sql::WriteConnection& connection, const EntryId& id, const UserId& me)
{
    const Result<std::optional<OutboxEntry>> waiting = findOutbox(connection, id);
    if (!waiting)
        return tl::unexpected(waiting.error());
    NewEntry again;
    if (*waiting && ((*waiting)->state == OutboxState::refused || (*waiting)->state == OutboxState::held)) {
        again = {(*waiting)->thread, (*waiting)->kind, (*waiting)->content, (*waiting)->blobs, id};
    } else {
        sql::Statement failed = connection.statement(QStringLiteral(
            "SELECT e.thread, e.content FROM entry AS e JOIN delivery AS d ON d.message = e.entry"
            " WHERE e.entry = ? AND e.author = ? AND e.kind = ? AND d.status = ? AND e.content IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM retried WHERE retried.entry = e.entry)"));
        const Result<bool> found =
            failed.first(id, me, domain::number(domain::Kind::agentReply), domain::DeliveryStatus::failed);
        if (!found)
            return tl::unexpected(found.error());
        if (*waiting || !*found)
            return fail(ErrorCode::notFound, QStringLiteral("There is nothing to send again here."));
        again = {failed.id<ThreadId>(0), domain::Kind::agentReply, failed.bytes(1), {}, id};
    }
    Result<QByteArray> content = contentOfRetry(connection, again);
    if (!content)
        return tl::unexpected(content.error());
    again.content = std::move(*content);
    return again;
}

Status noteRetry(sql::WriteConnection& connection, const EntryId& id, const EntryId& by)
{
    return connection.statement(QStringLiteral("INSERT INTO retried (entry, by) VALUES (?, ?) ON CONFLICT DO NOTHING"))
        .exec(id, by);
}

Result<std::optional<ThreadId>> letGo(sql::WriteConnection& connection, const EntryId& id)
{
    sql::Statement update =
        connection.statement(QStringLiteral("UPDATE outbox SET state = ? WHERE entry = ? AND state IN (?, ?)"
                                            " RETURNING thread"));
    const Result<bool> changed = update.first(OutboxState::discarded, id, OutboxState::refused, OutboxState::held);
    if (!changed)
        return tl::unexpected(changed.error());
    if (!*changed)
        return std::optional<ThreadId>();
    const ThreadId thread = update.id<ThreadId>(0);
    if (const Status removed = MessageEraser(connection).removePending({id}); !removed)
        return tl::unexpected(removed.error());
    return std::optional(thread);
}

} // namespace holdfast::local

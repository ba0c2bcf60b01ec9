#include "storage/local/log_reads.h"

#include "storage/local/log_words.h"
#include "storage/local/outbox.h"
#include "storage/local/schema.h"
#include "storage/sql/transaction.h"

namespace holdfast::local {
namespace {

constexpr int mostLines = 1000;

Result<LogNames> readNames(sql::Connection& connection, const ThreadId& thread)
{
    LogNames names;
    sql::Statement staff = connection.statement(QStringLiteral("SELECT id, name FROM staff"));
    Status read = staff.forEach([&names](sql::Statement& row) { names.staff.insert(row.id<UserId>(0), row.text(1)); });
    if (!read)
        return tl::unexpected(read.error());
    sql::Statement policies = connection.statement(
        QStringLiteral("SELECT p.id, p.number FROM thread_policy AS tp JOIN policy AS p ON p.id = tp.policy"
                       " WHERE tp.thread = ?"));
    policies.bind(0, thread);
    read = policies.forEach([&names](sql::Statement& row) { names.policies.insert(row.id<PolicyId>(0), row.text(1)); });
    return read ? Result<LogNames>(std::move(names)) : tl::unexpected(read.error());
}

QString whoOf(const UserId& author, const LogNames& names)
{
    if (author.isNull())
        return QStringLiteral("Holdfast");
    const QString name = names.staff.value(author);
    return name.isEmpty() ? QStringLiteral("A colleague") : name;
}

QString textOf(domain::Kind kind, const QByteArray& content)
{
    const domain::Content parsed = domain::parseContent(domain::number(kind), content);
    if (const auto* reply = std::get_if<domain::AgentReply>(&parsed))
        return reply->text;
    if (const auto* room = std::get_if<domain::RoomMessage>(&parsed))
        return room->text;
    if (const auto* note = std::get_if<domain::InternalNote>(&parsed))
        return note->text;
    return logWords(domain::number(kind), content, {});
}

} // namespace

Result<QList<views::LogLine>> readThreadLog(sql::Connection& connection, const ThreadId& thread, int limit)
{
    const Result<sql::Snapshot> snapshot = sql::Snapshot::begin(connection);
    if (!snapshot)
        return tl::unexpected(snapshot.error());
    const Result<LogNames> names = readNames(connection, thread);
    if (!names)
        return tl::unexpected(names.error());
    QList<views::LogLine> lines;
    sql::Statement select = connection.statement(
        QStringLiteral("SELECT pos, seq, central_at, author, kind, content, entry, checked FROM entry WHERE thread = ?"
                       " ORDER BY seq DESC LIMIT ?"));
    select.bind(0, thread);
    select.bind(1, qBound(1, limit, mostLines));
    const Status read = select.forEach([&](sql::Statement& row) {
        views::LogLine line;
        line.pos = static_cast<quint64>(row.int64(0));
        line.threadSeq = static_cast<quint64>(row.int64(1));
        line.at = row.strong<Timestamp>(2);
        line.who = whoOf(row.id<UserId>(3), *names);
        const auto content = row.isNull(5) ? std::nullopt : std::optional(row.bytes(5));
        line.what = row.enumeration<Checked>(7) == Checked::bad
                        ? QStringLiteral("Failed a check of the log; not shown")
                        : logWords(static_cast<log::KindNumber>(row.int64(4)), content, *names);
        line.entry = row.id<EntryId>(6);
        lines.append(line);
    });
    return read ? Result<QList<views::LogLine>>(std::move(lines)) : tl::unexpected(read.error());
}

Result<QList<views::NotSent>> readNotSent(sql::Connection& connection)
{
    QList<views::NotSent> entries;
    sql::Statement select =
        connection.statement(QStringLiteral("SELECT entry, thread, kind, content, text, at FROM outbox"
                                            " WHERE state IN (?, ?) ORDER BY device_seq DESC"));
    select.bind(0, OutboxState::refused);
    select.bind(1, OutboxState::held);
    const Status read = select.forEach([&entries](sql::Statement& row) {
        entries.append({row.id<EntryId>(0), row.id<ThreadId>(1), textOf(row.enumeration<domain::Kind>(2), row.bytes(3)),
                        row.text(4), row.strong<Timestamp>(5)});
    });
    return read ? Result<QList<views::NotSent>>(std::move(entries)) : tl::unexpected(read.error());
}

Result<QString> readDraft(sql::Connection& connection, const ThreadId& thread, bool note)
{
    sql::Statement select =
        connection.statement(QStringLiteral("SELECT text FROM draft WHERE thread = ? AND note = ?"));
    const Result<bool> found = select.first(thread, note);
    if (!found)
        return tl::unexpected(found.error());
    return *found ? select.text(0) : QString();
}

} // namespace holdfast::local

#include "storage/local/message_reads.h"

#include "models/base/digest.h"
#include "storage/local/message_details.h"
#include "storage/local/outbox.h"
#include "storage/local/schema.h"
#include "storage/sql/transaction.h"

#include <algorithm>
#include <limits>

namespace holdfast::local {
namespace {

constexpr int mostMessages = 200;

const QString columns = QStringLiteral(
    "SELECT m.entry, m.ord, m.kind, m.author, m.at, m.text, m.type, m.quoted, m.reply_to, m.mentions, m.status,"
    " m.attachments, s.name, p.name, d.status, d.text, d.code, d.may_retry AND NOT EXISTS (SELECT 1 FROM retried AS re "
    "WHERE re.entry = m.entry), o.state, o.text, m.person FROM message AS m"
    " LEFT JOIN staff AS s ON s.id = m.author LEFT JOIN person AS p ON p.id = m.person"
    " LEFT JOIN delivery AS d ON d.message = m.entry LEFT JOIN outbox AS o ON o.entry = m.entry");
const QString beforeSql = columns + QStringLiteral(" WHERE m.thread = ? AND m.ord < ? ORDER BY m.ord DESC LIMIT ?");
const QString afterSql = columns + QStringLiteral(" WHERE m.thread = ? AND m.ord > ? ORDER BY m.ord LIMIT ?");
const QString oneSql = columns + QStringLiteral(" WHERE m.entry = ?");
const QString anyAfterSql = QStringLiteral("SELECT EXISTS (SELECT 1 FROM message WHERE thread = ? AND ord > ?)");
const QString anyBeforeSql = QStringLiteral("SELECT EXISTS (SELECT 1 FROM message WHERE thread = ? AND ord < ?)");

enum Column {
    entry,
    ord,
    kind,
    author,
    at,
    text,
    type,
    quoted,
    replyTo,
    mentions,
    status,
    attachments,
    staffName,
    personName,
    deliveryStatus,
    deliveryText,
    deliveryCode,
    mayRetry,
    outboxState,
    outboxText,
    person
};

QString failureWords(sql::Statement& row)
{
    const QString words =
        row.text(deliveryText).isEmpty() ? QStringLiteral("WhatsApp could not deliver it") : row.text(deliveryText);
    const qint64 code = row.int64(deliveryCode);
    return code == 0 ? words : QStringLiteral("%1 (%2)").arg(words).arg(code);
}

void fillFate(views::Message& message, sql::Statement& row)
{
    message.status = std::max(row.enumeration<domain::DeliveryStatus>(status),
                              row.enumeration<domain::DeliveryStatus>(deliveryStatus));
    if (!row.isNull(outboxState)) {
        const auto state = row.enumeration<OutboxState>(outboxState);
        message.pending = true;
        if (state == OutboxState::refused || state == OutboxState::held) {
            message.notSent =
                row.text(outboxText).isEmpty() ? QStringLiteral("It was not accepted") : row.text(outboxText);
            message.mayRetry = true;
        }
    } else if (message.status == domain::DeliveryStatus::failed) {
        message.notSent = failureWords(row);
        message.mayRetry = row.int64(mayRetry) != 0;
    }
}

DetailedMessage messageOf(sql::Statement& row)
{
    DetailedMessage detailed;
    views::Message& message = detailed.message;
    message.id = row.id<EntryId>(entry);
    message.key = keyOf(row.int64(ord));
    message.kind = messageKindOf(row.int64(kind));
    message.author = row.id<UserId>(author);
    message.authorName = message.kind == views::MessageKind::customer ? row.text(personName) : row.text(staffName);
    message.at = row.strong<Timestamp>(at);
    message.text = row.text(text);
    message.type = row.text(type);
    const QByteArray users = row.bytes(mentions);
    for (qsizetype start = 0; start + UserId::size <= users.size(); start += UserId::size)
        message.mentions.append(*UserId::fromBytes(users.mid(start, UserId::size)));
    fillFate(message, row);
    detailed.hasAttachments = row.int64(attachments) > 0;
    detailed.quotedProviderId = row.text(quoted);
    if (!row.isNull(replyTo))
        detailed.replyTo = row.id<EntryId>(replyTo);
    return detailed;
}

Result<std::vector<DetailedMessage>> readPage(sql::Connection& connection, const QString& sql, const ThreadId& thread,
                                              qint64 from, int limit)
{
    std::vector<DetailedMessage> page;
    sql::Statement select = connection.statement(sql);
    select.bind(0, thread);
    select.bind(1, from);
    select.bind(2, limit);
    const Status read = select.forEach([&page](sql::Statement& row) { page.push_back(messageOf(row)); });
    return read ? Result<std::vector<DetailedMessage>>(std::move(page)) : tl::unexpected(read.error());
}

Result<bool> exists(sql::Connection& connection, const QString& sql, const ThreadId& thread, qint64 from)
{
    sql::Statement select = connection.statement(sql);
    const Result<bool> found = select.first(thread, from);
    return found ? Result<bool>(*found && select.int64(0) != 0) : tl::unexpected(found.error());
}

// Oldest first, whichever way it was read.
Result<std::vector<DetailedMessage>> readDirection(sql::Connection& connection, const ThreadId& thread,
                                                   Direction direction, qint64 from, int limit)
{
    std::vector<DetailedMessage> all;
    if (direction != Direction::after) {
        // Around: the key itself is the newest of the older half.
        const bool around = direction == Direction::around;
        const qint64 below = around && from < std::numeric_limits<qint64>::max() ? from + 1 : from;
        auto older = readPage(connection, beforeSql, thread, below, around ? (limit + 1) / 2 : limit);
        if (!older)
            return older;
        all.assign(std::make_move_iterator(older->rbegin()), std::make_move_iterator(older->rend()));
    }
    if (direction != Direction::before) {
        auto newer = readPage(connection, afterSql, thread, from, limit - static_cast<int>(all.size()));
        if (!newer)
            return newer;
        all.insert(all.end(), std::make_move_iterator(newer->begin()), std::make_move_iterator(newer->end()));
    }
    return all;
}

Result<std::vector<views::Hole>> readHoles(sql::Connection& connection, const ThreadId& thread)
{
    std::vector<views::Hole> holes;
    sql::Statement select =
        connection.statement(QStringLiteral("SELECT first, last FROM hole WHERE thread = ? ORDER BY first"));
    select.bind(0, thread);
    const Status read = select.forEach([&holes](sql::Statement& row) {
        holes.push_back({row.strong<ThreadSeq>(0), row.strong<ThreadSeq>(1)});
    });
    return read ? Result<std::vector<views::Hole>>(std::move(holes)) : tl::unexpected(read.error());
}

// Of the newest message that is not above `ord`.
Result<EntryId> messageAt(sql::Connection& connection, const ThreadId& thread, qint64 ord)
{
    sql::Statement select = connection.statement(
        QStringLiteral("SELECT entry FROM message WHERE thread = ? AND ord <= ? ORDER BY ord DESC LIMIT 1"));
    const Result<bool> found = select.first(thread, ord);
    if (!found)
        return tl::unexpected(found.error());
    return *found ? select.id<EntryId>(0) : EntryId();
}

// One row for all that is missing between two neighbouring messages. It is known by the message above it, so it stays
// the same row while it is filled from its newest end.
class HoleRows
{
public:
    HoleRows(const ThreadId& thread, std::vector<views::Hole> holes) : thread_(thread), holes_(std::move(holes)) {}

    // Between the orders `above` and `below`, which are of messages or of nothing.
    [[nodiscard]] std::optional<views::Message> between(qint64 above, const EntryId& messageAbove, qint64 below,
                                                        Timestamp at) const
    {
        std::optional<views::Message> row;
        for (const views::Hole& hole : holes_) {
            if (ordOf({hole.first.value, 0}) <= above || ordOf({hole.last.value, 0}) >= below)
                continue;
            if (!row) {
                row.emplace();
                row->kind = views::MessageKind::hole;
                row->hole = hole;
                row->at = at;
            }
            row->hole.last = hole.last;
            row->key = {hole.last.value, 0};
        }
        if (row)
            row->id = idOf(messageAbove);
        return row;
    }

private:
    [[nodiscard]] EntryId idOf(const EntryId& messageAbove) const
    {
        const QByteArray from = messageAbove.isNull() ? thread_.toBytes() : messageAbove.toBytes();
        return *EntryId::fromBytes(sha256({QByteArrayView("hole"), from}).toBytes().first(EntryId::size));
    }

    ThreadId thread_;
    std::vector<views::Hole> holes_;
};

// The holes between the page's messages, and at each end that no other page will show.
QList<views::Message> withHoles(QList<views::Message> messages, const HoleRows& holes, qint64 lowest, EntryId above,
                                qint64 highest)
{
    QList<views::Message> all;
    qint64 aboveOrd = lowest;
    for (views::Message& message : messages) {
        if (aboveOrd >= 0) {
            if (auto row = holes.between(aboveOrd, above, ordOf(message.key), message.at))
                all.append(std::move(*row));
        }
        aboveOrd = ordOf(message.key);
        above = message.id;
        all.append(std::move(message));
    }
    if (highest >= 0 && aboveOrd >= 0) {
        if (auto row = holes.between(aboveOrd, above, highest, all.isEmpty() ? Timestamp() : all.last().at))
            all.append(std::move(*row));
    }
    return all;
}

} // namespace

views::MessageKind messageKindOf(qint64 number)
{
    switch (static_cast<domain::Kind>(number)) {
    case domain::Kind::customerMessage:
        return views::MessageKind::customer;
    case domain::Kind::agentReply:
        return views::MessageKind::reply;
    case domain::Kind::internalNote:
        return views::MessageKind::note;
    case domain::Kind::roomMessage:
        return views::MessageKind::room;
    default:
        return views::MessageKind::unknown;
    }
}

views::MessageKey keyOf(qint64 ord)
{
    return ord < pendingBase ? views::MessageKey{static_cast<quint64>(ord), 0}
                             : views::MessageKey{0, static_cast<quint64>(ord - pendingBase)};
}

qint64 ordOf(const views::MessageKey& key)
{
    constexpr auto largest = static_cast<quint64>(pendingBase - 1);
    return key.threadSeq != 0 ? static_cast<qint64>(std::min(key.threadSeq, largest))
                              : pendingBase + static_cast<qint64>(std::min(key.pendingOrder, largest));
}

views::MessageKey newestKey()
{
    return {0, std::numeric_limits<quint64>::max()};
}

Result<views::MessagePage> readMessages(sql::Connection& connection, const ThreadId& thread, Direction direction,
                                        const views::MessageKey& key, int limit)
{
    const Result<sql::Snapshot> snapshot = sql::Snapshot::begin(connection);
    if (!snapshot)
        return tl::unexpected(snapshot.error());
    views::MessagePage page;
    {
        sql::Statement state = connection.statement(QStringLiteral("SELECT read_seq FROM thread WHERE id = ?"));
        const Result<bool> found = state.first(thread);
        if (!found)
            return tl::unexpected(found.error());
        if (!*found)
            return fail(ErrorCode::notFound, QStringLiteral("This conversation is not on this desk."));
        page.readUpTo = keyOf(state.int64(0));
    }
    const qint64 from = ordOf(key);
    auto messages = readDirection(connection, thread, direction, from, qBound(1, limit, mostMessages));
    if (!messages)
        return tl::unexpected(messages.error());
    const qint64 first = messages->empty() ? from : ordOf(messages->front().message.key);
    const qint64 last = messages->empty() ? from : ordOf(messages->back().message.key);
    const Result<bool> before = exists(connection, anyBeforeSql, thread, first);
    const Result<bool> after = exists(connection, anyAfterSql, thread, last);
    if (!before || !after)
        return tl::unexpected(!before ? before.error() : after.error());
    page.moreBefore = *before;
    page.moreAfter = *after;
    if (const Status done = fillDetails(connection, *messages); !done)
        return tl::unexpected(done.error());
    page.messages.reserve(static_cast<qsizetype>(messages->size()));
    for (DetailedMessage& detailed : *messages)
        page.messages.append(std::move(detailed.message));
    auto holes = readHoles(connection, thread);
    if (!holes)
        return tl::unexpected(holes.error());
    if (holes->empty())
        return page;
    // An end in the middle of the thread belongs to whoever asks on from there, and that page begins right at `key`.
    constexpr qint64 elsewhere = -1;
    const qint64 afterAll = std::numeric_limits<qint64>::max();
    const qint64 lowest = direction == Direction::after ? from : page.moreBefore ? elsewhere : 0;
    const Result<EntryId> above =
        direction == Direction::after ? messageAt(connection, thread, from) : Result<EntryId>(EntryId());
    if (!above)
        return tl::unexpected(above.error());
    const qint64 highest = direction == Direction::before ? from : page.moreAfter ? elsewhere : afterAll;
    page.messages = withHoles(std::move(page.messages), HoleRows(thread, std::move(*holes)), lowest, *above, highest);
    return page;
}

Result<views::Message> readMessage(sql::Connection& connection, const EntryId& id)
{
    const Result<sql::Snapshot> snapshot = sql::Snapshot::begin(connection);
    if (!snapshot)
        return tl::unexpected(snapshot.error());
    std::vector<DetailedMessage> one;
    {
        sql::Statement select = connection.statement(oneSql);
        const Result<bool> found = select.first(id);
        if (!found)
            return tl::unexpected(found.error());
        if (!*found)
            return fail(ErrorCode::notFound, QStringLiteral("This message is not on this desk."));
        one.push_back(messageOf(select));
    }
    if (const Status done = fillDetails(connection, one); !done)
        return tl::unexpected(done.error());
    return std::move(one.front().message);
}

QStringList pageStatements()
{
    return {beforeSql, afterSql, oneSql, anyAfterSql, anyBeforeSql};
}

} // namespace holdfast::local

#include "central/store/aead.h"
#include "central/store/context.h"
#include "central/store/jobs.h"
#include "central/store/raw_rows.h"

namespace holdfast::store {

namespace {

constexpr qint64 keptDays = 14; // a day's key outlives its last item by this many days

struct SealedItem
{
    InboxItem item;
    qint64 day = 0;
    QByteArray sealed;
};

SealedItem readSealed(sql::Statement& row)
{
    SealedItem read;
    read.item.id = row.int64(0);
    read.item.receivedAt = row.strong<Timestamp>(1);
    read.day = row.int64(2);
    read.item.channel = row.text(3);
    read.sealed = row.bytes(4);
    return read;
}

Result<InboxItem> open(Context& context, SealedItem read)
{
    const Result<QByteArray> key = DayKeys(context).key(read.day);
    Result<QByteArray> bytes =
        key ? unseal(*key, rawBinding(read.item.id, read.day), read.sealed) : tl::unexpected<Error>(key.error());
    const bool keyGone = !key && key.error().code == ErrorCode::notFound;
    if (bytes)
        read.item.bytes = std::move(*bytes);
    else if (keyGone || context.passesOver(bytes.error()))
        read.item.damage = bytes.error().text;
    else
        return tl::unexpected<Error>(bytes.error());
    return std::move(read.item);
}

Status setState(Context& context, qint64 id, InboxState state, const QString& words)
{
    sql::Statement update =
        context.db.statement(QStringLiteral("UPDATE raw_inbox SET state = ?, error = ? WHERE id = ?"));
    if (const Status updated = update.exec(state, words, id); !updated)
        return updated;
    if (update.affected() != 1)
        return fail(ErrorCode::notFound, QStringLiteral("There is no such item in the inbox."));
    return {};
}

} // namespace

Result<std::vector<InboxItem>> InboxReads::waiting(int limit, std::span<const qint64> except)
{
    sql::JsonRows left;
    for (const qint64 id : except)
        left.row().add(id);
    std::vector<SealedItem> sealed;
    {
        // "state <> 1" is the partial index's own condition: PostgreSQL does not derive it from "state = 0".
        static const QString text =
            QStringLiteral("SELECT id, received_at, day, channel, sealed FROM raw_inbox WHERE state <> 1 AND "
                           "state = 0 AND id NOT IN (%1) ORDER BY id LIMIT ?");
        sql::Statement query = context_.db.statement(context_.db.choose(
            text.arg(QStringLiteral("SELECT r.value->>0 FROM json_each(?) AS r")),
            text.arg(QStringLiteral("SELECT (r.value->>0)::bigint FROM jsonb_array_elements(?::jsonb) AS r(value)"))));
        query.bind(0, left);
        query.bind(1, std::clamp(limit, 1, 1000));
        const Status read = query.forEach([&](sql::Statement& row) { sealed.push_back(readSealed(row)); });
        if (!read)
            return tl::unexpected<Error>(read.error());
    }
    std::vector<InboxItem> items;
    for (SealedItem& item : sealed) {
        Result<InboxItem> opened = open(context_, std::move(item));
        if (!opened)
            return tl::unexpected<Error>(opened.error());
        items.push_back(std::move(*opened));
    }
    return items;
}

Result<InboxItem> InboxReads::item(qint64 id)
{
    std::optional<SealedItem> sealed;
    {
        sql::Statement query = context_.db.statement(
            QStringLiteral("SELECT id, received_at, day, channel, sealed FROM raw_inbox WHERE id = ?"));
        const Result<bool> found = query.first(id);
        if (!found)
            return tl::unexpected<Error>(found.error());
        if (!*found)
            return fail(ErrorCode::notFound, QStringLiteral("There is no such item in the inbox."));
        sealed = readSealed(query);
    }
    return open(context_, std::move(*sealed));
}

Result<qint64> InboxReads::count(InboxState state)
{
    sql::Statement query = context_.db.statement(QStringLiteral("SELECT count(*) FROM raw_inbox WHERE state = ?"));
    const Result<bool> found = query.first(state);
    if (!found)
        return tl::unexpected<Error>(found.error());
    return query.int64(0);
}

Status InboxWrites::done(qint64 id)
{
    if (const Status set = setState(context_, id, InboxState::done, {}); !set)
        return set;
    // At most one change a day for each day of arrival, although every item asks.
    return context_.db
        .statement(QStringLiteral("UPDATE inbox_day SET settled_day = ? "
                                  "WHERE day = (SELECT r.day FROM raw_inbox r WHERE r.id = ?) AND settled_day < ?"))
        .exec(dayOf(context_.clock.now()), id, dayOf(context_.clock.now()));
}

Status InboxWrites::failed(qint64 id, const QString& words)
{
    return setState(context_, id, InboxState::failed, words);
}

Status InboxWrites::unplaced(qint64 id, const QString& words)
{
    return setState(context_, id, InboxState::unplaced, words);
}

Result<int> InboxWrites::waitAgain(InboxState state)
{
    sql::Statement update = context_.db.statement(
        QStringLiteral("UPDATE raw_inbox SET state = 0, error = '' WHERE state <> 1 AND state = ?"));
    if (const Status updated = update.exec(state); !updated)
        return tl::unexpected<Error>(updated.error());
    return int(update.affected());
}

Result<int> InboxWrites::destroyOldDays(Timestamp now)
{
    const qint64 before = dayOf(now) - keptDays;
    const QString settled =
        QStringLiteral("%1.day < ? AND %1.settled_day < ? AND "
                       "NOT EXISTS (SELECT 1 FROM raw_inbox r WHERE r.day = %1.day AND r.state <> 1)");
    sql::Statement bodies = context_.db.statement(
        QStringLiteral("DELETE FROM raw_inbox WHERE day IN (SELECT d.day FROM inbox_day d WHERE ") +
        settled.arg(QStringLiteral("d")) + u')');
    if (const Status deleted = bodies.exec(before, before); !deleted)
        return tl::unexpected<Error>(deleted.error());
    sql::Statement keys = context_.db.statement(QStringLiteral("DELETE FROM inbox_day WHERE ") +
                                                settled.arg(QStringLiteral("inbox_day")));
    if (const Status deleted = keys.exec(before, before); !deleted)
        return tl::unexpected<Error>(deleted.error());
    return int(keys.affected());
}

} // namespace holdfast::store

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
    if (!key)
        return tl::unexpected<Error>(key.error());
    Result<QByteArray> bytes = unseal(*key, rawBinding(read.item.id, read.day), read.sealed);
    if (!bytes)
        return tl::unexpected<Error>(bytes.error());
    read.item.bytes = std::move(*bytes);
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

Result<std::vector<InboxItem>> InboxReads::waiting(int limit)
{
    std::vector<SealedItem> sealed;
    {
        sql::Statement query = context_.db.statement(
            QStringLiteral("SELECT id, received_at, day, channel, sealed FROM raw_inbox WHERE state <> 1 AND "
                           "state = 0 ORDER BY id LIMIT ?"));
        query.bind(0, std::clamp(limit, 1, 1000));
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

Result<qint64> InboxWrites::put(const QString& channel, const QByteArray& bytes)
{
    RawRows rows(context_);
    const Result<qint64> id = rows.stage(channel, bytes);
    if (!id)
        return id;
    if (const Status flushed = rows.flush(); !flushed)
        return tl::unexpected<Error>(flushed.error());
    return id;
}

Status InboxWrites::done(qint64 id)
{
    return setState(context_, id, InboxState::done, {});
}

Status InboxWrites::failed(qint64 id, const QString& words)
{
    return setState(context_, id, InboxState::failed, words);
}

Status InboxWrites::waitAgain(qint64 id)
{
    return setState(context_, id, InboxState::waiting, {});
}

Result<int> InboxWrites::destroyOldDays(Timestamp now)
{
    const qint64 before = dayOf(now) - keptDays;
    const QString settled =
        QStringLiteral("day < ? AND NOT EXISTS (SELECT 1 FROM raw_inbox r WHERE r.day = %1.day AND r.state <> 1)");
    sql::Statement bodies = context_.db.statement(QStringLiteral("DELETE FROM raw_inbox WHERE day IN "
                                                                 "(SELECT d.day FROM inbox_day d WHERE d.") +
                                                  settled.arg(QStringLiteral("d")) + u')');
    if (const Status deleted = bodies.exec(before); !deleted)
        return tl::unexpected<Error>(deleted.error());
    sql::Statement keys = context_.db.statement(QStringLiteral("DELETE FROM inbox_day WHERE ") +
                                                settled.arg(QStringLiteral("inbox_day")));
    if (const Status deleted = keys.exec(before); !deleted)
        return tl::unexpected<Error>(deleted.error());
    return int(keys.affected());
}

} // namespace holdfast::store

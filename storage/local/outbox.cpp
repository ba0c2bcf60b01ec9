#include "storage/local/outbox.h"

#include "storage/local/outbox_rows.h"
#include "storage/local/projection.h"
#include "storage/sql/transaction.h"

namespace holdfast::local {
namespace {

using Job = std::function<Status(sql::WriteConnection&)>;

// FULL: a commit syncs the log before it returns, and with it everything downloaded before.
Status inDurableTransaction(sql::WriteConnection& connection, const Job& body)
{
    if (const Status set = connection.setDurability(sql::Durability::full); !set)
        return set;
    Result<sql::Transaction> transaction = sql::Transaction::begin(connection);
    if (!transaction)
        return tl::unexpected(transaction.error());
    if (const Status done = body(connection); !done)
        return done;
    return transaction->commit();
}

// What the thread shows is folded anew from the log and what is left of the outbox.
Status refold(sql::WriteConnection& connection, const UserId& me, const ThreadId& thread)
{
    Projection projection(connection, me);
    if (const Status loaded = projection.load({thread}); !loaded)
        return loaded;
    return projection.finish();
}

Error notThere()
{
    return {ErrorCode::notFound, QStringLiteral("This entry is not among those that wait or were not sent.")};
}

} // namespace

Outbox::Outbox(Database& database, const Author& author, const log::SigningKey& key, RandomSource& random,
               const Clock& clock)
    : database_(database), author_(author), key_(key), random_(random), clock_(clock)
{}

QFuture<Result<EntryId>> Outbox::put(NewEntry entry)
{
    return database_.write<EntryId>(Priority::send,
                                    [author = author_, &key = key_, &random = random_, &clock = clock_,
                                     entry = std::move(entry)](sql::WriteConnection& connection) -> Result<EntryId> {
                                        EntryId id;
                                        const Status done =
                                            inDurableTransaction(connection, [&](sql::WriteConnection& open) -> Status {
                                                Result<OutboxEntry> signedEntry =
                                                    writeAndSign(open, author, key, random, clock, entry);
                                                if (!signedEntry)
                                                    return tl::unexpected(signedEntry.error());
                                                id = signedEntry->id;
                                                if (const Status spent = dropSpentDraft(open, *signedEntry); !spent)
                                                    return spent;
                                                return putRow(open, author.user, *signedEntry, entry.retryOf);
                                            });
                                        return done ? Result<EntryId>(id) : tl::unexpected(done.error());
                                    });
}

QFuture<Result<QList<OutboxEntry>>> Outbox::waiting(int limit)
{
    return database_.read<QList<OutboxEntry>>(
        [limit](sql::ReadConnection& connection) { return readOutbox(connection, OutboxState::waiting, limit); });
}

QFuture<Result<OutboxEntry>> Outbox::find(const EntryId& id)
{
    return database_.read<OutboxEntry>([id](sql::ReadConnection& connection) -> Result<OutboxEntry> {
        const Result<std::optional<OutboxEntry>> found = findOutbox(connection, id);
        if (!found)
            return tl::unexpected(found.error());
        return *found ? Result<OutboxEntry>(**found) : tl::unexpected(notThere());
    });
}

QFuture<Result<OutboxCounts>> Outbox::counts()
{
    return database_.read<OutboxCounts>([](sql::ReadConnection& connection) -> Result<OutboxCounts> {
        sql::Statement count =
            connection.statement(QStringLiteral("SELECT (SELECT count(*) FROM outbox WHERE state = ?),"
                                                " (SELECT count(*) FROM outbox WHERE state IN (?, ?))"));
        const Result<bool> found = count.first(OutboxState::waiting, OutboxState::refused, OutboxState::held);
        if (!found)
            return tl::unexpected(found.error());
        return OutboxCounts{static_cast<int>(count.int64(0)), static_cast<int>(count.int64(1))};
    });
}

QFuture<Result<void>> Outbox::markAccepted(const EntryId& id, Position pos, const QByteArray& header,
                                           const QByteArray& receipt)
{
    return database_.write<void>(Priority::send, [=](sql::WriteConnection& connection) -> Result<void> {
        return inDurableTransaction(connection, [&](sql::WriteConnection& open) -> Status {
            if (!receipt.isEmpty()) {
                const Status kept =
                    open.statement(
                            QStringLiteral("INSERT INTO receipt (entry, pos, header, receipt) VALUES (?, ?, ?, ?)"
                                           " ON CONFLICT (entry) DO NOTHING"))
                        .exec(id, pos, header, receipt);
                if (!kept)
                    return kept;
            }
            const Status sent =
                open.statement(QStringLiteral("UPDATE outbox SET state = ? WHERE entry = ? AND state = ?"))
                    .exec(OutboxState::sent, id, OutboxState::waiting);
            if (!sent)
                return sent;
            // Its thread was closed meanwhile: no feed will settle it.
            return open
                .statement(QStringLiteral("DELETE FROM outbox WHERE entry = ? AND state = ? AND NOT EXISTS"
                                          " (SELECT 1 FROM thread WHERE id = outbox.thread)"))
                .exec(id, OutboxState::sent);
        });
    });
}

QFuture<Result<void>> Outbox::markNotSent(OutboxState state, const EntryId& id, const QString& code,
                                          const QString& text)
{
    const UserId me = author_.user;
    return database_.write<void>(Priority::send, [=](sql::WriteConnection& connection) -> Result<void> {
        return inDurableTransaction(connection, [&](sql::WriteConnection& open) -> Status {
            sql::Statement update = open.statement(
                QStringLiteral("UPDATE outbox SET state = ?, code = ?, text = ? WHERE entry = ? AND state = ?"
                               " RETURNING thread"));
            const Result<bool> changed = update.first(state, code, text, id, OutboxState::waiting);
            if (!changed)
                return tl::unexpected(changed.error());
            return *changed ? refold(open, me, update.id<ThreadId>(0)) : Status();
        });
    });
}

QFuture<Result<void>> Outbox::markRefused(const EntryId& id, const QString& code, const QString& text)
{
    return markNotSent(OutboxState::refused, id, code, text);
}

QFuture<Result<void>> Outbox::markHeld(const EntryId& id, const QString& code, const QString& text)
{
    return markNotSent(OutboxState::held, id, code, text);
}

QFuture<Result<void>> Outbox::countAttempt(const QList<EntryId>& ids)
{
    return database_.write<void>(Priority::normal, [ids](sql::WriteConnection& connection) -> Result<void> {
        sql::JsonRows rows;
        for (const EntryId& id : ids)
            rows.row().add(id);
        if (rows.isEmpty())
            return {};
        return connection
            .statement(QStringLiteral("UPDATE outbox SET attempts = attempts + 1"
                                      " WHERE entry IN (SELECT unhex(value->>0) FROM json_each(?))"))
            .exec(rows);
    });
}

QFuture<Result<void>> Outbox::numberAfter(DeviceSeq used)
{
    return database_.write<void>(
        Priority::send, [device = author_.device, used](sql::WriteConnection& connection) -> Result<void> {
            return inDurableTransaction(connection, [&](sql::WriteConnection& open) -> Status {
                return open
                    .statement(QStringLiteral("INSERT INTO device_counter (device, seq) VALUES (?, ?)"
                                              " ON CONFLICT (device) DO UPDATE SET seq = max(seq, excluded.seq)"))
                    .exec(device, used);
            });
        });
}

QFuture<Result<void>> Outbox::renumber(const EntryId& id)
{
    return database_.write<void>(
        Priority::send, [author = author_, &key = key_, id](sql::WriteConnection& connection) -> Result<void> {
            return inDurableTransaction(connection,
                                        [&](sql::WriteConnection& open) { return renumberRow(open, author, key, id); });
        });
}

QFuture<Result<EntryId>> Outbox::retry(const EntryId& id)
{
    return database_.write<EntryId>(Priority::send,
                                    [author = author_, &key = key_, &random = random_, &clock = clock_,
                                     id](sql::WriteConnection& connection) -> Result<EntryId> {
                                        EntryId next;
                                        const Status done =
                                            inDurableTransaction(connection, [&](sql::WriteConnection& open) -> Status {
                                                const Result<NewEntry> again = entryToRetry(open, id, author.user);
                                                if (!again)
                                                    return tl::unexpected(again.error());
                                                Result<OutboxEntry> signedEntry =
                                                    writeAndSign(open, author, key, random, clock, *again);
                                                if (!signedEntry)
                                                    return tl::unexpected(signedEntry.error());
                                                next = signedEntry->id;
                                                if (const Status noted = noteRetry(open, id, next); !noted)
                                                    return noted;
                                                return putRow(open, author.user, *signedEntry, id);
                                            });
                                        return done ? Result<EntryId>(next) : tl::unexpected(done.error());
                                    });
}

QFuture<Result<void>> Outbox::discard(const EntryId& id)
{
    const UserId me = author_.user;
    return database_.write<void>(Priority::send, [=](sql::WriteConnection& connection) -> Result<void> {
        return inDurableTransaction(connection, [&](sql::WriteConnection& open) -> Status {
            const Result<std::optional<ThreadId>> thread = letGo(open, id);
            if (!thread)
                return tl::unexpected(thread.error());
            return *thread ? refold(open, me, **thread) : tl::unexpected(notThere());
        });
    });
}

} // namespace holdfast::local

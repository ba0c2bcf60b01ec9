#include "storage/local/scope_sums.h"

#include <QHash>

namespace holdfast::local {
namespace {

Result<log::Checksum> checksumOf(sql::WriteConnection& connection, const ScopeId& scope)
{
    log::Checksum all;
    sql::Statement select =
        connection.statement(QStringLiteral("SELECT held, checksum FROM thread WHERE scope = ? AND held > 0"));
    select.bind(0, scope);
    const Status read = select.forEach([&all](sql::Statement& row) {
        all.add(log::Checksum{static_cast<quint64>(row.int64(0)), static_cast<quint64>(row.int64(1))});
    });
    return read ? Result<log::Checksum>(all) : tl::unexpected(read.error());
}

} // namespace

Status sumThreads(sql::WriteConnection& connection)
{
    QHash<ThreadId, log::Checksum> sums;
    {
        sql::Statement select = connection.statement(QStringLiteral("SELECT thread, leaf FROM entry"));
        const Status read =
            select.forEach([&sums](sql::Statement& row) { sums[row.id<ThreadId>(0)].add(row.digest(1)); });
        if (!read)
            return read;
    }
    sql::Statement update =
        connection.statement(QStringLiteral("UPDATE thread SET held = ?, checksum = ? WHERE id = ?"));
    for (auto it = sums.cbegin(); it != sums.cend(); ++it) {
        const Status stored = update.exec(it->entries, static_cast<qint64>(it->sum), it.key());
        if (!stored)
            return stored;
    }
    return {};
}

Result<QList<ScopeId>> differing(sql::WriteConnection& connection, const QList<ScopeSum>& sums)
{
    QList<ScopeId> scopes;
    for (const ScopeSum& sum : sums) {
        const Result<log::Checksum> own = checksumOf(connection, sum.scope);
        if (!own)
            return tl::unexpected(own.error());
        if (*own != sum.checksum) {
            scopes.append(sum.scope);
            continue;
        }
        const Status agreed =
            connection.statement(QStringLiteral("DELETE FROM differing WHERE scope = ? AND waits = 0")).exec(sum.scope);
        if (!agreed)
            return tl::unexpected(agreed.error());
    }
    return scopes;
}

Result<bool> noteDiffering(sql::WriteConnection& connection, const ScopeId& scope)
{
    sql::Statement insert = connection.statement(
        QStringLiteral("INSERT INTO differing (scope, waits) VALUES (?, 1) ON CONFLICT (scope) DO NOTHING"));
    if (const Status noted = insert.exec(scope); !noted)
        return tl::unexpected(noted.error());
    return insert.affected() > 0;
}

Status noteReopened(sql::WriteConnection& connection, const ScopeId& scope)
{
    return connection.statement(QStringLiteral("UPDATE differing SET waits = 0 WHERE scope = ?")).exec(scope);
}

Result<QList<ScopeId>> scopesToReopen(sql::Connection& connection)
{
    QList<ScopeId> scopes;
    sql::Statement select =
        connection.statement(QStringLiteral("SELECT scope FROM differing WHERE waits = 1 ORDER BY scope"));
    const Status read = select.forEach([&scopes](sql::Statement& row) { scopes.append(row.id<ScopeId>(0)); });
    return read ? Result<QList<ScopeId>>(std::move(scopes)) : tl::unexpected(read.error());
}

} // namespace holdfast::local

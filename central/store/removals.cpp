#include "central/store/removals.h"

#include "central/store/context.h"

namespace holdfast::store {

namespace {

const QString onConflict =
    QStringLiteral(" ON CONFLICT (device, what, id) DO UPDATE SET pos = excluded.pos, gone_at = NULL");

Status noteLostThread(sql::Connection& db, Position pos)
{
    static const QString text =
        QStringLiteral("INSERT INTO removal (device, what, id, pos) SELECT d.device, 1, m.thread, m.pos "
                       "FROM thread_move m JOIN access_grant g ON g.scope = m.from_scope "
                       "JOIN device d ON d.user_id = g.user_id WHERE m.pos = ? AND d.revoked = 0 AND NOT EXISTS "
                       "(SELECT 1 FROM access_grant h WHERE h.user_id = g.user_id AND h.scope = m.to_scope)") +
        onConflict;
    return db.statement(text).exec(pos);
}

Status forgetThread(sql::Connection& db, const domain::MoveThread& move)
{
    return db
        .statement(QStringLiteral("DELETE FROM removal WHERE what = 1 AND id = ? AND gone_at IS NULL AND device IN "
                                  "(SELECT d.device FROM device d JOIN access_grant g ON g.user_id = d.user_id "
                                  "WHERE g.scope = ?)"))
        .exec(move.thread, move.to);
}

Status noteLostScope(sql::Connection& db, const domain::Grant& grant, Position pos)
{
    static const QString text =
        QStringLiteral("INSERT INTO removal (device, what, id, pos) SELECT d.device, 0, s.scope, h.pos "
                       "FROM entry_header h JOIN scope s ON s.scope = ? JOIN device d ON d.user_id = ? "
                       "WHERE h.pos = ? AND d.revoked = 0") +
        onConflict;
    return db.statement(text).exec(grant.scope, grant.user, pos);
}

// The scope itself, and what was moved into it from where the person lost it.
Status forgetScope(sql::Connection& db, const domain::Grant& grant)
{
    return db
        .statement(QStringLiteral("DELETE FROM removal WHERE gone_at IS NULL AND device IN "
                                  "(SELECT device FROM device WHERE user_id = ?) AND ((what = 0 AND id = ?) OR "
                                  "(what = 1 AND id IN (SELECT thread FROM thread_head WHERE scope = ? AND "
                                  "moved_at IS NOT NULL)))"))
        .exec(grant.user, grant.scope, grant.scope);
}

} // namespace

Status noteMove(sql::Connection& db, const domain::MoveThread& move, Position pos)
{
    if (const Status forgotten = forgetThread(db, move); !forgotten)
        return forgotten;
    return noteLostThread(db, pos);
}

Status noteGrant(sql::Connection& db, const domain::SetGrant& grant, Position pos)
{
    return grant.given ? forgetScope(db, grant.grant) : noteLostScope(db, grant.grant, pos);
}

Result<std::vector<Removal>> RemovalReads::of(const DeviceId& device, quint64 from, quint64 upTo, int limit)
{
    std::vector<Removal> removals;
    sql::Statement query = context_.db.statement(
        QStringLiteral("SELECT what, id, pos FROM removal WHERE device = ? AND pos >= ? AND pos < ? AND "
                       "gone_at IS NULL ORDER BY pos LIMIT ?"));
    query.bind(0, device);
    query.bind(1, from);
    query.bind(2, upTo);
    query.bind(3, limit);
    const Status read = query.forEach([&](sql::Statement& row) {
        removals.push_back({row.enumeration<Removal::What>(0), row.bytes(1), row.strong<Position>(2)});
    });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return removals;
}

Result<qint64> RemovalReads::outstanding(const DeviceId& device)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT count(*) FROM removal WHERE device = ? AND gone_at IS NULL"));
    const Result<bool> counted = query.first(device);
    if (!counted)
        return tl::unexpected<Error>(counted.error());
    return query.int64(0);
}

Result<std::map<DeviceId, Position>> RemovalReads::newestOpen(const std::vector<DeviceId>& devices)
{
    std::map<DeviceId, Position> newest;
    if (devices.empty())
        return newest;
    sql::JsonRows wanted;
    for (const DeviceId& device : devices)
        wanted.row().add(device);
    sql::Statement query = context_.db.statement(context_.db.choose(
        QStringLiteral("SELECT device, max(pos) FROM removal WHERE gone_at IS NULL AND device IN "
                       "(SELECT unhex(r.value->>0) FROM json_each(?) AS r) GROUP BY device"),
        QStringLiteral("SELECT device, max(pos) FROM removal WHERE gone_at IS NULL AND device IN "
                       "(SELECT decode(r.value->>0, 'hex') FROM jsonb_array_elements(?::jsonb) AS r(value)) "
                       "GROUP BY device")));
    query.bind(0, wanted);
    const Status read =
        query.forEach([&](sql::Statement& row) { newest[row.id<DeviceId>(0)] = row.strong<Position>(1); });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return newest;
}

Status RemovalWrites::acknowledge(const DeviceId& device, const std::vector<Removal>& gone)
{
    sql::Statement update = context_.db.statement(
        QStringLiteral("UPDATE removal SET gone_at = ? WHERE device = ? AND what = ? AND id = ? AND gone_at IS NULL"));
    for (const Removal& one : gone) {
        if (const Status done = update.exec(context_.clock.now(), device, one.what, one.id); !done)
            return done;
    }
    return {};
}

Status RemovalWrites::acknowledgeAll(const DeviceId& device)
{
    return context_.db.statement(QStringLiteral("UPDATE removal SET gone_at = ? WHERE device = ? AND gone_at IS NULL"))
        .exec(context_.clock.now(), device);
}

} // namespace holdfast::store

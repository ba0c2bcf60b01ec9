#include "central/store/access_rows.h"

#include "central/store/context.h"

namespace holdfast::store {

namespace {

ScopeRow readScope(sql::Statement& row)
{
    ScopeRow read;
    read.scope.scope = row.id<ScopeId>(0);
    read.scope.type = domain::scopeTypeOf(row.text(1)).value_or(domain::ScopeType::audit);
    read.scope.name = row.text(2);
    read.definedAt = row.strong<Position>(3);
    return read;
}

DeviceRow readDevice(sql::Statement& row)
{
    return {row.id<DeviceId>(0), row.id<UserId>(1),       row.bytes(2),     row.text(3),
            row.int64(4) != 0,   row.strong<Position>(5), row.int64(6) != 0};
}

QString deviceRows()
{
    return QStringLiteral("SELECT d.device, d.user_id, d.public_key, d.name, d.revoked, d.pos, "
                          "(SELECT count(*) FROM copied_device c WHERE c.device = d.device) FROM device d ");
}

template <typename Row, typename Read>
Result<std::vector<Row>> allOf(sql::Statement& query, Read read)
{
    std::vector<Row> rows;
    const Status done = query.forEach([&](sql::Statement& row) { rows.push_back(read(row)); });
    if (!done)
        return tl::unexpected<Error>(done.error());
    return rows;
}

template <typename Row, typename Read>
Result<std::optional<Row>> oneOf(sql::Statement& query, Read read)
{
    const Result<bool> found = query.first();
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return std::nullopt;
    return read(query);
}

} // namespace

Result<std::vector<ScopeId>> AccessReads::grantsOf(const UserId& user)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT scope FROM access_grant WHERE user_id = ? ORDER BY scope"));
    query.bind(0, user);
    return allOf<ScopeId>(query, [](sql::Statement& row) { return row.id<ScopeId>(0); });
}

Result<std::unordered_map<UserId, std::vector<ScopeId>>> AccessReads::grantsOf(const std::vector<UserId>& users)
{
    sql::JsonRows wanted;
    for (const UserId& user : users)
        wanted.row().add(user);
    sql::Statement query = context_.db.statement(context_.db.choose(
        QStringLiteral("SELECT g.user_id, g.scope FROM json_each(?) AS r CROSS JOIN access_grant g "
                       "WHERE g.user_id = unhex(r.value->>0)"),
        QStringLiteral("SELECT g.user_id, g.scope FROM access_grant g WHERE g.user_id IN "
                       "(SELECT decode(r.value->>0, 'hex') FROM jsonb_array_elements(?::jsonb) AS r(value))")));
    query.bind(0, wanted);
    std::unordered_map<UserId, std::vector<ScopeId>> grants;
    const Status read =
        query.forEach([&grants](sql::Statement& row) { grants[row.id<UserId>(0)].push_back(row.id<ScopeId>(1)); });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return grants;
}

Result<std::vector<UserId>> AccessReads::membersOf(const ScopeId& scope)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT user_id FROM access_grant WHERE scope = ? ORDER BY user_id"));
    query.bind(0, scope);
    return allOf<UserId>(query, [](sql::Statement& row) { return row.id<UserId>(0); });
}

Result<bool> AccessReads::hasGrant(const UserId& user, const ScopeId& scope)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT 1 FROM access_grant WHERE user_id = ? AND scope = ?"));
    return query.first(user, scope);
}

Result<std::optional<ScopeRow>> AccessReads::scope(const ScopeId& scope)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT scope, type, name, pos FROM scope WHERE scope = ?"));
    query.bind(0, scope);
    return oneOf<ScopeRow>(query, readScope);
}

Result<std::optional<ScopeRow>> AccessReads::scopeNamed(const QString& name)
{
    sql::Statement query = context_.db.statement(
        QStringLiteral("SELECT scope, type, name, pos FROM scope WHERE name = ? ORDER BY pos LIMIT 1"));
    query.bind(0, name);
    return oneOf<ScopeRow>(query, readScope);
}

Result<std::vector<ScopeRow>> AccessReads::scopes()
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT scope, type, name, pos FROM scope ORDER BY pos, scope"));
    return allOf<ScopeRow>(query, readScope);
}

Result<std::optional<DeviceRow>> AccessReads::device(const DeviceId& device)
{
    sql::Statement query = context_.db.statement(deviceRows() + QStringLiteral("WHERE d.device = ?"));
    query.bind(0, device);
    return oneOf<DeviceRow>(query, readDevice);
}

Result<std::vector<DeviceRow>> AccessReads::devices()
{
    sql::Statement query = context_.db.statement(deviceRows() + QStringLiteral("ORDER BY d.pos"));
    return allOf<DeviceRow>(query, readDevice);
}

Result<std::vector<DeviceRow>> AccessReads::devicesOf(const UserId& user)
{
    sql::Statement query = context_.db.statement(deviceRows() + QStringLiteral("WHERE d.user_id = ? ORDER BY d.pos"));
    query.bind(0, user);
    return allOf<DeviceRow>(query, readDevice);
}

} // namespace holdfast::store

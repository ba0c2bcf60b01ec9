#include "central/store/accounts.h"

#include "central/store/context.h"

namespace holdfast::store {

namespace {

const QString accountColumns = QStringLiteral("a.id, a.login, a.name, a.role, a.team, a.password, a.active");

Account readAccount(sql::Statement& row, int from = 0)
{
    Account account;
    account.id = row.id<UserId>(from);
    account.login = row.text(from + 1);
    account.name = row.text(from + 2);
    account.role = row.text(from + 3);
    account.team = row.text(from + 4);
    account.passwordHash = row.text(from + 5);
    account.active = row.int64(from + 6) != 0;
    return account;
}

Result<std::optional<Account>> oneAccount(sql::Statement& query)
{
    const Result<bool> found = query.first();
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return std::nullopt;
    return readAccount(query);
}

} // namespace

Result<std::optional<Account>> AccountReads::byLogin(const QString& login)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT %1 FROM user_account a WHERE a.login = ?").arg(accountColumns));
    query.bind(0, login);
    return oneAccount(query);
}

Result<std::optional<Account>> AccountReads::byId(const UserId& id)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT %1 FROM user_account a WHERE a.id = ?").arg(accountColumns));
    query.bind(0, id);
    return oneAccount(query);
}

Result<std::vector<Account>> AccountReads::all()
{
    std::vector<Account> accounts;
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT %1 FROM user_account a ORDER BY a.login").arg(accountColumns));
    const Status read = query.forEach([&](sql::Statement& row) { accounts.push_back(readAccount(row)); });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return accounts;
}

Result<std::optional<AccountReads::Presented>> AccountReads::token(const QByteArray& hash, Token::Kind kind)
{
    sql::Statement query = context_.db.statement(
        QStringLiteral("SELECT t.expires_at, t.spent, s.family, s.user_id, s.device, s.ended, %1 FROM token t "
                       "JOIN sign_in s ON s.family = t.family JOIN user_account a ON a.id = s.user_id "
                       "WHERE t.hash = ? AND t.kind = ?")
            .arg(accountColumns));
    const Result<bool> found = query.first(hash, kind);
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return std::nullopt;
    Presented presented;
    presented.token = {hash, kind, query.bytes(2), query.strong<Timestamp>(0), query.int64(1) != 0};
    presented.signIn = {query.bytes(2), query.id<UserId>(3), query.id<DeviceId>(4), query.int64(5) != 0};
    presented.account = readAccount(query, 6);
    return presented;
}

Result<std::optional<QString>> AccountReads::apiKeyName(const QByteArray& hash)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT name FROM api_key WHERE hash = ? AND revoked = 0"));
    const Result<bool> found = query.first(hash);
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return std::nullopt;
    return query.text(0);
}

Status AccountWrites::put(const Account& account)
{
    // Asked for first: on PostgreSQL a broken uniqueness would spoil the whole transaction.
    const Result<std::optional<Account>> holder = byLogin(account.login);
    if (!holder)
        return tl::unexpected<Error>(holder.error());
    if (*holder && (*holder)->id != account.id)
        return fail(ErrorCode::conflict, QStringLiteral("That login is taken."));
    return context_.db
        .statement(QStringLiteral(
            "INSERT INTO user_account (id, login, name, role, team, password, active) VALUES (?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET login = excluded.login, name = excluded.name, role = excluded.role, "
            "team = excluded.team, password = excluded.password, active = excluded.active"))
        .exec(account.id, account.login, account.name, account.role, account.team, account.passwordHash,
              account.active);
}

Status AccountWrites::setPassword(const UserId& id, const QString& passwordHash)
{
    return context_.db.statement(QStringLiteral("UPDATE user_account SET password = ? WHERE id = ?"))
        .exec(passwordHash, id);
}

Status AccountWrites::begin(const SignIn& signIn)
{
    const std::optional<DeviceId> device = signIn.device.isNull() ? std::nullopt : std::optional(signIn.device);
    return context_.db
        .statement(QStringLiteral("INSERT INTO sign_in (family, user_id, device, ended, begun_at) "
                                  "VALUES (?, ?, ?, 0, ?)"))
        .exec(signIn.family, signIn.user, device, context_.clock.now());
}

Status AccountWrites::bindDevice(const QByteArray& family, const DeviceId& device)
{
    sql::Statement update = context_.db.statement(
        QStringLiteral("UPDATE sign_in SET device = ? WHERE family = ? AND (device IS NULL OR device = ?)"));
    if (const Status updated = update.exec(device, family, device); !updated)
        return updated;
    if (update.affected() != 1)
        return fail(ErrorCode::conflict, QStringLiteral("This sign-in belongs to another device."));
    return {};
}

Status AccountWrites::endFamily(const QByteArray& family)
{
    return context_.db.statement(QStringLiteral("UPDATE sign_in SET ended = 1 WHERE family = ?")).exec(family);
}

Status AccountWrites::endSignInsOf(const UserId& user)
{
    return context_.db.statement(QStringLiteral("UPDATE sign_in SET ended = 1 WHERE user_id = ?")).exec(user);
}

Status AccountWrites::endSignInsOfDevice(const DeviceId& device)
{
    return context_.db.statement(QStringLiteral("UPDATE sign_in SET ended = 1 WHERE device = ?")).exec(device);
}

Status AccountWrites::issue(const Token& token)
{
    return context_.db
        .statement(QStringLiteral("INSERT INTO token (hash, kind, family, expires_at, spent) VALUES (?, ?, ?, ?, 0)"))
        .exec(token.hash, token.kind, token.family, token.expiresAt);
}

Result<bool> AccountWrites::spend(const QByteArray& hash)
{
    sql::Statement update =
        context_.db.statement(QStringLiteral("UPDATE token SET spent = 1 WHERE hash = ? AND spent = 0"));
    if (const Status updated = update.exec(hash); !updated)
        return tl::unexpected<Error>(updated.error());
    return update.affected() == 1;
}

Status AccountWrites::sweepExpired(Timestamp now)
{
    if (const Status swept = context_.db.statement(QStringLiteral("DELETE FROM token WHERE expires_at < ?")).exec(now);
        !swept)
        return swept;
    return context_.db
        .statement(QStringLiteral("DELETE FROM sign_in WHERE begun_at < ? AND NOT EXISTS "
                                  "(SELECT 1 FROM token t WHERE t.family = sign_in.family)"))
        .exec(now);
}

Status AccountWrites::putApiKey(const QString& name, const QByteArray& hash)
{
    return context_.db
        .statement(QStringLiteral("INSERT INTO api_key (name, hash, revoked) VALUES (?, ?, 0) "
                                  "ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, revoked = 0"))
        .exec(name, hash);
}

Status AccountWrites::revokeApiKey(const QString& name)
{
    return context_.db.statement(QStringLiteral("UPDATE api_key SET revoked = 1 WHERE name = ?")).exec(name);
}

} // namespace holdfast::store

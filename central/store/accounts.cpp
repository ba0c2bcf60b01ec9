#include "central/store/accounts.h"

#include "central/store/context.h"
#include "central/store/settings.h"

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

const QString presentedColumns =
    QStringLiteral("t.expires_at, t.spent, s.family, s.user_id, s.device, s.ended, t.hash, ") + accountColumns;
const QString presentedJoin =
    QStringLiteral("token t JOIN sign_in s ON s.family = t.family JOIN user_account a ON a.id = s.user_id");

AccountReads::Presented readPresented(sql::Statement& row, Token::Kind kind)
{
    AccountReads::Presented presented;
    presented.token = {row.bytes(6), kind, row.bytes(2), row.strong<Timestamp>(0), row.int64(1) != 0};
    presented.signIn = {row.bytes(2), row.id<UserId>(3), row.id<DeviceId>(4), row.int64(5) != 0};
    presented.account = readAccount(row, 7);
    return presented;
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

QString endedSignInsSetting()
{
    return QStringLiteral("sign_in.ended");
}

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
        QStringLiteral("SELECT %1 FROM %2 WHERE t.hash = ? AND t.kind = ?").arg(presentedColumns, presentedJoin));
    const Result<bool> found = query.first(hash, kind);
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return std::nullopt;
    return readPresented(query, kind);
}

Result<std::unordered_map<QByteArray, AccountReads::Presented>>
AccountReads::accessTokens(const std::vector<QByteArray>& hashes)
{
    sql::JsonRows wanted;
    for (const QByteArray& hash : hashes)
        wanted.row().add(hash);
    static const QString here = QStringLiteral("SELECT %1 FROM json_each(?) AS r CROSS JOIN %2 "
                                               "WHERE t.hash = unhex(r.value->>0) AND t.kind = ?")
                                    .arg(presentedColumns, presentedJoin);
    static const QString there = QStringLiteral("SELECT %1 FROM %2 WHERE t.hash IN (SELECT decode(r.value->>0, 'hex') "
                                                "FROM jsonb_array_elements(?::jsonb) AS r(value)) AND t.kind = ?")
                                     .arg(presentedColumns, presentedJoin);
    std::unordered_map<QByteArray, Presented> presented;
    sql::Statement query = context_.db.statement(context_.db.choose(here, there));
    query.bind(0, wanted);
    query.bind(1, Token::Kind::access);
    const Status read = query.forEach([&presented](sql::Statement& row) {
        Presented one = readPresented(row, Token::Kind::access);
        presented.insert_or_assign(one.token.hash, std::move(one));
    });
    if (!read)
        return tl::unexpected<Error>(read.error());
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

Result<std::optional<ApiKeyRow>> AccountReads::apiKey(const QString& name)
{
    sql::Statement query = context_.db.statement(QStringLiteral("SELECT name, revoked FROM api_key WHERE name = ?"));
    const Result<bool> found = query.first(name);
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return std::nullopt;
    return ApiKeyRow{query.text(0), query.int64(1) != 0};
}

Result<std::vector<ApiKeyRow>> AccountReads::apiKeys()
{
    std::vector<ApiKeyRow> keys;
    sql::Statement query = context_.db.statement(QStringLiteral("SELECT name, revoked FROM api_key ORDER BY name"));
    const Status read = query.forEach([&](sql::Statement& row) { keys.push_back({row.text(0), row.int64(1) != 0}); });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return keys;
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
    const Status ended =
        context_.db.statement(QStringLiteral("UPDATE sign_in SET ended = 1 WHERE family = ?")).exec(family);
    return ended ? noteEnded() : ended;
}

Status AccountWrites::endSignInsOf(const UserId& user)
{
    const Status ended =
        context_.db.statement(QStringLiteral("UPDATE sign_in SET ended = 1 WHERE user_id = ?")).exec(user);
    return ended ? noteEnded() : ended;
}

Status AccountWrites::endSignInsOfDevice(const DeviceId& device)
{
    const Status ended =
        context_.db.statement(QStringLiteral("UPDATE sign_in SET ended = 1 WHERE device = ?")).exec(device);
    return ended ? noteEnded() : ended;
}

Status AccountWrites::noteEnded()
{
    return SettingWrites(context_).set(endedSignInsSetting(), context_.random.bytes(8));
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
    const Status revoked =
        context_.db.statement(QStringLiteral("UPDATE api_key SET revoked = 1 WHERE name = ?")).exec(name);
    return revoked ? noteEnded() : revoked;
}

} // namespace holdfast::store

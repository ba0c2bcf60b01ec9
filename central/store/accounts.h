// Staff accounts, their sessions, and API keys. Secrets are stored only as hashes that the caller made.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <unordered_map>
#include <vector>

namespace holdfast::store {

struct Context;

struct Account
{
    UserId id;
    QString login; // lower case
    QString name;
    QString role; // "agent", "supervisor", "administrator"
    QString team;
    QString passwordHash; // encoded Argon2id
    bool active = true;
};

// One refresh family: a sign-in and everything that was renewed from it.
struct SignIn
{
    QByteArray family; // 16 random bytes
    UserId user;
    DeviceId device; // zero until bound
    bool ended = false;
};

struct Token
{
    enum class Kind { access, refresh };
    QByteArray hash; // SHA-256 of the token
    Kind kind = Kind::access;
    QByteArray family;
    Timestamp expiresAt;
    bool spent = false; // of refresh tokens
};

// Changes with every sign-in, device or key that is ended, so that whoever keeps a session can ask for it anew.
[[nodiscard]] QString endedSignInsSetting();

// The key of another system.
struct ApiKeyRow
{
    QString name;
    bool revoked = false;
};

class AccountReads
{
public:
    explicit AccountReads(Context& context) : context_(context) {}
    [[nodiscard]] Result<std::optional<Account>> byLogin(const QString& login);
    [[nodiscard]] Result<std::optional<Account>> byId(const UserId& id);
    [[nodiscard]] Result<std::vector<Account>> all();
    struct Presented
    {
        Token token;
        SignIn signIn;
        Account account;
    };
    [[nodiscard]] Result<std::optional<Presented>> token(const QByteArray& hash, Token::Kind kind);
    // Many access tokens in one statement, by hash; unknown ones are left out.
    [[nodiscard]] Result<std::unordered_map<QByteArray, Presented>> accessTokens(const std::vector<QByteArray>& hashes);
    [[nodiscard]] Result<std::optional<QString>> apiKeyName(const QByteArray& hash); // unrevoked keys only
    [[nodiscard]] Result<std::optional<ApiKeyRow>> apiKey(const QString& name);
    [[nodiscard]] Result<std::vector<ApiKeyRow>> apiKeys();

protected:
    Context& context_;
};

class AccountWrites : public AccountReads
{
public:
    using AccountReads::AccountReads;
    [[nodiscard]] Status put(const Account& account); // by id; conflict when the login is another's
    [[nodiscard]] Status setPassword(const UserId& id, const QString& passwordHash);
    [[nodiscard]] Status begin(const SignIn& signIn);
    [[nodiscard]] Status bindDevice(const QByteArray& family, const DeviceId& device);
    [[nodiscard]] Status endFamily(const QByteArray& family);
    [[nodiscard]] Status endSignInsOf(const UserId& user);
    [[nodiscard]] Status endSignInsOfDevice(const DeviceId& device);
    [[nodiscard]] Status issue(const Token& token);
    // True for the first caller; false when it was spent before: end the family then.
    [[nodiscard]] Result<bool> spend(const QByteArray& hash);
    [[nodiscard]] Status sweepExpired(Timestamp now);
    [[nodiscard]] Status putApiKey(const QString& name, const QByteArray& hash);
    [[nodiscard]] Status revokeApiKey(const QString& name);

private:
    [[nodiscard]] Status noteEnded();
};

} // namespace holdfast::store

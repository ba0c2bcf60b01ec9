// Scopes, grants and devices as projected from the log: what the access function reads.
#pragma once

#include "models/base/error.h"
#include "models/domain/content.h"

#include <optional>
#include <unordered_map>
#include <vector>

namespace holdfast::store {

struct Context;

struct DeviceRow
{
    DeviceId device;
    UserId user;
    QByteArray publicKey; // 32 bytes
    QString name;
    bool revoked = false;
    Position enrolledAt;
    bool copied = false; // its key is in use on two computers: nothing is taken from either
};

struct ScopeRow
{
    domain::ScopeDefined scope;
    Position definedAt;
};

class AccessReads
{
public:
    explicit AccessReads(Context& context) : context_(context) {}
    [[nodiscard]] Result<std::vector<ScopeId>> grantsOf(const UserId& user); // without Organisation::everyone
    [[nodiscard]] Result<std::unordered_map<UserId, std::vector<ScopeId>>> grantsOf(const std::vector<UserId>& users);
    [[nodiscard]] Result<std::vector<UserId>> membersOf(const ScopeId& scope);
    [[nodiscard]] Result<bool> hasGrant(const UserId& user, const ScopeId& scope);
    [[nodiscard]] Result<std::optional<ScopeRow>> scope(const ScopeId& scope);
    [[nodiscard]] Result<std::optional<ScopeRow>> scopeNamed(const QString& name);
    [[nodiscard]] Result<std::vector<ScopeRow>> scopes();
    [[nodiscard]] Result<std::optional<DeviceRow>> device(const DeviceId& device);
    [[nodiscard]] Result<std::vector<DeviceRow>> devices();
    [[nodiscard]] Result<std::vector<DeviceRow>> devicesOf(const UserId& user);

private:
    Context& context_;
};

} // namespace holdfast::store

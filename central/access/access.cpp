#include "central/access/access.h"

#include <algorithm>

namespace holdfast::access {
namespace {

using domain::Kind;
using domain::ThreadType;

// Which kinds staff may write, and into which threads. What is not here, no desk can write.
struct WriteRule
{
    Kind kind;
    ThreadType threadType;
};

constexpr WriteRule writeRules[] = {
    {Kind::roomMessage, ThreadType::room},
    {Kind::roomMessage, ThreadType::direct},
    {Kind::agentReply, ThreadType::customerCase},
    {Kind::internalNote, ThreadType::customerCase},
    {Kind::threadAssigned, ThreadType::customerCase},
    {Kind::threadState, ThreadType::customerCase},
    {Kind::threadLinked, ThreadType::customerCase},
    {Kind::threadRead, ThreadType::customerCase},
    {Kind::threadMoved, ThreadType::customerCase},
    {Kind::threadRead, ThreadType::room},
    {Kind::threadRead, ThreadType::direct},
};

bool isStaff(Role role)
{
    return role == Role::agent || role == Role::supervisor || role == Role::administrator;
}

} // namespace

std::optional<Role> roleOf(QStringView word)
{
    if (word == u"agent")
        return Role::agent;
    if (word == u"supervisor")
        return Role::supervisor;
    if (word == u"administrator")
        return Role::administrator;
    return std::nullopt;
}

Rights::Rights(const store::Organisation& organisation, const Caller& caller, Role role, std::vector<ScopeId> grants)
    : role_(role), onDevice_(isStaff(role) && !caller.device.isNull()), everyone_(organisation.everyone),
      audit_(organisation.audit)
{
    if (!onDevice_)
        return;
    readable_ = std::move(grants);
    readable_.push_back(everyone_);
    std::sort(readable_.begin(), readable_.end());
    const auto last = std::unique(readable_.begin(), readable_.end());
    readable_.erase(last, readable_.end());
    // Recorded acts never reach a desk, whatever was granted.
    std::erase(readable_, audit_);
}

Result<Rights> Rights::of(store::StoreReader& reader, const Caller& caller)
{
    if (caller.role == Role::apiKey)
        return Rights(reader.organisation(), caller, caller.role, {});
    auto account = reader.accounts().byId(caller.user);
    if (!account)
        return tl::unexpected(account.error());
    if (!*account || !(*account)->active)
        return fail(ErrorCode::denied, QStringLiteral("This account is not active. Ask an administrator."));
    // The token may be older than the account's role.
    const auto role = roleOf((*account)->role);
    if (!role)
        return fail(ErrorCode::denied, QStringLiteral("This account has no role. Ask an administrator."));
    if (caller.device.isNull())
        return Rights(reader.organisation(), caller, *role, {});
    auto device = reader.access().device(caller.device);
    if (!device)
        return tl::unexpected(device.error());
    if (!*device || (*device)->revoked || (*device)->user != caller.user)
        return fail(ErrorCode::denied, QStringLiteral("This device was revoked. Ask an administrator."));
    auto grants = reader.access().grantsOf(caller.user);
    if (!grants)
        return tl::unexpected(grants.error());
    return Rights(reader.organisation(), caller, *role, std::move(*grants));
}

Result<std::vector<Rights>> Rights::of(store::StoreReader& reader, const std::vector<Caller>& callers)
{
    std::vector<UserId> users;
    users.reserve(callers.size());
    for (const Caller& caller : callers)
        users.push_back(caller.user);
    auto grants = reader.access().grantsOf(users);
    if (!grants)
        return tl::unexpected(grants.error());
    std::vector<Rights> rights;
    for (const Caller& caller : callers) {
        const auto found = grants->find(caller.user);
        rights.push_back(Rights(reader.organisation(), caller, caller.role,
                                found == grants->end() ? std::vector<ScopeId>() : found->second));
    }
    return rights;
}

bool Rights::may(Act act, const Target& target) const
{
    switch (act) {
    case Act::read:
        return isStaff(role_) && reads(target.scope);
    case Act::write:
        return isStaff(role_) && onDevice_ && mayWrite(target);
    case Act::upload:
        return isStaff(role_) && reads(target.scope) && target.scope != everyone_;
    case Act::readLog:
    case Act::push:
        return isStaff(role_) && onDevice_;
    case Act::enrolDevice:
    case Act::recordOwnAct:
        return isStaff(role_);
    case Act::administer:
    case Act::exportLog:
    case Act::erase:
        return role_ == Role::administrator;
    case Act::loadPolicies:
        return role_ == Role::administrator || role_ == Role::apiKey;
    }
    return false;
}

bool Rights::mayWrite(const Target& target) const
{
    // A desk records what its person did, and reads nothing there.
    if (target.scope == audit_)
        return target.threadType == ThreadType::audit && target.kind == Kind::fileSaved;
    if (!target.kind || !reads(target.scope) || target.scope == everyone_)
        return false;
    // To any team, also one that the author does not see: that is what handing over means.
    if (*target.kind == Kind::threadMoved && target.destination != domain::ScopeType::team)
        return false;
    return std::any_of(std::begin(writeRules), std::end(writeRules), [&target](const WriteRule& rule) {
        return rule.kind == *target.kind && rule.threadType == target.threadType;
    });
}

bool Rights::reads(const ScopeId& scope) const
{
    return std::binary_search(readable_.begin(), readable_.end(), scope);
}

} // namespace holdfast::access

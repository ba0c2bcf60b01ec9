// The one function that decides who may see or do what. Feed, fetch, search, blobs, export and push all ask it.
#pragma once

#include "central/store/session.h"
#include "models/base/error.h"
#include "models/domain/content.h"

#include <QString>

#include <optional>
#include <set>
#include <vector>

namespace holdfast::access {

enum class Role { agent, supervisor, administrator, apiKey };

[[nodiscard]] std::optional<Role> roleOf(QStringView word);

// Who asks. Made by sign-in from a token; carries no rights by itself.
struct Caller
{
    UserId user;     // zero for an API key
    DeviceId device; // zero until a device is bound
    Role role = Role::agent;
};

enum class Act {
    read,         // entries of a thread: feed, fetch, proofs, blobs
    push,         // anything at all, from one's own device; `write` decides each entry
    write,        // an entry of `kind` into a thread
    upload,       // a blob into a thread
    readLog,      // checkpoints, consistency and the log's own heads, which name nobody
    administer,   // people, devices, scopes, grants, rooms
    loadPolicies, // people and policies of the policy system
    exportLog,    // the whole log, and its verification
    enrolDevice,  // one's own
    recordOwnAct, // into the audit: what one did oneself on one's own desk
    erase,        // contents, for good
};

// What the act is about; only the fields that the act needs are set.
struct Target
{
    ScopeId scope;
    domain::ThreadType threadType = domain::ThreadType::customerCase;
    std::optional<domain::Kind> kind = {}; // of write; nothing: a kind that this version does not know
    std::optional<domain::ScopeType> destination =
        {}; // of a move: to what kind of scope; nothing: to none that is known
};

// The rights of one caller at one moment, read from the log's projections. Never kept beyond a request or a wake-up.
class Rights
{
public:
    Rights() = default; // none

    // denied: no active account, or a device that was revoked. An API key has rights without any account.
    [[nodiscard]] static Result<Rights> of(store::StoreReader& reader, const Caller& caller);
    // Of many at once, in their order. Their roles must come from active accounts, and their devices from sign-ins
    // that have not ended (revoking a device ends them), read in this same view.
    [[nodiscard]] static Result<std::vector<Rights>> of(store::StoreReader& reader, const std::vector<Caller>& callers);

    // The decision. Denies by default: an act, kind or role that the table does not name is refused.
    [[nodiscard]] bool may(Act act, const Target& target = {}) const;

    // Scopes whose entries the caller's desk receives, sorted.
    [[nodiscard]] const std::vector<ScopeId>& readable() const { return readable_; }
    [[nodiscard]] Role role() const { return role_; }

private:
    Rights(const store::Organisation& organisation, const Caller& caller, Role role, std::vector<ScopeId> grants);
    [[nodiscard]] bool mayWrite(const Target& target) const;
    [[nodiscard]] bool reads(const ScopeId& scope) const;

    Role role_ = Role::agent;
    bool onDevice_ = false; // a password alone reads, writes and uploads nothing
    ScopeId everyone_;
    ScopeId audit_;
    std::vector<ScopeId> readable_;
};

} // namespace holdfast::access

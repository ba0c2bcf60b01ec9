// Persons and policies as central finds them: by HMAC of what identifies them, never by plain text.
#pragma once

#include "models/base/error.h"
#include "models/domain/content.h"

#include <optional>
#include <vector>

namespace holdfast::store {

struct Context;

class PeopleReads
{
public:
    explicit PeopleReads(Context& context) : context_(context) {}
    // By E.164 phone ("+27...") or a provider's user id; normalise before.
    [[nodiscard]] Result<std::optional<PersonId>> personByPhone(const QString& e164);
    [[nodiscard]] Result<std::optional<PersonId>> personByProviderUser(const QString& providerUserId);
    [[nodiscard]] Result<domain::PersonFacts> person(const PersonId& person); // newest facts; notFound
    [[nodiscard]] Result<domain::PolicyFacts> policy(const PolicyId& policy); // newest facts; notFound
    // At most `limit`, as the newest accepted facts of each policy name its holder.
    [[nodiscard]] Result<std::vector<PolicyId>> policiesHeldBy(const PersonId& person, int limit);

    // References of the policy system. `kind`: "person" or "policy"; `reference`: the system's own key.
    struct Reference
    {
        ThreadId thread;
        QByteArray digest; // of the line last accepted
    };
    [[nodiscard]] Result<std::optional<Reference>> reference(const QString& kind, const QString& reference);

protected:
    Context& context_;
};

class PeopleWrites : public PeopleReads
{
public:
    using PeopleReads::PeopleReads;
    [[nodiscard]] Status putReference(const QString& kind, const QString& reference, const ThreadId& thread,
                                      const QByteArray& digest);
    // Also done by the projection of person.facts; a later binding moves the identifier.
    [[nodiscard]] Status bindPhone(const QString& e164, const PersonId& person);
    [[nodiscard]] Status bindProviderUser(const QString& providerUserId, const PersonId& person);
};

} // namespace holdfast::store

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
        QByteArray digest; // lineDigest() of the line last accepted
    };
    [[nodiscard]] Result<std::optional<Reference>> reference(const QString& kind, const QString& reference);
    [[nodiscard]] Result<bool> isReferenced(const ThreadId& thread); // some reference names it
    // Keyed: a plain hash would let a reader of the database try out ID numbers.
    [[nodiscard]] QByteArray lineDigest(QByteArrayView line) const;

protected:
    Context& context_;
};

class PeopleWrites : public PeopleReads
{
public:
    using PeopleReads::PeopleReads;
    [[nodiscard]] Status putReference(const QString& kind, const QString& reference, const ThreadId& thread,
                                      QByteArrayView line);
};

} // namespace holdfast::store

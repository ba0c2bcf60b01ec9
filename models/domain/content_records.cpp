// What the policy system and the identity system say.
#include "models/domain/json_fields.h"

namespace holdfast::domain {

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<Fact> fact)
{
    archive.required("label"_L1, fact.label);
    archive.required("value"_L1, fact.value);
}

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<PolicyFacts::Member> member)
{
    archive.required("name"_L1, member.name);
    archive.optional("person"_L1, member.person);
    archive.optional("relation"_L1, member.relation);
}

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<PolicyFacts::Claim> claim)
{
    archive.optional("amount"_L1, claim.amount);
    archive.optional("kind"_L1, claim.kind);
    archive.required("number"_L1, claim.number);
    archive.optional("status"_L1, claim.status);
}

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<PolicyFacts::Consent> consent)
{
    archive.required("given"_L1, consent.given);
    archive.optional("since"_L1, consent.since);
    archive.required("what"_L1, consent.what);
}

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<PersonFacts> person)
{
    archive.required("as_of"_L1, person.asOf);
    archive.optional("email"_L1, person.email);
    archive.optional("id_number"_L1, person.idNumber);
    archive.optional("language"_L1, person.language);
    archive.required("name"_L1, person.name);
    archive.optional("phones"_L1, person.phones);
    archive.optional("provider_user_ids"_L1, person.providerUserIds);
}
HOLDFAST_CONTENT(PersonFacts)

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<PolicyFacts> policy)
{
    archive.required("as_of"_L1, policy.asOf);
    archive.optional("claims"_L1, policy.claims);
    archive.optional("consents"_L1, policy.consents);
    archive.optional("cover"_L1, policy.cover);
    archive.optional("dependants"_L1, policy.dependants);
    archive.optional("facts"_L1, policy.facts);
    archive.optional("holder"_L1, policy.holder);
    archive.optional("holder_name"_L1, policy.holderName);
    archive.optional("line"_L1, policy.line);
    archive.required("number"_L1, policy.number);
    archive.optional("product"_L1, policy.product);
    archive.optional("status"_L1, policy.status);
}
HOLDFAST_CONTENT(PolicyFacts)

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<UserProfile> profile)
{
    archive.required("active"_L1, profile.active);
    archive.required("login"_L1, profile.login);
    archive.required("name"_L1, profile.name);
    archive.required("role"_L1, profile.role);
    archive.optional("team"_L1, profile.team);
    archive.required("user"_L1, profile.user);
}
HOLDFAST_CONTENT(UserProfile)

} // namespace holdfast::domain

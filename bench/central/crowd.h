// Signed-in desks, written straight into a store that is not served yet: a thousand passwords would take minutes.
#pragma once

#include "bench/central/temporary_store.h"
#include "models/log/signing.h"

namespace holdfast::bench {

struct CrowdDesk
{
    UserId user;
    QByteArray token; // lives for an hour
    std::shared_ptr<log::SigningKey> key;
    quint64 lastSeq = 0;
};

struct Crowd
{
    OrgId org;
    std::vector<CrowdDesk> desks;
    std::vector<ThreadId> rooms; // one a team; desk i is in team i % teams
    std::vector<ScopeId> scopes;
};

[[nodiscard]] Crowd makeCrowd(TemporaryStore& store, int desks, int teams);

// A person who signs in by password and may read one scope.
void addPerson(TemporaryStore& store, const QString& login, const QString& password, const ScopeId& scope);

// JSON of one entry of POST /v1/entries.
[[nodiscard]] QByteArray roomMessage(CrowdDesk& desk, const Crowd& crowd, const ThreadId& room, const QString& text,
                                     Clock& clock, RandomSource& random);

} // namespace holdfast::bench

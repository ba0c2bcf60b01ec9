#include "central/store/people.h"

#include "central/store/context.h"
#include "central/store/feed.h"
#include "central/store/lookups.h"

namespace holdfast::store {

namespace {

Result<std::optional<PersonId>> personBy(Context& context, const Digest& lookup)
{
    sql::Statement query = context.db.statement(QStringLiteral("SELECT person FROM identity WHERE lookup = ?"));
    const Result<bool> found = query.first(lookup);
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return std::nullopt;
    return query.id<PersonId>(0);
}

template <typename Facts>
Result<Facts> newestFacts(Context& context, const ThreadId& thread)
{
    Position pos;
    {
        sql::Statement query = context.db.statement(QStringLiteral("SELECT pos FROM newest_facts WHERE thread = ?"));
        const Result<bool> found = query.first(thread);
        if (!found)
            return tl::unexpected<Error>(found.error());
        if (!*found)
            return fail(ErrorCode::notFound, QStringLiteral("Nothing is known about this record."));
        pos = query.strong<Position>(0);
    }
    const Result<FeedEntry> entry = FeedReads(context).entryAt(pos);
    if (!entry)
        return tl::unexpected<Error>(entry.error());
    if (!entry->content)
        return fail(ErrorCode::notFound, QStringLiteral("What was known about this record was erased."));
    domain::Content content = domain::parseContent(entry->kind, *entry->content);
    if (auto* facts = std::get_if<Facts>(&content))
        return std::move(*facts);
    return fail(ErrorCode::corrupt, QStringLiteral("A record's newest facts cannot be read."));
}

} // namespace

Result<std::optional<PersonId>> PeopleReads::personByPhone(const QString& e164)
{
    return personBy(context_, lookups::phone(context_.keys, e164));
}

Result<std::optional<PersonId>> PeopleReads::personByProviderUser(const QString& providerUserId)
{
    return personBy(context_, lookups::providerUser(context_.keys, providerUserId));
}

Result<domain::PersonFacts> PeopleReads::person(const PersonId& person)
{
    return newestFacts<domain::PersonFacts>(context_, person);
}

Result<domain::PolicyFacts> PeopleReads::policy(const PolicyId& policy)
{
    return newestFacts<domain::PolicyFacts>(context_, policy);
}

Result<std::vector<PolicyId>> PeopleReads::policiesHeldBy(const PersonId& person, int limit)
{
    std::vector<PolicyId> policies;
    sql::Statement query = context_.db.statement(
        QStringLiteral("SELECT policy FROM policy_holder WHERE holder = ? ORDER BY policy LIMIT ?"));
    query.bind(0, person);
    query.bind(1, limit);
    const Status read = query.forEach([&](sql::Statement& row) { policies.push_back(row.id<PolicyId>(0)); });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return policies;
}

Result<std::optional<PeopleReads::Reference>> PeopleReads::reference(const QString& kind, const QString& reference)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT thread, digest FROM outside_reference WHERE lookup = ?"));
    const Result<bool> found = query.first(lookups::reference(context_.keys, kind, reference));
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return std::nullopt;
    return Reference{query.id<ThreadId>(0), query.bytes(1)};
}

Result<bool> PeopleReads::isReferenced(const ThreadId& thread)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT 1 FROM outside_reference WHERE thread = ? LIMIT 1"));
    return query.first(thread);
}

QByteArray PeopleReads::lineDigest(QByteArrayView line) const
{
    return lookups::referenceLine(context_.keys, line).toBytes();
}

Status PeopleWrites::putReference(const QString& kind, const QString& reference, const ThreadId& thread,
                                  QByteArrayView line)
{
    return context_.db
        .statement(QStringLiteral("INSERT INTO outside_reference (lookup, thread, digest) VALUES (?, ?, ?) "
                                  "ON CONFLICT (lookup) DO UPDATE SET thread = excluded.thread, "
                                  "digest = excluded.digest"))
        .exec(lookups::reference(context_.keys, kind, reference), thread, lineDigest(line));
}

} // namespace holdfast::store

#include "central/store/threads.h"

#include "central/store/context.h"
#include "central/store/thread_table.h"

namespace holdfast::store {

namespace {

template <typename IdType>
Result<std::vector<IdType>> idsOf(sql::Statement& query)
{
    std::vector<IdType> ids;
    const Status read = query.forEach([&](sql::Statement& row) { ids.push_back(row.id<IdType>(0)); });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return ids;
}

} // namespace

Result<ThreadFacts> ThreadReads::facts(const ThreadId& thread)
{
    static const QString text =
        QStringLiteral("SELECT %1 FROM thread_head t WHERE t.thread = ?").arg(threadColumns(QStringLiteral("t")));
    sql::Statement query = context_.db.statement(text);
    const Result<bool> found = query.first(thread);
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return fail(ErrorCode::notFound, QStringLiteral("There is no such thread."));
    return readThread(query).facts;
}

Result<std::optional<ThreadId>> ThreadReads::openCase(const PersonId& person, const QString& channel)
{
    sql::Statement query = context_.db.statement(
        QStringLiteral("SELECT thread FROM thread_head WHERE person = ? AND channel = ? AND type = ? AND status <> ? "
                       "ORDER BY CASE WHEN reply_at > 0 THEN 1 ELSE 0 END DESC, reply_at DESC, pos DESC LIMIT 1"));
    const Result<bool> found =
        query.first(person, channel, wordOf(domain::ThreadType::customerCase), wordOf(domain::ThreadStatus::done));
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return std::nullopt;
    return query.id<ThreadId>(0);
}

Result<std::vector<ThreadId>> ThreadReads::casesOfPerson(const PersonId& person)
{
    sql::Statement query = context_.db.statement(
        QStringLiteral("SELECT thread FROM thread_head WHERE person = ? AND type = ? ORDER BY pos DESC LIMIT 1000"));
    query.bind(0, person);
    query.bind(1, wordOf(domain::ThreadType::customerCase));
    return idsOf<ThreadId>(query);
}

Result<std::vector<ThreadId>> ThreadReads::threadsOfPolicy(const PolicyId& policy)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT thread FROM thread_policy WHERE policy = ? ORDER BY thread"));
    query.bind(0, policy);
    return idsOf<ThreadId>(query);
}

Result<std::vector<PolicyId>> ThreadReads::policiesOfThread(const ThreadId& thread)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT policy FROM thread_policy WHERE thread = ? ORDER BY policy"));
    query.bind(0, thread);
    return idsOf<PolicyId>(query);
}

} // namespace holdfast::store

#include "central/store/messages.h"

#include "central/store/context.h"
#include "central/store/lookups.h"

namespace holdfast::store {

Result<std::optional<MessageRef>> MessageReads::byProviderId(const QString& providerId)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT entry_id, thread FROM provider_message WHERE lookup = ?"));
    const Result<bool> found = query.first(lookups::providerMessage(context_.keys, providerId));
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return std::nullopt;
    return MessageRef{query.id<EntryId>(0), query.id<ThreadId>(1)};
}

Result<std::optional<domain::DeliveryStatus>> MessageReads::delivery(const EntryId& message)
{
    sql::Statement query = context_.db.statement(QStringLiteral("SELECT status FROM delivery WHERE entry_id = ?"));
    const Result<bool> found = query.first(message);
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return std::nullopt;
    return query.enumeration<domain::DeliveryStatus>(0);
}

Result<bool> MessageReads::statusLogged(const EntryId& message, domain::DeliveryStatus status)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT 1 FROM delivery_seen WHERE entry_id = ? AND status = ?"));
    return query.first(message, status);
}

Result<std::vector<MessageReads::Custody>> MessageReads::custody(const EntryId& message)
{
    std::vector<Custody> steps;
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT thread, step, at FROM custody WHERE entry_id = ? ORDER BY pos"));
    query.bind(0, message);
    const Status read = query.forEach([&](sql::Statement& row) {
        steps.push_back({message, row.id<ThreadId>(0),
                         domain::custodyStepOf(row.text(1)).value_or(domain::CustodyStep::failed),
                         row.strong<Timestamp>(2)});
    });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return steps;
}

} // namespace holdfast::store

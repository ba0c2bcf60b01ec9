// Messages at the provider: ids, delivery states, custody of media. Filled by projections; read by the channel.
#pragma once

#include "models/base/error.h"
#include "models/domain/content.h"

#include <optional>

namespace holdfast::store {

struct Context;

struct MessageRef
{
    EntryId entry;
    ThreadId thread;
};

class MessageReads
{
public:
    explicit MessageReads(Context& context) : context_(context) {}
    // By the provider's id of a message in or out; customer.message and provider.accepted entries bind it.
    [[nodiscard]] Result<std::optional<MessageRef>> byProviderId(const QString& providerId);
    [[nodiscard]] Result<std::optional<domain::DeliveryStatus>> delivery(const EntryId& message);
    // True if this (message, status) was logged already, so that a repeated webhook appends nothing.
    [[nodiscard]] Result<bool> statusLogged(const EntryId& message, domain::DeliveryStatus status);

    struct Custody
    {
        EntryId message;
        ThreadId thread;
        domain::CustodyStep step = domain::CustodyStep::pulled;
        Timestamp at;
    };
    [[nodiscard]] Result<std::vector<Custody>> custody(const EntryId& message); // in order of the log

private:
    Context& context_;
};

} // namespace holdfast::store

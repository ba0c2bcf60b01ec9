// What hangs on messages: attachments and quotes, read for a whole page at once.
#pragma once

#include "models/views/values.h"
#include "storage/sql/connection.h"

#include <vector>

namespace holdfast::local {

struct DetailedMessage
{
    views::Message message;
    bool hasAttachments = false;
    QString quotedProviderId; // a customer's quote, as the provider names the message
    std::optional<EntryId> replyTo;
};

[[nodiscard]] Status fillDetails(sql::Connection& connection, std::vector<DetailedMessage>& messages);

} // namespace holdfast::local

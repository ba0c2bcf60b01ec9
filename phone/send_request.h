// Reads and checks the body of POST /{phone-number-id}/messages.
#pragma once

#include "phone/chats.h"
#include "phone/graph_error.h"

#include <tl/expected.hpp>

#include <variant>

namespace holdfast::phone {

// What arrives at the customer once it is accepted.
struct OutboundMessage
{
    ChatMessage message;  // without its id
    QByteArray givenTo;   // as the caller wrote it
    QByteArray mediaLink; // in place of an id
};
struct ReadReceipt
{
    QByteArray messageId;
    bool typing = false;
};
using SendRequest = std::variant<OutboundMessage, ReadReceipt>;

[[nodiscard]] tl::expected<SendRequest, GraphError> parseSendRequest(const QByteArray& body);

} // namespace holdfast::phone

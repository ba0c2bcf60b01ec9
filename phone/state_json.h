// The phone's state as JSON, for the control endpoint.
#pragma once

#include "phone/chats.h"
#include "phone/media_store.h"
#include "phone/webhook_sender.h"

#include <QJsonObject>

namespace holdfast::phone {

[[nodiscard]] QJsonObject toJson(const ChatMessage& message);
[[nodiscard]] QJsonObject toJson(const Media& media); // without its bytes
[[nodiscard]] QJsonObject toJson(const Delivery& delivery);

} // namespace holdfast::phone

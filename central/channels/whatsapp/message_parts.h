// Inside the parser: one element of messages[] or statuses[].
#pragma once

#include "central/channels/whatsapp/provider_body.h"

#include <QJsonArray>

namespace holdfast::whatsapp {

struct PartContext
{
    Route route;
    QString madeId;       // where the provider gave none
    Timestamp receivedAt; // where it gave no time that can be
    QJsonArray contacts;
};

[[nodiscard]] InboundMessage parseMessage(const QJsonObject& object, const PartContext& context);
[[nodiscard]] StatusReport parseStatus(const QJsonObject& object, const PartContext& context);

// Seconds since 1970 as text or number; `otherwise` for anything else, and for times to come.
[[nodiscard]] Timestamp timeOf(const QJsonValue& value, Timestamp otherwise);
// Empty unless it is a string; cut at `longest` characters.
[[nodiscard]] QString textOf(const QJsonValue& value, qsizetype longest);

} // namespace holdfast::whatsapp

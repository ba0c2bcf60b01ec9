// Webhook bodies as the provider writes and signs them.
#pragma once

#include "phone/chats.h"
#include "phone/media_store.h"

#include <QJsonObject>

namespace holdfast::phone {

struct BusinessNumber
{
    QByteArray wabaId;
    QByteArray phoneNumberId;
    QByteArray displayNumber; // digits
};

// Compact JSON with non-ASCII as \uXXXX and '/' as '\/'.
[[nodiscard]] QByteArray escapedJson(const QJsonObject& object);
// The value of X-Hub-Signature-256.
[[nodiscard]] QByteArray signatureOf(const QByteArray& secret, const QByteArray& body);

// `media` belongs to the message, if it has any; `declaredHash` is what is announced of it (32 bytes).
[[nodiscard]] QJsonObject customerMessageBody(const BusinessNumber& number, const ChatMessage& message,
                                              const QString& name, const std::optional<Media>& media,
                                              const QByteArray& declaredHash);

struct StatusReport
{
    ChatMessage message;
    MessageStatus status = MessageStatus::sent;
    Timestamp at;
    int errorCode = 0; // of failed
};
[[nodiscard]] QJsonObject statusBody(const BusinessNumber& number, const StatusReport& report, const QString& name);

} // namespace holdfast::phone

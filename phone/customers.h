// The customers' side: what a customer writes becomes a chat message, a stored file and a webhook.
#pragma once

#include "models/base/error.h"
#include "phone/chats.h"
#include "phone/media_store.h"
#include "phone/webhook_body.h"
#include "phone/webhook_sender.h"

namespace holdfast::phone {

struct CustomerMessage
{
    QByteArray from; // digits, with or without '+'
    QString name;    // of the customer's profile; empty: as before
    QByteArray type; // text, image or document
    QString text;    // body or caption
    QByteArray file;
    QByteArray mime;
    QString fileName;
    QByteArray replyTo; // wamid
};

class Customers // thread-safe
{
public:
    Customers(BusinessNumber number, RandomSource& random, Chats& chats, MediaStore& media, Faults& faults,
              WebhookSender& sender);

    // The stored message, with its ids; the webhook is on its way.
    [[nodiscard]] Result<ChatMessage> write(CustomerMessage message);

private:
    const BusinessNumber number_;
    RandomSource& random_;
    Chats& chats_;
    MediaStore& media_;
    Faults& faults_;
    WebhookSender& sender_;
};

// Digits of a phone number, without '+' and blanks; empty when it is none (7 to 15 digits, E.164).
[[nodiscard]] QByteArray phoneDigits(const QByteArray& number);
// As the provider's: "wamid." and base64 over the number and something random.
[[nodiscard]] QByteArray newMessageId(const QByteArray& customer, RandomSource& random);

} // namespace holdfast::phone

// What the stand-in reports about messages that it accepted: sent, delivered, read, in the order that was asked for.
#pragma once

#include "phone/chats.h"
#include "phone/webhook_body.h"
#include "phone/webhook_sender.h"

#include <vector>

namespace holdfast::phone {

struct StatusPolicy
{
    std::vector<MessageStatus> automatic{MessageStatus::sent, MessageStatus::delivered}; // reported in this order
    int delayMs = 50; // before the first and between them
};

class StatusFlow // thread-safe
{
public:
    StatusFlow(BusinessNumber number, const Clock& clock, Chats& chats, Faults& faults, Scheduler& scheduler,
               WebhookSender& sender);

    void setPolicy(StatusPolicy policy);
    [[nodiscard]] StatusPolicy policy() const;
    void accepted(const ChatMessage& message); // begins the automatic reports
    void failed(const ChatMessage& message, int errorCode);
    // On demand; false when there is no such message to a customer.
    [[nodiscard]] bool report(const QByteArray& messageId, MessageStatus status, int errorCode = 0);
    // The customer opened the chat: all delivered messages are reported read. Answers how many.
    int customerReads(const QByteArray& customer);

private:
    const BusinessNumber number_;
    const Clock& clock_;
    Chats& chats_;
    Faults& faults_;
    Scheduler& scheduler_;
    WebhookSender& sender_;
    mutable std::mutex mutex_;
    StatusPolicy policy_;
};

} // namespace holdfast::phone

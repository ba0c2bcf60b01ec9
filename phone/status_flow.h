// What the stand-in reports about messages that it accepted: sent, delivered, read, in the order that was asked for.
#pragma once

#include "phone/chats.h"
#include "phone/webhook_body.h"
#include "phone/webhook_sender.h"

#include <map>
#include <vector>

namespace holdfast::phone {

struct StatusPolicy
{
    std::vector<MessageStatus> automatic{MessageStatus::sent, MessageStatus::delivered}; // reported in this order
    int delayMs = 50; // before the first and between them
};

// How a customer's phone can be reached.
enum class Reach {
    online,
    noSignal, // automatic reports stop at sent; the others follow once the phone is online again
    blocked,  // the customer blocked the business: messages end as failed 131026
};

class StatusFlow // thread-safe
{
public:
    StatusFlow(BusinessNumber number, const Clock& clock, Chats& chats, Faults& faults, Scheduler& scheduler,
               WebhookSender& sender);

    void setPolicy(StatusPolicy policy);
    [[nodiscard]] StatusPolicy policy() const;
    void setReach(const QByteArray& customer, Reach reach); // online until set
    [[nodiscard]] Reach reach(const QByteArray& customer) const;
    void accepted(const ChatMessage& message); // begins the automatic reports
    void failed(const ChatMessage& message, int errorCode);
    // On demand; false when there is no such message to a customer.
    [[nodiscard]] bool report(const QByteArray& messageId, MessageStatus status, int errorCode = 0);
    // The customer opened the chat: all delivered messages are reported read. Answers how many: none
    // while the phone cannot be reached.
    int customerReads(const QByteArray& customer);

private:
    struct Held
    {
        QByteArray customer;
        QByteArray message;
        MessageStatus status = MessageStatus::delivered;
    };

    void reportWhenReached(const QByteArray& customer, const QByteArray& messageId, MessageStatus status);

    const BusinessNumber number_;
    const Clock& clock_;
    Chats& chats_;
    Faults& faults_;
    Scheduler& scheduler_;
    WebhookSender& sender_;
    mutable std::mutex mutex_;
    StatusPolicy policy_;
    std::map<QByteArray, Reach> reach_;
    std::vector<Held> held_; // in the order in which they came due
};

} // namespace holdfast::phone

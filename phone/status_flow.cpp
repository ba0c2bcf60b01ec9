#include "phone/status_flow.h"

#include <algorithm>

namespace holdfast::phone {
namespace {

constexpr int undeliverable = 131026;

} // namespace

StatusFlow::StatusFlow(BusinessNumber number, const Clock& clock, Chats& chats, Faults& faults, Scheduler& scheduler,
                       WebhookSender& sender)
    : number_(std::move(number)), clock_(clock), chats_(chats), faults_(faults), scheduler_(scheduler), sender_(sender)
{}

void StatusFlow::setPolicy(StatusPolicy policy)
{
    const std::lock_guard lock(mutex_);
    policy_ = std::move(policy);
}

StatusPolicy StatusFlow::policy() const
{
    const std::lock_guard lock(mutex_);
    return policy_;
}

void StatusFlow::setReach(const QByteArray& customer, Reach reach)
{
    std::vector<Held> due;
    {
        const std::lock_guard lock(mutex_);
        reach_[customer] = reach;
        if (reach == Reach::online) {
            const auto others = std::stable_partition(held_.begin(), held_.end(),
                                                      [&](const Held& one) { return one.customer != customer; });
            due.assign(others, held_.end());
            held_.erase(others, held_.end());
        }
    }
    for (const Held& one : due)
        (void)report(one.message, one.status);
}

Reach StatusFlow::reach(const QByteArray& customer) const
{
    const std::lock_guard lock(mutex_);
    const auto found = reach_.find(customer);
    return found == reach_.end() ? Reach::online : found->second;
}

// Due while the phone is out of reach: kept, because only a phone can tell that something arrived.
void StatusFlow::reportWhenReached(const QByteArray& customer, const QByteArray& messageId, MessageStatus status)
{
    {
        const std::lock_guard lock(mutex_);
        const auto found = reach_.find(customer);
        const bool byPhone = status == MessageStatus::delivered || status == MessageStatus::read;
        if (byPhone && found != reach_.end() && found->second != Reach::online) {
            held_.push_back({customer, messageId, status});
            return;
        }
    }
    (void)report(messageId, status);
}

void StatusFlow::accepted(const ChatMessage& message)
{
    if (reach(message.customer) == Reach::blocked) {
        failed(message, undeliverable);
        return;
    }
    StatusPolicy policy = this->policy();
    if (faults_.takeReorder())
        std::reverse(policy.automatic.begin(), policy.automatic.end());
    int delay = policy.delayMs;
    for (const MessageStatus status : policy.automatic) {
        scheduler_.after(std::chrono::milliseconds(delay), [this, customer = message.customer, id = message.id,
                                                            status] { reportWhenReached(customer, id, status); });
        delay += policy.delayMs;
    }
}

void StatusFlow::failed(const ChatMessage& message, int errorCode)
{
    scheduler_.after(std::chrono::milliseconds(policy().delayMs),
                     [this, id = message.id, errorCode] { (void)report(id, MessageStatus::failed, errorCode); });
}

// The message is read again for each report, so that the last one tells what the customer's phone knows by then.
bool StatusFlow::report(const QByteArray& messageId, MessageStatus status, int errorCode)
{
    if (!chats_.setStatus(messageId, status))
        return false;
    const auto message = chats_.find(messageId);
    if (!message)
        return false;
    const QJsonObject body =
        statusBody(number_, {*message, status, clock_.now(), errorCode}, chats_.name(message->customer));
    sender_.deliver("status", messageId, escapedJson(body));
    return true;
}

int StatusFlow::customerReads(const QByteArray& customer)
{
    if (reach(customer) != Reach::online)
        return 0;
    int reported = 0;
    for (const ChatMessage& message : chats_.all()) {
        const bool unread = message.status == MessageStatus::sent || message.status == MessageStatus::delivered;
        if (!message.fromCustomer && message.customer == customer && unread)
            reported += report(message.id, MessageStatus::read) ? 1 : 0;
    }
    return reported;
}

} // namespace holdfast::phone

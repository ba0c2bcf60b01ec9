#include "phone/chats.h"

#include <algorithm>

namespace holdfast::phone {
namespace {

constexpr qint64 windowUs = 24LL * 3600 * 1'000'000;
constexpr const char* statusNames[] = {"accepted", "sent", "delivered", "read", "failed"};

} // namespace

QByteArray statusName(MessageStatus status)
{
    return statusNames[static_cast<size_t>(status)];
}

std::optional<MessageStatus> statusFromName(const QByteArray& name)
{
    for (size_t i = 0; i < std::size(statusNames); ++i) {
        if (name == statusNames[i])
            return static_cast<MessageStatus>(i);
    }
    return std::nullopt;
}

void Chats::setObserver(std::function<void()> observer)
{
    const std::lock_guard lock(mutex_);
    observer_ = std::move(observer);
}

void Chats::changed()
{
    std::function<void()> observer;
    {
        const std::lock_guard lock(mutex_);
        observer = observer_;
    }
    if (observer)
        observer();
}

void Chats::setName(const QByteArray& customer, const QString& name)
{
    const std::lock_guard lock(mutex_);
    std::erase_if(names_, [&customer](const auto& one) { return one.first == customer; });
    names_.emplace_back(customer, name);
}

QString Chats::name(const QByteArray& customer) const
{
    const std::lock_guard lock(mutex_);
    for (const auto& [number, text] : names_) {
        if (number == customer)
            return text;
    }
    return {};
}

void Chats::add(ChatMessage message)
{
    message.at = clock_.now();
    {
        const std::lock_guard lock(mutex_);
        messages_.push_back(std::move(message));
    }
    changed();
}

std::optional<ChatMessage> Chats::find(const QByteArray& id) const
{
    const std::lock_guard lock(mutex_);
    const auto found =
        std::find_if(messages_.begin(), messages_.end(), [&id](const auto& one) { return one.id == id; });
    return found == messages_.end() ? std::nullopt : std::optional(*found);
}

bool Chats::setStatus(const QByteArray& id, MessageStatus status)
{
    {
        const std::lock_guard lock(mutex_);
        const auto found =
            std::find_if(messages_.begin(), messages_.end(), [&id](const auto& one) { return one.id == id; });
        if (found == messages_.end() || found->fromCustomer)
            return false;
        // Reports may be sent out of order on purpose; what the customer's phone knows does not go back.
        found->status = std::max(found->status, status);
    }
    changed();
    return true;
}

void Chats::markTaken(const QByteArray& id)
{
    {
        const std::lock_guard lock(mutex_);
        const auto found =
            std::find_if(messages_.begin(), messages_.end(), [&id](const auto& one) { return one.id == id; });
        if (found == messages_.end() || !found->fromCustomer || found->takenByBusiness)
            return;
        found->takenByBusiness = true;
    }
    changed();
}

bool Chats::markReadByBusiness(const QByteArray& id)
{
    {
        const std::lock_guard lock(mutex_);
        const auto found =
            std::find_if(messages_.begin(), messages_.end(), [&id](const auto& one) { return one.id == id; });
        if (found == messages_.end() || !found->fromCustomer)
            return false;
        for (auto each = messages_.begin(); each <= found; ++each) {
            if (each->fromCustomer && each->customer == found->customer)
                each->readByBusiness = true;
        }
    }
    changed();
    return true;
}

std::vector<ChatMessage> Chats::all() const
{
    const std::lock_guard lock(mutex_);
    return messages_;
}

bool Chats::windowOpen(const QByteArray& customer) const
{
    const qint64 now = clock_.now().value;
    const std::lock_guard lock(mutex_);
    return std::any_of(messages_.begin(), messages_.end(), [&](const ChatMessage& one) {
        return one.fromCustomer && one.customer == customer && now - one.at.value < windowUs;
    });
}

} // namespace holdfast::phone

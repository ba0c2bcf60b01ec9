#include "phone/faults.h"

#include <algorithm>

namespace holdfast::phone {
namespace {

constexpr int maxCount = 100'000;

template <typename Fault>
void append(std::deque<Fault>& queue, const Fault& fault, int count)
{
    queue.insert(queue.end(), static_cast<size_t>(std::clamp(count, 0, maxCount)), fault);
}

template <typename Fault, typename Fits>
std::optional<Fault> takeFirst(std::deque<Fault>& queue, Fits fits)
{
    const auto found = std::find_if(queue.begin(), queue.end(), fits);
    if (found == queue.end())
        return std::nullopt;
    const Fault fault = *found;
    queue.erase(found);
    return fault;
}

} // namespace

void Faults::add(const SendFault& fault, int count)
{
    const std::lock_guard lock(mutex_);
    append(sends_, fault, count);
}

void Faults::add(const MediaFault& fault, int count)
{
    const std::lock_guard lock(mutex_);
    append(media_, fault, count);
}

void Faults::add(const WebhookFault& fault, int count)
{
    const std::lock_guard lock(mutex_);
    append(webhooks_, fault, count);
}

void Faults::clear()
{
    const std::lock_guard lock(mutex_);
    sends_.clear();
    media_.clear();
    webhooks_.clear();
}

std::optional<SendFault> Faults::takeSend()
{
    const std::lock_guard lock(mutex_);
    return takeFirst(sends_, [](const SendFault&) { return true; });
}

bool Faults::takeMedia(MediaFault::Kind kind)
{
    const std::lock_guard lock(mutex_);
    return takeFirst(media_, [kind](const MediaFault& one) { return one.kind == kind; }).has_value();
}

std::optional<WebhookFault> Faults::takeDelivery()
{
    const std::lock_guard lock(mutex_);
    return takeFirst(webhooks_,
                     [](const WebhookFault& one) { return one.kind != WebhookFault::Kind::reorderStatuses; });
}

bool Faults::takeReorder()
{
    const std::lock_guard lock(mutex_);
    return takeFirst(webhooks_, [](const WebhookFault& one) { return one.kind == WebhookFault::Kind::reorderStatuses; })
        .has_value();
}

int Faults::waiting() const
{
    const std::lock_guard lock(mutex_);
    return static_cast<int>(sends_.size() + media_.size() + webhooks_.size());
}

} // namespace holdfast::phone

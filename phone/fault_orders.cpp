#include "phone/fault_orders.h"

#include <QJsonArray>

#include <array>
#include <functional>
#include <vector>

namespace holdfast::phone {
namespace {

using namespace Qt::StringLiterals;

template <typename Kind, size_t Count>
std::optional<Kind> kindOf(const QJsonObject& order, const std::array<const char*, Count>& names)
{
    const QByteArray name = order[u"kind"_s].toString().toLatin1();
    for (size_t i = 0; i < Count; ++i) {
        if (name == names[i])
            return static_cast<Kind>(i);
    }
    return std::nullopt;
}

// In the order of the enumerations of faults.h.
constexpr std::array sendKinds{"refuse", "timeout", "timeout_after_accept", "cut_after_accept", "slow"};
constexpr std::array mediaKinds{"not_found", "expired_url", "wrong_hash", "wrong_declared_hash"};
constexpr std::array webhookKinds{"wrong_signature", "no_signature",     "truncated",
                                  "duplicate",       "reorder_statuses", "delay"};

using Order = std::function<void(Faults&)>;

std::optional<Order> sendOrder(const QJsonObject& order, int count)
{
    const auto kind = kindOf<SendFault::Kind>(order, sendKinds);
    if (!kind)
        return std::nullopt;
    const SendFault fault{*kind, order[u"status"_s].toInt(500), order[u"code"_s].toInt(131000), order[u"ms"_s].toInt()};
    return [fault, count](Faults& faults) { faults.add(fault, count); };
}

std::optional<Order> mediaOrder(const QJsonObject& order, int count)
{
    const auto kind = kindOf<MediaFault::Kind>(order, mediaKinds);
    if (!kind)
        return std::nullopt;
    return [kind, count](Faults& faults) { faults.add(MediaFault{*kind}, count); };
}

std::optional<Order> webhookOrder(const QJsonObject& order, int count)
{
    const auto kind = kindOf<WebhookFault::Kind>(order, webhookKinds);
    if (!kind)
        return std::nullopt;
    const WebhookFault fault{*kind, order[u"ms"_s].toInt(), order[u"retry"_s].toBool()};
    return [fault, count](Faults& faults) { faults.add(fault, count); };
}

} // namespace

Status orderFaults(const QJsonObject& orders, Faults& faults)
{
    using Reader = std::optional<Order> (*)(const QJsonObject&, int);
    const std::pair<QString, Reader> groups[] = {
        {u"sends"_s, sendOrder}, {u"media"_s, mediaOrder}, {u"webhooks"_s, webhookOrder}};
    std::vector<Order> read;
    for (const auto& [name, reader] : groups) {
        const QJsonArray list = orders[name].toArray();
        for (const QJsonValue& value : list) {
            const QJsonObject order = value.toObject();
            auto one = reader(order, order[u"count"_s].toInt(1));
            if (!one)
                return fail(ErrorCode::invalidInput, u"There is no fault of this kind in this group."_s);
            read.push_back(std::move(*one));
        }
    }
    if (read.empty())
        return fail(ErrorCode::invalidInput, u"No faults were ordered: give sends, media or webhooks."_s);
    for (const Order& order : read)
        order(faults);
    return {};
}

} // namespace holdfast::phone

#include "models/domain/content.h"

#include <array>

namespace holdfast::domain {
namespace {

// In the order of the enum.
constexpr std::array threadTypes{u"case", u"room", u"direct", u"person", u"policy", u"organisation", u"audit"};
constexpr std::array threadStatuses{u"open", u"snoozed", u"done"};
constexpr std::array deliveryStatuses{u"waiting", u"queued", u"sent", u"failed", u"delivered", u"read", u"played"};
constexpr std::array custodySteps{u"pulled", u"verified", u"mismatch", u"stored", u"deleted_at_provider", u"failed"};
constexpr std::array scopeTypes{u"team", u"room", u"direct", u"personal", u"organisation", u"audit"};

static_assert(threadTypes.size() == size_t(ThreadType::audit) + 1);
static_assert(threadStatuses.size() == size_t(ThreadStatus::done) + 1);
static_assert(deliveryStatuses.size() == size_t(DeliveryStatus::played) + 1);
static_assert(custodySteps.size() == size_t(CustodyStep::failed) + 1);
static_assert(scopeTypes.size() == size_t(ScopeType::audit) + 1);

template <typename Word, size_t Count>
QString word(const std::array<const char16_t*, Count>& words, Word value)
{
    return QString::fromUtf16(words.at(static_cast<size_t>(value)));
}

template <typename Word, size_t Count>
std::optional<Word> find(const std::array<const char16_t*, Count>& words, QStringView text)
{
    for (size_t i = 0; i < Count; ++i) {
        if (text == words[i])
            return static_cast<Word>(i);
    }
    return std::nullopt;
}

} // namespace

QString wordOf(ThreadType type)
{
    return word(threadTypes, type);
}

QString wordOf(ThreadStatus status)
{
    return word(threadStatuses, status);
}

QString wordOf(DeliveryStatus status)
{
    return word(deliveryStatuses, status);
}

QString wordOf(CustodyStep step)
{
    return word(custodySteps, step);
}

QString wordOf(ScopeType type)
{
    return word(scopeTypes, type);
}

std::optional<ThreadType> threadTypeOf(QStringView text)
{
    return find<ThreadType>(threadTypes, text);
}

std::optional<ThreadStatus> threadStatusOf(QStringView text)
{
    return find<ThreadStatus>(threadStatuses, text);
}

std::optional<DeliveryStatus> deliveryStatusOf(QStringView text)
{
    return find<DeliveryStatus>(deliveryStatuses, text);
}

std::optional<CustodyStep> custodyStepOf(QStringView text)
{
    return find<CustodyStep>(custodySteps, text);
}

std::optional<ScopeType> scopeTypeOf(QStringView text)
{
    return find<ScopeType>(scopeTypes, text);
}

} // namespace holdfast::domain

#include "models/domain/kinds.h"

#include <algorithm>
#include <array>

namespace holdfast::domain {
namespace {

struct KindRow
{
    Kind kind;
    QStringView name;
    Author author;
    bool structural;
};

constexpr bool structural = true;
constexpr bool erasable = false;

constexpr std::array registry{
    KindRow{Kind::roomMessage, u"room.message", Author::device, erasable},
    KindRow{Kind::customerMessage, u"customer.message", Author::central, erasable},
    KindRow{Kind::agentReply, u"agent.reply", Author::device, erasable},
    KindRow{Kind::internalNote, u"internal.note", Author::device, erasable},
    KindRow{Kind::mediaCustody, u"media.custody", Author::central, erasable},
    KindRow{Kind::threadOpened, u"thread.opened", Author::device, erasable},
    KindRow{Kind::threadAssigned, u"thread.assigned", Author::device, erasable},
    KindRow{Kind::threadState, u"thread.state", Author::device, erasable},
    KindRow{Kind::threadLinked, u"thread.linked", Author::device, erasable},
    KindRow{Kind::threadRead, u"thread.read", Author::device, erasable},
    KindRow{Kind::threadMoved, u"thread.moved", Author::device, structural},
    KindRow{Kind::personFacts, u"person.facts", Author::central, erasable},
    KindRow{Kind::policyFacts, u"policy.facts", Author::central, erasable},
    KindRow{Kind::userProfile, u"user.profile", Author::central, structural},
    KindRow{Kind::scopeDefined, u"scope.defined", Author::central, structural},
    KindRow{Kind::grantGiven, u"grant.given", Author::central, structural},
    KindRow{Kind::grantEnded, u"grant.ended", Author::central, structural},
    KindRow{Kind::deviceEnrolled, u"device.enrolled", Author::central, structural},
    KindRow{Kind::deviceRevoked, u"device.revoked", Author::central, structural},
    KindRow{Kind::logHeads, u"log.heads", Author::central, structural},
    KindRow{Kind::epochBegan, u"epoch.began", Author::central, structural},
    KindRow{Kind::logKey, u"log.key", Author::central, structural},
    KindRow{Kind::contentErased, u"content.erased", Author::central, structural},
    KindRow{Kind::keyShown, u"key.shown", Author::central, erasable},
    KindRow{Kind::exported, u"log.exported", Author::central, erasable},
    KindRow{Kind::signedIn, u"signed.in", Author::central, erasable},
    KindRow{Kind::fileSaved, u"file.saved", Author::device, erasable},
    KindRow{Kind::administered, u"administered", Author::central, erasable},
    KindRow{Kind::incidentNoted, u"incident.noted", Author::central, erasable},
    KindRow{Kind::deliveryStatus, u"delivery.status", Author::central, erasable},
    KindRow{Kind::providerAccepted, u"provider.accepted", Author::central, erasable},
};

const KindRow* rowOf(log::KindNumber wanted)
{
    const auto row = std::find_if(registry.begin(), registry.end(),
                                  [wanted](const KindRow& candidate) { return number(candidate.kind) == wanted; });
    return row == registry.end() ? nullptr : row;
}

} // namespace

std::vector<Kind> allKinds()
{
    std::vector<Kind> kinds;
    kinds.reserve(registry.size());
    for (const KindRow& row : registry)
        kinds.push_back(row.kind);
    return kinds;
}

std::optional<Kind> kindOf(log::KindNumber number)
{
    const KindRow* row = rowOf(number);
    return row ? std::optional(row->kind) : std::nullopt;
}

QStringView nameOf(Kind kind)
{
    const KindRow* row = rowOf(number(kind));
    return row ? row->name : QStringView();
}

bool isStructural(Kind kind)
{
    const KindRow* row = rowOf(number(kind));
    return row && row->structural;
}

Author authorOf(Kind kind)
{
    const KindRow* row = rowOf(number(kind));
    return row ? row->author : Author::central;
}

} // namespace holdfast::domain

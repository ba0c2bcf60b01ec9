#include "models/domain/content.h"

#include "models/base/json_depth.h"
#include "models/domain/json_fields.h"

namespace holdfast::domain {
namespace {

constexpr int maxDepth = 64;

Content readAs(Kind kind, const QJsonObject& object)
{
    switch (kind) {
    case Kind::roomMessage:
        return contentFrom<RoomMessage>(object);
    case Kind::customerMessage:
        return contentFrom<CustomerMessage>(object);
    case Kind::agentReply:
        return contentFrom<AgentReply>(object);
    case Kind::internalNote:
        return contentFrom<InternalNote>(object);
    case Kind::mediaCustody:
        return contentFrom<MediaCustody>(object);
    case Kind::threadOpened:
        return contentFrom<ThreadOpened>(object);
    case Kind::threadAssigned:
        return contentFrom<ThreadAssigned>(object);
    case Kind::threadState:
        return contentFrom<ThreadState>(object);
    case Kind::threadLinked:
        return contentFrom<ThreadLinked>(object);
    case Kind::threadRead:
        return contentFrom<ThreadRead>(object);
    case Kind::threadMoved:
        return contentFrom<ThreadMoved>(object);
    case Kind::personFacts:
        return contentFrom<PersonFacts>(object);
    case Kind::policyFacts:
        return contentFrom<PolicyFacts>(object);
    case Kind::userProfile:
        return contentFrom<UserProfile>(object);
    case Kind::scopeDefined:
        return contentFrom<ScopeDefined>(object);
    case Kind::grantGiven:
    case Kind::grantEnded:
        return contentFrom<Grant>(object);
    case Kind::deviceEnrolled:
        return contentFrom<DeviceEnrolled>(object);
    case Kind::deviceRevoked:
        return contentFrom<DeviceRevoked>(object);
    case Kind::logHeads:
        return contentFrom<LogHeads>(object);
    case Kind::logKey:
        return contentFrom<LogKey>(object);
    case Kind::contentErased:
        return contentFrom<ContentErased>(object);
    case Kind::epochBegan:
    case Kind::keyShown:
    case Kind::exported:
    case Kind::signedIn:
    case Kind::administered:
    case Kind::incidentNoted:
        return contentFrom<RecordedAct>(object);
    case Kind::fileSaved:
        return contentFrom<FileSaved>(object);
    case Kind::deliveryStatus:
        return contentFrom<DeliveryUpdate>(object);
    case Kind::providerAccepted:
        return contentFrom<ProviderAccepted>(object);
    }
    return Unknown{u"The entry is of a kind that this version does not know."_s};
}

} // namespace

Content parseContent(log::KindNumber kind, QByteArrayView json)
{
    const std::optional<Kind> known = kindOf(kind);
    if (!known)
        return Unknown{u"The entry is of a kind that this version does not know."_s};
    if (json.size() > log::maxContentBytes)
        return Unknown{u"The content is larger than an entry may be."_s};
    if (nestsDeeperThan(json, maxDepth))
        return Unknown{u"The content is nested too deeply."_s};
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json.toByteArray(), &problem);
    if (problem.error != QJsonParseError::NoError || !document.isObject())
        return Unknown{u"The content is not a JSON object."_s};
    if (!isStorable(document.object()))
        return Unknown{u"The content holds characters that are not text."_s};
    return readAs(*known, document.object());
}

} // namespace holdfast::domain

#include "tests/domain/samples.h"

namespace holdfast::test {

using namespace domain;

namespace {

template <typename T>
Sample sample(Kind kind, const T& value)
{
    return {kind, value, toJson(value)};
}

Attachment attachment()
{
    return {
        idOf<BlobId>(1), 4711, QStringLiteral("image/jpeg"), QStringLiteral("scene.jpg"), sha256({"photo"}), 960, 720};
}

CustomerMessage customerMessage()
{
    CustomerMessage message;
    message.person = idOf<PersonId>(2);
    message.fromName = QStringLiteral("Nomvula Dlamini");
    message.channel = QStringLiteral("main");
    message.providerId = QStringLiteral("wamid.one");
    message.providerAt = {1700000000000000};
    message.type = QStringLiteral("image");
    message.text = QStringLiteral("Ek is veilig, dankie \u2764");
    message.attachments = {attachment(), {idOf<BlobId>(3), -1, {}, {}, {}}};
    message.quotedProviderId = QStringLiteral("wamid.zero");
    message.unparsed = {{QStringLiteral("deep"), QJsonObject{{QStringLiteral("er"), 1}}}};
    return message;
}

PolicyFacts policyFacts()
{
    PolicyFacts policy;
    policy.number = QStringLiteral("HL-204-118-7");
    policy.product = QStringLiteral("Motor Comprehensive");
    policy.line = QStringLiteral("Motor");
    policy.status = QStringLiteral("Active");
    policy.holder = idOf<PersonId>(4);
    policy.holderName = QStringLiteral("Nomvula Dlamini");
    policy.facts = {{QStringLiteral("Renews"), QStringLiteral("1 March")}};
    policy.cover = {{QStringLiteral("Hail"), QStringLiteral("R 200,000")}};
    policy.dependants = {{QStringLiteral("Sipho"), QStringLiteral("son"), idOf<PersonId>(5)}};
    policy.claims = {
        {QStringLiteral("CL-88231"), QStringLiteral("Hail"), QStringLiteral("R 12"), QStringLiteral("Open")}};
    policy.consents = {{QStringLiteral("Marketing"), true, QStringLiteral("2024")}};
    policy.asOf = {1700000000000001};
    return policy;
}

PersonFacts personFacts()
{
    return {QStringLiteral("Nomvula Dlamini"),
            QStringLiteral("8001015009087"),
            QStringLiteral("zu"),
            QStringLiteral("nomvula@example.com"),
            {QStringLiteral("+27825550143")},
            {QStringLiteral("ZA.123")},
            {1700000000000002}};
}

DeviceEnrolled enrolled()
{
    const QByteArray key(32, 'k');
    return {log::deviceOf(key), idOf<UserId>(6), key, QStringLiteral("Desk 4")};
}

} // namespace

std::vector<Sample> allSamples()
{
    const QList<UserId> people{idOf<UserId>(7), idOf<UserId>(8)};
    return {
        sample(Kind::roomMessage, RoomMessage{QStringLiteral("Good day"), {attachment()}, people}),
        sample(Kind::customerMessage, customerMessage()),
        sample(Kind::agentReply, AgentReply{QStringLiteral("Hello"), {attachment()}, {9}, idOf<EntryId>(9)}),
        sample(Kind::internalNote, InternalNote{QStringLiteral("Between us"), people}),
        sample(Kind::mediaCustody,
               MediaCustody{idOf<EntryId>(10), CustodyStep::stored, attachment(), QStringLiteral("kept")}),
        sample(Kind::threadOpened, ThreadOpened{ThreadType::direct, idOf<ScopeId>(11), QStringLiteral("Claims"),
                                                idOf<PersonId>(12), QStringLiteral("main"), people}),
        sample(Kind::threadAssigned, ThreadAssigned{idOf<UserId>(13)}),
        sample(Kind::threadState, ThreadState{ThreadStatus::snoozed, {1700000000000003}, QStringLiteral("waits")}),
        sample(Kind::threadLinked, ThreadLinked{idOf<PolicyId>(14), false}),
        sample(Kind::threadRead, ThreadRead{{15}}),
        sample(Kind::threadMoved, ThreadMoved{idOf<ScopeId>(24), idOf<ScopeId>(25)}),
        sample(Kind::personFacts, personFacts()),
        sample(Kind::policyFacts, policyFacts()),
        sample(Kind::userProfile, UserProfile{idOf<UserId>(16), QStringLiteral("thandi"), QStringLiteral("Thandi"),
                                              QStringLiteral("agent"), QStringLiteral("Motor"), false}),
        sample(Kind::scopeDefined, ScopeDefined{idOf<ScopeId>(17), ScopeType::room, QStringLiteral("Hail desk")}),
        sample(Kind::grantGiven, Grant{idOf<UserId>(18), idOf<ScopeId>(19)}),
        sample(Kind::grantEnded, Grant{idOf<UserId>(18), idOf<ScopeId>(19)}),
        sample(Kind::deviceEnrolled, enrolled()),
        sample(Kind::deviceRevoked, DeviceRevoked{idOf<DeviceId>(20)}),
        sample(Kind::logHeads, LogHeads{sha256({"heads"}), {21}}),
        sample(Kind::logKey, LogKey{QByteArray(32, 'a'), QByteArray(32, 'b'), QByteArray(64, 'c')}),
        sample(Kind::epochBegan, RecordedAct{{{QStringLiteral("size"), 3}}}),
        sample(Kind::contentErased,
               ContentErased{{idOf<EntryId>(26), idOf<EntryId>(27)}, false, QStringLiteral("asked")}),
        sample(Kind::keyShown, RecordedAct{{{QStringLiteral("reason"), QStringLiteral("asked")}}}),
        sample(Kind::exported, RecordedAct{{{QStringLiteral("rows"), 12}}}),
        sample(Kind::signedIn, RecordedAct{{{QStringLiteral("desk"), true}}}),
        sample(Kind::administered, RecordedAct{{{QStringLiteral("act"), QStringLiteral("user.added")}}}),
        sample(Kind::fileSaved, FileSaved{idOf<ThreadId>(24), idOf<EntryId>(25), idOf<BlobId>(26)}),
        sample(Kind::incidentNoted, RecordedAct{{{QStringLiteral("what"), QStringLiteral("checksum")}}}),
        sample(Kind::deliveryStatus, DeliveryUpdate{idOf<EntryId>(22),
                                                    DeliveryStatus::failed,
                                                    {1700000000000004},
                                                    131047,
                                                    QStringLiteral("Re-engagement"),
                                                    true}),
        sample(Kind::providerAccepted, ProviderAccepted{idOf<EntryId>(23), QStringLiteral("wamid.two")}),
    };
}

} // namespace holdfast::test

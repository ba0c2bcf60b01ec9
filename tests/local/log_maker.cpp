#include "tests/local/log_maker.h"

namespace holdfast::test {

using domain::Kind;

LogMaker::LogMaker(quint64 seed) : random_(seed), org_(random_.id<OrgId>()), scope_(random_.id<ScopeId>()) {}

local::FeedEntry LogMaker::seal(const QByteArray& authorPart, const QByteArray& signature, const ThreadId& thread,
                                const QByteArray& salt, const QByteArray& content)
{
    clock_.advance(1'000'000);
    Head& head = heads_[thread];
    const log::Header header{authorPart,       signature,       Epoch{1},
                             Position{pos_++}, scopeOf(thread), ThreadSeq{++head.seq},
                             clock_.now(),     head.leaf};
    const QByteArray bytes = log::encode(header);
    head.leaf = log::leafHash(bytes);
    return {bytes, salt, content};
}

local::FeedEntry LogMaker::central(const ThreadId& thread, Kind kind, const QByteArray& content)
{
    const QByteArray salt = random_.bytes(32);
    lastId_ = random_.entryId(clock_.now());
    const log::AuthorPart part{
        lastId_, thread, domain::number(kind), {},
        {},      {},     clock_.now(),         log::commitment(salt, domain::number(kind), content)};
    return seal(log::encode(part), {}, thread, salt, content);
}

local::FeedEntry LogMaker::signedBy(const Colleague& colleague, const ThreadId& thread, Kind kind,
                                    const QByteArray& content)
{
    const QByteArray salt = random_.bytes(32);
    lastId_ = random_.entryId(clock_.now());
    const QByteArray part = log::encode(log::AuthorPart{lastId_, thread, domain::number(kind), colleague.user,
                                                        colleague.device, DeviceSeq{++deviceSeq_}, clock_.now(),
                                                        log::commitment(salt, domain::number(kind), content)});
    return seal(part, colleague.key.sign(log::entryMessage(org_, part)), thread, salt, content);
}

local::FeedEntry LogMaker::accept(const local::OutboxEntry& entry)
{
    lastId_ = entry.id;
    return seal(entry.authorPart, entry.signature, entry.thread, entry.salt, entry.content);
}

Colleague LogMaker::colleague(const QString&)
{
    log::SigningKey key = *log::SigningKey::fromSeed(random_.bytes(32));
    const DeviceId device = log::deviceOf(key.publicKey());
    return {random_.id<UserId>(), device, std::move(key)};
}

local::FeedEntry LogMaker::profile(const Colleague& colleague, const QString& name)
{
    const ThreadId thread = *ThreadId::fromBytes(colleague.user.toBytes());
    return central(thread, Kind::userProfile,
                   domain::toJson(domain::UserProfile{colleague.user, name.toLower(), name, QStringLiteral("agent"),
                                                      QStringLiteral("Motor"), true}));
}

local::FeedEntry LogMaker::enrol(const Colleague& colleague)
{
    const ThreadId thread = *ThreadId::fromBytes(colleague.user.toBytes());
    return central(thread, Kind::deviceEnrolled,
                   domain::toJson(domain::DeviceEnrolled{colleague.device, colleague.user, colleague.key.publicKey(),
                                                         QStringLiteral("Desk")}));
}

local::FeedEntry LogMaker::person(const PersonId& person, const QString& name, const QString& phone, qint64 asOf)
{
    domain::PersonFacts facts;
    facts.name = name;
    facts.phones = {phone};
    facts.idNumber = QStringLiteral("8405125800087");
    facts.asOf = Timestamp{asOf};
    return central(*ThreadId::fromBytes(person.toBytes()), Kind::personFacts, domain::toJson(facts));
}

local::FeedEntry LogMaker::policy(const PolicyId& policy, const PersonId& holder, const QString& number, qint64 asOf)
{
    domain::PolicyFacts facts;
    facts.number = number;
    facts.product = QStringLiteral("Motor Comprehensive");
    facts.line = QStringLiteral("Motor");
    facts.holder = holder;
    facts.holderName = QStringLiteral("Thandiwe Mokoena");
    facts.asOf = Timestamp{asOf};
    return central(*ThreadId::fromBytes(policy.toBytes()), Kind::policyFacts, domain::toJson(facts));
}

local::FeedEntry LogMaker::openCase(const ThreadId& thread, const PersonId& person)
{
    domain::ThreadOpened opened;
    opened.type = domain::ThreadType::customerCase;
    opened.scope = scopeOf(thread);
    opened.person = person;
    opened.channel = QStringLiteral("main");
    return central(thread, Kind::threadOpened, domain::toJson(opened));
}

local::FeedEntry LogMaker::customer(const ThreadId& thread, const PersonId& person, const QString& text,
                                    const QList<domain::Attachment>& files)
{
    domain::CustomerMessage message;
    message.person = person;
    message.channel = QStringLiteral("main");
    message.providerId = QStringLiteral("wamid.%1").arg(pos_);
    message.providerAt = clock_.now();
    message.type = files.isEmpty() ? QStringLiteral("text") : QStringLiteral("image");
    message.text = text;
    message.attachments = files;
    return central(thread, Kind::customerMessage, domain::toJson(message));
}

ScopeId LogMaker::scopeOf(const ThreadId& thread) const
{
    const auto found = scopes_.find(thread);
    return found == scopes_.end() ? scope_ : found->second;
}

local::FeedEntry LogMaker::move(const Colleague& by, const ThreadId& thread, const ScopeId& to)
{
    const domain::ThreadMoved moved{scopeOf(thread), to};
    local::FeedEntry entry = signedBy(by, thread, Kind::threadMoved, domain::toJson(moved));
    scopes_[thread] = to;
    return entry;
}

local::FeedEntry LogMaker::assign(const Colleague& by, const ThreadId& thread, std::optional<UserId> to)
{
    return signedBy(by, thread, Kind::threadAssigned, domain::toJson(domain::ThreadAssigned{to}));
}

} // namespace holdfast::test

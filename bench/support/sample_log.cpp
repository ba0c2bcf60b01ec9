#include "bench/support/sample_log.h"

#include "bench/support/table.h"

#include <algorithm>

namespace holdfast::bench {
namespace {

constexpr qint64 day = 24LL * 60 * 60 * 1'000'000;
constexpr Timestamp endOfHistory{1'791'000'000'000'000}; // October 2026

template <typename T>
struct KindOf;
template <domain::Kind value>
struct Is
{
    static constexpr domain::Kind kind = value;
};
template <>
struct KindOf<domain::RoomMessage> : Is<domain::Kind::roomMessage>
{
};
template <>
struct KindOf<domain::CustomerMessage> : Is<domain::Kind::customerMessage>
{
};
template <>
struct KindOf<domain::AgentReply> : Is<domain::Kind::agentReply>
{
};
template <>
struct KindOf<domain::InternalNote> : Is<domain::Kind::internalNote>
{
};
template <>
struct KindOf<domain::ThreadOpened> : Is<domain::Kind::threadOpened>
{
};
template <>
struct KindOf<domain::ThreadAssigned> : Is<domain::Kind::threadAssigned>
{
};
template <>
struct KindOf<domain::ThreadState> : Is<domain::Kind::threadState>
{
};
template <>
struct KindOf<domain::ThreadLinked> : Is<domain::Kind::threadLinked>
{
};
template <>
struct KindOf<domain::DeliveryUpdate> : Is<domain::Kind::deliveryStatus>
{
};

struct Encoded
{
    domain::Kind kind = domain::Kind::roomMessage;
    QByteArray json;
};

Encoded encode(const domain::Content& content)
{
    return std::visit(
        [](const auto& value) -> Encoded {
            using T = std::decay_t<decltype(value)>;
            if constexpr (requires { KindOf<T>::kind; })
                return {KindOf<T>::kind, domain::toJson(value)};
            else
                giveUp(QStringLiteral("The sample history has a kind that the benchmarks do not know."));
        },
        content);
}

bool isMessage(domain::Kind kind)
{
    return kind == domain::Kind::roomMessage || kind == domain::Kind::customerMessage ||
           kind == domain::Kind::agentReply || kind == domain::Kind::internalNote;
}

sample::WorldSize worldFor(qint64 messages)
{
    // As many people as would write that much.
    const int people = static_cast<int>(std::clamp<qint64>(messages / 70, 300, 20000));
    return {people, people * 5 / 3};
}

} // namespace

SampleLog::SampleLog(const LogSize& size, quint64 seed)
    : dice_(seed ^ 0xbe7c4), end_(endOfHistory), world_(sample::makeWorld(seed, end_, worldFor(size.messages))),
      history_(world_, seed, end_, {size.messages, 120, 0}), org_(dice_.id<OrgId>()), everyone_(dice_.id<ScopeId>()),
      structure_(dice_.id<ThreadId>()), longThread_(dice_.id<ThreadId>()), longLeft_(size.longThread)
{
    writeStructure();
    writeRecords();
}

void SampleLog::writeStructure()
{
    const Timestamp at{end_.value - 121 * day};
    const auto central = [&](const ThreadId& thread, const ScopeId& scope, domain::Kind kind,
                             const QByteArray& content) {
        first_.push_back(write(dice_.id<EntryId>(), thread, scope, at, {}, kind, content));
    };
    domain::ThreadOpened structure;
    structure.type = domain::ThreadType::organisation;
    structure.scope = everyone_;
    central(structure_, everyone_, domain::Kind::threadOpened, domain::toJson(structure));
    for (const sample::Team& team : world_.teams)
        central(structure_, everyone_, domain::Kind::scopeDefined,
                domain::toJson(domain::ScopeDefined{team.scope, domain::ScopeType::team, team.name}));
    for (const domain::UserProfile& profile : world_.staff) {
        central(structure_, everyone_, domain::Kind::userProfile, domain::toJson(profile));
        log::SigningKey key =
            must(log::SigningKey::fromSeed(dice_.id<EntryId>().toBytes() + dice_.id<EntryId>().toBytes()));
        const DeviceId device = log::deviceOf(key.publicKey());
        central(structure_, everyone_, domain::Kind::deviceEnrolled,
                domain::toJson(domain::DeviceEnrolled{device, profile.user, key.publicKey(), QStringLiteral("Desk")}));
        devices_.emplace(profile.user, Device{std::move(key), device, {}});
    }
    for (const sample::Team& team : world_.teams) {
        domain::ThreadOpened room;
        room.type = domain::ThreadType::room;
        room.scope = team.scope;
        room.title = team.title;
        central(team.room, team.scope, domain::Kind::threadOpened, domain::toJson(room));
    }
}

void SampleLog::writeRecords()
{
    const Timestamp at{end_.value - 121 * day};
    for (const sample::Person& person : world_.people)
        first_.push_back(write(dice_.id<EntryId>(), person.id, everyone_, at, {}, domain::Kind::personFacts,
                               domain::toJson(person.facts)));
    for (const sample::Policy& policy : world_.policies)
        first_.push_back(write(dice_.id<EntryId>(), policy.id, world_.teams.at(policy.team).scope, at, {},
                               domain::Kind::policyFacts, domain::toJson(policy.facts)));
}

Written SampleLog::write(const EntryId& id, const ThreadId& thread, const ScopeId& scope, Timestamp at,
                         const UserId& author, domain::Kind kind, const QByteArray& content)
{
    Written entry;
    entry.scope = scope;
    entry.content = content;
    entry.salt = dice_.id<EntryId>().toBytes() + dice_.id<EntryId>().toBytes();
    entry.isMessage = isMessage(kind);
    entry.part.entryId = id;
    entry.part.thread = thread;
    entry.part.kind = domain::number(kind);
    entry.part.claimedAt = at;
    entry.part.commit = log::commitment(entry.salt, entry.part.kind, content);
    const auto device = devices_.find(author);
    if (device == devices_.end()) {
        entry.authorPart = log::encode(entry.part);
        return entry;
    }
    entry.part.author = author;
    entry.part.device = device->second.id;
    ++device->second.last.value;
    entry.part.deviceSeq = device->second.last;
    entry.authorPart = log::encode(entry.part);
    entry.signature = device->second.key.sign(log::entryMessage(org_, entry.authorPart));
    return entry;
}

Written SampleLog::write(const sample::Happening& happening)
{
    const Encoded encoded = encode(happening.content);
    return write(happening.entry, happening.thread, happening.scope, happening.at, happening.author, encoded.kind,
                 encoded.json);
}

std::optional<Written> SampleLog::nextOfLongThread()
{
    if (longLeft_ == 0)
        return std::nullopt;
    const sample::Team& team = world_.teams.first();
    if (!longOpened_) {
        longOpened_ = true;
        domain::ThreadOpened room;
        room.type = domain::ThreadType::room;
        room.scope = team.scope;
        room.title = QStringLiteral("Everything");
        return write(dice_.id<EntryId>(), longThread_, team.scope, end_, {}, domain::Kind::threadOpened,
                     domain::toJson(room));
    }
    --longLeft_;
    const QString text = QStringLiteral("Handover %1: call back the garage about claim CL-%2, then close it.")
                             .arg(longLeft_)
                             .arg(82000 + dice_.below(17000));
    return write(dice_.id<EntryId>(), longThread_, team.scope, end_, me(), domain::Kind::roomMessage,
                 domain::toJson(domain::RoomMessage{text, {}, {}}));
}

std::optional<Written> SampleLog::next()
{
    if (!first_.empty()) {
        Written entry = std::move(first_.front());
        first_.pop_front();
        return entry;
    }
    if (const std::optional<sample::Happening> happening = history_.next())
        return write(*happening);
    return nextOfLongThread();
}

local::FeedEntry Sealer::seal(const Written& entry)
{
    Head& head = heads_[entry.part.thread];
    const log::Header header{entry.authorPart,      entry.signature,      Epoch{1}, Position{pos_++}, entry.scope,
                             ThreadSeq{++head.seq}, entry.part.claimedAt, head.leaf};
    const QByteArray bytes = log::encode(header);
    head.leaf = log::leafHash(bytes);
    return {bytes, entry.salt, entry.content};
}

} // namespace holdfast::bench

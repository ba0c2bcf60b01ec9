#include "central/seed/seeder.h"

#include "central/policies/policy_loader.h"

#include <future>

namespace holdfast::seed {
namespace {

using sample::Happening;
using store::EntryToAppend;

constexpr size_t batchEntries = 256;
constexpr qint64 progressStep = 2000;

// Waits for one call of the store; only the seeder, alone with its store, may do that.
template <typename T, typename Call>
Result<T> wait(Call call)
{
    auto promise = std::make_shared<std::promise<Result<T>>>();
    auto future = promise->get_future();
    call([promise](Result<T> result) { promise->set_value(std::move(result)); });
    return future.get();
}

struct KindAndJson
{
    domain::Kind kind;
    QByteArray json;
    bool isMessage = false;
};

// The kinds that a history is made of.
std::optional<KindAndJson> encode(const domain::Content& content)
{
    using namespace domain;
    const auto as = [&content](const auto* typed, Kind kind, bool isMessage = false) -> std::optional<KindAndJson> {
        return KindAndJson{kind, toJson(*typed), isMessage};
    };
    if (const auto* value = std::get_if<RoomMessage>(&content))
        return as(value, Kind::roomMessage, true);
    if (const auto* value = std::get_if<CustomerMessage>(&content))
        return as(value, Kind::customerMessage, true);
    if (const auto* value = std::get_if<AgentReply>(&content))
        return as(value, Kind::agentReply, true);
    if (const auto* value = std::get_if<InternalNote>(&content))
        return as(value, Kind::internalNote, true);
    if (const auto* value = std::get_if<ThreadOpened>(&content))
        return as(value, Kind::threadOpened);
    if (const auto* value = std::get_if<ThreadAssigned>(&content))
        return as(value, Kind::threadAssigned);
    if (const auto* value = std::get_if<ThreadState>(&content))
        return as(value, Kind::threadState);
    if (const auto* value = std::get_if<ThreadLinked>(&content))
        return as(value, Kind::threadLinked);
    if (const auto* value = std::get_if<DeliveryUpdate>(&content))
        return as(value, Kind::deliveryStatus);
    return std::nullopt;
}

} // namespace

Seeder::Seeder(store::Store& store, const sample::World& world, QString passwordHash, quint64 seed)
    : store_(store), world_(world), passwordHash_(std::move(passwordHash)), dice_(seed ^ 0x5eed), seed_(seed)
{}

EntryToAppend Seeder::central(const ThreadId& thread, domain::Kind kind, const QByteArray& content,
                              const std::optional<ScopeId>& newThreadScope)
{
    auto entry = store::centralEntry(store_.clock(), store_.random(), thread, kind, content);
    entry.newThreadScope = newThreadScope;
    entry.centralAt = now_;
    return entry;
}

EntryToAppend Seeder::structural(domain::Kind kind, const QByteArray& content)
{
    return central(store_.organisation().structure, kind, content);
}

Status Seeder::push(EntryToAppend entry)
{
    ++newest_[entry.author.thread];
    pending_.push_back(std::move(entry));
    return pending_.size() >= batchEntries ? flush() : Status();
}

Status Seeder::writeWorld(Timestamp at)
{
    now_ = at;
    Status status = writeAccounts();
    if (status)
        status = writeStructure();
    if (status)
        status = writeRecords();
    return status;
}

Status Seeder::writeAccounts()
{
    auto put = wait<bool>([this](auto done) {
        store_.write<bool>(
            [this](store::StoreWriter& writer) -> Result<bool> {
                for (const domain::UserProfile& profile : world_.staff) {
                    const store::Account account{profile.user, profile.login, profile.name, profile.role,
                                                 profile.team, passwordHash_, true};
                    if (const Status status = writer.accounts().put(account); !status)
                        return tl::unexpected(status.error());
                }
                return true;
            },
            done);
    });
    if (!put)
        return tl::unexpected(put.error());
    return {};
}

Status Seeder::writeStructure()
{
    for (const sample::Team& team : world_.teams)
        pending_.push_back(
            structural(domain::Kind::scopeDefined,
                       domain::toJson(domain::ScopeDefined{team.scope, domain::ScopeType::team, team.name})));
    for (const domain::UserProfile& profile : world_.staff) {
        pending_.push_back(structural(domain::Kind::userProfile, domain::toJson(profile)));
        for (const sample::Team& team : world_.teams) {
            // Supervisors see every team; agents their own.
            if (team.name == profile.team || profile.role == QStringLiteral("supervisor"))
                pending_.push_back(
                    structural(domain::Kind::grantGiven, domain::toJson(domain::Grant{profile.user, team.scope})));
        }
        auto key = log::SigningKey::fromSeed(dice_.id<EntryId>().toBytes() + dice_.id<EntryId>().toBytes());
        if (!key)
            return tl::unexpected(key.error());
        const DeviceId device = log::deviceOf(key->publicKey());
        pending_.push_back(structural(domain::Kind::deviceEnrolled,
                                      domain::toJson(domain::DeviceEnrolled{device, profile.user, key->publicKey(),
                                                                            QStringLiteral("Sample desk")})));
        devices_.emplace(profile.user, Device{std::move(*key), device, DeviceSeq{1}});
    }
    if (const Status status = flush(); !status)
        return status;
    for (const sample::Team& team : world_.teams) {
        domain::ThreadOpened opened;
        opened.type = domain::ThreadType::room;
        opened.scope = team.scope;
        opened.title = team.name;
        ++newest_[team.room];
        pending_.push_back(central(team.room, domain::Kind::threadOpened, domain::toJson(opened), team.scope));
    }
    return flush();
}

// People and policies keep the world's ids, so that the history can name them.
Status Seeder::writeRecords()
{
    for (const sample::Person& person : world_.people) {
        const Status status = push(central(person.id, domain::Kind::personFacts, domain::toJson(person.facts),
                                           store_.organisation().everyone));
        if (!status)
            return status;
    }
    for (const sample::Policy& policy : world_.policies) {
        const Status status = push(central(policy.id, domain::Kind::policyFacts, domain::toJson(policy.facts),
                                           world_.teams.at(policy.team).scope));
        if (!status)
            return status;
    }
    if (const Status status = flush(); !status)
        return status;
    return putReferences();
}

// The policy system's references, so that a later load of the same file changes nothing.
Status Seeder::putReferences()
{
    // policyFile() gives a line for each person, then for each policy, in the world's order.
    const QList<QByteArray> lines = sample::policyFile(world_).trimmed().split('\n');
    auto put = wait<bool>([this, &lines](auto done) {
        store_.write<bool>(
            [this, &lines](store::StoreWriter& writer) -> Result<bool> {
                qsizetype line = 0;
                const auto next = [&](const QString& kind, const QString& reference, const ThreadId& thread) {
                    return writer.people().putReference(kind, reference, thread, lines.at(line++));
                };
                for (const sample::Person& person : world_.people) {
                    if (const Status status = next(QStringLiteral("person"), person.reference, person.id); !status)
                        return tl::unexpected(status.error());
                }
                for (const sample::Policy& policy : world_.policies) {
                    if (const Status status = next(QStringLiteral("policy"), policy.facts.number, policy.id); !status)
                        return tl::unexpected(status.error());
                }
                return true;
            },
            done);
    });
    if (!put)
        return tl::unexpected(put.error());
    return {};
}

Result<SeedReport> Seeder::writeHistory(Timestamp end, const sample::HistorySize& size,
                                        const std::function<void(qint64)>& progress)
{
    sample::History history(world_, seed_, end, size);
    qint64 told = 0;
    while (auto happening = history.next()) {
        if (happening->at > end)
            happening->at = end;
        if (const Status status = add(std::move(*happening)); !status)
            return tl::unexpected(status.error());
        if (report_.messages >= told + progressStep) {
            told = report_.messages;
            progress(told);
        }
    }
    now_ = end;
    if (const Status status = writeReadMarkers(); !status)
        return tl::unexpected(status.error());
    if (const Status status = flush(); !status)
        return tl::unexpected(status.error());
    auto note = wait<QByteArray>([this](auto done) { store_.checkpointNow(done); });
    if (!note)
        return tl::unexpected(note.error());
    return report_;
}

Status Seeder::add(Happening happening)
{
    std::optional<domain::Attachment> attachment;
    if (happening.file) {
        auto& message = std::get<domain::CustomerMessage>(happening.content);
        attachment = message.attachments.first();
        message.attachments.first().size = -1; // as the webhook tells it; custody then says the rest
        message.attachments.first().width = message.attachments.first().height = 0;
    }
    auto encoded = encode(happening.content);
    if (!encoded)
        return {};
    const bool opens = encoded->kind == domain::Kind::threadOpened;
    auto entry = entryOf(happening, encoded->kind, encoded->json);
    if (opens)
        entry.newThreadScope = happening.scope;
    report_.messages += encoded->isMessage ? 1 : 0;
    if (happening.scope == world_.teams.first().scope)
        mine_.insert(happening.thread);
    if (const Status status = push(std::move(entry)); !status)
        return status;
    return attachment ? addCustody(happening, *attachment) : Status();
}

// The first of the staff has read all but what came last, as after a morning's work.
Status Seeder::writeReadMarkers()
{
    constexpr quint64 unread = 3;
    const UserId reader = world_.staff.first().user;
    const sample::Team& team = world_.teams.first();
    const std::map<ThreadId, quint64> threads = newest_; // push() counts on
    int left = 12;                                       // threads in which something is new
    for (const auto& [thread, newest] : threads) {
        if (!mine_.contains(thread) && thread != team.room)
            continue;
        const bool news = left > 0 && newest > unread + 4 && dice_.chance(20);
        left -= news ? 1 : 0;
        Happening happening;
        happening.at = now_;
        happening.thread = thread;
        happening.entry = store_.random().entryId(now_);
        happening.author = reader;
        const domain::ThreadRead read{ThreadSeq{news ? newest - unread : newest}};
        if (const Status status = push(entryOf(happening, domain::Kind::threadRead, domain::toJson(read))); !status)
            return status;
    }
    return {};
}

EntryToAppend Seeder::entryOf(const Happening& happening, domain::Kind kind, const QByteArray& content)
{
    EntryToAppend entry;
    entry.salt = store_.random().bytes(32);
    entry.content = content;
    entry.author.entryId = happening.entry;
    entry.author.thread = happening.thread;
    entry.author.kind = domain::number(kind);
    entry.author.claimedAt = happening.at;
    entry.centralAt = happening.at;
    entry.author.commit = log::commitment(entry.salt, entry.author.kind, content);
    const auto device = devices_.find(happening.author);
    if (device == devices_.end()) {
        entry.authorPart = log::encode(entry.author);
        return entry;
    }
    entry.author.author = happening.author;
    entry.author.device = device->second.id;
    entry.author.deviceSeq = device->second.next;
    ++device->second.next.value;
    entry.authorPart = log::encode(entry.author);
    entry.signature = device->second.key.sign(log::entryMessage(store_.organisation().id, entry.authorPart));
    return entry;
}

Status Seeder::addCustody(const Happening& happening, const domain::Attachment& attachment)
{
    now_ = happening.at;
    // The blob's key belongs to its thread, which must be there.
    if (const Status status = flush(); !status)
        return status;
    if (const Status status = storeFile(happening, attachment); !status)
        return status;
    ++report_.files;
    using domain::CustodyStep;
    for (const CustodyStep step :
         {CustodyStep::pulled, CustodyStep::verified, CustodyStep::stored, CustodyStep::deletedAtProvider}) {
        const domain::MediaCustody custody{happening.entry, step, attachment, {}};
        const Status status = push(central(happening.thread, domain::Kind::mediaCustody, domain::toJson(custody)));
        if (!status)
            return status;
    }
    return {};
}

Status Seeder::storeFile(const Happening& happening, const domain::Attachment& attachment)
{
    const store::BlobFacts facts{
        attachment.id, happening.thread, attachment.size, attachment.mime, *attachment.sha256, 0, false};
    auto begun = wait<store::BlobFacts>([this, &facts](auto done) {
        store_.write<store::BlobFacts>([facts](store::StoreWriter& writer) { return writer.blobs().begin(facts); },
                                       done);
    });
    if (!begun)
        return tl::unexpected(begun.error());
    const QByteArray& bytes = happening.file->bytes;
    for (qint64 chunk = 0; chunk * store::blobChunkBytes < bytes.size(); ++chunk) {
        auto put = wait<store::BlobFacts>([&](auto done) {
            store_.putBlobChunk(attachment.id, chunk, bytes.mid(chunk * store::blobChunkBytes, store::blobChunkBytes),
                                done);
        });
        if (!put)
            return tl::unexpected(put.error());
    }
    return {};
}

Status Seeder::flush()
{
    if (pending_.empty())
        return {};
    store::AppendBatch batch;
    batch.entries = std::exchange(pending_, {});
    auto results =
        wait<std::vector<store::AppendResult>>([this, &batch](auto done) { store_.append(std::move(batch), done); });
    if (!results)
        return tl::unexpected(results.error());
    for (const store::AppendResult& result : *results) {
        if (result.outcome == store::AppendResult::Outcome::refused)
            return fail(ErrorCode::internal, QStringLiteral("A sample entry was refused: ") + result.refusal.text);
    }
    report_.entries += static_cast<qint64>(results->size());
    return {};
}

} // namespace holdfast::seed

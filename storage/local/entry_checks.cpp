#include "storage/local/entry_checks.h"

#include "models/domain/kinds.h"
#include "models/log/signing.h"

namespace holdfast::local {
namespace {

constexpr quint64 largestNumber = quint64(1) << 62; // above are pending rows
constexpr qsizetype saltBytes = 32;

// Words of people come from a device of theirs; what central alone states never does.
bool mayBeUnsigned(log::KindNumber kind)
{
    const std::optional<domain::Kind> known = domain::kindOf(kind);
    return known != domain::Kind::roomMessage && known != domain::Kind::agentReply &&
           known != domain::Kind::internalNote;
}

bool mayBeSigned(log::KindNumber kind)
{
    const std::optional<domain::Kind> known = domain::kindOf(kind);
    return !known || domain::authorOf(*known) == domain::Author::device;
}

} // namespace

Result<DecodedEntry> decodeEntry(FeedEntry raw)
{
    Result<log::Header> header = log::decodeHeader(raw.header);
    if (!header)
        return tl::unexpected(header.error());
    Result<log::AuthorPart> part = log::decodeAuthorPart(header->authorPart);
    if (!part)
        return tl::unexpected(part.error());
    const bool inRange = header->pos.value < largestNumber && header->threadSeq.value < largestNumber &&
                         header->threadSeq.value > 0 && part->deviceSeq.value < largestNumber &&
                         header->epoch.value < largestNumber;
    if (!inRange || raw.salt.has_value() != raw.content.has_value())
        return fail(ErrorCode::invalidInput, QStringLiteral("An entry of the log is not of the format."));
    DecodedEntry entry{std::move(raw), std::move(*header), std::move(*part), {}, true};
    entry.leaf = log::leafHash(entry.raw.header);
    if (entry.raw.content) {
        entry.contentFits = entry.raw.salt->size() == saltBytes && entry.raw.content->size() <= log::maxContentBytes &&
                            log::commitment(*entry.raw.salt, entry.part.kind, *entry.raw.content) == entry.part.commit;
    }
    return entry;
}

std::vector<domain::RowChange> changesOf(const domain::Entry& entry, Checked checked)
{
    if (checked != Checked::bad)
        return domain::project(entry);
    const ThreadId& thread = entry.author.thread;
    return {domain::KeepUnknown{entry.author.entryId, thread, entry.threadSeq, entry.author.kind,
                                QStringLiteral("This entry failed a check of the log."), entry.centralAt},
            domain::AdvanceThread{thread, entry.scope, entry.threadSeq, entry.centralAt}};
}

std::vector<domain::RowChange> changesOf(const DecodedEntry& entry)
{
    const domain::Entry projected{
        entry.part,       entry.header.pos, entry.header.scope, entry.header.threadSeq, entry.header.centralAt,
        entry.raw.content};
    return changesOf(projected, entry.contentFits ? entry.checked : Checked::bad);
}

DeviceKeys::DeviceKeys(const OrgId& org) : org_(org) {}

Status DeviceKeys::load(sql::Connection& connection)
{
    if (isLoaded_)
        return {};
    sql::Statement select =
        connection.statement(QStringLiteral("SELECT id, user, public_key FROM device WHERE length(public_key) = 32"));
    const Status read = select.forEach([this](sql::Statement& row) {
        devices_.insert(row.id<DeviceId>(0), {row.id<UserId>(1), row.bytes(2)});
    });
    isLoaded_ = read.has_value();
    return read;
}

void DeviceKeys::add(const domain::DeviceEnrolled& device)
{
    // The id is made of the key, so nobody can enrol another key under a known id.
    if (!devices_.contains(device.device) && log::deviceOf(device.publicKey) == device.device)
        devices_.insert(device.device, {device.user, device.publicKey});
}

void DeviceKeys::forget()
{
    devices_.clear();
    isLoaded_ = false;
}

Checked DeviceKeys::check(const DecodedEntry& entry) const
{
    const log::AuthorPart& part = entry.part;
    if (part.device.isNull()) {
        const bool byCentral = part.author.isNull() && entry.header.signature.isEmpty() && mayBeUnsigned(part.kind);
        return byCentral ? Checked::good : Checked::bad;
    }
    if (!mayBeSigned(part.kind))
        return Checked::bad;
    const auto device = devices_.constFind(part.device);
    if (device == devices_.cend())
        return Checked::unknownDevice;
    const bool good = device->user == part.author &&
                      log::verifySignature(device->publicKey, log::entryMessage(org_, entry.header.authorPart),
                                           entry.header.signature);
    return good ? Checked::good : Checked::bad;
}

} // namespace holdfast::local

#include "central/store/recovery.h"

#include "central/store/content_seal.h"
#include "central/store/epoch_list.h"
#include "models/log/signing.h"

#include <openssl/crypto.h>

namespace holdfast::store {

namespace {

using Admitted = tl::expected<EntryToAppend, Refusal>;

Admitted refuse(const char* code, const QString& text)
{
    return tl::unexpected<Refusal>(Refusal{QString::fromLatin1(code), text});
}

constexpr qint64 voucherLife = 35LL * 24 * 3600 * 1'000'000; // microseconds

QByteArray voucherFor(const Keyring& keys, QByteArrayView header)
{
    return keys.lookup("voucher", log::leafHash(header).toBytes()).toBytes();
}

bool isSame(const QByteArray& a, const QByteArray& b)
{
    return a.size() == b.size() && CRYPTO_memcmp(a.constData(), b.constData(), size_t(a.size())) == 0;
}

// By the key of the log, or by one that it had before.
bool isOurSignature(const Keyring& keys, const QByteArray& message, const QByteArray& signature)
{
    const auto& before = keys.handovers();
    return log::verifySignature(keys.logKey().publicKey(), message, signature) ||
           std::any_of(before.begin(), before.end(), [&](const log::KeyHandover& handover) {
               return log::verifySignature(handover.previous, message, signature);
           });
}

bool wasGivenByUs(const Keyring& keys, const Organisation& organisation, const OfferedEntry& offered,
                  const log::Header& header, const log::AuthorPart& author)
{
    if (isSame(offered.voucher, voucherFor(keys, offered.header)))
        return true;
    const QByteArray message =
        log::receiptMessage(organisation.id, author.entryId, author.commit.toBytes(), header.pos, header.epoch);
    return !header.signature.isEmpty() && isOurSignature(keys, message, offered.receipt);
}

// Central's own: author and device are zeros. People's and policies' threads have no thread.opened.
Admitted ownEntry(const OfferedEntry& offered, const log::Header& header, const log::AuthorPart& author)
{
    if (!author.author.isNull() || !author.device.isNull())
        return refuse("bad_signature", QStringLiteral("The entry names an author but carries no signature."));
    if (offered.salt.size() != saltBytes || offered.content.size() > log::maxContentBytes ||
        log::commitment(offered.salt, author.kind, offered.content) != author.commit)
        return refuse("bad_content", QStringLiteral("The content is not the one that the entry commits to."));
    EntryToAppend entry;
    entry.author = author;
    entry.authorPart = header.authorPart;
    entry.salt = offered.salt;
    entry.content = offered.content;
    const bool opensRecords = author.kind == domain::number(domain::Kind::personFacts) ||
                              author.kind == domain::number(domain::Kind::policyFacts);
    if (opensRecords)
        entry.newThreadScope = header.scope;
    return entry;
}

} // namespace

void addVouchers(std::span<FeedEntry> entries, const Keyring& keys, Timestamp now)
{
    for (FeedEntry& entry : entries) {
        const Result<log::Header> header = log::decodeHeader(entry.header);
        if (entry.content && header && header->centralAt.value > now.value - voucherLife)
            entry.voucher = voucherFor(keys, entry.header);
    }
}

Result<Admitted> admitOffer(StoreReader& reader, const Keyring& keys, const OfferedEntry& offered)
{
    const Result<log::Header> header = log::decodeHeader(offered.header);
    const Result<log::AuthorPart> author =
        header ? log::decodeAuthorPart(header->authorPart) : Result<log::AuthorPart>(tl::unexpected(header.error()));
    if (!author)
        return refuse("bad_content", QStringLiteral("The entry is not in the form of the log."));
    const Organisation& organisation = reader.organisation();
    const std::optional<domain::Kind> kind = domain::kindOf(author->kind);
    if (!kind || domain::isStructural(*kind) || header->epoch >= organisation.epoch)
        return refuse("not_recoverable",
                      QStringLiteral("Entries of this kind, or of this epoch, are not taken from desks."));
    if (!wasGivenByUs(keys, organisation, offered, *header, *author))
        return refuse("denied", QStringLiteral("Nothing shows that this entry was in the log."));
    if (header->signature.isEmpty()) {
        Admitted own = ownEntry(offered, *header, *author);
        if (own)
            own->centralAt = header->centralAt;
        return own;
    }
    // A revoked device's signature still shows what it wrote before.
    const Result<std::optional<DeviceRow>> device = reader.access().device(author->device);
    if (!device)
        return tl::unexpected<Error>(device.error());
    if (!*device)
        return refuse("later", QStringLiteral("The device that signed this entry is not enrolled yet."));
    Admitted entry = prepareDeviceEntry(organisation.id, header->authorPart, header->signature, offered.salt,
                                        offered.content, (*device)->publicKey);
    if (entry) {
        entry->centralAt = header->centralAt;
        entry->givenBack = true;
    }
    return entry;
}

Result<std::vector<FeedEntry>> epochsAfter(StoreReader& reader, Epoch epoch)
{
    std::vector<FeedEntry> entries;
    const Result<std::optional<QByteArray>> list = reader.settings().value(epochListSetting());
    if (!list)
        return tl::unexpected<Error>(list.error());
    for (const EpochBeginning& beginning : parseEpochList(list->value_or(QByteArray()))) {
        if (beginning.epoch <= epoch)
            continue;
        Result<FeedEntry> entry = reader.feed().entryAt(beginning.pos);
        if (!entry)
            return tl::unexpected<Error>(entry.error());
        entries.push_back(std::move(*entry));
    }
    return entries;
}

} // namespace holdfast::store

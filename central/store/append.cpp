#include "central/store/append.h"

#include "central/store/content_seal.h"
#include "models/log/signing.h"

#include <QJsonDocument>

namespace holdfast::store {

namespace {

tl::unexpected<Refusal> refuse(const char* code, const QString& text)
{
    return tl::unexpected<Refusal>(Refusal{QString::fromLatin1(code), text});
}

} // namespace

tl::expected<EntryToAppend, Refusal> prepareDeviceEntry(const OrgId& org, const QByteArray& authorPart,
                                                        const QByteArray& signature, const QByteArray& salt,
                                                        const QByteArray& content, QByteArrayView devicePublicKey)
{
    const Result<log::AuthorPart> author = log::decodeAuthorPart(authorPart);
    if (!author)
        return refuse("bad_content", QStringLiteral("The entry is not in the form of the log."));
    if (author->author.isNull() || author->device.isNull() || author->entryId.isNull() || author->thread.isNull())
        return refuse("bad_content", QStringLiteral("The entry lacks an id, its thread, its author or its device."));
    if (log::deviceOf(devicePublicKey) != author->device)
        return refuse("unknown_device", QStringLiteral("The entry names another device."));
    const std::optional<domain::Kind> kind = domain::kindOf(author->kind);
    if (!kind || domain::authorOf(*kind) != domain::Author::device)
        return refuse("bad_content", QStringLiteral("Desks do not write entries of this kind."));
    if (salt.size() != saltBytes || content.size() > log::maxContentBytes)
        return refuse("bad_content", QStringLiteral("The entry's content is too long, or its salt is not 32 bytes."));
    if (log::commitment(salt, author->kind, content) != author->commit)
        return refuse("bad_content", QStringLiteral("The content is not the one that the entry commits to."));
    if (std::holds_alternative<domain::Unknown>(domain::parseContent(author->kind, content)))
        return refuse("bad_content", QStringLiteral("The content does not fit the entry's kind."));
    if (!log::verifySignature(devicePublicKey, log::entryMessage(org, authorPart), signature))
        return refuse("bad_signature", QStringLiteral("The entry's signature is not the device's."));
    return EntryToAppend{*author, authorPart, signature, salt, content, {}, {}, false, {}};
}

EntryToAppend centralEntry(Clock& clock, RandomSource& random, const ThreadId& thread, domain::Kind kind,
                           const QByteArray& content)
{
    EntryToAppend entry;
    const Timestamp now = clock.now();
    entry.salt = random.bytes(saltBytes);
    entry.content = content;
    entry.author.entryId = random.entryId(now);
    entry.author.thread = thread;
    entry.author.kind = domain::number(kind);
    entry.author.claimedAt = now;
    entry.author.commit = log::commitment(entry.salt, entry.author.kind, content);
    entry.authorPart = log::encode(entry.author);
    return entry;
}

} // namespace holdfast::store

#include "central/store/content_seal.h"

#include "central/store/aead.h"

namespace holdfast::store {

namespace {

QByteArray bindingOf(const EntryId& entry, qint64 generation)
{
    return entry.toBytes() + bigEndian32(quint32(generation));
}

} // namespace

QByteArray sealContent(const ThreadKey& key, const EntryId& entry, QByteArrayView salt, QByteArrayView content,
                       RandomSource& random)
{
    QByteArray plain;
    plain.reserve(salt.size() + content.size());
    plain.append(salt).append(content);
    return seal(key.key, bindingOf(entry, key.generation), plain, random);
}

Result<OpenContent> openContent(QByteArrayView key, qint64 generation, const EntryId& entry, QByteArrayView sealed)
{
    const Result<QByteArray> plain = unseal(key, bindingOf(entry, generation), sealed);
    if (!plain)
        return tl::unexpected<Error>(plain.error());
    if (plain->size() < saltBytes)
        return fail(ErrorCode::corrupt, QStringLiteral("A stored content is shorter than its salt."));
    return OpenContent{plain->first(saltBytes), plain->sliced(saltBytes)};
}

} // namespace holdfast::store

#include "phone/media_store.h"

#include "models/base/digest.h"

#include <algorithm>

namespace holdfast::phone {

Media MediaStore::put(QByteArray bytes, QByteArray mime, QByteArray fileName, bool fromCustomer)
{
    Media media;
    const QByteArray raw = random_.bytes(8);
    // The provider's ids are decimal numbers.
    quint64 number = 0;
    for (const char byte : raw)
        number = number * 256 + static_cast<unsigned char>(byte);
    media.id = QByteArray::number(1'000'000'000'000'000ULL + number % 9'000'000'000'000'000ULL);
    media.sha256 = sha256({bytes}).toBytes();
    media.size = bytes.size();
    media.bytes = std::move(bytes);
    media.mime = std::move(mime);
    media.fileName = std::move(fileName);
    media.fromCustomer = fromCustomer;
    media.created = clock_.now();
    const std::lock_guard lock(mutex_);
    media_.push_back(media);
    return media;
}

Media* MediaStore::findLocked(const QByteArray& id)
{
    const auto found = std::find_if(media_.begin(), media_.end(), [&id](const Media& one) { return one.id == id; });
    return found == media_.end() ? nullptr : &*found;
}

std::optional<Media> MediaStore::find(const QByteArray& id) const
{
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(media_.begin(), media_.end(), [&id](const Media& one) { return one.id == id; });
    return found == media_.end() ? std::nullopt : std::optional(*found);
}

bool MediaStore::exists(const QByteArray& id) const
{
    const auto media = find(id);
    return media && !media->deletedAt;
}

// The bytes go, the record stays: who deleted it and when is what custody asks for.
bool MediaStore::remove(const QByteArray& id, const QByteArray& by)
{
    const std::lock_guard lock(mutex_);
    Media* const media = findLocked(id);
    if (!media || media->deletedAt)
        return false;
    media->deletedAt = clock_.now();
    media->deletedBy = by;
    media->bytes.clear();
    return true;
}

QByteArray MediaStore::issueKey(const QByteArray& id, bool expired)
{
    const QByteArray key = random_.bytes(16).toHex();
    const qint64 until = clock_.now().value + (expired ? -1 : urlLifeUs);
    const std::lock_guard lock(mutex_);
    keys_.insert(key, {id, {until}});
    return key;
}

std::optional<Media> MediaStore::download(const QByteArray& key)
{
    const std::lock_guard lock(mutex_);
    const auto found = keys_.constFind(key);
    if (found == keys_.constEnd() || clock_.now() > found->until)
        return std::nullopt;
    Media* const media = findLocked(found->media);
    if (!media || media->deletedAt)
        return std::nullopt;
    ++media->downloads;
    return *media;
}

std::vector<Media> MediaStore::all() const
{
    const std::lock_guard lock(mutex_);
    return media_;
}

} // namespace holdfast::phone

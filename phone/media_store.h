// The provider's media store in memory: who put what, short-lived addresses, and who deleted what when.
#pragma once

#include "models/base/clock.h"
#include "models/base/random.h"

#include <QByteArray>
#include <QHash>

#include <mutex>
#include <optional>
#include <vector>

namespace holdfast::phone {

struct Media
{
    QByteArray id;
    QByteArray bytes; // empty once deleted
    QByteArray mime;
    QByteArray fileName;
    QByteArray sha256; // 32 bytes, of what was put in
    qint64 size = 0;
    bool fromCustomer = false;
    Timestamp created;
    int downloads = 0;
    std::optional<Timestamp> deletedAt;
    QByteArray deletedBy; // the phone number id or "account" that asked
};

class MediaStore // thread-safe
{
public:
    MediaStore(const Clock& clock, RandomSource& random) : clock_(clock), random_(random) {}

    static constexpr qint64 urlLifeUs = 300'000'000; // five minutes

    [[nodiscard]] Media put(QByteArray bytes, QByteArray mime, QByteArray fileName, bool fromCustomer);
    [[nodiscard]] std::optional<Media> find(const QByteArray& id) const; // also when deleted
    [[nodiscard]] bool exists(const QByteArray& id) const;               // not deleted
    // False when there is none, or it was deleted before.
    [[nodiscard]] bool remove(const QByteArray& id, const QByteArray& by);
    // The last part of a new address for `id`; `expired`: one that is over already.
    [[nodiscard]] QByteArray issueKey(const QByteArray& id, bool expired);
    // Counts as a download. Nothing when the key is unknown, over, or its media deleted.
    [[nodiscard]] std::optional<Media> download(const QByteArray& key);
    [[nodiscard]] std::vector<Media> all() const; // oldest first

private:
    struct Key
    {
        QByteArray media;
        Timestamp until;
    };

    [[nodiscard]] Media* findLocked(const QByteArray& id);

    const Clock& clock_;
    RandomSource& random_;
    mutable std::mutex mutex_;
    std::vector<Media> media_;
    QHash<QByteArray, Key> keys_;
};

} // namespace holdfast::phone

// The durable order to pull one attachment: states and payload of its row in the queue.
#pragma once

#include "models/base/digest.h"
#include "models/base/error.h"
#include "models/base/ids.h"

#include <QString>

#include <optional>

namespace holdfast::whatsapp {

inline const QString mediaPull = QStringLiteral("pull");     // not stored here yet
inline const QString mediaDelete = QStringLiteral("delete"); // stored; still at the provider

struct MediaOrder
{
    QString mediaId;
    QString mime;
    QString fileName;
    std::optional<Digest> sha256; // as the webhook announced it; of the stored bytes in state "delete"
    Timestamp since;              // when it was announced: it is given up seven days later
    std::optional<qint64> size;   // in state "delete"
};

[[nodiscard]] QByteArray toPayload(const MediaOrder& order);
[[nodiscard]] Result<MediaOrder> mediaOrderFrom(const QByteArray& payload);

} // namespace holdfast::whatsapp

#include "central/channels/whatsapp/media_job.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace holdfast::whatsapp {

using namespace Qt::StringLiterals;

QByteArray toPayload(const MediaOrder& order)
{
    QJsonObject object{{u"media"_s, order.mediaId},
                       {u"mime"_s, order.mime},
                       {u"name"_s, order.fileName},
                       {u"since"_s, order.since.value}};
    if (order.sha256)
        object.insert(u"sha256"_s, QString::fromLatin1(order.sha256->toHex()));
    if (order.size)
        object.insert(u"size"_s, *order.size);
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

Result<MediaOrder> mediaOrderFrom(const QByteArray& payload)
{
    const QJsonObject object = QJsonDocument::fromJson(payload).object();
    MediaOrder order;
    order.mediaId = object[u"media"_s].toString();
    order.mime = object[u"mime"_s].toString();
    order.fileName = object[u"name"_s].toString();
    order.since.value = object[u"since"_s].toInteger();
    order.sha256 = Digest::fromBytes(QByteArray::fromHex(object[u"sha256"_s].toString().toLatin1()));
    if (object.contains(u"size"_s))
        order.size = object[u"size"_s].toInteger();
    if (order.mediaId.isEmpty())
        return fail(ErrorCode::corrupt, u"An order to fetch a file cannot be read."_s);
    return order;
}

} // namespace holdfast::whatsapp

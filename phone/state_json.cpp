#include "phone/state_json.h"

#include <QJsonArray>

namespace holdfast::phone {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype shownBody = 16 * 1024;

QString latin(const QByteArray& bytes)
{
    return QString::fromLatin1(bytes);
}

} // namespace

QJsonObject toJson(const ChatMessage& message)
{
    return {{u"id"_s, latin(message.id)},
            {u"customer"_s, latin(message.customer)},
            {u"from_customer"_s, message.fromCustomer},
            {u"type"_s, latin(message.type)},
            {u"text"_s, message.text},
            {u"media"_s, latin(message.mediaId)},
            {u"filename"_s, message.fileName},
            {u"mime"_s, latin(message.mime)},
            {u"reply_to"_s, latin(message.replyTo)},
            {u"callback_data"_s, QString::fromUtf8(message.callbackData)},
            {u"at_us"_s, message.at.value},
            {u"status"_s, message.fromCustomer ? QString() : latin(statusName(message.status))},
            {u"read_by_business"_s, message.readByBusiness}};
}

QJsonObject toJson(const Media& media)
{
    return {{u"id"_s, latin(media.id)},
            {u"mime"_s, latin(media.mime)},
            {u"filename"_s, QString::fromUtf8(media.fileName)},
            {u"sha256"_s, latin(media.sha256.toHex())},
            {u"size"_s, media.size},
            {u"from_customer"_s, media.fromCustomer},
            {u"created_us"_s, media.created.value},
            {u"downloads"_s, media.downloads},
            {u"deleted"_s, media.deletedAt.has_value()},
            {u"deleted_us"_s, media.deletedAt ? QJsonValue(media.deletedAt->value) : QJsonValue()},
            {u"deleted_by"_s, latin(media.deletedBy)}};
}

QJsonObject toJson(const Delivery& delivery)
{
    QJsonArray attempts;
    for (const DeliveryAttempt& attempt : delivery.attempts)
        attempts.append(QJsonObject{{u"at_us"_s, attempt.at.value},
                                    {u"status"_s, attempt.status},
                                    {u"trouble"_s, attempt.trouble},
                                    {u"fault"_s, latin(attempt.fault)}});
    return {{u"id"_s, static_cast<qint64>(delivery.id)},
            {u"kind"_s, latin(delivery.kind)},
            {u"about"_s, latin(delivery.about)},
            {u"body"_s, QString::fromUtf8(delivery.body.left(shownBody))},
            {u"attempts"_s, attempts},
            {u"done"_s, delivery.done}};
}

} // namespace holdfast::phone

#include "phone/webhook_body.h"

#include "models/base/digest.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace holdfast::phone {
namespace {

using namespace Qt::StringLiterals;

QString latin(const QByteArray& bytes)
{
    return QString::fromLatin1(bytes);
}

QString seconds(Timestamp time)
{
    return QString::number(time.value / 1'000'000);
}

QJsonObject envelope(const BusinessNumber& number, QJsonObject value)
{
    value.insert(u"messaging_product"_s, u"whatsapp"_s);
    value.insert(u"metadata"_s, QJsonObject{{u"display_phone_number"_s, latin(number.displayNumber)},
                                            {u"phone_number_id"_s, latin(number.phoneNumberId)}});
    const QJsonObject change{{u"field"_s, u"messages"_s}, {u"value"_s, value}};
    const QJsonObject entry{{u"id"_s, latin(number.wabaId)}, {u"changes"_s, QJsonArray{change}}};
    return {{u"object"_s, u"whatsapp_business_account"_s}, {u"entry"_s, QJsonArray{entry}}};
}

QJsonArray contacts(const QByteArray& customer, const QString& name)
{
    QJsonObject contact{{u"wa_id"_s, latin(customer)}};
    if (!name.isEmpty())
        contact.insert(u"profile"_s, QJsonObject{{u"name"_s, name}});
    return {contact};
}

QJsonObject mediaPart(const ChatMessage& message, const Media& media, const QByteArray& declaredHash)
{
    QJsonObject part{
        {u"id"_s, latin(media.id)}, {u"mime_type"_s, latin(media.mime)}, {u"sha256"_s, latin(declaredHash.toBase64())}};
    if (!message.text.isEmpty())
        part.insert(u"caption"_s, message.text);
    if (message.type == "document")
        part.insert(u"filename"_s, message.fileName);
    return part;
}

QJsonObject pricing(bool billable)
{
    return {{u"billable"_s, billable},
            {u"pricing_model"_s, u"PMP"_s},
            {u"category"_s, billable ? u"utility"_s : u"service"_s},
            {u"type"_s, billable ? u"regular"_s : u"free_customer_service"_s}};
}

} // namespace

// In compact JSON a '/' or a non-ASCII character can only stand inside a string, so the text is escaped as a whole.
QByteArray escapedJson(const QJsonObject& object)
{
    const QString text = QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
    QByteArray out;
    out.reserve(text.size() + 16);
    for (const QChar unit : text) {
        if (unit == u'/')
            out += "\\/";
        else if (unit.unicode() < 0x80)
            out += unit.toLatin1();
        else
            out += "\\u" + QByteArray::number(unit.unicode(), 16).rightJustified(4, '0');
    }
    return out;
}

QByteArray signatureOf(const QByteArray& secret, const QByteArray& body)
{
    return "sha256=" + hmacSha256(secret, {body}).toHex();
}

QJsonObject customerMessageBody(const BusinessNumber& number, const ChatMessage& message, const QString& name,
                                const std::optional<Media>& media, const QByteArray& declaredHash)
{
    QJsonObject item{{u"from"_s, latin(message.customer)},
                     {u"id"_s, latin(message.id)},
                     {u"timestamp"_s, seconds(message.at)},
                     {u"type"_s, latin(message.type)}};
    if (media)
        item.insert(latin(message.type), mediaPart(message, *media, declaredHash));
    else
        item.insert(u"text"_s, QJsonObject{{u"body"_s, message.text}});
    if (!message.replyTo.isEmpty())
        item.insert(u"context"_s,
                    QJsonObject{{u"from"_s, latin(number.displayNumber)}, {u"id"_s, latin(message.replyTo)}});
    return envelope(number, {{u"contacts"_s, contacts(message.customer, name)}, {u"messages"_s, QJsonArray{item}}});
}

QJsonObject statusBody(const BusinessNumber& number, const StatusReport& report, const QString& name)
{
    QJsonObject item{{u"id"_s, latin(report.message.id)},
                     {u"status"_s, latin(statusName(report.status))},
                     {u"timestamp"_s, seconds(report.at)},
                     {u"recipient_id"_s, latin(report.message.customer)}};
    if (!report.message.callbackData.isEmpty())
        item.insert(u"biz_opaque_callback_data"_s, QString::fromUtf8(report.message.callbackData));
    // Prices come with `sent` and with one of the two later ones.
    if (report.status == MessageStatus::sent || report.status == MessageStatus::delivered)
        item.insert(u"pricing"_s, pricing(report.message.type == "template"));
    QJsonObject value;
    if (report.status == MessageStatus::failed) {
        const QJsonObject error{{u"code"_s, report.errorCode},
                                {u"title"_s, u"Message could not be delivered"_s},
                                {u"message"_s, u"Message could not be delivered"_s},
                                {u"error_data"_s, QJsonObject{{u"details"_s, u"The stand-in refused it."_s}}}};
        item.insert(u"errors"_s, QJsonArray{error});
    } else {
        value.insert(u"contacts"_s, contacts(report.message.customer, name));
    }
    value.insert(u"statuses"_s, QJsonArray{item});
    return envelope(number, value);
}

} // namespace holdfast::phone

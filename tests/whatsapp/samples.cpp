#include "tests/whatsapp/samples.h"

#include <QJsonDocument>

namespace holdfast::test {

using namespace Qt::StringLiterals;

namespace {

QJsonObject message(const QString& type, const QJsonValue& part)
{
    QJsonObject object{{u"from"_s, QString::fromLatin1(customerPhone)},
                       {u"id"_s, u"wamid.SAMPLE."_s + type},
                       {u"timestamp"_s, u"1760000000"_s},
                       {u"type"_s, type}};
    object.insert(type, part);
    return object;
}

QJsonObject media(const QString& mime)
{
    return {{u"id"_s, u"2754859441498128"_s},
            {u"mime_type"_s, mime},
            {u"sha256"_s, u"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="_s}};
}

} // namespace

QJsonObject textMessage(const QString& id, const QString& text)
{
    QJsonObject object = message(u"text"_s, QJsonObject{{u"body"_s, text}});
    object.insert(u"id"_s, id);
    return object;
}

QJsonObject statusOf(const QString& id, const QString& status)
{
    return {{u"id"_s, id},
            {u"status"_s, status},
            {u"timestamp"_s, u"1760000100"_s},
            {u"recipient_id"_s, QString::fromLatin1(customerPhone)}};
}

std::vector<Sample> messageSamples()
{
    QJsonObject captioned = media(u"image/jpeg"_s);
    captioned.insert(u"caption"_s, u"The dent"_s);
    QJsonObject named = media(u"application/pdf"_s);
    named.insert(u"filename"_s, u"quote.pdf"_s);
    QJsonObject late = message(u"image"_s, media(u"image/jpeg"_s));
    late.insert(u"errors"_s, QJsonArray{QJsonObject{{u"code"_s, 131052}, {u"title"_s, u"Media download error"_s}}});
    return {
        {u"text"_s, message(u"text"_s, QJsonObject{{u"body"_s, u"Good morning"_s}}), true},
        {u"image"_s, message(u"image"_s, captioned), true},
        {u"document"_s, message(u"document"_s, named), true},
        {u"audio"_s, message(u"audio"_s, media(u"audio/ogg; codecs=opus"_s)), true},
        {u"video"_s, message(u"video"_s, media(u"video/mp4"_s)), true},
        {u"sticker"_s, message(u"sticker"_s, media(u"image/webp"_s)), true},
        {u"image with errors"_s, late, false},
        {u"location"_s, message(u"location"_s, QJsonObject{{u"latitude"_s, -33.9}, {u"longitude"_s, 18.4}}), false},
        {u"contacts"_s, message(u"contacts"_s, QJsonArray{QJsonObject{{u"phones"_s, QJsonArray()}}}), false},
        {u"reaction"_s, message(u"reaction"_s, QJsonObject{{u"message_id"_s, u"wamid.X"_s}, {u"emoji"_s, u"👍"_s}}),
         false},
        {u"interactive"_s,
         message(u"interactive"_s,
                 QJsonObject{{u"type"_s, u"button_reply"_s},
                             {u"button_reply"_s, QJsonObject{{u"id"_s, u"y"_s}, {u"title"_s, u"Yes, please"_s}}}}),
         false},
        {u"flow"_s,
         message(u"interactive"_s, QJsonObject{{u"type"_s, u"nfm_reply"_s},
                                               {u"nfm_reply"_s, QJsonObject{{u"response_json"_s, u"{broken"_s}}}}),
         false},
        {u"button"_s, message(u"button"_s, QJsonObject{{u"payload"_s, u"p"_s}, {u"text"_s, u"Stop"_s}}), false},
        {u"order"_s, message(u"order"_s, QJsonObject{{u"catalog_id"_s, u"1"_s}}), false},
        {u"system"_s,
         message(u"system"_s, QJsonObject{{u"type"_s, u"user_changed_number"_s}, {u"wa_id"_s, u"27825550199"_s}}),
         false},
        {u"unsupported"_s, message(u"unsupported"_s, QJsonObject{{u"type"_s, u"poll"_s}}), false},
        {u"edit"_s, message(u"edit"_s, QJsonObject{{u"original_message_id"_s, u"wamid.X"_s}}), false},
        {u"revoke"_s, message(u"revoke"_s, QJsonObject{{u"original_message_id"_s, u"wamid.X"_s}}), false},
        {u"never seen before"_s, message(u"hologram"_s, QJsonObject{{u"beams"_s, 3}}), false},
    };
}

QJsonObject envelope(QJsonObject value)
{
    value.insert(u"messaging_product"_s, u"whatsapp"_s);
    value.insert(u"metadata"_s, QJsonObject{{u"display_phone_number"_s, u"27115550100"_s},
                                            {u"phone_number_id"_s, QString::fromLatin1(numberId)}});
    const QJsonObject change{{u"field"_s, u"messages"_s}, {u"value"_s, value}};
    return {{u"object"_s, u"whatsapp_business_account"_s},
            {u"entry"_s,
             QJsonArray{QJsonObject{{u"id"_s, QString::fromLatin1(wabaId)}, {u"changes"_s, QJsonArray{change}}}}}};
}

QJsonObject bodyWith(const QJsonArray& messages)
{
    const QJsonObject contact{{u"wa_id"_s, QString::fromLatin1(customerPhone)},
                              {u"profile"_s, QJsonObject{{u"name"_s, u"Thandi Mokoena"_s}}}};
    return envelope({{u"contacts"_s, QJsonArray{contact}}, {u"messages"_s, messages}});
}

QByteArray jsonOf(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace holdfast::test

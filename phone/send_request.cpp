#include "phone/send_request.h"

#include "phone/customers.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace holdfast::phone {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype maxText = 4096;
constexpr qsizetype maxCaption = 1024;
constexpr qsizetype maxCallbackData = 512;

tl::unexpected<GraphError> refuse(int code, const QString& details)
{
    return tl::unexpected(GraphError{400, code, details});
}

QByteArray latin(const QJsonValue& value)
{
    return value.toString().toUtf8();
}

tl::expected<SendRequest, GraphError> parseReceipt(const QJsonObject& object)
{
    ReadReceipt receipt;
    receipt.messageId = latin(object[u"message_id"_s]);
    receipt.typing = object[u"typing_indicator"_s].isObject();
    if (object[u"status"_s].toString() != u"read")
        return refuse(131009, u"The status must be read."_s);
    if (!receipt.messageId.startsWith("wamid."))
        return refuse(131009, u"The message_id is not the id of a message."_s);
    return receipt;
}

std::optional<GraphError> readText(const QJsonObject& object, ChatMessage& message)
{
    message.text = object[u"text"_s][u"body"_s].toString();
    if (message.text.isEmpty())
        return GraphError{400, 131008, u"text.body is required."_s};
    if (message.text.size() > maxText)
        return GraphError{400, 131009, u"text.body is longer than 4096 characters."_s};
    return std::nullopt;
}

std::optional<GraphError> readMedia(const QJsonObject& object, OutboundMessage& out)
{
    const QJsonObject part = object[QString::fromLatin1(out.message.type)].toObject();
    out.message.mediaId = latin(part[u"id"_s]);
    out.mediaLink = latin(part[u"link"_s]);
    out.message.text = part[u"caption"_s].toString();
    out.message.fileName = part[u"filename"_s].toString();
    if (out.message.mediaId.isEmpty() == out.mediaLink.isEmpty())
        return GraphError{400, 131008, u"Either an id or a link of the file is required."_s};
    if (out.message.text.size() > maxCaption)
        return GraphError{400, 131009, u"The caption is longer than 1024 characters."_s};
    return std::nullopt;
}

std::optional<GraphError> readTemplate(const QJsonObject& object, ChatMessage& message)
{
    const QJsonValue part = object[u"template"_s];
    message.text = part[u"name"_s].toString();
    if (message.text.isEmpty() || part[u"language"_s][u"code"_s].toString().isEmpty())
        return GraphError{400, 131008, u"template.name and template.language.code are required."_s};
    return std::nullopt;
}

std::optional<GraphError> readContent(const QJsonObject& object, OutboundMessage& out)
{
    const QByteArray& type = out.message.type;
    if (type == "text")
        return readText(object, out.message);
    if (type == "image" || type == "document")
        return readMedia(object, out);
    if (type == "template")
        return readTemplate(object, out.message);
    return GraphError{400, 131051, u"This type of message is not supported by the stand-in."_s};
}

} // namespace

tl::expected<SendRequest, GraphError> parseSendRequest(const QByteArray& body)
{
    const QJsonDocument document = QJsonDocument::fromJson(body);
    if (!document.isObject())
        return refuse(100, u"The body is not a JSON object."_s);
    const QJsonObject object = document.object();
    if (object[u"messaging_product"_s].toString() != u"whatsapp")
        return refuse(100, u"The parameter messaging_product is required and must be whatsapp."_s);
    if (object.contains(u"status"_s))
        return parseReceipt(object);
    OutboundMessage out;
    out.givenTo = latin(object[u"to"_s]);
    out.message.customer = phoneDigits(out.givenTo);
    out.message.type = object.contains(u"type"_s) ? latin(object[u"type"_s]) : QByteArray("text");
    out.message.callbackData = latin(object[u"biz_opaque_callback_data"_s]);
    out.message.replyTo = latin(object[u"context"_s][u"message_id"_s]);
    if (out.givenTo.isEmpty())
        return refuse(100, u"The parameter to is required."_s);
    if (out.message.customer.isEmpty())
        return refuse(131009, u"The parameter to is not a phone number."_s);
    if (out.message.callbackData.size() > maxCallbackData)
        return refuse(131009, u"biz_opaque_callback_data is longer than 512 characters."_s);
    if (!out.message.replyTo.isEmpty() && !out.message.replyTo.startsWith("wamid."))
        return refuse(131009, u"context.message_id is not the id of a message."_s);
    if (auto error = readContent(object, out))
        return tl::unexpected(*error);
    return out;
}

} // namespace holdfast::phone

#include "central/channels/whatsapp/message_parts.h"

#include <QRegularExpression>

namespace holdfast::whatsapp {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype longestId = 512;
constexpr qsizetype longestWord = 64;
constexpr qsizetype longestName = 255;
constexpr qsizetype longestText = 65'536;

bool isUserId(const QString& text)
{
    static const QRegularExpression form(u"^[A-Z]{2}\\.[A-Za-z0-9.]{1,160}$"_s);
    return form.match(text).hasMatch();
}

// A key of a person goes where it belongs by its form: user ids turn up in the fields for phones.
void addKey(Correspondent& sender, const QString& key)
{
    const QString phone = phoneOf(key);
    if (!phone.isEmpty() && sender.phone.isEmpty())
        sender.phone = phone;
    else if (isUserId(key) && !sender.userIds.contains(key))
        sender.userIds.append(key);
}

bool isOf(const QJsonObject& contact, const QJsonObject& message)
{
    const auto same = [&](const QString& one, const QString& other) {
        const QString key = textOf(contact[one], longestId);
        return !key.isEmpty() && key == textOf(message[other], longestId);
    };
    return same(u"wa_id"_s, u"from"_s) || same(u"user_id"_s, u"from_user_id"_s) || same(u"user_id"_s, u"from"_s);
}

QJsonObject contactOf(const QJsonObject& message, const QJsonArray& contacts)
{
    for (const QJsonValue contact : contacts) {
        if (isOf(contact.toObject(), message))
            return contact.toObject();
    }
    return contacts.size() == 1 ? contacts.first().toObject() : QJsonObject();
}

Correspondent senderOf(const QJsonObject& message, const QJsonArray& contacts)
{
    Correspondent sender;
    const QJsonObject contact = contactOf(message, contacts);
    for (const QString& field : {u"from"_s, u"from_user_id"_s, u"from_parent_user_id"_s})
        addKey(sender, textOf(message[field], longestId));
    for (const QString& field : {u"wa_id"_s, u"user_id"_s, u"parent_user_id"_s})
        addKey(sender, textOf(contact[field], longestId));
    const QJsonObject profile = contact[u"profile"_s].toObject();
    sender.name = textOf(profile[u"name"_s], longestName);
    if (sender.name.isEmpty())
        sender.name = textOf(profile[u"username"_s], longestName);
    return sender;
}

// A person changed their number or id: the new keys are theirs too.
void readChangeOfKeys(const QJsonObject& system, Correspondent& sender)
{
    const QString kind = textOf(system[u"type"_s], longestWord);
    if (kind != u"user_changed_number" && kind != u"user_changed_user_id")
        return;
    Correspondent before = std::exchange(sender, Correspondent());
    sender.name = before.name;
    for (const QString& field : {u"wa_id"_s, u"user_id"_s, u"parent_user_id"_s})
        addKey(sender, textOf(system[field], longestId));
    for (const QString& field : {u"previous_user_id"_s, u"previous_parent_user_id"_s})
        addKey(before, textOf(system[field], longestId));
    if (!before.phone.isEmpty() && before.phone != sender.phone)
        sender.formerKeys.append(before.phone);
    for (const QString& key : std::as_const(before.userIds)) {
        if (!sender.userIds.contains(key))
            sender.formerKeys.append(key);
    }
}

std::optional<InboundMedia> mediaOf(const QJsonObject& part)
{
    InboundMedia media;
    media.id = textOf(part[u"id"_s], longestId);
    if (media.id.isEmpty())
        return std::nullopt;
    media.mime = textOf(part[u"mime_type"_s], longestName);
    media.fileName = textOf(part[u"filename"_s], longestName);
    const auto hash = QByteArray::fromBase64Encoding(textOf(part[u"sha256"_s], longestWord).toLatin1(),
                                                     QByteArray::AbortOnBase64DecodingErrors);
    media.sha256 = hash ? Digest::fromBytes(*hash) : std::nullopt;
    return media;
}

// True if the whole of it is in the message's own fields now.
bool readMedia(const QJsonObject& object, InboundMessage& message)
{
    const QJsonValue part = object[message.type];
    message.media = mediaOf(part.toObject());
    const QJsonValue caption = part[u"caption"_s];
    message.text = textOf(caption, longestText);
    const QJsonValue hash = part[u"sha256"_s];
    return message.media.has_value() && (caption.isUndefined() || caption.isString()) &&
           (hash.isUndefined() || message.media->sha256.has_value());
}

// What the customer chose or wrote, in words, where the type has any; the object itself is kept beside it.
QString wordsOf(const QJsonObject& object, const QString& type)
{
    const QJsonObject part = object[type].toObject();
    if (type == u"button")
        return textOf(part[u"text"_s], longestText);
    if (type == u"reaction")
        return textOf(part[u"emoji"_s], longestWord);
    if (type == u"location")
        return textOf(part[u"name"_s], longestName);
    if (type == u"system")
        return textOf(part[u"body"_s], longestText);
    if (type == u"interactive") {
        for (const QString& reply : {u"button_reply"_s, u"list_reply"_s}) {
            if (part[reply].isObject())
                return textOf(part[reply][u"title"_s], longestText);
        }
    }
    return {};
}

bool readContent(const QJsonObject& object, InboundMessage& message)
{
    static const QStringList media{u"image"_s, u"document"_s, u"audio"_s, u"video"_s, u"sticker"_s};
    if (message.type == u"text") {
        const QJsonValue body = object[u"text"_s][u"body"_s];
        message.text = textOf(body, longestText);
        return body.isString() && body.toString().size() <= longestText;
    }
    if (media.contains(message.type))
        return readMedia(object, message);
    message.text = wordsOf(object, message.type);
    return false;
}

} // namespace

QString phoneOf(const QString& waId)
{
    static const QRegularExpression form(u"^\\+?([1-9][0-9]{6,14})$"_s);
    const auto match = form.match(waId);
    return match.hasMatch() ? u'+' + match.captured(1) : QString();
}

QString textOf(const QJsonValue& value, qsizetype longest)
{
    return value.toString().left(longest);
}

Timestamp timeOf(const QJsonValue& value, Timestamp otherwise)
{
    constexpr qint64 perSecond = 1'000'000;
    bool number = value.isDouble();
    const qint64 seconds = value.isString() ? value.toString().toLongLong(&number) : value.toInteger();
    if (!number || seconds <= 0 || seconds > otherwise.value / perSecond)
        return otherwise;
    return {seconds * perSecond};
}

InboundMessage parseMessage(const QJsonObject& object, const PartContext& context)
{
    InboundMessage message;
    message.route = context.route;
    const QString id = object[u"id"_s].toString();
    const bool named = !id.isEmpty() && id.size() <= longestId;
    message.id = named ? id : context.madeId;
    message.type = textOf(object[u"type"_s], longestWord);
    const bool typed = !message.type.isEmpty();
    if (!typed)
        message.type = u"unknown"_s;
    message.at = timeOf(object[u"timestamp"_s], context.receivedAt);
    message.sender = senderOf(object, context.contacts);
    if (message.type == u"system")
        readChangeOfKeys(object[u"system"_s].toObject(), message.sender);
    message.quotedId = textOf(object[u"context"_s][u"id"_s], longestId);
    const bool understood = readContent(object, message);
    if (!understood || !named || !typed || object.contains(u"errors"_s))
        message.unparsed = object;
    return message;
}

StatusReport parseStatus(const QJsonObject& object, const PartContext& context)
{
    using domain::DeliveryStatus;
    StatusReport report;
    report.route = context.route;
    report.noticeId = context.madeId;
    report.messageId = textOf(object[u"id"_s], longestId);
    report.word = textOf(object[u"status"_s], longestWord);
    const auto status = domain::deliveryStatusOf(report.word);
    if (status && *status >= DeliveryStatus::sent)
        report.status = status;
    report.at = timeOf(object[u"timestamp"_s], context.receivedAt);
    report.callback = textOf(object[u"biz_opaque_callback_data"_s], longestId);
    const QJsonObject error = object[u"errors"_s][0].toObject();
    report.errorCode = error[u"code"_s].toInt();
    report.errorTitle = textOf(error[u"title"_s], longestName);
    report.original = object;
    return report;
}

} // namespace holdfast::whatsapp

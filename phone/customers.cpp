#include "phone/customers.h"

#include <algorithm>

namespace holdfast::phone {
namespace {

constexpr qsizetype maxText = 4096;    // characters
constexpr qsizetype maxCaption = 1024; // characters

Status check(const CustomerMessage& message)
{
    const bool withFile = message.type == "image" || message.type == "document";
    if (!withFile && message.type != "text")
        return fail(ErrorCode::invalidInput, QStringLiteral("The type is one of text, image and document."));
    if (withFile && (message.file.isEmpty() || message.mime.isEmpty()))
        return fail(ErrorCode::invalidInput, QStringLiteral("A photo or document needs its file and mime type."));
    if (!withFile && message.text.isEmpty())
        return fail(ErrorCode::invalidInput, QStringLiteral("A text message needs its text."));
    if (message.text.size() > (withFile ? maxCaption : maxText))
        return fail(ErrorCode::tooLarge, QStringLiteral("The text is longer than a phone allows."));
    return {};
}

} // namespace

Customers::Customers(BusinessNumber number, RandomSource& random, Chats& chats, MediaStore& media, Faults& faults,
                     WebhookSender& sender)
    : number_(std::move(number)), random_(random), chats_(chats), media_(media), faults_(faults), sender_(sender)
{}

Result<ChatMessage> Customers::write(CustomerMessage message)
{
    const QByteArray customer = phoneDigits(message.from);
    if (customer.isEmpty())
        return fail(ErrorCode::invalidInput, QStringLiteral("The customer's number is not a phone number."));
    if (const Status good = check(message); !good)
        return tl::unexpected(good.error());
    if (!message.name.isEmpty())
        chats_.setName(customer, message.name);
    ChatMessage chat;
    chat.id = newMessageId(customer, random_);
    chat.customer = customer;
    chat.fromCustomer = true;
    chat.type = message.type;
    chat.text = message.text;
    chat.replyTo = message.replyTo;
    std::optional<Media> media;
    QByteArray declaredHash;
    if (message.type != "text") {
        media = media_.put(std::move(message.file), message.mime, message.fileName.toUtf8(), true);
        declaredHash = media->sha256;
        if (faults_.takeMedia(MediaFault::Kind::wrongDeclaredHash))
            declaredHash[0] = static_cast<char>(declaredHash[0] ^ 1);
        chat.mediaId = media->id;
        chat.mime = media->mime;
        chat.fileName = message.fileName;
    }
    // In the chat before the webhook leaves: an answer may come back at once, and needs the open window.
    chats_.add(chat);
    const ChatMessage stored = chats_.find(chat.id).value_or(chat);
    const QJsonObject body = customerMessageBody(number_, stored, chats_.name(customer), media, declaredHash);
    sender_.deliver("message", chat.id, escapedJson(body));
    return stored;
}

QByteArray phoneDigits(const QByteArray& number)
{
    QByteArray digits = number.trimmed();
    if (digits.startsWith('+'))
        digits.remove(0, 1);
    digits.replace(' ', "").replace('-', "");
    const bool good = digits.size() >= 7 && digits.size() <= 15 &&
                      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    return good ? digits : QByteArray();
}

QByteArray newMessageId(const QByteArray& customer, RandomSource& random)
{
    return "wamid." + (char(0x1d) + customer + '\0' + random.bytes(16)).toBase64();
}

} // namespace holdfast::phone

#include "phone/window/handset.h"

#include "ui/theme/words.h"

#include <algorithm>

namespace holdfast::phone {
namespace {

using domain::DeliveryStatus;

constexpr qsizetype longestText = 4096;            // characters, as a phone allows
constexpr qint64 largestFile = 16LL * 1024 * 1024; // bytes
constexpr size_t mostWaiting = 100;
constexpr std::ptrdiff_t mostShown = 300; // newest messages of a chat

// Only what reached the phone is on it.
bool isOnPhone(const ChatMessage& message)
{
    return message.fromCustomer || message.status == MessageStatus::delivered || message.status == MessageStatus::read;
}

DeliveryStatus statusOfOwn(const ChatMessage& message)
{
    if (message.readByBusiness)
        return DeliveryStatus::read;
    return message.takenByBusiness ? DeliveryStatus::delivered : DeliveryStatus::sent;
}

} // namespace

Handset::Handset(HandsetParts parts, QString businessName, QObject* parent)
    : QObject(parent), parts_(parts), businessName_(std::move(businessName)), person_(samplePeople().front()),
      feed_(parts.chats)
{
    connect(&feed_, &ChatFeed::changed, this, &Handset::refresh);
    connect(&thumbnails_, &Thumbnails::ready, this, &Handset::changed);
    refresh();
}

std::vector<Person> Handset::people() const
{
    std::vector<Person> all = samplePeople();
    const auto add = [&all](const Person& person) {
        const bool known =
            std::any_of(all.begin(), all.end(), [&](const Person& one) { return one.number == person.number; });
        if (!known)
            all.push_back(person);
    };
    for (const ChatMessage& message : chats_)
        add({message.customer, parts_.chats.name(message.customer)});
    add(person_);
    return all;
}

void Handset::writeAs(const Person& person)
{
    person_ = person;
    refresh();
}

int Handset::unread(const QByteArray& customer) const
{
    return static_cast<int>(std::count_if(chats_.begin(), chats_.end(), [&](const ChatMessage& one) {
        return one.customer == customer && !one.fromCustomer && one.status == MessageStatus::delivered;
    }));
}

Reach Handset::reach() const
{
    return parts_.statuses.reach(person_.number);
}

void Handset::setReach(Reach reach)
{
    parts_.statuses.setReach(person_.number, reach);
    if (reach == Reach::online)
        sendWaiting();
    refresh();
}

Status Handset::sendText(const QString& text)
{
    if (text.trimmed().isEmpty())
        return fail(ErrorCode::invalidInput, tr("Write something first."));
    if (text.size() > longestText)
        return fail(ErrorCode::tooLarge, tr("This is longer than the 4 096 characters that a message may have."));
    CustomerMessage message;
    message.type = "text";
    message.text = text;
    return send(std::move(message));
}

Status Handset::sendFile(PickedFile file)
{
    if (file.bytes.isEmpty())
        return fail(ErrorCode::invalidInput, tr("This file is empty or cannot be read. Nothing was sent."));
    if (file.bytes.size() > largestFile)
        return fail(ErrorCode::tooLarge, tr("This file is larger than 16 MB. Nothing was sent."));
    CustomerMessage message;
    message.type = file.mime == "image/jpeg" || file.mime == "image/png" ? "image" : "document";
    message.file = std::move(file.bytes);
    message.mime = std::move(file.mime);
    message.fileName = std::move(file.name);
    return send(std::move(message));
}

Status Handset::send(CustomerMessage message)
{
    message.from = person_.number;
    message.name = person_.name;
    switch (reach()) {
    case Reach::blocked:
        return fail(ErrorCode::denied, tr("This customer blocked the business. Choose Online to write again."));
    case Reach::noSignal: {
        if (waiting_.size() >= mostWaiting)
            return fail(ErrorCode::tooLarge, tr("Too many messages wait for a signal. Choose Online first."));
        Waiting waiting{"waiting-" + QByteArray::number(nextKey_++), std::move(message), now()};
        if (waiting.message.type == "image")
            thumbnails_.offer(waiting.key, waiting.message.file);
        waiting_.push_back(std::move(waiting));
        Q_EMIT changed();
        return {};
    }
    case Reach::online:
        break;
    }
    const QByteArray picture = message.type == "image" ? message.file : QByteArray();
    const auto sent = parts_.customers.write(std::move(message));
    if (!sent)
        return tl::unexpected(sent.error());
    // From what was sent: the provider's copy may be fetched and deleted before it could be looked at.
    if (!picture.isEmpty())
        thumbnails_.offer(sent->mediaId, picture);
    refresh();
    return {};
}

void Handset::sendWaiting()
{
    const auto others = std::stable_partition(
        waiting_.begin(), waiting_.end(), [this](const Waiting& one) { return one.message.from != person_.number; });
    std::vector<Waiting> due(std::make_move_iterator(others), std::make_move_iterator(waiting_.end()));
    waiting_.erase(others, waiting_.end());
    for (Waiting& one : due) {
        if (const Status sent = send(std::move(one.message)); !sent)
            Q_EMIT troubled(sent.error().text);
    }
}

void Handset::refresh()
{
    chats_ = parts_.chats.all();
    takePictures();
    readWhatArrived();
    Q_EMIT changed();
}

void Handset::takePictures()
{
    for (const ChatMessage& message : chats_) {
        if (message.type != "image" || thumbnails_.isKnown(message.mediaId))
            continue;
        if (const auto media = parts_.media.find(message.mediaId); media && !media->bytes.isEmpty())
            thumbnails_.offer(message.mediaId, media->bytes);
    }
}

void Handset::setInSight(bool inSight)
{
    inSight_ = inSight;
    readWhatArrived();
}

// Reporting changes the chats, so the feed tells again.
void Handset::readWhatArrived()
{
    if (inSight_ && unread(person_.number) > 0)
        parts_.statuses.customerReads(person_.number);
}

void Handset::skip(qint64 microseconds)
{
    parts_.clock.advance(microseconds);
    Q_EMIT changed();
}

void Handset::lookAgain()
{
    bool isNew = false;
    for (const ChatMessage& message : chats_) {
        if (message.customer != person_.number || !message.fromCustomer || message.mediaId.isEmpty() ||
            deleted_.contains(message.mediaId))
            continue;
        if (!parts_.media.exists(message.mediaId)) {
            deleted_.insert(message.mediaId);
            isNew = true;
        }
    }
    if (isNew)
        Q_EMIT changed();
}

std::vector<PhoneMessage> Handset::messages() const
{
    std::vector<PhoneMessage> rows;
    for (const ChatMessage& message : chats_) {
        if (message.customer == person_.number && isOnPhone(message))
            rows.push_back(shown(message));
    }
    for (const Waiting& waiting : waiting_) {
        if (waiting.message.from == person_.number)
            rows.push_back(shown(waiting));
    }
    if (std::ssize(rows) > mostShown)
        rows.erase(rows.begin(), rows.end() - mostShown);
    return rows;
}

PhoneMessage Handset::shown(const ChatMessage& message) const
{
    PhoneMessage row;
    row.key = message.id;
    row.isOwn = message.fromCustomer;
    row.type = message.type;
    row.text = ui::plainText(message.text, longestText);
    row.picture = message.type == "image" ? message.mediaId : QByteArray();
    row.fileName = ui::plainLine(message.fileName);
    if (const auto media = message.mediaId.isEmpty() ? std::nullopt : parts_.media.find(message.mediaId))
        row.size = media->size;
    row.at = message.at;
    row.status = message.fromCustomer ? statusOfOwn(message) : DeliveryStatus::delivered;
    row.copyDeleted = message.fromCustomer && deleted_.contains(message.mediaId);
    const auto quoted =
        message.replyTo.isEmpty()
            ? chats_.end()
            : std::find_if(chats_.begin(), chats_.end(), [&](const auto& one) { return one.id == message.replyTo; });
    if (quoted != chats_.end() && quoted->customer == message.customer && isOnPhone(*quoted)) {
        row.quoteName = quoted->fromCustomer ? tr("You") : businessName_;
        const QString what = quoted->type == "image" ? tr("Photo") : ui::plainLine(quoted->fileName);
        row.quoteText = quoted->text.isEmpty() ? what : ui::plainLine(quoted->text);
    }
    return row;
}

PhoneMessage Handset::shown(const Waiting& waiting) const
{
    PhoneMessage row;
    row.key = waiting.key;
    row.isOwn = true;
    row.type = waiting.message.type;
    row.text = ui::plainText(waiting.message.text, longestText);
    row.picture = waiting.message.type == "image" ? waiting.key : QByteArray();
    row.fileName = ui::plainLine(waiting.message.fileName);
    row.size = waiting.message.file.size();
    row.at = waiting.at;
    return row;
}

} // namespace holdfast::phone

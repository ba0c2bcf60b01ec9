// The customers' chats with the business, as their phones would hold them.
#pragma once

#include "models/base/clock.h"

#include <QByteArray>
#include <QString>

#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace holdfast::phone {

enum class MessageStatus { accepted, sent, delivered, read, failed };
[[nodiscard]] QByteArray statusName(MessageStatus status);
[[nodiscard]] std::optional<MessageStatus> statusFromName(const QByteArray& name);

struct ChatMessage
{
    QByteArray id;       // wamid
    QByteArray customer; // digits only
    bool fromCustomer = false;
    QByteArray type; // text, image, document, template
    QString text;    // body or caption
    QByteArray mediaId;
    QString fileName;
    QByteArray mime;
    QByteArray replyTo;      // wamid
    QByteArray callbackData; // biz_opaque_callback_data
    Timestamp at;
    MessageStatus status = MessageStatus::accepted; // the last one that was reported, of messages to the customer
    bool takenByBusiness = false;                   // its webhook was answered 200; of the customer's own messages
    bool readByBusiness = false;                    // of the customer's own messages
};

class Chats // thread-safe
{
public:
    explicit Chats(const Clock& clock) : clock_(clock) {}

    // `observer` runs after each change, on the thread that made it, without a lock held.
    void setObserver(std::function<void()> observer);

    void setName(const QByteArray& customer, const QString& name);
    [[nodiscard]] QString name(const QByteArray& customer) const;
    void add(ChatMessage message); // sets `at`
    [[nodiscard]] std::optional<ChatMessage> find(const QByteArray& id) const;
    [[nodiscard]] bool setStatus(const QByteArray& id, MessageStatus status);
    void markTaken(const QByteArray& id); // of a message that a customer wrote; else nothing happens
    // As the provider does: all earlier ones of that customer too.
    [[nodiscard]] bool markReadByBusiness(const QByteArray& id);
    [[nodiscard]] std::vector<ChatMessage> all() const; // in order of arrival
    // Whether the customer wrote within the last 24 hours.
    [[nodiscard]] bool windowOpen(const QByteArray& customer) const;

private:
    void changed();

    const Clock& clock_;
    mutable std::mutex mutex_;
    std::vector<ChatMessage> messages_;
    std::vector<std::pair<QByteArray, QString>> names_;
    std::function<void()> observer_;
};

} // namespace holdfast::phone

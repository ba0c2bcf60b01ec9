// What one simulated phone does: who writes, what the chat holds, what waits for a signal, what was read.
#pragma once

#include "phone/customers.h"
#include "phone/status_flow.h"
#include "phone/test_clock.h"
#include "phone/window/chat_feed.h"
#include "phone/window/people.h"
#include "phone/window/phone_message.h"
#include "phone/window/thumbnails.h"

#include <QSet>

namespace holdfast::phone {

// What it works on; all outlive it.
struct HandsetParts
{
    Chats& chats;
    Customers& customers;
    StatusFlow& statuses;
    MediaStore& media;
    TestClock& clock;
};

// A file to be sent.
struct PickedFile
{
    QByteArray bytes;
    QByteArray mime;
    QString name;
};

// GUI thread only.
class Handset : public QObject
{
    Q_OBJECT
public:
    Handset(HandsetParts parts, QString businessName, QObject* parent = nullptr);

    [[nodiscard]] const QString& businessName() const { return businessName_; }
    [[nodiscard]] std::vector<Person> people() const; // the samples, then others with a chat
    [[nodiscard]] const Person& person() const { return person_; }
    void writeAs(const Person& person);
    [[nodiscard]] int unread(const QByteArray& customer) const;

    [[nodiscard]] Reach reach() const;
    void setReach(Reach reach); // of this customer's phone

    [[nodiscard]] Status sendText(const QString& text);
    [[nodiscard]] Status sendFile(PickedFile file);
    [[nodiscard]] std::vector<PhoneMessage> messages() const; // of this customer, oldest first
    // Whether a person looks at the chat: what arrived is then reported read.
    void setInSight(bool inSight);

    [[nodiscard]] Timestamp now() const { return parts_.clock.now(); }
    void skip(qint64 microseconds);
    void lookAgain(); // at what tells of no change by itself: files that were deleted

    [[nodiscard]] const Thumbnails& thumbnails() const { return thumbnails_; }

Q_SIGNALS:
    void changed();
    void troubled(const QString& words);

private:
    struct Waiting
    {
        QByteArray key;
        CustomerMessage message;
        Timestamp at;
    };

    [[nodiscard]] Status send(CustomerMessage message);
    void sendWaiting();
    void refresh();
    void readWhatArrived();
    void takePictures();
    [[nodiscard]] PhoneMessage shown(const ChatMessage& message) const;
    [[nodiscard]] PhoneMessage shown(const Waiting& waiting) const;

    HandsetParts parts_;
    const QString businessName_;
    Person person_;
    ChatFeed feed_;
    Thumbnails thumbnails_;
    std::vector<ChatMessage> chats_; // as of the last change
    std::vector<Waiting> waiting_;   // written without a signal, oldest first; of all customers
    QSet<QByteArray> deleted_;       // files that the provider no longer holds
    quint64 nextKey_ = 1;
    bool inSight_ = false;
};

} // namespace holdfast::phone

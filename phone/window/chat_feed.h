// Tells the GUI thread that the chats changed, whatever thread changed them.
#pragma once

#include "phone/chats.h"

#include <QObject>

#include <memory>

namespace holdfast::phone {

// GUI thread only. Takes the observer of the chats for as long as it lives.
class ChatFeed : public QObject
{
    Q_OBJECT
public:
    explicit ChatFeed(Chats& chats, QObject* parent = nullptr);
    ~ChatFeed() override;

Q_SIGNALS:
    void changed(); // once for any number of changes since the last time

private:
    struct Gate;
    void tell();

    Chats& chats_;
    // An observer may still run on another thread when this is gone: what it needs is shared with it.
    std::shared_ptr<Gate> gate_;
};

} // namespace holdfast::phone

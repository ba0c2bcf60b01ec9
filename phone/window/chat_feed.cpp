#include "phone/window/chat_feed.h"

#include <QMetaObject>

namespace holdfast::phone {

struct ChatFeed::Gate
{
    std::mutex mutex;
    ChatFeed* feed = nullptr;
    bool isTold = false; // a call to the GUI thread is on its way
};

ChatFeed::ChatFeed(Chats& chats, QObject* parent) : QObject(parent), chats_(chats), gate_(std::make_shared<Gate>())
{
    gate_->feed = this;
    chats_.setObserver([gate = gate_] {
        const std::lock_guard lock(gate->mutex);
        if (!gate->feed || gate->isTold)
            return;
        gate->isTold = true;
        QMetaObject::invokeMethod(gate->feed, &ChatFeed::tell, Qt::QueuedConnection);
    });
}

ChatFeed::~ChatFeed()
{
    chats_.setObserver({});
    const std::lock_guard lock(gate_->mutex);
    gate_->feed = nullptr;
}

void ChatFeed::tell()
{
    {
        const std::lock_guard lock(gate_->mutex);
        gate_->isTold = false; // before anyone looks: what changes from here on is told again
    }
    Q_EMIT changed();
}

} // namespace holdfast::phone

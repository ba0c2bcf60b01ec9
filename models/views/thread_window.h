// The messages of one thread that a window holds: a bounded, continuous range that moves through the history.
#pragma once

#include "models/views/desk.h"
#include "models/views/thread_rows.h"

#include <QHash>
#include <QObject>
#include <QTimeZone>

#include <functional>
#include <vector>

namespace holdfast::views {

// GUI thread only. Keyed by EntryId: a pending message keeps its identity when central accepts it. Every request
// carries the generation of the open thread; an answer that is late or no longer fits the range is dropped.
class ThreadWindow : public QObject
{
    Q_OBJECT
public:
    struct Limits
    {
        int page = 60;
        int refresh = 200; // of the reader: at most 200
        int most = 400;    // messages held; the far side is let go beyond it
    };

    ThreadWindow(DeskReader& reader, UserId me, Limits limits, const QTimeZone& zone, QObject* parent = nullptr);
    ThreadWindow(DeskReader& reader, UserId me, QObject* parent = nullptr);

    void open(const ThreadId& id);                          // newest page
    void openAt(const ThreadId& id, const MessageKey& key); // a page around `key`
    void close();
    void goTo(const MessageKey& key); // within the open thread; nothing happens if it is held already
    void goToNewest();

    [[nodiscard]] const ThreadId& thread() const { return thread_; }
    [[nodiscard]] int count() const { return static_cast<int>(messages_.size()); }
    [[nodiscard]] const Message& at(int row) const { return messages_[static_cast<size_t>(row)]; }
    [[nodiscard]] const RowPlace& place(int row) const { return places_[static_cast<size_t>(row)]; }
    [[nodiscard]] int rowOf(const EntryId& id) const { return rows_.value(id, -1); }
    [[nodiscard]] bool hasMoreBefore() const { return moreBefore_; }
    [[nodiscard]] bool hasMoreAfter() const { return moreAfter_; }
    [[nodiscard]] bool isLoaded() const { return loaded_; }
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }
    [[nodiscard]] const MessageKey& readUpTo() const { return readUpTo_; }
    [[nodiscard]] std::optional<EntryId> firstUnread() const { return firstUnread_; }

    // The view shows rows first..last: pages near an edge are asked for, what is far from it may be let go.
    void setVisible(int first, int last);
    // Something in the thread changed: asks again for what is held.
    void refresh();

Q_SIGNALS:
    void reset();                        // another thread or another range: nothing of the old rows stands
    void inserted(int first, int count); // ranges are of the rows after the change
    void removed(int first, int count);  // ranges are of the rows before the change
    void changed(int first, int count);  // the messages or their places
    void arrived(int count);             // new messages of others at the newest end, told after `inserted`
    void loadedChanged();                // isLoaded(), error(), hasMore...()

private:
    enum class Side { before, after };
    void begin(const ThreadId& id);
    void replaceAll(const MessagePage& page);
    void ask(Side side);
    [[nodiscard]] const Message& edgeOf(Side side) const;
    void takeSide(Side side, const MessagePage& page);
    void askAround(const MessageKey& key);
    void askNewest();
    [[nodiscard]] std::function<void(const Result<MessagePage>&)> takeRange();
    void takeRefresh(const MessagePage& page);
    void adopt(std::vector<Message> next, bool tellArrived);
    void trim(Side side, std::vector<Message>& next);
    void applyDifference(std::vector<Message> next);
    void fail(const Error& error);
    void latchUnread(const MessagePage& page);
    void index();

    DeskReader& reader_;
    const UserId me_;
    const Limits limits_;
    const QTimeZone zone_;
    ThreadId thread_;
    std::vector<Message> messages_; // ascending by key; no id twice
    std::vector<RowPlace> places_;  // one per message
    QHash<EntryId, int> rows_;
    MessageKey readUpTo_;
    std::optional<EntryId> firstUnread_; // latched when the thread opens, so that the line does not wander
    std::optional<Error> error_;
    quint64 generation_ = 0;
    int visibleFirst_ = 0;
    int visibleLast_ = 0;
    bool moreBefore_ = false;
    bool moreAfter_ = false;
    bool loaded_ = false;
    bool asking_[2] = {false, false}; // by Side
    int refreshing_ = 0;              // answers of the running refresh that are still to come
    bool refreshAgain_ = false;
    bool toldVisible_ = false;
    bool adopting_ = false; // listeners are being told: what they ask for waits until they all know
};

} // namespace holdfast::views

#include "models/views/thread_window.h"

#include "models/views/when_done.h"

#include <QScopedValueRollback>
#include <QSet>

#include <algorithm>

namespace holdfast::views {

namespace {

template <typename Flag, typename Tell>
void eachRange(int count, Flag flag, Tell tell)
{
    for (int row = 0; row < count; ++row) {
        if (!flag(row))
            continue;
        const int first = row;
        while (row < count && flag(row))
            ++row;
        tell(first, row - first);
    }
}

} // namespace

ThreadWindow::ThreadWindow(DeskReader& reader, UserId me, Limits limits, const QTimeZone& zone, QObject* parent)
    : QObject(parent), reader_(reader), me_(me), limits_(limits), zone_(zone)
{}

ThreadWindow::ThreadWindow(DeskReader& reader, UserId me, QObject* parent)
    : ThreadWindow(reader, me, Limits(), QTimeZone::systemTimeZone(), parent)
{}

void ThreadWindow::begin(const ThreadId& id)
{
    ++generation_;
    thread_ = id;
    messages_.clear();
    index();
    readUpTo_ = {};
    firstUnread_.reset();
    error_.reset();
    visibleFirst_ = visibleLast_ = 0;
    moreBefore_ = moreAfter_ = loaded_ = refreshAgain_ = false;
    asking_[0] = asking_[1] = false;
    refreshing_ = 0;
    Q_EMIT reset();
}

void ThreadWindow::open(const ThreadId& id)
{
    begin(id);
    whenDone(reader_.newestMessages(id, limits_.page), this,
             [this, mine = generation_](const Result<MessagePage>& page) {
                 if (mine != generation_)
                     return;
                 if (!page)
                     return fail(page.error());
                 const MessageKey read = page->readUpTo;
                 const bool unreadStartsEarlier = page->moreBefore && read.threadSeq > 0 && !page->messages.isEmpty() &&
                                                  read < page->messages.first().key;
                 readUpTo_ = read;
                 if (unreadStartsEarlier)
                     return askAround(read);
                 latchUnread(*page);
                 replaceAll(*page);
             });
}

void ThreadWindow::openAt(const ThreadId& id, const MessageKey& key)
{
    begin(id);
    askAround(key);
}

void ThreadWindow::close()
{
    begin(ThreadId());
}

void ThreadWindow::goTo(const MessageKey& key)
{
    const bool held = std::any_of(messages_.begin(), messages_.end(), [&](const Message& m) { return m.key == key; });
    if (held || thread_.isNull())
        return;
    ++generation_;
    asking_[0] = asking_[1] = false;
    refreshing_ = 0;
    askAround(key);
}

void ThreadWindow::goToNewest()
{
    if (!moreAfter_ || thread_.isNull())
        return;
    ++generation_;
    asking_[0] = asking_[1] = false;
    refreshing_ = 0;
    askNewest();
}

void ThreadWindow::askAround(const MessageKey& key)
{
    whenDone(reader_.messagesAround(thread_, key, limits_.page), this, takeRange());
}

void ThreadWindow::askNewest()
{
    whenDone(reader_.newestMessages(thread_, limits_.page), this, takeRange());
}

std::function<void(const Result<MessagePage>&)> ThreadWindow::takeRange()
{
    return [this, mine = generation_](const Result<MessagePage>& page) {
        if (mine != generation_)
            return;
        if (!page)
            return fail(page.error());
        if (!loaded_) {
            readUpTo_ = page->readUpTo;
            latchUnread(*page);
        }
        replaceAll(*page);
    };
}

void ThreadWindow::fail(const Error& error)
{
    error_ = error;
    Q_EMIT loadedChanged();
}

void ThreadWindow::latchUnread(const MessagePage& page)
{
    for (const Message& message : page.messages) {
        const bool after = message.key.threadSeq > page.readUpTo.threadSeq;
        if (after && !message.pending && isForReading(message, me_)) {
            firstUnread_ = message.id;
            return;
        }
    }
}

void ThreadWindow::replaceAll(const MessagePage& page)
{
    messages_.assign(page.messages.begin(), page.messages.end());
    moreBefore_ = page.moreBefore;
    moreAfter_ = page.moreAfter;
    loaded_ = true;
    error_.reset();
    visibleFirst_ = 0;
    visibleLast_ = count() - 1;
    index();
    Q_EMIT reset();
    Q_EMIT loadedChanged();
}

void ThreadWindow::setVisible(int first, int last)
{
    visibleFirst_ = first;
    visibleLast_ = last;
    toldVisible_ = true;
    if (!loaded_ || adopting_)
        return;
    if (moreBefore_ && first < limits_.page / 2)
        ask(Side::before);
    if (moreAfter_ && last >= count() - limits_.page / 2)
        ask(Side::after);
}

void ThreadWindow::ask(Side side)
{
    bool& asking = asking_[static_cast<int>(side)];
    if (asking || messages_.empty())
        return;
    asking = true;
    const bool before = side == Side::before;
    const MessageKey key = edgeOf(side).key;
    const EntryId id = edgeOf(side).id;
    auto answer =
        before ? reader_.messagesBefore(thread_, key, limits_.page) : reader_.messagesAfter(thread_, key, limits_.page);
    whenDone(answer, this, [this, side, id, mine = generation_](const Result<MessagePage>& page) {
        if (mine != generation_)
            return;
        asking_[static_cast<int>(side)] = false;
        if (!page)
            return fail(page.error());
        // The edge moved or was let go meanwhile: the page would leave a hole or overlap.
        if (count() > 0 && edgeOf(side).id == id)
            takeSide(side, *page);
    });
}

// Pending messages have no place in central's order yet: the range continues behind the newest accepted one.
const Message& ThreadWindow::edgeOf(Side side) const
{
    if (side == Side::before)
        return messages_.front();
    auto edge = messages_.end() - 1;
    while (edge != messages_.begin() && edge->key.threadSeq == 0)
        --edge;
    return *edge;
}

void ThreadWindow::takeSide(Side side, const MessagePage& page)
{
    const bool before = side == Side::before;
    std::vector<Message> next;
    next.reserve(messages_.size() + static_cast<size_t>(page.messages.size()));
    QSet<EntryId> given;
    for (const Message& message : page.messages)
        given.insert(message.id);
    if (before)
        next.assign(page.messages.begin(), page.messages.end());
    for (const Message& message : messages_) {
        if (!given.contains(message.id))
            next.push_back(message);
    }
    if (!before)
        next.insert(next.end(), page.messages.begin(), page.messages.end());
    (before ? moreBefore_ : moreAfter_) = before ? page.moreBefore : page.moreAfter;
    trim(before ? Side::after : Side::before, next);
    adopt(std::move(next), false);
    Q_EMIT loadedChanged();
}

// Lets rows of one side go beyond the limit, but none that is near the visible ones.
void ThreadWindow::trim(Side side, std::vector<Message>& next)
{
    const int surplus = static_cast<int>(next.size()) - limits_.most;
    if (surplus <= 0)
        return;
    const EntryId shown = count() == 0
                              ? EntryId()
                              : at(std::clamp(side == Side::before ? visibleFirst_ : visibleLast_, 0, count() - 1)).id;
    const auto it = std::find_if(next.begin(), next.end(), [&](const Message& m) { return m.id == shown; });
    const int row = it == next.end() ? -1 : static_cast<int>(it - next.begin());
    const int room =
        side == Side::before ? row - limits_.page / 2 : static_cast<int>(next.size()) - 1 - row - limits_.page / 2;
    const int gone = std::min(surplus, row < 0 ? surplus : std::max(0, room));
    if (gone == 0)
        return;
    if (side == Side::before) {
        next.erase(next.begin(), next.begin() + gone);
        moreBefore_ = true;
    } else {
        next.erase(next.end() - gone, next.end());
        moreAfter_ = true;
    }
}

void ThreadWindow::refresh()
{
    if (thread_.isNull())
        return;
    if (!loaded_) {
        if (error_)
            open(thread_);
        return;
    }
    if (refreshing_ > 0 || adopting_) {
        refreshAgain_ = true;
        return;
    }
    const int middle = std::clamp((visibleFirst_ + visibleLast_) / 2, 0, std::max(0, count() - 1));
    const bool farFromEnd = moreAfter_ || visibleFirst_ < count() - limits_.refresh;
    const bool wantsMiddle = farFromEnd && count() > 0;
    refreshing_ = (moreAfter_ ? 0 : 1) + (wantsMiddle ? 1 : 0);
    const auto take = [this, mine = generation_](const Result<MessagePage>& page) {
        if (mine != generation_)
            return;
        --refreshing_;
        if (page)
            takeRefresh(*page);
        else
            fail(page.error());
        if (refreshing_ == 0 && refreshAgain_) {
            refreshAgain_ = false;
            refresh();
        }
    };
    const MessageKey key = wantsMiddle ? at(middle).key : MessageKey();
    const bool wantsNewest = !moreAfter_;
    if (wantsMiddle)
        whenDone(reader_.messagesAround(thread_, key, limits_.refresh), this, take);
    if (wantsNewest)
        whenDone(reader_.newestMessages(thread_, limits_.refresh), this, take);
}

// The page is the truth for the range of keys that it covers; what is held outside of that range stays.
void ThreadWindow::takeRefresh(const MessagePage& page)
{
    QSet<EntryId> given;
    bool shares = messages_.empty();
    for (const Message& message : page.messages) {
        given.insert(message.id);
        shares = shares || rows_.contains(message.id);
    }
    const bool wholeThread = !page.moreBefore && !page.moreAfter;
    if (!shares && !wholeThread) {
        // More arrived than a page holds. Whoever looks at the end follows it; others keep what they read.
        if (visibleLast_ >= count() - 1)
            return replaceAll(page);
        moreAfter_ = true;
        Q_EMIT loadedChanged();
        return;
    }
    std::vector<Message> next;
    std::vector<Message> tail;
    for (const Message& message : messages_) {
        if (given.contains(message.id))
            continue;
        if (page.moreBefore && message.key < page.messages.first().key)
            next.push_back(message);
        else if (page.moreAfter && page.messages.last().key < message.key)
            tail.push_back(message);
    }
    if (next.empty())
        moreBefore_ = page.moreBefore;
    if (tail.empty())
        moreAfter_ = page.moreAfter;
    next.insert(next.end(), page.messages.begin(), page.messages.end());
    next.insert(next.end(), tail.begin(), tail.end());
    trim(Side::before, next);
    trim(Side::after, next);
    const bool atEnd = !moreAfter_;
    adopt(std::move(next), atEnd);
    Q_EMIT loadedChanged();
}

void ThreadWindow::adopt(std::vector<Message> next, bool tellArrived)
{
    int fresh = 0;
    const EntryId top = count() > 0 ? at(std::clamp(visibleFirst_, 0, count() - 1)).id : EntryId();
    const EntryId bottom = count() > 0 ? at(std::clamp(visibleLast_, 0, count() - 1)).id : EntryId();
    toldVisible_ = false;
    {
        const QScopedValueRollback guard(adopting_, true);
        MessageKey newest;
        for (const Message& message : messages_) {
            if (message.key.threadSeq > 0)
                newest = message.key;
        }
        for (const Message& message : next) {
            const bool isNew = !rows_.contains(message.id) && newest < message.key && message.key.threadSeq > 0;
            fresh += isNew && !message.pending && isForReading(message, me_) ? 1 : 0;
        }
        if (messages_.empty() || !tellArrived)
            fresh = 0;
        applyDifference(std::move(next));
    }
    if (fresh > 0)
        Q_EMIT arrived(fresh);
    // A listener that lays out at once has told what it shows now; else the same messages are shown as before.
    const int first = toldVisible_ ? visibleFirst_ : std::max(0, rowOf(top));
    const int last = toldVisible_ ? visibleLast_ : std::max(first, rowOf(bottom));
    setVisible(first, last);
}

void ThreadWindow::applyDifference(std::vector<Message> next)
{
    QHash<EntryId, std::pair<Message, RowPlace>> told; // as the listeners know it
    const QSet<EntryId> kept = keptOf(rows_, next);
    for (int row = count() - 1; row >= 0; --row) {
        const int last = row;
        while (row >= 0 && !kept.contains(at(row).id))
            --row;
        if (row == last)
            continue;
        messages_.erase(messages_.begin() + row + 1, messages_.begin() + last + 1);
        index();
        Q_EMIT removed(row + 1, last - row);
    }
    for (int row = 0; row < count(); ++row)
        told.insert(at(row).id, {at(row), place(row)});
    const auto isNew = [&](int row) { return !kept.contains(next[static_cast<size_t>(row)].id); };
    eachRange(static_cast<int>(next.size()), isNew, [&](int first, int many) {
        messages_.insert(messages_.begin() + first, next.begin() + first, next.begin() + first + many);
        index();
        for (int row = first; row < first + many; ++row)
            told.insert(at(row).id, {at(row), place(row)});
        Q_EMIT inserted(first, many);
    });
    messages_ = std::move(next);
    index();
    const auto differs = [&](int row) {
        const auto& [message, place] = told[at(row).id];
        return !sameMessage(message, at(row)) || place != places_[static_cast<size_t>(row)];
    };
    eachRange(count(), differs, [&](int first, int many) { Q_EMIT changed(first, many); });
}

void ThreadWindow::index()
{
    rows_.clear();
    for (int row = 0; row < count(); ++row)
        rows_.insert(at(row).id, row);
    places_ = placesOf(messages_, firstUnread_, zone_);
}

} // namespace holdfast::views

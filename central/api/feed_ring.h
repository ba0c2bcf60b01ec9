// The newest entries of the log, encoded, so that who is nearly caught up is served without SQL.
#pragma once

#include "central/store/tailer.h"

#include <QList>

#include <deque>

namespace holdfast::api {

// What an entry means for others than those who read its scope.
enum class Effect {
    none,
    onAccess,  // who may see what must be asked anew
    onEarlier, // of its thread: what earlier entries hold, or who sees them
    unknown    // any of these
};
// Nothing is harmless unless named, so that a new kind is served from the store until somebody thought about it.
[[nodiscard]] Effect effectOf(log::KindNumber kind);
// Whose desks an entry concerns: the scope of its header and, of a move, the one that it goes to.
[[nodiscard]] std::vector<ScopeId> scopesOf(const store::FeedEntry& entry);

// Not thread-safe. Holds all entries of [begin(), end()), and at most `maxBytes` of them.
class FeedRing
{
public:
    explicit FeedRing(qsizetype maxBytes) : maxBytes_(maxBytes) {}

    // An entry that has or may have an effect on earlier ones starts the ring anew behind itself: who is before it is
    // served from the store.
    void append(const store::Tail& tail);

    [[nodiscard]] quint64 begin() const { return begin_; }
    [[nodiscard]] quint64 end() const { return begin_ + slots_.size(); }
    [[nodiscard]] qsizetype bytes() const { return bytes_; }

    struct Page
    {
        QList<QByteArray> entries; // of entryJson()
        quint64 scannedTo = 0;     // every matching entry below it is in the page
        bool more = false;         // stopped by a limit
    };
    // `scopes` sorted; begin() <= from <= end().
    [[nodiscard]] Page after(const std::vector<ScopeId>& scopes, quint64 from, int limit, qsizetype maxBytes) const;

private:
    struct Slot
    {
        ScopeId scope;
        qsizetype bytes = 0; // as limits count them
        QByteArray json;
    };
    void startAt(quint64 pos);

    const qsizetype maxBytes_;
    quint64 begin_ = 0;
    std::deque<Slot> slots_;
    qsizetype bytes_ = 0;
};

} // namespace holdfast::api

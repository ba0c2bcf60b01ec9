#include "models/views/thread_rows.h"

#include <QDateTime>

#include <algorithm>

namespace holdfast::views {

namespace {

constexpr qint64 runGap = 5LL * 60 * 1'000'000; // microseconds

bool joinsRuns(MessageKind kind)
{
    return kind == MessageKind::customer || kind == MessageKind::reply || kind == MessageKind::room;
}

bool same(const AttachmentView& l, const AttachmentView& r)
{
    return l.attachment == r.attachment && l.state == r.state && l.detail == r.detail && l.width == r.width &&
           l.height == r.height && l.pages == r.pages && l.isHere == r.isHere;
}

bool same(const std::optional<Quote>& l, const std::optional<Quote>& r)
{
    if (!l || !r)
        return l.has_value() == r.has_value();
    return l->message == r->message && l->author == r->author && l->text == r->text && l->thumbnail == r->thumbnail;
}

} // namespace

bool isForReading(const Message& message, const UserId& me)
{
    if (message.kind == MessageKind::process || message.kind == MessageKind::hole)
        return false;
    return message.kind == MessageKind::customer || message.author != me;
}

bool sameMessage(const Message& l, const Message& r)
{
    return l.id == r.id && l.key == r.key && l.kind == r.kind && l.author == r.author && l.authorName == r.authorName &&
           l.at == r.at && l.text == r.text && l.type == r.type && same(l.quote, r.quote) && l.mentions == r.mentions &&
           l.status == r.status && l.notSent == r.notSent && l.mayRetry == r.mayRetry && l.pending == r.pending &&
           l.hole == r.hole &&
           std::equal(l.attachments.begin(), l.attachments.end(), r.attachments.begin(), r.attachments.end(),
                      [](const AttachmentView& a, const AttachmentView& b) { return same(a, b); });
}

QSet<EntryId> keptOf(const QHash<EntryId, int>& rows, const std::vector<Message>& next)
{
    QSet<EntryId> kept;
    int last = -1;
    for (const Message& message : next) {
        const int row = rows.value(message.id, -1);
        if (row > last) {
            kept.insert(message.id);
            last = row;
        }
    }
    return kept;
}

std::vector<RowPlace> placesOf(const std::vector<Message>& messages, const std::optional<EntryId>& firstUnread,
                               const QTimeZone& zone)
{
    std::vector<RowPlace> places(messages.size());
    QDate day;
    for (size_t i = 0; i < messages.size(); ++i) {
        const Message& message = messages[i];
        RowPlace& place = places[i];
        const QDate its = QDateTime::fromMSecsSinceEpoch(message.at.value / 1000, zone).date();
        // A window that begins inside a day cannot know the rest of it, and still says which day it shows.
        place.startsDay = i == 0 || its != day;
        place.startsUnread = firstUnread == message.id;
        day = its;
        if (i == 0)
            continue;
        const Message& above = messages[i - 1];
        const bool close = message.at.value - above.at.value <= runGap;
        const bool sameSide = joinsRuns(message.kind) && message.kind == above.kind && message.author == above.author &&
                              message.authorName == above.authorName;
        place.startsRun = !sameSide || !close || place.startsDay || place.startsUnread;
        places[i - 1].endsRun = place.startsRun;
    }
    return places;
}

} // namespace holdfast::views

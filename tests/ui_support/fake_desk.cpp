#include "tests/ui_support/fake_desk.h"

#include <QCoreApplication>
#include <QPromise>

#include <algorithm>

namespace holdfast::test {

using views::Message;
using views::MessageKind;
using views::MessagePage;

namespace {

tl::unexpected<Error> gone()
{
    return fail(ErrorCode::notFound, QStringLiteral("This is not on this computer."));
}

views::SearchHit hitOf(views::SearchHit::What what, const SampleThread& thread, const QString& excerpt)
{
    views::SearchHit hit;
    hit.what = what;
    hit.thread = thread.header.row.id;
    hit.title = thread.header.row.title;
    hit.excerpt = excerpt;
    hit.at = thread.header.row.at;
    hit.policyNumber = thread.header.row.policyNumber;
    return hit;
}

bool older(const views::ThreadRow& row, Timestamp at, const ThreadId& id)
{
    return row.at != at ? row.at < at : row.id < id;
}

} // namespace

FakeDesk::FakeDesk(SampleData data, const Clock& clock) : data_(std::move(data)), clock_(clock)
{
    views::SyncState state;
    state.link = views::SyncState::Link::online;
    state.verifiedUpTo = 1'284'310;
    news_.setSyncState(state);
}

void FakeDesk::release(int index)
{
    if (index < 0 || index >= heldCount())
        return;
    const auto finish = waiting_[static_cast<size_t>(index)];
    waiting_.erase(waiting_.begin() + index);
    finish();
    QCoreApplication::processEvents(); // an answer that was waited for arrives with the next event
}

void FakeDesk::releaseAll()
{
    while (!waiting_.empty())
        release(0);
}

QFuture<Result<views::Navigation>> FakeDesk::navigation()
{
    return answer<views::Navigation>([this]() -> Result<views::Navigation> {
        views::Navigation navigation;
        navigation.me = data_.me;
        navigation.organisation = data_.organisation;
        for (const SampleThread& thread : std::as_const(data_.threads)) {
            const views::ThreadRow& row = thread.header.row;
            if (row.status != domain::ThreadStatus::open)
                continue;
            ++navigation.all;
            navigation.unassigned += row.assignee ? 0 : 1;
            navigation.myQueue += row.assignee && row.assignee->id == data_.me.id ? 1 : 0;
        }
        const auto rowOf = [](const SampleThread& room) {
            views::RoomRow row;
            row.id = room.header.row.id;
            row.name = room.header.row.title;
            row.type = room.header.row.type;
            row.unread = room.header.row.unread;
            row.mentions = row.unread > 0 ? 1 : 0;
            return row;
        };
        for (const SampleThread& room : std::as_const(data_.rooms))
            navigation.rooms.append(rowOf(room));
        for (const SampleThread& direct : std::as_const(data_.directs))
            navigation.directs.append(rowOf(direct));
        return navigation;
    });
}

QFuture<Result<views::ThreadPage>> FakeDesk::threads(const views::ThreadQuery& query)
{
    threadQueries.append(query);
    return answer<views::ThreadPage>([this, query]() -> Result<views::ThreadPage> {
        views::ThreadPage page;
        QList<views::ThreadRow> rows;
        for (const SampleThread& thread : std::as_const(data_.threads)) {
            const views::ThreadRow& row = thread.header.row;
            const bool mine = row.assignee && row.assignee->id == data_.me.id;
            if (row.status != domain::ThreadStatus::open || (query.view == views::View::myQueue && !mine) ||
                (query.view == views::View::unassigned && row.assignee))
                continue;
            ++page.total;
            page.unread += row.unread > 0 ? 1 : 0;
            if (query.unreadOnly && row.unread == 0)
                continue;
            if (!query.before || older(row, *query.before, query.beforeId))
                rows.append(row);
        }
        std::sort(rows.begin(), rows.end(), [](const auto& l, const auto& r) { return older(r, l.at, l.id); });
        page.more = rows.size() > query.limit;
        page.rows = rows.mid(0, query.limit);
        return page;
    });
}

QFuture<Result<views::ThreadHeader>> FakeDesk::thread(const ThreadId& id)
{
    return answer<views::ThreadHeader>([this, id]() -> Result<views::ThreadHeader> {
        const SampleThread* thread = data_.find(id);
        if (!thread)
            return gone();
        return thread->header;
    });
}

Result<MessagePage> FakeDesk::page(const ThreadId& id, const std::function<qsizetype(qsizetype)>& firstOf, int limit)
{
    const SampleThread* thread = data_.find(id);
    if (!thread)
        return gone();
    const qsizetype count = thread->messages.size();
    const qsizetype first = std::clamp<qsizetype>(firstOf(count), 0, count);
    const qsizetype length = std::min<qsizetype>(limit, count - first);
    MessagePage page;
    page.messages = thread->messages.mid(first, length);
    page.moreBefore = first > 0;
    page.moreAfter = first + length < count;
    page.readUpTo.threadSeq = thread->readUpTo.value;
    return page;
}

QFuture<Result<MessagePage>> FakeDesk::newestMessages(const ThreadId& id, int limit)
{
    return answer<MessagePage>([=, this] {
        return page(
            id, [=](qsizetype n) { return n - limit; }, limit);
    });
}

namespace {

qsizetype indexOfFirst(const QList<Message>& messages, const views::MessageKey& key, bool after)
{
    qsizetype i = 0;
    while (i < messages.size() && (messages[i].key < key || (after && messages[i].key == key)))
        ++i;
    return i;
}

} // namespace

QFuture<Result<MessagePage>> FakeDesk::messagesBefore(const ThreadId& id, const views::MessageKey& key, int limit)
{
    return answer<MessagePage>([=, this]() -> Result<MessagePage> {
        const SampleThread* thread = data_.find(id);
        const qsizetype end = thread ? indexOfFirst(thread->messages, key, false) : 0;
        const int length = static_cast<int>(std::min<qsizetype>(limit, end));
        return page(
            id, [=](qsizetype) { return end - length; }, length);
    });
}

QFuture<Result<MessagePage>> FakeDesk::messagesAfter(const ThreadId& id, const views::MessageKey& key, int limit)
{
    return answer<MessagePage>([=, this]() -> Result<MessagePage> {
        const SampleThread* thread = data_.find(id);
        const qsizetype first = thread ? indexOfFirst(thread->messages, key, true) : 0;
        return page(
            id, [=](qsizetype) { return first; }, limit);
    });
}

QFuture<Result<MessagePage>> FakeDesk::messagesAround(const ThreadId& id, const views::MessageKey& key, int limit)
{
    return answer<MessagePage>([=, this]() -> Result<MessagePage> {
        const SampleThread* thread = data_.find(id);
        const qsizetype middle = thread ? indexOfFirst(thread->messages, key, false) : 0;
        return page(
            id, [=](qsizetype) { return std::max<qsizetype>(0, middle - limit / 2); }, limit);
    });
}

QFuture<Result<Message>> FakeDesk::message(const EntryId& id)
{
    return answer<Message>([this, id]() -> Result<Message> {
        for (const QList<SampleThread>* list : {&data_.threads, &data_.rooms, &data_.directs}) {
            for (const SampleThread& thread : *list) {
                for (const Message& message : thread.messages) {
                    if (message.id == id)
                        return message;
                }
            }
        }
        return gone();
    });
}

QFuture<Result<QByteArray>> FakeDesk::attachment(const BlobId& id)
{
    return answer<QByteArray>([this, id]() -> Result<QByteArray> {
        const auto it = data_.blobs.constFind(id);
        if (it == data_.blobs.cend())
            return gone();
        return *it;
    });
}

QFuture<Result<QList<views::LogLine>>> FakeDesk::threadLog(const ThreadId& id, int limit)
{
    return answer<QList<views::LogLine>>([this, id, limit]() -> Result<QList<views::LogLine>> {
        const SampleThread* thread = data_.find(id);
        if (!thread)
            return gone();
        return thread->log.mid(0, limit);
    });
}

QFuture<Result<views::SearchPage>> FakeDesk::search(const views::SearchQuery& query)
{
    searches.append(query);
    return answer<views::SearchPage>([this, query]() -> Result<views::SearchPage> {
        views::SearchPage page;
        const QString text = query.text.trimmed();
        const auto add = [&](views::SearchHit hit) {
            const qsizetype at = hit.excerpt.indexOf(text, 0, Qt::CaseInsensitive);
            if (at >= 0)
                hit.marks.append({static_cast<int>(at), static_cast<int>(text.size())});
            if (page.hits.size() < query.limit)
                page.hits.append(hit);
        };
        for (const SampleThread& thread : std::as_const(data_.threads)) {
            const views::ThreadRow& row = thread.header.row;
            if (row.title.contains(text, Qt::CaseInsensitive))
                add(hitOf(views::SearchHit::What::person, thread, thread.header.subtitle));
            if (!row.policyNumber.isEmpty() && row.policyNumber.contains(text, Qt::CaseInsensitive)) {
                views::SearchHit hit =
                    hitOf(views::SearchHit::What::policy, thread,
                          row.policyNumber + QStringLiteral(", ") + thread.header.policies.first().product);
                hit.policy = thread.header.policyIds.first();
                add(hit);
            }
            for (auto it = thread.messages.crbegin(); it != thread.messages.crend(); ++it) {
                if (!it->text.contains(text, Qt::CaseInsensitive))
                    continue;
                views::SearchHit hit = hitOf(views::SearchHit::What::message, thread, it->text);
                hit.message = it->id;
                hit.key = it->key;
                hit.kind = it->kind;
                hit.author = it->author;
                hit.authorName = it->authorName;
                hit.at = it->at;
                add(hit);
            }
        }
        return page;
    });
}

QFuture<Result<QList<views::Staff>>> FakeDesk::staff()
{
    return answer<QList<views::Staff>>([this]() -> Result<QList<views::Staff>> { return data_.staff; });
}

QFuture<Result<QList<views::NotSent>>> FakeDesk::notSent()
{
    return answer<QList<views::NotSent>>([this]() -> Result<QList<views::NotSent>> {
        QList<views::NotSent> list;
        for (const SampleThread& thread : std::as_const(data_.threads)) {
            for (const Message& message : thread.messages) {
                if (message.notSent)
                    list.append({message.id, thread.header.row.id, message.text, *message.notSent, message.at});
            }
        }
        return list;
    });
}

QFuture<Result<QString>> FakeDesk::draft(const ThreadId& id, bool note)
{
    return answer<QString>(
        [=, this]() -> Result<QString> { return drafts_.value(id.toHexString() + (note ? u'n' : u'r')); });
}

QFuture<Result<QList<views::KeptDraft>>> FakeDesk::keptDrafts()
{
    return answer<QList<views::KeptDraft>>([this]() -> Result<QList<views::KeptDraft>> { return keptDrafts_; });
}

QFuture<Result<QList<views::Team>>> FakeDesk::teams()
{
    return answer<QList<views::Team>>([]() -> Result<QList<views::Team>> {
        return QList<views::Team>{{sampleId<ScopeId>(801), QStringLiteral("Claims, home")},
                                  {sampleId<ScopeId>(802), QStringLiteral("Claims, motor")}};
    });
}

} // namespace holdfast::test

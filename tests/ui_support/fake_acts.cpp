// The acts of the desk in memory: each is recorded, takes effect at once, and is told as news.
#include "tests/ui_support/fake_desk.h"

#include <QPromise>

namespace holdfast::test {

using views::Message;
using views::MessageKind;

namespace {

template <typename T>
QFuture<Result<T>> ready(Result<T> result)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(std::move(result));
    promise.finish();
    return promise.future();
}

} // namespace

EntryId FakeDesk::append(const ThreadId& id, Message message)
{
    message.id = sampleId<EntryId>(90'000 + ++lastId_);
    SampleThread* thread = data_.find(id);
    if (!thread)
        return message.id;
    message.key.threadSeq = static_cast<quint64>(thread->messages.size()) + 1;
    message.at = clock_.now();
    if (message.kind != MessageKind::customer) {
        message.author = data_.me.id;
        message.authorName = data_.me.name;
    }
    thread->messages.append(message);
    thread->header.newest.value = message.key.threadSeq;
    thread->header.row.at = message.at;
    if (message.kind != MessageKind::process) {
        using Snippet = views::ThreadRow::Snippet;
        thread->header.row.snippet = message.text;
        thread->header.row.snippetAuthor.clear();
        thread->header.row.snippetKind = message.kind == MessageKind::note    ? Snippet::note
                                         : message.kind == MessageKind::reply ? Snippet::you
                                                                              : Snippet::text;
        thread->header.row.snippetStatus = message.status;
    }
    Q_EMIT news_.threadChanged(id);
    Q_EMIT news_.threadsChanged();
    return message.id;
}

EntryId FakeDesk::customerWrites(const ThreadId& id, const QString& text)
{
    Message message;
    message.kind = MessageKind::customer;
    message.type = QStringLiteral("text");
    message.text = text;
    if (SampleThread* thread = data_.find(id)) {
        message.authorName = thread->header.row.title;
        ++thread->header.row.unread;
        thread->header.row.windowUntil = Timestamp{clock_.now().value + 86'400'000'000LL};
    }
    return append(id, message);
}

QFuture<Result<EntryId>> FakeDesk::reply(const ThreadId& id, const QString& text,
                                         const QList<views::OutgoingFile>& files, std::optional<EntryId> replyTo,
                                         ThreadSeq seen)
{
    acts.append({QStringLiteral("reply"), id, text, std::nullopt});
    lastSeen = seen;
    Message message;
    message.kind = MessageKind::reply;
    message.text = text;
    message.pending = news_.syncState().link != views::SyncState::Link::online;
    if (replyTo)
        message.quote = views::Quote{*replyTo, {}, {}, {}};
    for (const views::OutgoingFile& file : files) {
        views::AttachmentView view;
        view.attachment.id = sampleId<BlobId>(60'000 + ++lastId_);
        view.attachment.name = file.name;
        view.attachment.mime = file.mime;
        view.attachment.size = file.bytes.size();
        view.state = views::AttachmentView::State::good;
        view.isHere = true;
        data_.blobs.insert(view.attachment.id, file.bytes);
        message.attachments.append(view);
    }
    return answer<EntryId>([&]() -> Result<EntryId> { return append(id, message); });
}

QFuture<Result<EntryId>> FakeDesk::note(const ThreadId& id, const QString& text, const QList<UserId>& mentions)
{
    acts.append({QStringLiteral("note"), id, text, std::nullopt});
    Message message;
    message.kind = MessageKind::note;
    message.text = text;
    message.mentions = mentions;
    return answer<EntryId>([&]() -> Result<EntryId> { return append(id, message); });
}

QFuture<Result<EntryId>> FakeDesk::roomMessage(const ThreadId& id, const QString& text, const QList<UserId>& mentions)
{
    acts.append({QStringLiteral("room"), id, text, std::nullopt});
    Message message;
    message.kind = MessageKind::room;
    message.text = text;
    message.mentions = mentions;
    return answer<EntryId>([&]() -> Result<EntryId> { return append(id, message); });
}

QFuture<Result<EntryId>> FakeDesk::assign(const ThreadId& id, std::optional<UserId> assignee)
{
    acts.append({QStringLiteral("assign"), id, {}, assignee});
    return answer<EntryId>([&]() -> Result<EntryId> {
        if (SampleThread* thread = data_.find(id)) {
            thread->header.row.assignee.reset();
            for (const views::Staff& person : std::as_const(data_.staff)) {
                if (assignee == person.id)
                    thread->header.row.assignee = person;
            }
        }
        Q_EMIT news_.threadChanged(id);
        Q_EMIT news_.threadsChanged();
        return sampleId<EntryId>(90'000 + ++lastId_);
    });
}

QFuture<Result<EntryId>> FakeDesk::setState(const ThreadId& id, domain::ThreadStatus status, Timestamp,
                                            const QString& reason)
{
    acts.append({status == domain::ThreadStatus::done ? QStringLiteral("done") : QStringLiteral("open"), id, reason,
                 std::nullopt});
    return answer<EntryId>([&]() -> Result<EntryId> {
        if (SampleThread* thread = data_.find(id))
            thread->header.row.status = status;
        Q_EMIT news_.threadChanged(id);
        Q_EMIT news_.threadsChanged();
        return sampleId<EntryId>(90'000 + ++lastId_);
    });
}

QFuture<Result<EntryId>> FakeDesk::linkPolicy(const ThreadId& id, const PolicyId& policy, bool linked)
{
    acts.append({linked ? QStringLiteral("link") : QStringLiteral("unlink"), id, {}, std::nullopt});
    return answer<EntryId>([&]() -> Result<EntryId> {
        SampleThread* thread = data_.find(id);
        if (thread && linked && data_.policies.contains(policy)) {
            thread->header.policies = {data_.policies.value(policy)};
            thread->header.policyIds = {policy};
            thread->header.row.policyNumber = thread->header.policies.first().number;
            thread->header.row.tag = thread->header.policies.first().line;
        }
        Q_EMIT news_.threadChanged(id);
        Q_EMIT news_.threadsChanged();
        return sampleId<EntryId>(90'000 + ++lastId_);
    });
}

QFuture<Result<void>> FakeDesk::markRead(const ThreadId& id, ThreadSeq upTo)
{
    acts.append({QStringLiteral("read"), id, QString::number(upTo.value), std::nullopt});
    SampleThread* thread = data_.find(id);
    if (thread && thread->readUpTo < upTo) {
        thread->readUpTo = upTo;
        thread->header.row.unread = 0;
        Q_EMIT news_.threadsChanged();
    }
    return ready<void>({});
}

QFuture<Result<void>> FakeDesk::saveDraft(const ThreadId& id, bool note, const QString& text)
{
    acts.append({note ? QStringLiteral("note draft") : QStringLiteral("draft"), id, text, std::nullopt});
    drafts_.insert(id.toHexString() + (note ? u'n' : u'r'), text);
    return ready<void>({});
}

QFuture<Result<EntryId>> FakeDesk::retry(const EntryId& id)
{
    acts.append({QStringLiteral("retry"), {}, id.toHexString(), std::nullopt});
    return ready<EntryId>(sampleId<EntryId>(90'000 + ++lastId_));
}

QFuture<Result<void>> FakeDesk::discard(const EntryId& id)
{
    acts.append({QStringLiteral("discard"), {}, id.toHexString(), std::nullopt});
    return ready<void>({});
}

QFuture<Result<void>> FakeDesk::fetchHistory(const ThreadId& id, const views::Hole& hole)
{
    acts.append({QStringLiteral("history"), id, QStringLiteral("%1-%2").arg(hole.first.value).arg(hole.last.value),
                 std::nullopt});
    if (failNextOf == QStringLiteral("history")) {
        failNextOf.clear();
        failNext({ErrorCode::network, QStringLiteral("No connection.")});
    }
    return answer<void>([this, id, hole]() -> Result<void> {
        if (bringHistory)
            bringHistory(id, hole);
        return {};
    });
}

QFuture<Result<void>> FakeDesk::saveCopy(const views::CopyOrder& order)
{
    acts.append({QStringLiteral("copy"), order.thread, order.path, std::nullopt});
    return answer<void>([]() -> Result<void> { return {}; });
}

QFuture<Result<EntryId>> FakeDesk::moveThread(const ThreadId& id, const ScopeId& to)
{
    acts.append({QStringLiteral("move"), id, to.toHexString(), std::nullopt});
    return answer<EntryId>([this] { return sampleId<EntryId>(90'000 + ++lastId_); });
}

QFuture<Result<void>> FakeDesk::dropKeptDraft(qint64 number)
{
    acts.append({QStringLiteral("drop kept draft"), {}, QString::number(number), std::nullopt});
    keptDrafts_.removeIf([number](const views::KeptDraft& draft) { return draft.number == number; });
    return ready<void>({});
}

void FakeDesk::loseThread(const ThreadId& id)
{
    data_.threads.removeIf([&id](const SampleThread& thread) { return thread.header.row.id == id; });
    Q_EMIT news_.threadChanged(id);
    Q_EMIT news_.threadsChanged();
}

void FakeDesk::keepDraft(const QString& text)
{
    keptDrafts_.prepend({++lastId_, text});
    Q_EMIT news_.keptDraftsChanged();
}

} // namespace holdfast::test

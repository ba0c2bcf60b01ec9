#include "storage/sync/desk_acts.h"

#include "models/domain/content.h"
#include "storage/sync/note_entry.h"
#include "storage/sync/ready_future.h"
#include "storage/sync/reply_entry.h"

#include <QFuture>

namespace holdfast::sync {
namespace {

template <typename Facts>
local::NewEntry newEntry(const ThreadId& thread, domain::Kind kind, const Facts& facts)
{
    local::NewEntry entry;
    entry.thread = thread;
    entry.kind = kind;
    entry.content = domain::toJson(facts);
    return entry;
}

} // namespace

DeskActsService::DeskActsService(local::Outbox& outbox, local::MediaStore& media, local::DeskSettings& settings,
                                 CopySaver& copies, RandomSource& random,
                                 std::function<void(const LocalChange&)> changed, HistoryFetch fetch)
    : outbox_(outbox), media_(media), settings_(settings), copies_(copies), random_(random),
      changed_(std::move(changed)), fetch_(std::move(fetch))
{}

QFuture<Result<void>> DeskActsService::fetchHistory(const ThreadId& id, const views::Hole& hole)
{
    return fetch_({id, hole.first, hole.last, true});
}

QFuture<Result<EntryId>> DeskActsService::put(Result<local::NewEntry> entry)
{
    if (!entry)
        return readyFuture<EntryId>(tl::unexpected(entry.error()));
    if (entry->content.size() > log::maxContentBytes)
        return readyFuture<EntryId>(
            fail(ErrorCode::tooLarge, QStringLiteral("The text is too long for one message. Send it in parts.")));
    const ThreadId thread = entry->thread;
    return outbox_.put(std::move(*entry))
        .then(QtFuture::Launch::Sync, [changed = changed_, thread](const Result<EntryId>& id) {
            if (id)
                changed({thread, true});
            return id;
        });
}

// The files are durable before the entry that names them, so that a sweep never takes them and a crash leaves no
// promise without its bytes.
QFuture<Result<EntryId>> DeskActsService::reply(const ThreadId& id, const QString& text,
                                                const QList<views::OutgoingFile>& files, std::optional<EntryId> replyTo,
                                                ThreadSeq seen)
{
    const Result<QList<ReplyFile>> ready = replyFiles(files, random_);
    if (!ready)
        return readyFuture<EntryId>(tl::unexpected(ready.error()));
    const Result<local::NewEntry> entry = replyEntry(id, text, *ready, replyTo, seen);
    if (!entry || ready->isEmpty())
        return put(entry);
    QList<QFuture<Result<void>>> stored;
    for (const ReplyFile& file : *ready)
        stored.append(media_.put(file.attachment.id, file.bytes, *file.attachment.sha256));
    return QtFuture::whenAll(stored.begin(), stored.end())
        .then(QtFuture::Launch::Sync,
              [this, entry](const QList<QFuture<Result<void>>>& results) -> QFuture<Result<EntryId>> {
                  for (const QFuture<Result<void>>& result : results) {
                      if (const Result<void> one = result.result(); !one)
                          return readyFuture<EntryId>(tl::unexpected(one.error()));
                  }
                  return put(entry);
              })
        .unwrap();
}

QFuture<Result<EntryId>> DeskActsService::note(const ThreadId& id, const QString& text, const QList<UserId>& mentions)
{
    return put(noteEntry(id, text, mentions));
}

QFuture<Result<EntryId>> DeskActsService::roomMessage(const ThreadId& id, const QString& text,
                                                      const QList<UserId>& mentions)
{
    if (text.trimmed().isEmpty())
        return readyFuture<EntryId>(
            fail(ErrorCode::invalidInput, QStringLiteral("The message is empty. Write something first.")));
    return put(newEntry(id, domain::Kind::roomMessage, domain::RoomMessage{text, {}, mentions}));
}

QFuture<Result<EntryId>> DeskActsService::assign(const ThreadId& id, std::optional<UserId> assignee)
{
    return put(newEntry(id, domain::Kind::threadAssigned, domain::ThreadAssigned{assignee}));
}

QFuture<Result<EntryId>> DeskActsService::setState(const ThreadId& id, domain::ThreadStatus status, Timestamp until,
                                                   const QString& reason)
{
    return put(newEntry(id, domain::Kind::threadState, domain::ThreadState{status, until, reason}));
}

QFuture<Result<EntryId>> DeskActsService::linkPolicy(const ThreadId& id, const PolicyId& policy, bool linked)
{
    return put(newEntry(id, domain::Kind::threadLinked, domain::ThreadLinked{policy, linked}));
}

QFuture<Result<void>> DeskActsService::markRead(const ThreadId& id, ThreadSeq upTo)
{
    ThreadSeq& read = read_[id];
    if (upTo <= read)
        return readyFuture<void>({});
    read = upTo;
    return put(newEntry(id, domain::Kind::threadRead, domain::ThreadRead{upTo}))
        .then(QtFuture::Launch::Sync, [](const Result<EntryId>& entry) -> Result<void> {
            if (!entry)
                return tl::unexpected(entry.error());
            return {};
        });
}

QFuture<Result<void>> DeskActsService::saveDraft(const ThreadId& id, bool note, const QString& text)
{
    return settings_.saveDraft(id, note, text)
        .then(QtFuture::Launch::Sync, [changed = changed_, id](const Result<void>& saved) {
            if (saved)
                changed({id, false});
            return saved;
        });
}

QFuture<Result<EntryId>> DeskActsService::retry(const EntryId& id)
{
    return outbox_.retry(id).then(QtFuture::Launch::Sync, [changed = changed_](const Result<EntryId>& entry) {
        if (entry)
            changed({std::nullopt, true});
        return entry;
    });
}

QFuture<Result<void>> DeskActsService::discard(const EntryId& id)
{
    return outbox_.discard(id).then(QtFuture::Launch::Sync, [changed = changed_](const Result<void>& discarded) {
        if (discarded)
            changed({std::nullopt, true});
        return discarded;
    });
}

QFuture<Result<void>> DeskActsService::saveCopy(const views::CopyOrder& order)
{
    return copies_.save(order).then(QtFuture::Launch::Sync, [changed = changed_](const Result<void>& saved) {
        changed({std::nullopt, true}); // the act waits in the outbox, whatever became of the file
        return saved;
    });
}

QFuture<Result<EntryId>> DeskActsService::moveThread(const ThreadId& id, const ScopeId& to)
{
    return settings_.scopeOf(id)
        .then(QtFuture::Launch::Sync,
              [this, id, to](const Result<ScopeId>& from) {
                  if (!from)
                      return readyFuture<EntryId>(tl::unexpected(from.error()));
                  if (*from == to)
                      return readyFuture<EntryId>(
                          fail(ErrorCode::invalidInput, QStringLiteral("The conversation is with this team already.")));
                  return put(newEntry(id, domain::Kind::threadMoved, domain::ThreadMoved{*from, to}));
              })
        .unwrap();
}

QFuture<Result<void>> DeskActsService::dropKeptDraft(qint64 number)
{
    return settings_.dropKeptDraft(number);
}

} // namespace holdfast::sync

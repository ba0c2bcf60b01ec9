// views::DeskActs: makes an agent's act durable in the outbox, together with its local effect.
#pragma once

#include "models/base/random.h"
#include "models/views/desk.h"
#include "storage/local/desk_settings.h"
#include "storage/local/history_plan.h"
#include "storage/local/media_store.h"
#include "storage/local/outbox.h"
#include "storage/sync/copy_saver.h"

#include <QHash>

#include <functional>

namespace holdfast::sync {

struct LocalChange
{
    std::optional<ThreadId> thread; // nothing: any
    bool entry = true;              // something was put into the outbox or taken from it
};

using HistoryFetch = std::function<QFuture<Result<void>>(const local::HistoryRange&)>;

// GUI thread; nothing blocks. `changed` is called on a worker thread after the transaction.
class DeskActsService : public views::DeskActs
{
public:
    DeskActsService(local::Outbox& outbox, local::MediaStore& media, local::DeskSettings& settings, CopySaver& copies,
                    RandomSource& random, std::function<void(const LocalChange&)> changed, HistoryFetch fetch);

    QFuture<Result<EntryId>> reply(const ThreadId& id, const QString& text, const QList<views::OutgoingFile>& files,
                                   std::optional<EntryId> replyTo, ThreadSeq seen) override;
    QFuture<Result<EntryId>> note(const ThreadId& id, const QString& text, const QList<UserId>& mentions) override;
    QFuture<Result<EntryId>> roomMessage(const ThreadId& id, const QString& text,
                                         const QList<UserId>& mentions) override;
    QFuture<Result<EntryId>> assign(const ThreadId& id, std::optional<UserId> assignee) override;
    QFuture<Result<EntryId>> setState(const ThreadId& id, domain::ThreadStatus status, Timestamp until,
                                      const QString& reason) override;
    QFuture<Result<EntryId>> linkPolicy(const ThreadId& id, const PolicyId& policy, bool linked) override;
    QFuture<Result<void>> markRead(const ThreadId& id, ThreadSeq upTo) override;
    QFuture<Result<void>> saveDraft(const ThreadId& id, bool note, const QString& text) override;
    QFuture<Result<EntryId>> retry(const EntryId& id) override;
    QFuture<Result<void>> discard(const EntryId& id) override;
    QFuture<Result<void>> fetchHistory(const ThreadId& id, const views::Hole& hole) override;
    QFuture<Result<void>> saveCopy(const views::CopyOrder& order) override;
    QFuture<Result<EntryId>> moveThread(const ThreadId& id, const ScopeId& to) override;
    QFuture<Result<void>> dropKeptDraft(qint64 number) override;

private:
    QFuture<Result<EntryId>> put(Result<local::NewEntry> entry);

    local::Outbox& outbox_;
    local::MediaStore& media_;
    local::DeskSettings& settings_;
    CopySaver& copies_;
    RandomSource& random_;
    std::function<void(const LocalChange&)> changed_;
    HistoryFetch fetch_;
    QHash<ThreadId, ThreadSeq> read_; // marked by this process: the same again says nothing
};

} // namespace holdfast::sync

// views::DeskReader over the local database: what the windows show.
#pragma once

#include "models/base/clock.h"
#include "models/views/desk.h"
#include "storage/local/blob_fetcher.h"
#include "storage/local/database.h"
#include "storage/local/desk_settings.h"
#include "storage/local/media_store.h"

namespace holdfast::local {

// Thread-safe; every answer comes from one read transaction on a reader thread.
class LocalDeskReader : public views::DeskReader
{
public:
    LocalDeskReader(Database& database, MediaStore& media, BlobFetcher& fetcher, const Clock& clock,
                    const DeskIdentity& identity);

    QFuture<Result<views::Navigation>> navigation() override;
    QFuture<Result<views::ThreadPage>> threads(const views::ThreadQuery& query) override;
    QFuture<Result<views::ThreadHeader>> thread(const ThreadId& id) override;
    QFuture<Result<views::MessagePage>> newestMessages(const ThreadId& id, int limit) override;
    QFuture<Result<views::MessagePage>> messagesBefore(const ThreadId& id, const views::MessageKey& key,
                                                       int limit) override;
    QFuture<Result<views::MessagePage>> messagesAfter(const ThreadId& id, const views::MessageKey& key,
                                                      int limit) override;
    QFuture<Result<views::MessagePage>> messagesAround(const ThreadId& id, const views::MessageKey& key,
                                                       int limit) override;
    QFuture<Result<views::Message>> message(const EntryId& id) override;
    QFuture<Result<QByteArray>> attachment(const BlobId& id) override;
    QFuture<Result<QList<views::LogLine>>> threadLog(const ThreadId& id, int limit) override;
    QFuture<Result<views::SearchPage>> search(const views::SearchQuery& query) override;
    QFuture<Result<QList<views::Staff>>> staff() override;
    QFuture<Result<QList<views::Team>>> teams() override;
    QFuture<Result<QList<views::NotSent>>> notSent() override;
    QFuture<Result<QString>> draft(const ThreadId& id, bool note) override;
    QFuture<Result<QList<views::KeptDraft>>> keptDrafts() override;

private:
    Database& database_;
    MediaStore& media_;
    BlobFetcher& fetcher_;
    const Clock& clock_;
    UserId me_;
    QString organisation_;
};

} // namespace holdfast::local

// An open desk in a temporary folder, with helpers that wait for futures.
#pragma once

#include "storage/local/applier.h"
#include "storage/local/desk_reader.h"
#include "storage/local/media_store.h"
#include "storage/sql/connection.h"
#include "storage/sql/secret_bytes.h"
#include "tests/local/log_maker.h"
#include "tests/support/string_makers.h"

#include <QTemporaryDir>

#include <catch2/catch_test_macros.hpp>

namespace holdfast::test {

template <typename T>
Result<T> await(QFuture<Result<T>> future)
{
    future.waitForFinished();
    return future.result();
}

template <typename T>
T valueOf(QFuture<Result<T>> future)
{
    Result<T> result = await(std::move(future));
    if (!result)
        FAIL(result.error().text.toStdString());
    return std::move(*result);
}

inline void done(QFuture<Result<void>> future)
{
    const Result<void> result = await(std::move(future));
    if (!result)
        FAIL(result.error().text.toStdString());
}

inline QFuture<Result<void>> putMedia(local::MediaStore& media, const BlobId& id, const QByteArray& bytes)
{
    return media.put(id, bytes, sha256({bytes}));
}

// Central's blobs by id; nothing else.
class BlobShelf : public local::BlobFetcher
{
public:
    QFuture<Result<QByteArray>> fetch(const BlobId& id, qint64) override
    {
        ++fetches;
        QPromise<Result<QByteArray>> promise;
        promise.start();
        promise.addResult(blobs.contains(id) ? Result<QByteArray>(blobs.value(id))
                                             : fail(ErrorCode::network, QStringLiteral("No connection.")));
        promise.finish();
        return promise.future();
    }
    QHash<BlobId, QByteArray> blobs;
    int fetches = 0;
};

inline QByteArray testKey()
{
    return QByteArray(32, 'k');
}

class DeskFixture
{
public:
    explicit DeskFixture(quint64 seed = 1);

    void open(); // again, after close()
    void close();
    local::Applied apply(std::vector<local::FeedEntry> entries, const QByteArray& cursor = "c");
    local::Applied closeScope(const ScopeId& scope);
    QStringList dump(); // every derived table as text, sorted: two desks compare equal or not
    QStringList query(const QString& sql);
    local::NewEntry reply(const ThreadId& thread, const QString& text) const;

    QTemporaryDir folder;
    LogMaker maker;
    Colleague me;
    local::DeskFiles files;
    SystemRandom systemRandom;
    BlobShelf shelf;
    std::unique_ptr<local::Database> database;
    std::unique_ptr<local::Applier> applier;
    std::unique_ptr<local::MediaStore> media;
    std::unique_ptr<local::Outbox> outbox;
    std::unique_ptr<local::LocalDeskReader> reader;
};

} // namespace holdfast::test

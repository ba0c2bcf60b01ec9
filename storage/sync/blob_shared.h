// What the transfers of one desk share. Thread-safe.
#pragma once

#include "models/views/values.h"
#include "storage/local/media_store.h"
#include "storage/sync/transport.h"

#include <QHash>
#include <QMutex>
#include <QPromise>
#include <QSet>

#include <functional>

namespace holdfast::sync {

struct BlobShared
{
    using Told = std::function<void(const BlobId&, const views::Transfer&)>;

    BlobShared(Transport& t, local::MediaStore& m, Told told) : transport(t), media(m), tell(std::move(told)) {}

    Transport& transport; // not used once `closed`
    local::MediaStore& media;
    const Told tell; // how far a download is; any thread
    QMutex mutex;    // of what follows
    bool closed = false;
    QByteArray token;
    QHash<BlobId, QByteArray> partial; // bytes from the start that came before a break; few and bounded
    QSet<BlobId> uploaded;

    [[nodiscard]] QByteArray currentToken()
    {
        const QMutexLocker lock(&mutex);
        return token;
    }
    [[nodiscard]] QFuture<Result<HttpAnswer>> send(const HttpRequest& request)
    {
        const QMutexLocker lock(&mutex);
        if (!closed)
            return transport.send(request);
        QPromise<Result<HttpAnswer>> promise;
        promise.start();
        promise.addResult(fail(ErrorCode::cancelled, QStringLiteral("The desk is closing.")));
        promise.finish();
        return promise.future();
    }
};

} // namespace holdfast::sync

// How a desk gets the bytes of an attachment that is not here yet. Implemented by storage/sync.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"

#include <QByteArray>
#include <QFuture>

namespace holdfast::local {

class BlobFetcher
{
public:
    virtual ~BlobFetcher() = default;
    // Called on a worker thread; must not block. The bytes are checked by the caller.
    virtual QFuture<Result<QByteArray>> fetch(const BlobId& id, qint64 size) = 0;
};

} // namespace holdfast::local

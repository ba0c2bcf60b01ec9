// A future that already has its answer.
#pragma once

#include "models/base/error.h"

#include <QFuture>
#include <QPromise>

namespace holdfast::sync {

template <typename T>
[[nodiscard]] QFuture<Result<T>> readyFuture(Result<T> result)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(std::move(result));
    promise.finish();
    return promise.future();
}

} // namespace holdfast::sync

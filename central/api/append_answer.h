// How the appender's results are answered to desks: by push and by offers alike.
#pragma once

#include "central/store/append.h"

#include <QJsonObject>

namespace holdfast::api {

[[nodiscard]] QJsonObject resultObject(const store::AppendResult& result);
[[nodiscard]] QJsonObject resultsBody(const std::vector<store::AppendResult>& results);

// The store could not take the batch as a whole: no entry was judged, so a desk must keep all of them. 409 in
// particular would tell it that an entry is for ever wrong.
[[nodiscard]] Error storeTrouble(const Error& error);

} // namespace holdfast::api

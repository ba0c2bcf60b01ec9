// How the appender's results are answered to desks: by push and by offers alike.
#pragma once

#include "central/store/append.h"

#include <QJsonObject>

namespace holdfast::api {

[[nodiscard]] QJsonObject resultObject(const store::AppendResult& result);
[[nodiscard]] QJsonObject resultsBody(const std::vector<store::AppendResult>& results);

} // namespace holdfast::api

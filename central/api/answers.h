// How errors of the layers below become HTTP answers.
#pragma once

#include "central/http/message.h"
#include "models/base/error.h"

#include <QJsonArray>
#include <QJsonObject>

namespace holdfast::api {

[[nodiscard]] int httpStatusOf(ErrorCode code);
[[nodiscard]] QByteArrayView wordOf(ErrorCode code); // "denied", as in docs/api.md

[[nodiscard]] http::Response answer(const QJsonObject& body, int status = 200);
[[nodiscard]] http::Response answer(const Error& error);
[[nodiscard]] http::Response answer(const Result<http::Response>& result);

[[nodiscard]] QString base64Text(QByteArrayView bytes);

} // namespace holdfast::api

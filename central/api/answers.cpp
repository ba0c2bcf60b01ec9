#include "central/api/answers.h"

#include <QJsonDocument>

namespace holdfast::api {

int httpStatusOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::invalidInput:
        return 400;
    case ErrorCode::denied:
        return 403;
    case ErrorCode::notFound:
        return 404;
    case ErrorCode::conflict:
        return 409;
    case ErrorCode::tooLarge:
        return 413;
    case ErrorCode::busy:
    case ErrorCode::unavailable:
    case ErrorCode::full:
    case ErrorCode::fenced:
        return 503;
    case ErrorCode::timeout:
        return 504;
    default:
        return 500;
    }
}

QByteArrayView wordOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::invalidInput:
        return "invalid_input";
    case ErrorCode::notFound:
        return "not_found";
    case ErrorCode::denied:
        return "denied";
    case ErrorCode::conflict:
        return "conflict";
    case ErrorCode::tooLarge:
        return "too_large";
    case ErrorCode::busy:
        return "busy";
    case ErrorCode::full:
        return "full";
    case ErrorCode::unavailable:
        return "unavailable";
    case ErrorCode::fenced:
        return "fenced";
    case ErrorCode::timeout:
        return "timeout";
    default:
        return "internal";
    }
}

http::Response answer(const QJsonObject& body, int status)
{
    auto response = http::Response::json(status, QJsonDocument(body).toJson(QJsonDocument::Compact));
    response.headers.set("Cache-Control", "no-store");
    return response;
}

http::Response answer(const Error& error)
{
    auto response = http::Response::error(httpStatusOf(error.code), wordOf(error.code), error.text);
    response.headers.set("Cache-Control", "no-store");
    if (response.status == 503)
        response.headers.set("Retry-After", "2");
    return response;
}

http::Response answer(const Result<http::Response>& result)
{
    return result ? *result : answer(result.error());
}

QString base64Text(QByteArrayView bytes)
{
    return QString::fromLatin1(bytes.toByteArray().toBase64());
}

} // namespace holdfast::api

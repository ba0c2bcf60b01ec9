#include "app/admin/api_client.h"

#include <QJsonDocument>

#include <future>

namespace holdfast::admin {
namespace {

constexpr qint64 usualAnswer = 16LL * 1024 * 1024;

http::ClientOptions optionsFor(const QString& caFile)
{
    http::ClientOptions options;
    options.caFile = caFile;
    return options;
}

Error errorOf(const http::ClientResponse& response)
{
    const QJsonObject error = QJsonDocument::fromJson(response.body).object().value(QStringLiteral("error")).toObject();
    const QString text = error.value(QStringLiteral("text")).toString();
    const ErrorCode code = response.status == 401 || response.status == 403 ? ErrorCode::denied
                           : response.status == 404                         ? ErrorCode::notFound
                           : response.status == 409                         ? ErrorCode::conflict
                           : response.status == 503                         ? ErrorCode::unavailable
                                                                            : ErrorCode::invalidInput;
    return {code, text.isEmpty() ? QStringLiteral("Central answered with status %1.").arg(response.status) : text};
}

} // namespace

ApiClient::ApiClient(QString server, const QString& caFile) : server_(std::move(server)), client_(optionsFor(caFile)) {}

Result<QByteArray> ApiClient::call(const QByteArray& method, const QString& path, const QByteArray& body,
                                   qint64 maxAnswer, http::BodySink sink)
{
    http::ClientRequest request;
    request.method = method;
    request.url = (server_ + path).toUtf8();
    request.body = body;
    request.maxBody = maxAnswer;
    request.sink = std::move(sink);
    request.timeout = std::chrono::minutes(30);
    request.headers.set("Content-Type", "application/json");
    if (!token_.isEmpty())
        request.headers.set("Authorization", "Bearer " + token_);
    std::promise<Result<http::ClientResponse>> promise;
    client_.send(std::move(request),
                 [&promise](Result<http::ClientResponse> response) { promise.set_value(std::move(response)); });
    auto response = promise.get_future().get();
    if (!response && response.error().code == ErrorCode::network)
        return fail(
            ErrorCode::network,
            QStringLiteral("Central does not answer at %1. Is it running, and is that its address?").arg(server_));
    if (!response)
        return tl::unexpected(response.error());
    if (response->status < 200 || response->status > 299)
        return tl::unexpected(errorOf(*response));
    return response->body;
}

Result<QByteArray> ApiClient::postRaw(const QString& path, const QByteArray& body, qint64 maxAnswer)
{
    return call("POST", path, body, maxAnswer);
}

Status ApiClient::download(const QString& path, http::BodySink sink)
{
    return call("POST", path, "{}", std::numeric_limits<qint64>::max(), std::move(sink)).map([](const QByteArray&) {});
}

Result<QJsonObject> ApiClient::get(const QString& path)
{
    return call("GET", path, {}, usualAnswer).map([](const QByteArray& body) {
        return QJsonDocument::fromJson(body).object();
    });
}

Result<QJsonObject> ApiClient::post(const QString& path, const QJsonObject& body)
{
    return call("POST", path, QJsonDocument(body).toJson(QJsonDocument::Compact), usualAnswer)
        .map([](const QByteArray& answer) { return QJsonDocument::fromJson(answer).object(); });
}

Status ApiClient::signIn(const QString& login, const QString& password)
{
    auto answer =
        post(QStringLiteral("/v1/sign-in"), {{QStringLiteral("login"), login}, {QStringLiteral("password"), password}});
    if (!answer)
        return tl::unexpected(answer.error());
    token_ = answer->value(QStringLiteral("token")).toString().toLatin1();
    return {};
}

} // namespace holdfast::admin

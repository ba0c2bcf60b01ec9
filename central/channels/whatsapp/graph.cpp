#include "central/channels/whatsapp/graph.h"

#include "central/http/multipart.h"
#include "central/http/url.h"

#include <QJsonDocument>

#include <future>
#include <set>

namespace holdfast::whatsapp {
namespace {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

constexpr qint64 maxAnswer = 1024 * 1024;
constexpr qint64 slowestBytesPerSecond = 64 * 1024; // transfers get this much more time

// The access token goes to the provider's own hosts only.
http::HostPolicy policyFor(const std::vector<Number>& numbers)
{
    std::set<http::Origin> allowed{{"https", "lookaside.fbsbx.com", 443}};
    for (const Number& number : numbers) {
        if (const auto url = http::parseUrl(number.graphUrl.toUtf8()))
            allowed.insert(url->origin);
    }
    return [allowed = std::move(allowed)](const http::Origin& origin) { return allowed.contains(origin); };
}

milliseconds timeFor(milliseconds base, qint64 bytes)
{
    return base + milliseconds(bytes * 1000 / slowestBytesPerSecond);
}

GraphAnswer answerOf(http::ClientResponse response)
{
    GraphAnswer answer;
    answer.status = response.status;
    answer.body = QJsonDocument::fromJson(response.body).object();
    const QJsonObject error = answer.body[u"error"_s].toObject();
    answer.errorCode = error[u"code"_s].toInt();
    answer.errorSubcode = error[u"error_subcode"_s].toInt();
    // The title without "(#131047) " before it: the code stands in a field of its own.
    answer.errorTitle = error[u"message"_s].toString().left(255);
    if (answer.errorTitle.startsWith(u"(#"))
        answer.errorTitle = answer.errorTitle.section(u") "_s, 1);
    answer.bytes = std::move(response.body);
    return answer;
}

} // namespace

Graph::Graph(const std::vector<Number>& numbers, const Rules& rules) : rules_(rules)
{
    http::ClientOptions options;
    options.caFile = rules.caFile;
    options.hostPolicy = policyFor(numbers);
    client_ = std::make_unique<http::Client>(std::move(options));
}

void Graph::stop(milliseconds grace)
{
    {
        std::unique_lock lock(mutex_);
        stopping_ = true;
        ended_.wait_for(lock, grace, [this] { return underWay_ == 0; });
    }
    client_.reset(); // answers what is still under way; nobody asks it for anything any more
}

QByteArray Graph::urlOf(const Number& number, const QString& object, const QByteArray& edge)
{
    QByteArray url = number.graphUrl.toUtf8();
    while (url.endsWith('/'))
        url.chop(1);
    url += '/' + number.version.toUtf8().toPercentEncoding() + '/' + object.toUtf8().toPercentEncoding();
    return edge.isEmpty() ? url : url + '/' + edge;
}

Result<GraphAnswer> Graph::call(const Number& number, http::ClientRequest request)
{
    request.headers.set("Authorization", "Bearer " + number.accessToken);
    {
        const std::lock_guard lock(mutex_);
        if (stopping_)
            return fail(ErrorCode::busy, u"The channel is stopping."_s);
        ++underWay_;
    }
    const auto promise = std::make_shared<std::promise<Result<http::ClientResponse>>>();
    client_->send(std::move(request),
                  [promise](Result<http::ClientResponse> result) { promise->set_value(std::move(result)); });
    Result<http::ClientResponse> response = promise->get_future().get();
    {
        const std::lock_guard lock(mutex_);
        --underWay_;
        ended_.notify_all();
    }
    if (!response)
        return tl::unexpected<Error>(response.error());
    return answerOf(std::move(*response));
}

Result<GraphAnswer> Graph::send(const Number& number, const QJsonObject& message)
{
    http::ClientRequest request;
    request.method = "POST";
    request.url = urlOf(number, number.phoneNumberId, "messages");
    request.headers.set("Content-Type", "application/json");
    request.body = QJsonDocument(message).toJson(QJsonDocument::Compact);
    request.timeout = rules_.callTimeout;
    request.maxBody = maxAnswer;
    return call(number, std::move(request));
}

Result<GraphAnswer> Graph::upload(const Number& number, const QByteArray& mime, const QByteArray& fileName,
                                  const QByteArray& bytes, const QByteArray& boundary)
{
    http::MultipartBody form = http::buildMultipart(
        {{"messaging_product", {}, {}, "whatsapp"}, {"type", {}, {}, mime}, {"file", fileName, mime, bytes}}, boundary);
    http::ClientRequest request;
    request.method = "POST";
    request.url = urlOf(number, number.phoneNumberId, "media");
    request.headers.set("Content-Type", form.contentType);
    request.timeout = timeFor(rules_.callTimeout, form.body.size());
    request.body = std::move(form.body);
    request.maxBody = maxAnswer;
    return call(number, std::move(request));
}

milliseconds Graph::uploadTime(const Rules& rules, qint64 bytes)
{
    return timeFor(rules.callTimeout, bytes);
}

Result<GraphAnswer> Graph::mediaInfo(const Number& number, const QString& mediaId)
{
    http::ClientRequest request;
    request.url = urlOf(number, mediaId) + "?phone_number_id=" + number.phoneNumberId.toUtf8().toPercentEncoding();
    request.timeout = rules_.callTimeout;
    request.maxBody = maxAnswer;
    return call(number, std::move(request));
}

Result<GraphAnswer> Graph::download(const Number& number, const QString& url, qint64 maxBytes)
{
    http::ClientRequest request;
    request.url = url.toUtf8();
    request.timeout = timeFor(rules_.callTimeout, maxBytes);
    request.maxBody = maxBytes;
    request.maxRedirects = 2;
    return call(number, std::move(request));
}

Result<GraphAnswer> Graph::removeMedia(const Number& number, const QString& mediaId)
{
    http::ClientRequest request;
    request.method = "DELETE";
    request.url = urlOf(number, mediaId) + "?phone_number_id=" + number.phoneNumberId.toUtf8().toPercentEncoding();
    request.timeout = rules_.callTimeout;
    request.maxBody = maxAnswer;
    return call(number, std::move(request));
}

Result<GraphAnswer> Graph::settings(const Number& number)
{
    http::ClientRequest request;
    request.url = urlOf(number, number.phoneNumberId, "settings");
    request.timeout = rules_.callTimeout;
    request.maxBody = maxAnswer;
    return call(number, std::move(request));
}

} // namespace holdfast::whatsapp

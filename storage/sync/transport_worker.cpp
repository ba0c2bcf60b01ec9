#include "storage/sync/transport_worker.h"

#include <QDateTime>
#include <QNetworkReply>
#include <QTimer>

namespace holdfast::sync {
namespace {

constexpr qint64 readBufferBytes = 256 * 1024;
constexpr int longestFlightMs = 600'000; // 4 MiB at 64 kbit/s; whoever drips slower than that is not served
constexpr int firstHttpError = QNetworkReply::ContentAccessDenied; // smaller codes: no answer came, or not all of it

QString networkWords(QNetworkReply::NetworkError error)
{
    switch (error) {
    case QNetworkReply::ConnectionRefusedError:
        return QStringLiteral("Central does not answer at its address. Work goes on; it is tried again.");
    case QNetworkReply::HostNotFoundError:
        return QStringLiteral("Central's address was not found. Check the network connection.");
    case QNetworkReply::SslHandshakeFailedError:
        return QStringLiteral("Central's certificate is not trusted. Ask your administrator; nothing was sent.");
    case QNetworkReply::RemoteHostClosedError:
        return QStringLiteral("The connection to central broke off. It is tried again.");
    default:
        return QStringLiteral("Central cannot be reached. Check the network connection.");
    }
}

// RFC 9110 10.2.3: seconds or a date.
std::optional<qint64> retryAfter(const QByteArray& value)
{
    if (value.isEmpty())
        return std::nullopt;
    bool isNumber = false;
    const qint64 seconds = value.toLongLong(&isNumber);
    if (isNumber)
        return seconds < 0 ? std::nullopt : std::optional(std::min<qint64>(seconds, 86'400) * 1000);
    const QDateTime date = QDateTime::fromString(QString::fromLatin1(value), Qt::RFC2822Date);
    if (!date.isValid())
        return std::nullopt;
    return std::clamp<qint64>(QDateTime::currentDateTimeUtc().msecsTo(date), 0, 86'400'000);
}

} // namespace

// One request from start to answer. Deletes its reply later, on the thread.
class Flight : public QObject
{
    Q_OBJECT
public:
    Flight(QNetworkReply* reply, const HttpRequest& request, AnswerPromise promise)
        : reply_(reply), promise_(std::move(promise)), maxBytes_(request.maxAnswerBytes)
    {
        reply_->setParent(this);
        reply_->setReadBufferSize(readBufferBytes);
        connect(reply_, &QNetworkReply::metaDataChanged, this, &Flight::checkLength);
        connect(reply_, &QNetworkReply::readyRead, this, &Flight::read);
        connect(reply_, &QNetworkReply::finished, this, &Flight::finish);
        // A slow line is no reason to begin anew, which would only end the same way; a silent one is.
        connect(reply_, &QNetworkReply::readyRead, &silence_, qOverload<>(&QTimer::start));
        connect(reply_, &QNetworkReply::uploadProgress, &silence_, [this](qint64 sent) {
            if (sent > 0 && !finished_)
                silence_.start();
        });
        limit(silence_, request.timeoutMs);
        limit(whole_, std::max(request.timeoutMs, longestFlightMs));
    }

    void abort(ErrorCode code, const QString& words)
    {
        if (!verdict_)
            verdict_ = Error{code, words};
        reply_->abort(); // finishes at once
    }

Q_SIGNALS:
    void done();

private:
    void limit(QTimer& timer, int ms)
    {
        timer.setSingleShot(true);
        connect(&timer, &QTimer::timeout, this, [this] {
            abort(ErrorCode::timeout, QStringLiteral("Central took too long to answer. It is tried again."));
        });
        timer.start(ms);
    }
    void checkLength()
    {
        const QVariant length = reply_->header(QNetworkRequest::ContentLengthHeader);
        if (length.isValid() && length.toLongLong() > maxBytes_)
            refuseSize();
    }
    void read()
    {
        body_ += reply_->read(maxBytes_ + 1 - body_.size());
        if (body_.size() > maxBytes_)
            refuseSize();
    }
    void refuseSize()
    {
        abort(ErrorCode::tooLarge,
              QStringLiteral("Central's answer was larger than allowed and was not read. Ask your administrator."));
    }
    void finish()
    {
        if (finished_)
            return;
        finished_ = true;
        silence_.stop();
        whole_.stop();
        promise_->addResult(answer());
        promise_->finish();
        Q_EMIT done();
    }
    [[nodiscard]] Result<HttpAnswer> answer()
    {
        if (verdict_)
            return tl::unexpected<Error>(*verdict_);
        const QNetworkReply::NetworkError error = reply_->error();
        const int status = reply_->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        if (status == 0 || (error != QNetworkReply::NoError && error < firstHttpError))
            return fail(ErrorCode::network, networkWords(error));
        body_ += reply_->read(maxBytes_ + 1 - body_.size());
        if (body_.size() > maxBytes_)
            return fail(ErrorCode::tooLarge,
                        QStringLiteral("Central's answer was larger than allowed and was not used."));
        return HttpAnswer{status, body_, reply_->rawHeader("Content-Range"),
                          retryAfter(reply_->rawHeader("Retry-After"))};
    }

    QNetworkReply* reply_;
    AnswerPromise promise_;
    QTimer silence_; // since bytes moved last
    QTimer whole_;
    QByteArray body_;
    qint64 maxBytes_;
    std::optional<Error> verdict_; // why we ended it ourselves
    bool finished_ = false;
};

TransportWorker::TransportWorker(QUrl server, QSslConfiguration tls) : server_(std::move(server)), tls_(std::move(tls))
{}

TransportWorker::~TransportWorker() = default;

QNetworkRequest TransportWorker::prepare(const HttpRequest& request) const
{
    QUrl url = server_;
    url.setPath(QString::fromLatin1(request.path));
    QNetworkRequest prepared(url);
    prepared.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    prepared.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    prepared.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    prepared.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    prepared.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    prepared.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    prepared.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    prepared.setSslConfiguration(tls_);
    prepared.setRawHeader("Accept-Encoding", "identity"); // a compressed answer could outgrow its cap unseen
    prepared.setRawHeader("User-Agent", "Holdfast/" HOLDFAST_VERSION);
    if (!request.body.isEmpty() || request.method != "GET")
        prepared.setHeader(QNetworkRequest::ContentTypeHeader, request.contentType);
    if (!request.token.isEmpty())
        prepared.setRawHeader("Authorization", "Bearer " + request.token);
    if (request.range)
        prepared.setRawHeader("Range", "bytes=" + QByteArray::number(request.range->first) + "-" +
                                           QByteArray::number(request.range->second));
    return prepared;
}

void TransportWorker::start(const HttpRequest& request, const AnswerPromise& promise)
{
    if (!manager_)
        manager_ = std::make_unique<QNetworkAccessManager>();
    QNetworkReply* reply = manager_->sendCustomRequest(prepare(request), request.method, request.body);
    auto* flight = new Flight(reply, request, promise);
    flights_.insert(flight);
    connect(flight, &Flight::done, this, [this, flight] {
        flights_.remove(flight);
        flight->deleteLater();
    });
}

void TransportWorker::restart()
{
    abortAll(ErrorCode::cancelled, QStringLiteral("The connection to central is made anew."));
    if (manager_)
        manager_->clearConnectionCache();
}

void TransportWorker::stop()
{
    abortAll(ErrorCode::cancelled, QStringLiteral("The desk is closing."));
    for (QObject* flight : findChildren<QObject*>(QString(), Qt::FindDirectChildrenOnly))
        delete flight;
    manager_.reset();
}

void TransportWorker::abortAll(ErrorCode code, const QString& words)
{
    const QSet<Flight*> flights = flights_;
    for (Flight* flight : flights)
        flight->abort(code, words);
}

} // namespace holdfast::sync

#include "transport_worker.moc"

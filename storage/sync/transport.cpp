#include "storage/sync/transport.h"

#include "storage/sync/transport_worker.h"

#include <QFile>
#include <QHostAddress>
#include <QSslCertificate>
#include <QThread>

namespace holdfast::sync {
namespace {

constexpr qint64 maxPemBytes = 1024 * 1024;

bool isLoopback(const QUrl& server)
{
    const QString host = server.host();
    return host == QLatin1String("localhost") || QHostAddress(host).isLoopback();
}

Result<QSslConfiguration> tlsFor(const QString& pinnedCa)
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    if (pinnedCa.isEmpty())
        return tls;
    QFile file(pinnedCa);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::notFound, QStringLiteral("The file with central's certificate authority cannot be "
                                                        "read. Check the --ca option."));
    const QList<QSslCertificate> authorities = QSslCertificate::fromData(file.read(maxPemBytes), QSsl::Pem);
    if (authorities.isEmpty())
        return fail(ErrorCode::invalidInput, QStringLiteral("The file with central's certificate authority holds no "
                                                            "certificate. Check the --ca option."));
    tls.setCaCertificates(authorities);
    return tls;
}

} // namespace

Status checkServer(const QUrl& server)
{
    const bool plain = server.scheme() == QLatin1String("http");
    if (!server.isValid() || server.host().isEmpty() || (!plain && server.scheme() != QLatin1String("https")))
        return fail(ErrorCode::invalidInput,
                    QStringLiteral("This is not a server address. It looks like https://central.example.co.za."));
    const bool bare = server.path().isEmpty() || server.path() == QLatin1String("/");
    if (!server.userInfo().isEmpty() || !bare || server.hasQuery() || server.hasFragment())
        return fail(ErrorCode::invalidInput,
                    QStringLiteral("The server address is only a name and perhaps a port, without anything after it."));
    if (plain && !isLoopback(server))
        return fail(ErrorCode::denied, QStringLiteral("The server address must begin with https://. An unencrypted "
                                                      "connection is allowed to this computer only."));
    return {};
}

Result<std::unique_ptr<Transport>> Transport::open(const QUrl& server, const QString& pinnedCa)
{
    if (const Status good = checkServer(server); !good)
        return tl::unexpected<Error>(good.error());
    const Result<QSslConfiguration> tls = tlsFor(pinnedCa);
    if (!tls)
        return tl::unexpected<Error>(tls.error());
    auto thread = std::make_unique<QThread>();
    thread->setObjectName(QStringLiteral("transport"));
    auto worker = std::make_unique<TransportWorker>(server, *tls);
    worker->moveToThread(thread.get());
    thread->start();
    return std::unique_ptr<Transport>(new Transport(server, std::move(worker), std::move(thread)));
}

Transport::Transport(QUrl server, std::unique_ptr<TransportWorker> worker, std::unique_ptr<QThread> thread)
    : server_(std::move(server)), thread_(std::move(thread)), worker_(std::move(worker))
{}

Transport::~Transport()
{
    // Queued after every send() that came before, so that no future stays open.
    QMetaObject::invokeMethod(
        worker_.get(),
        [this] {
            worker_->stop();
            thread_->quit();
        },
        Qt::QueuedConnection);
    thread_->wait();
}

QFuture<Result<HttpAnswer>> Transport::send(const HttpRequest& request)
{
    const auto promise = std::make_shared<QPromise<Result<HttpAnswer>>>();
    promise->start();
    QMetaObject::invokeMethod(
        worker_.get(), [worker = worker_.get(), request, promise] { worker->start(request, promise); },
        Qt::QueuedConnection);
    return promise->future();
}

void Transport::restart()
{
    QMetaObject::invokeMethod(worker_.get(), &TransportWorker::restart, Qt::QueuedConnection);
}

} // namespace holdfast::sync

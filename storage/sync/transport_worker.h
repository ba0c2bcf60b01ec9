// The sockets of a Transport; lives on the transport's thread.
#pragma once

#include "storage/sync/wire.h"

#include <QNetworkAccessManager>
#include <QObject>
#include <QPromise>
#include <QSet>
#include <QSslConfiguration>
#include <QUrl>

#include <memory>

namespace holdfast::sync {

using AnswerPromise = std::shared_ptr<QPromise<Result<HttpAnswer>>>;

class Flight;

class TransportWorker : public QObject
{
    Q_OBJECT
public:
    TransportWorker(QUrl server, QSslConfiguration tls);
    ~TransportWorker() override;

    void start(const HttpRequest& request, const AnswerPromise& promise);
    void restart();
    void stop();

private:
    void abortAll(ErrorCode code, const QString& words);
    [[nodiscard]] QNetworkRequest prepare(const HttpRequest& request) const;

    QUrl server_;
    QSslConfiguration tls_;
    std::unique_ptr<QNetworkAccessManager> manager_; // made on the thread, at the first request
    QSet<Flight*> flights_;
};

} // namespace holdfast::sync

// A blocking client of central's internal API, for the command line.
#pragma once

#include "central/http/client.h"
#include "models/base/error.h"

#include <QJsonObject>
#include <QString>

namespace holdfast::admin {

class ApiClient
{
public:
    // `server`: "https://host:port", or plain http on loopback.
    ApiClient(QString server, const QString& caFile);

    [[nodiscard]] Status signIn(const QString& login, const QString& password);
    [[nodiscard]] Result<QJsonObject> get(const QString& path);
    [[nodiscard]] Result<QJsonObject> post(const QString& path, const QJsonObject& body);
    [[nodiscard]] Result<QByteArray> postRaw(const QString& path, const QByteArray& body, qint64 maxAnswer);
    // A long answer, handed on as it comes.
    [[nodiscard]] Status download(const QString& path, http::BodySink sink);

private:
    [[nodiscard]] Result<QByteArray> call(const QByteArray& method, const QString& path, const QByteArray& body,
                                          qint64 maxAnswer, http::BodySink sink = {});
    QString server_;
    QByteArray token_;
    http::Client client_;
};

} // namespace holdfast::admin

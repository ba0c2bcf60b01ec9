#include "tests/story_support/phone_remote.h"

#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>
#include <QUrl>

namespace holdfast::story {
namespace {

QString digits(const QString& phone)
{
    QString out;
    for (const QChar character : phone) {
        if (character.isDigit())
            out.append(character);
    }
    return out;
}

QJsonObject call(quint16 port, const QString& path, const QByteArray& verb, const QByteArray& body)
{
    QNetworkAccessManager network;
    QNetworkRequest request(QUrl(QStringLiteral("http://127.0.0.1:%1%2").arg(port).arg(path)));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    const std::unique_ptr<QNetworkReply> reply(network.sendCustomRequest(request, verb, body));
    if (!QTest::qWaitFor([&reply] { return reply->isFinished(); }, 30'000))
        return {};
    return QJsonDocument::fromJson(reply->readAll()).object();
}

} // namespace

QJsonObject PhoneRemote::post(const QString& path, const QJsonObject& body) const
{
    return call(port_, path, "POST", QJsonDocument(body).toJson(QJsonDocument::Compact));
}

QJsonObject PhoneRemote::state() const
{
    return call(port_, QStringLiteral("/control/state"), "GET", {});
}

QString PhoneRemote::write(const QString& from, const QString& name, const QString& text) const
{
    return post(QStringLiteral("/control/messages"), {{QStringLiteral("from"), from},
                                                      {QStringLiteral("name"), name},
                                                      {QStringLiteral("type"), QStringLiteral("text")},
                                                      {QStringLiteral("text"), text}})
        .value(QStringLiteral("id"))
        .toString();
}

QString PhoneRemote::sendFile(const QString& from, const QString& name, const QString& caption, const QString& fileName,
                              const QString& mime, const QByteArray& bytes) const
{
    const bool image = mime.startsWith(QStringLiteral("image/"));
    return post(QStringLiteral("/control/messages"),
                {{QStringLiteral("from"), from},
                 {QStringLiteral("name"), name},
                 {QStringLiteral("type"), image ? QStringLiteral("image") : QStringLiteral("document")},
                 {QStringLiteral("text"), caption},
                 {QStringLiteral("filename"), fileName},
                 {QStringLiteral("mime"), mime},
                 {QStringLiteral("file"), QString::fromLatin1(bytes.toBase64())}})
        .value(QStringLiteral("id"))
        .toString();
}

void PhoneRemote::advanceTime(std::chrono::seconds by) const
{
    const auto microseconds = static_cast<qint64>(std::chrono::microseconds(by).count());
    const QJsonObject moved = post(QStringLiteral("/control/time"), {{QStringLiteral("advance_us"), microseconds}});
    Q_UNUSED(moved) // who moves the time waits for what it causes
}

void PhoneRemote::read(const QString& from) const
{
    const QJsonObject answer = post(QStringLiteral("/control/read"), {{QStringLiteral("from"), from}});
    Q_UNUSED(answer)
}

QList<QJsonObject> PhoneRemote::received(const QString& customer) const
{
    QList<QJsonObject> out;
    for (const QJsonValue& value : state().value(QStringLiteral("messages")).toArray()) {
        const QJsonObject message = value.toObject();
        const bool his = customer.isEmpty() || message.value(QStringLiteral("customer")).toString() == digits(customer);
        if (his && !message.value(QStringLiteral("from_customer")).toBool())
            out.append(message);
    }
    return out;
}

int PhoneRemote::timesReceived(const QString& text) const
{
    int count = 0;
    for (const QJsonObject& message : received())
        count += message.value(QStringLiteral("text")).toString() == text ? 1 : 0;
    return count;
}

QList<QJsonObject> PhoneRemote::customerMedia() const
{
    QList<QJsonObject> out;
    for (const QJsonValue& value : state().value(QStringLiteral("media")).toArray()) {
        if (value.toObject().value(QStringLiteral("from_customer")).toBool())
            out.append(value.toObject());
    }
    return out;
}

} // namespace holdfast::story

// The customer's phone, by its control endpoint.
#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <chrono>

namespace holdfast::story {

class PhoneRemote
{
public:
    void setPort(quint16 port) { port_ = port; }

    [[nodiscard]] QJsonObject post(const QString& path, const QJsonObject& body) const;
    [[nodiscard]] QJsonObject state() const;

    [[nodiscard]] QString write(const QString& from, const QString& name, const QString& text) const; // answers the id
    [[nodiscard]] QString sendFile(const QString& from, const QString& name, const QString& caption,
                                   const QString& fileName, const QString& mime, const QByteArray& bytes) const;
    void read(const QString& from) const; // the customer opens the chat
    void advanceTime(std::chrono::seconds by) const;

    // What customers received, in order.
    [[nodiscard]] QList<QJsonObject> received(const QString& customer = {}) const;
    [[nodiscard]] int timesReceived(const QString& text) const;
    [[nodiscard]] QList<QJsonObject> customerMedia() const;

private:
    quint16 port_ = 0;
};

} // namespace holdfast::story

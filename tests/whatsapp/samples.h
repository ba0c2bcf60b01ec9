// Webhook bodies written for these tests, one of every type that the provider names.
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <vector>

namespace holdfast::test {

inline constexpr const char* numberId = "500100200300400";
inline constexpr const char* wabaId = "600100200300400";
inline constexpr const char* customerPhone = "27825550143";

struct Sample
{
    QString name;
    QJsonObject message; // one element of messages[]
    bool understood = false;
};

[[nodiscard]] std::vector<Sample> messageSamples();
[[nodiscard]] QJsonObject textMessage(const QString& id, const QString& text);
[[nodiscard]] QJsonObject statusOf(const QString& id, const QString& status);
// The envelope around `value`, with metadata and one contact.
[[nodiscard]] QJsonObject envelope(QJsonObject value);
[[nodiscard]] QJsonObject bodyWith(const QJsonArray& messages);
[[nodiscard]] QByteArray jsonOf(const QJsonObject& object);

} // namespace holdfast::test

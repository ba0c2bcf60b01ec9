// `holdfast-central --config FILE`: an INI file. docs/operations.md describes every key.
#pragma once

#include "models/base/error.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <map>
#include <optional>
#include <vector>

namespace holdfast::config {

// "address:port" or "[v6]:port".
struct Endpoint
{
    QString address;
    quint16 port = 0;
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// One of our WhatsApp numbers: a section [whatsapp:NAME].
struct WhatsAppNumber
{
    QString name;
    QString graphUrl = QStringLiteral("https://graph.facebook.com");
    QString version = QStringLiteral("v25.0");
    QString phoneNumberId;
    QString wabaId;
    QString intakeScope; // name of the scope that new cases go to
    QByteArray accessToken;
    QList<QByteArray> appSecrets; // any of them may sign a webhook, so that a secret can be rotated
    QByteArray verifyToken;
};

struct Config
{
    Endpoint internal{QStringLiteral("127.0.0.1"), 8443};
    Endpoint publicListener{QStringLiteral("127.0.0.1"), 8080};
    QString tlsCertificate; // PEM files; both or neither
    QString tlsKey;
    QString storeUrl;
    QString keyDirectory;
    QString signerFile;
    QString anchorDirectory; // empty: no daily anchors
    std::vector<WhatsAppNumber> numbers;
    QStringList warnings; // for the log: inline secrets, unknown keys
};

// A plain INI file: [section], key = value, # and ; begin comment lines. Relative file names are taken from the folder
// of the file. invalidInput names section, key and line, never a value.
[[nodiscard]] Result<Config> parseConfig(const QByteArray& text, const QString& folder);
[[nodiscard]] Result<Config> loadConfig(const QString& file);

} // namespace holdfast::config

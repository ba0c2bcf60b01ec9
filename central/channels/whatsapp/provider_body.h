// A webhook body as plain values: what the provider sent, type-checked, with nothing left out.
#pragma once

#include "central/store/jobs.h"
#include "models/domain/content.h"

#include <QJsonObject>
#include <QStringList>

#include <optional>
#include <vector>

namespace holdfast::whatsapp {

// Which of our numbers a part is for. phoneNumberId is empty where the provider names the account only.
struct Route
{
    QString phoneNumberId;
    QString wabaId;
};

struct Correspondent
{
    QString phone;          // "+27..."; may be empty
    QStringList userIds;    // the provider's ids of the user; may be empty
    QStringList formerKeys; // phones and user ids that a system message replaces
    QString name;           // profile name
};

struct InboundMedia
{
    QString id;
    QString mime;
    QString fileName;
    std::optional<Digest> sha256;
};

struct InboundMessage
{
    Route route;
    QString id; // the provider's; made from the place in the inbox where there is none
    Correspondent sender;
    Timestamp at;
    QString type;
    QString text;
    std::optional<InboundMedia> media;
    QString quotedId;
    QJsonObject unparsed; // the provider's object where not all of it is understood
};

struct StatusReport
{
    Route route;
    QString noticeId; // under which it is kept when it fits no message
    QString messageId;
    QString word;
    std::optional<domain::DeliveryStatus> status; // nothing: a word that is not known
    Timestamp at;
    int errorCode = 0;
    QString errorTitle;
    QString callback;
    QJsonObject original;
};

// What is neither message nor status: errors of the account, fields of other kinds, parts of a wrong shape.
struct Notice
{
    Route route;
    QString id;
    QString type;
    QString text;
    Timestamp at;
    QJsonObject original;
};

struct ProviderBody
{
    std::vector<InboundMessage> messages;
    std::vector<StatusReport> statuses;
    std::vector<Notice> notices;
};

// invalidInput when it is no JSON object with a list `entry`, too deep, or has too many parts.
[[nodiscard]] Result<ProviderBody> parseBody(const store::InboxItem& item);

// "+27825550143" from "27825550143"; empty when it is no phone number (7 to 15 digits, E.164).
[[nodiscard]] QString phoneOf(const QString& waId);

} // namespace holdfast::whatsapp

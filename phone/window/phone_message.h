// One message as the customer's phone holds it.
#pragma once

#include "models/base/clock.h"
#include "models/domain/content.h"

#include <QByteArray>
#include <QString>

namespace holdfast::phone {

struct PhoneMessage
{
    QByteArray key; // wamid, or of the phone itself while it waits for a signal
    bool isOwn = false;
    QByteArray type; // text, image, document, template
    QString text;
    QByteArray picture; // key of its thumbnail
    QString fileName;
    qint64 size = 0; // bytes of the file
    Timestamp at;
    domain::DeliveryStatus status = domain::DeliveryStatus::waiting; // of own messages
    bool copyDeleted = false; // the provider deleted its copy of an own file because the business asked
    QString quoteName;        // who wrote what this answers; empty: it answers nothing that is known
    QString quoteText;
    friend bool operator==(const PhoneMessage&, const PhoneMessage&) = default;
};

} // namespace holdfast::phone

// The whole phone: state, Cloud API stand-in, control endpoint and webhooks, on two loopback ports.
#pragma once

#include "models/base/error.h"
#include "phone/chats.h"
#include "phone/customers.h"
#include "phone/status_flow.h"
#include "phone/test_clock.h"

#include <memory>

namespace holdfast::phone {

struct PhoneConfig
{
    QString address = QStringLiteral("127.0.0.1"); // loopback only
    quint16 graphPort = 0;
    quint16 controlPort = 0;
    BusinessNumber number;
    QString businessName; // as customers see it on their phones
    QByteArray accessToken;
    WebhookSettings webhook;
    bool enforceWindow = true;
};

// start() and stop() from one thread that is none of its own; the parts are thread-safe.
class Phone
{
public:
    explicit Phone(PhoneConfig config);
    ~Phone(); // stops
    Phone(const Phone&) = delete;
    Phone& operator=(const Phone&) = delete;

    [[nodiscard]] Status start();
    void stop();
    [[nodiscard]] quint16 graphPort() const;
    [[nodiscard]] quint16 controlPort() const;

    // For a window: these are the same objects that the endpoints work on.
    [[nodiscard]] Chats& chats();
    [[nodiscard]] Customers& customers();
    [[nodiscard]] StatusFlow& statuses();
    [[nodiscard]] MediaStore& media();
    [[nodiscard]] TestClock& clock();
    [[nodiscard]] const PhoneConfig& config() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace holdfast::phone

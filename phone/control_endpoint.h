// The phone's own endpoint for people, tests and windows: write as a customer, look, order faults, set the time.
#pragma once

#include "central/http/router.h"
#include "phone/customers.h"
#include "phone/status_flow.h"
#include "phone/test_clock.h"

namespace holdfast::phone {

// What it works on; all outlive it.
struct ControlParts
{
    TestClock& clock;
    Chats& chats;
    MediaStore& media;
    Faults& faults;
    WebhookSender& sender;
    StatusFlow& statuses;
    Customers& customers;
};

class ControlEndpoint // thread-safe; its handlers refer to it
{
public:
    explicit ControlEndpoint(ControlParts parts) : parts_(parts) {}

    [[nodiscard]] http::Router router();

private:
    using Call = http::Response (ControlEndpoint::*)(const http::Request&);

    void add(http::Router& router, const char* method, const char* path, Call call, qint64 bodyLimit = 64 * 1024);
    [[nodiscard]] http::Response write(const http::Request& request);
    [[nodiscard]] http::Response state(const http::Request& request);
    [[nodiscard]] http::Response file(const http::Request& request);
    [[nodiscard]] http::Response report(const http::Request& request);
    [[nodiscard]] http::Response customerReads(const http::Request& request);
    [[nodiscard]] http::Response setPolicy(const http::Request& request);
    [[nodiscard]] http::Response orderFaults(const http::Request& request);
    [[nodiscard]] http::Response clearFaults(const http::Request& request);
    [[nodiscard]] http::Response time(const http::Request& request);
    [[nodiscard]] http::Response setTime(const http::Request& request);
    [[nodiscard]] http::Response setWebhook(const http::Request& request);
    [[nodiscard]] http::Response rawWebhook(const http::Request& request);
    void verify(const http::Request& request, const http::Responder& responder);

    ControlParts parts_;
};

} // namespace holdfast::phone

// The stand-in of the Cloud API: its routes over the phone's state.
#pragma once

#include "central/http/router.h"
#include "phone/customers.h"
#include "phone/send_request.h"
#include "phone/status_flow.h"

#include <atomic>

namespace holdfast::phone {

struct CloudApiSettings
{
    BusinessNumber number;
    QByteArray accessToken;
    QByteArray appId = "1000000000000001";
    bool enforceWindow = true; // outside the 24 hours, free text ends as failed 131047
};

// What it works on; all outlive it.
struct CloudApiParts
{
    RandomSource& random;
    Chats& chats;
    MediaStore& media;
    Faults& faults;
    Scheduler& scheduler;
    WebhookSender& sender;
    StatusFlow& statuses;
};

class CloudApi // thread-safe; its handlers refer to it
{
public:
    CloudApi(CloudApiSettings settings, CloudApiParts parts);

    [[nodiscard]] http::Router router();
    void setBaseUrl(const QByteArray& url); // once the port is known: media addresses begin with it

private:
    using Body = std::function<void(const http::Request&, const http::Responder&)>;

    void addRoutes(http::Router& router);
    [[nodiscard]] http::Handler guarded(Body body);
    [[nodiscard]] std::optional<http::Response> refusalOf(const http::Request& request) const;
    [[nodiscard]] QByteArray baseUrl() const;

    void send(const http::Request& request, const http::Responder& responder);
    void accept(OutboundMessage out, const http::Responder& responder, const std::optional<SendFault>& fault);
    [[nodiscard]] http::Response receipt(const ReadReceipt& receipt);
    [[nodiscard]] std::optional<GraphError> checkMedia(ChatMessage& message) const;
    void upload(const http::Request& request, const http::Responder& responder);
    void describe(const http::Request& request, const http::Responder& responder);
    [[nodiscard]] http::Response describeMedia(const Media& media);
    void remove(const http::Request& request, const http::Responder& responder);
    void download(const http::Request& request, const http::Responder& responder);
    void readSettings(const http::Request& request, const http::Responder& responder);
    void writeSettings(const http::Request& request, const http::Responder& responder);
    void listApps(const http::Request& request, const http::Responder& responder);
    void subscribeApp(const http::Request& request, const http::Responder& responder);
    void park(const http::Responder& responder); // never answered; until the peer goes

    const CloudApiSettings settings_;
    CloudApiParts parts_;
    mutable std::mutex mutex_;
    QByteArray baseUrl_;
    QJsonObject storage_;
    QByteArray callbackUrl_;
    bool subscribed_ = true;
};

} // namespace holdfast::phone

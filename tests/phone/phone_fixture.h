// A phone, a receiver of its webhooks, and a client of its Cloud API, all over real sockets.
#pragma once

#include "central/http/client.h"
#include "central/http/server.h"
#include "phone/phone.h"
#include "tests/support/string_makers.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <condition_variable>
#include <deque>
#include <mutex>

namespace holdfast::test {

struct Received
{
    QByteArray body;
    QByteArray signature;
    QJsonObject json;

    [[nodiscard]] QJsonObject value() const; // entry[0].changes[0].value
    [[nodiscard]] QJsonObject message() const;
    [[nodiscard]] QJsonObject status() const;
};

// Takes webhooks as central would; answers 200 unless told otherwise.
class WebhookReceiver
{
public:
    WebhookReceiver();

    [[nodiscard]] QByteArray url() const;
    void answerNextWith(const std::vector<int>& statuses);
    [[nodiscard]] Received next(); // fails the test when none comes within 20 s
    [[nodiscard]] size_t waiting() const;

private:
    [[nodiscard]] http::Router router();

    mutable std::mutex mutex_;
    std::condition_variable came_;
    std::deque<Received> received_;
    std::deque<int> answers_;
    http::Server server_;
};

class PhoneFixture
{
public:
    PhoneFixture();

    static constexpr const char* secret = "test_app_secret";
    static constexpr const char* token = "access-for-tests";
    static constexpr const char* numberId = "500100200300400";
    static constexpr const char* wabaId = "600100200300400";
    static constexpr const char* customer = "27825550143";

    [[nodiscard]] http::ClientResponse graph(const QByteArray& method, const QByteArray& target,
                                             const QByteArray& body = {}, const http::Fields& fields = {});
    [[nodiscard]] http::ClientResponse fetch(const QByteArray& url); // with the token
    [[nodiscard]] Result<http::ClientResponse> tryGraph(http::ClientRequest request);
    [[nodiscard]] http::ClientResponse control(const QByteArray& method, const QByteArray& target,
                                               const QJsonObject& body = {});
    [[nodiscard]] http::ClientResponse send(const QJsonObject& message);
    [[nodiscard]] QByteArray sendText(const QString& text); // answers the wamid
    [[nodiscard]] QByteArray customerWrites(const QString& text);
    [[nodiscard]] QJsonObject state();
    [[nodiscard]] QByteArray graphUrl(const QByteArray& target) const;

    WebhookReceiver receiver;
    phone::Phone phone;
    http::Client client{http::ClientOptions{}};
};

[[nodiscard]] QJsonObject objectOf(const http::ClientResponse& response);
[[nodiscard]] int graphCode(const http::ClientResponse& response);
[[nodiscard]] QJsonObject textTo(const QByteArray& to, const QString& text);

} // namespace holdfast::test

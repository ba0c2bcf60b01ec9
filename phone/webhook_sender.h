// Signs webhooks and delivers them, again and again until they are taken, as the provider does.
#pragma once

#include "central/http/client.h"
#include "models/base/clock.h"
#include "phone/faults.h"
#include "phone/scheduler.h"

#include <QJsonObject>

#include <vector>

namespace holdfast::phone {

struct WebhookSettings
{
    QByteArray url; // empty: nothing is delivered until setUrl()
    QString caFile; // for https
    QByteArray appSecret;
    QByteArray verifyToken;
    int retryBaseMs = 500; // doubles up to a minute
    int maxAttempts = 40;
};

struct DeliveryAttempt
{
    Timestamp at;
    int status = 0;   // of the answer; 0: none
    QString trouble;  // why there was none
    QByteArray fault; // what was done to it on purpose
};

struct Delivery
{
    quint64 id = 0;
    QByteArray kind;  // message, status or raw
    QByteArray about; // wamid
    QByteArray body;
    std::vector<DeliveryAttempt> attempts;
    bool done = false; // answered 200, or given up
};

class WebhookSender // thread-safe
{
public:
    WebhookSender(WebhookSettings settings, const Clock& clock, Faults& faults, Scheduler& scheduler);
    ~WebhookSender();

    // `taken` runs after each 200, with the delivery's kind and what it is about, on the client's thread, without a
    // lock held. Set before anything is delivered.
    void setTakenObserver(std::function<void(const QByteArray& kind, const QByteArray& about)> taken);
    void setUrl(const QByteArray& url);
    quint64 deliver(const QByteArray& kind, const QByteArray& about, QByteArray body);
    // The exact bytes, once; signed properly or not at all.
    quint64 deliverRaw(QByteArray body, bool sign);
    [[nodiscard]] std::vector<Delivery> deliveries() const; // the last 10,000
    [[nodiscard]] int pending() const;

    struct Verification
    {
        bool accepted = false; // 200 and the bare challenge
        int status = 0;
        QString trouble;
    };
    // The GET handshake; `url` and `token` empty: the set ones.
    void verify(const QByteArray& url, const QByteArray& token, std::function<void(Verification)> done);
    void stop(); // ends what is under way; nothing is called back afterwards

private:
    void attempt(quint64 id, const std::optional<WebhookFault>& fault, bool sign, bool once);
    void answered(quint64 id, const std::optional<WebhookFault>& fault, bool once, DeliveryAttempt attempt);
    void judge(Delivery& delivery, const std::optional<WebhookFault>& fault, bool once);
    [[nodiscard]] quint64 record(const QByteArray& kind, const QByteArray& about, QByteArray body);

    WebhookSettings settings_;
    const Clock& clock_;
    Faults& faults_;
    Scheduler& scheduler_;
    mutable std::mutex mutex_;
    std::vector<Delivery> deliveries_;
    quint64 nextId_ = 1;
    std::function<void(const QByteArray&, const QByteArray&)> taken_;
    std::unique_ptr<http::Client> client_; // last: its callbacks use the rest
};

} // namespace holdfast::phone

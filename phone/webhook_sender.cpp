#include "phone/webhook_sender.h"

#include "phone/webhook_body.h"

#include <algorithm>

namespace holdfast::phone {
namespace {

using Kind = WebhookFault::Kind;

constexpr size_t maxKept = 10'000;
constexpr int longestRetryMs = 60'000;

QByteArray faultName(Kind kind)
{
    static constexpr const char* names[] = {"wrong_signature", "no_signature", "truncated",
                                            "duplicate",       "reorder",      "delay"};
    return names[static_cast<size_t>(kind)];
}

http::ClientRequest requestFor(const WebhookSettings& settings, QByteArray body, Kind fault, bool hasFault, bool sign)
{
    http::ClientRequest request;
    request.method = "POST";
    request.url = settings.url;
    request.headers.set("Content-Type", "application/json");
    QByteArray signature = signatureOf(settings.appSecret, body);
    if (hasFault && fault == Kind::truncated) // cut on the way: the signature is of the whole
        body.chop(body.size() / 3 + 1);
    if (hasFault && fault == Kind::wrongSignature)
        signature = signatureOf(settings.appSecret + "?", body);
    if (sign && !(hasFault && fault == Kind::noSignature))
        request.headers.set("X-Hub-Signature-256", signature);
    request.body = std::move(body);
    return request;
}

} // namespace

WebhookSender::WebhookSender(WebhookSettings settings, const Clock& clock, Faults& faults, Scheduler& scheduler)
    : settings_(std::move(settings)), clock_(clock), faults_(faults), scheduler_(scheduler)
{
    http::ClientOptions options;
    options.caFile = settings_.caFile;
    options.userAgent = "holdfast-phone";
    client_ = std::make_unique<http::Client>(std::move(options));
}

WebhookSender::~WebhookSender()
{
    stop();
}

void WebhookSender::stop()
{
    client_.reset();
}

void WebhookSender::setTakenObserver(std::function<void(const QByteArray&, const QByteArray&)> taken)
{
    taken_ = std::move(taken);
}

void WebhookSender::setUrl(const QByteArray& url)
{
    const std::lock_guard lock(mutex_);
    settings_.url = url;
}

quint64 WebhookSender::record(const QByteArray& kind, const QByteArray& about, QByteArray body)
{
    const std::lock_guard lock(mutex_);
    if (deliveries_.size() >= maxKept)
        deliveries_.erase(deliveries_.begin());
    deliveries_.push_back({nextId_, kind, about, std::move(body), {}, false});
    return nextId_++;
}

// Webhooks go out at the same time, each on its own: as with the real provider, their order is not a promise.
quint64 WebhookSender::deliver(const QByteArray& kind, const QByteArray& about, QByteArray body)
{
    const auto fault = faults_.takeDelivery();
    const quint64 id = record(kind, about, body);
    const auto delay = std::chrono::milliseconds(fault && fault->kind == Kind::delay ? fault->delayMs : 0);
    scheduler_.after(delay, [this, id, fault] { attempt(id, fault, true, false); });
    if (fault && fault->kind == Kind::duplicate) {
        const quint64 second = record(kind, about, std::move(body));
        scheduler_.after(delay, [this, second, fault] { attempt(second, fault, true, false); });
    }
    return id;
}

quint64 WebhookSender::deliverRaw(QByteArray body, bool sign)
{
    const quint64 id = record("raw", {}, std::move(body));
    scheduler_.after({}, [this, id, sign] { attempt(id, std::nullopt, sign, true); });
    return id;
}

// On the scheduler's thread, which ends before the client does.
void WebhookSender::attempt(quint64 id, const std::optional<WebhookFault>& fault, bool sign, bool once)
{
    http::ClientRequest request;
    {
        const std::lock_guard lock(mutex_);
        const auto found =
            std::find_if(deliveries_.begin(), deliveries_.end(), [id](const Delivery& one) { return one.id == id; });
        if (found == deliveries_.end())
            return;
        request = requestFor(settings_, found->body, fault ? fault->kind : Kind::delay, fault.has_value(), sign);
    }
    client_->send(std::move(request), [this, id, fault, once](Result<http::ClientResponse> result) {
        DeliveryAttempt attempted;
        attempted.at = clock_.now();
        attempted.status = result ? result->status : 0;
        if (!result)
            attempted.trouble = result.error().text;
        if (fault)
            attempted.fault = faultName(fault->kind);
        answered(id, fault, once, std::move(attempted));
    });
}

void WebhookSender::answered(quint64 id, const std::optional<WebhookFault>& fault, bool once, DeliveryAttempt attempted)
{
    const bool taken = attempted.status == 200;
    QByteArray kind;
    QByteArray about;
    {
        const std::lock_guard lock(mutex_);
        const auto found =
            std::find_if(deliveries_.begin(), deliveries_.end(), [id](const Delivery& one) { return one.id == id; });
        if (found == deliveries_.end())
            return;
        found->attempts.push_back(std::move(attempted));
        judge(*found, fault, once);
        kind = found->kind;
        about = found->about;
    }
    if (taken && taken_)
        taken_(kind, about);
}

// Whether it is over, or tried again; under the lock, after an attempt was noted.
void WebhookSender::judge(Delivery& delivery, const std::optional<WebhookFault>& fault, bool once)
{
    const bool spoilt = fault && (fault->kind == Kind::wrongSignature || fault->kind == Kind::noSignature ||
                                  fault->kind == Kind::truncated);
    const bool taken = delivery.attempts.back().status == 200;
    const auto tries = static_cast<int>(delivery.attempts.size());
    delivery.done = taken || once || (spoilt && !fault->retry) || tries >= settings_.maxAttempts;
    if (delivery.done)
        return;
    // The provider's rule: the same bytes again, after waits that double. Faults are for the first try only.
    const int doublings = std::min(tries - 1, 16);
    const qint64 wait = std::min<qint64>(static_cast<qint64>(settings_.retryBaseMs) << doublings, longestRetryMs);
    scheduler_.after(std::chrono::milliseconds(wait),
                     [this, id = delivery.id] { attempt(id, std::nullopt, true, false); });
}

std::vector<Delivery> WebhookSender::deliveries() const
{
    const std::lock_guard lock(mutex_);
    return deliveries_;
}

int WebhookSender::pending() const
{
    const std::lock_guard lock(mutex_);
    return static_cast<int>(
        std::count_if(deliveries_.begin(), deliveries_.end(), [](const Delivery& one) { return !one.done; }));
}

void WebhookSender::verify(const QByteArray& url, const QByteArray& token, std::function<void(Verification)> done)
{
    const QByteArray challenge = QByteArray::number(clock_.now().value % 2'000'000'000 + 1);
    http::ClientRequest request;
    {
        const std::lock_guard lock(mutex_);
        request.url = url.isEmpty() ? settings_.url : url;
        const QByteArray given = token.isEmpty() ? settings_.verifyToken : token;
        request.url += request.url.contains('?') ? '&' : '?';
        request.url +=
            "hub.mode=subscribe&hub.challenge=" + challenge + "&hub.verify_token=" + given.toPercentEncoding();
    }
    client_->send(std::move(request), [challenge, done = std::move(done)](Result<http::ClientResponse> result) {
        if (result)
            done({result->status == 200 && result->body == challenge, result->status, {}});
        else
            done({false, 0, result.error().text});
    });
}

} // namespace holdfast::phone

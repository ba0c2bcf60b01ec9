#include "central/http/exchange.h"

#include <QString>

namespace holdfast::http {

AnswerSlot::AnswerSlot(std::shared_ptr<Gate> gate, std::function<void()> wake)
    : gate_(std::move(gate)), wake_(std::move(wake))
{}

void AnswerSlot::complete(Answer answer)
{
    std::function<void()> gone; // destroyed after the lock: they may hold the last Responder
    std::function<void()> draining;
    {
        const std::lock_guard lock(mutex_);
        if (answered_)
            return;
        answered_ = true;
        answer_ = std::move(answer);
        gone.swap(goneCallback_);
        draining.swap(drainingCallback_);
    }
    gate_->post(wake_);
}

bool AnswerSlot::answered() const
{
    const std::lock_guard lock(mutex_);
    return answered_;
}

void AnswerSlot::runOnIoThread(std::function<void()> callback)
{
    if (!gate_->post(callback))
        callback();
}

void AnswerSlot::onGone(std::function<void()> callback)
{
    {
        const std::lock_guard lock(mutex_);
        if (answered_)
            return;
        if (!gone_) {
            goneCallback_.swap(callback);
            return;
        }
    }
    runOnIoThread(std::move(callback));
}

void AnswerSlot::onDraining(std::function<void()> callback)
{
    {
        const std::lock_guard lock(mutex_);
        if (answered_ || abandoned_)
            return;
        drainingCallback_.swap(callback);
        if (!draining_)
            return;
    }
    runOnIoThread([self = shared_from_this()] { self->drain(); });
}

std::optional<Answer> AnswerSlot::take()
{
    const std::lock_guard lock(mutex_);
    return std::exchange(answer_, std::nullopt);
}

void AnswerSlot::peerGone()
{
    std::function<void()> callback;
    {
        const std::lock_guard lock(mutex_);
        gone_ = true;
        if (!answered_)
            callback.swap(goneCallback_);
    }
    if (callback)
        callback();
}

void AnswerSlot::abandon()
{
    peerGone();
    std::function<void()> dropped;
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    dropped.swap(drainingCallback_);
}

void AnswerSlot::drain()
{
    std::function<void()> callback;
    {
        const std::lock_guard lock(mutex_);
        draining_ = true;
        if (!answered_)
            callback.swap(drainingCallback_);
    }
    if (!callback)
        return;
    callback();
    complete(Response::empty(204));
}

bool AnswerSlot::watchesGone() const
{
    const std::lock_guard lock(mutex_);
    return static_cast<bool>(goneCallback_);
}

Exchange::~Exchange()
{
    if (!slot->answered())
        slot->complete(Response::error(500, "internal", QStringLiteral("The request ended without an answer.")));
}

PullSlot::PullSlot(std::shared_ptr<Gate> gate, std::function<void()> wake)
    : gate_(std::move(gate)), wake_(std::move(wake))
{}

void PullSlot::complete(PullResult result)
{
    {
        const std::lock_guard lock(mutex_);
        if (completed_)
            return;
        completed_ = true;
        result_ = std::move(result);
    }
    gate_->post(wake_);
}

std::optional<PullResult> PullSlot::take()
{
    const std::lock_guard lock(mutex_);
    return std::exchange(result_, std::nullopt);
}

ChunkSink::ChunkSink(std::shared_ptr<Pull> pull) : pull_(std::move(pull)) {}

void ChunkSink::send(QByteArray chunk) const
{
    // An empty chunk would end a chunked body (RFC 9112 7.1), so it is taken as the mistake that it is.
    const auto kind = chunk.isEmpty() ? PullResult::Kind::abort : PullResult::Kind::chunk;
    pull_->slot->complete({kind, std::move(chunk)});
}

void ChunkSink::end() const
{
    pull_->slot->complete({PullResult::Kind::end, {}});
}

void ChunkSink::abort() const
{
    pull_->slot->complete({PullResult::Kind::abort, {}});
}

Responder::Responder(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}

void Responder::respond(Response response) const
{
    exchange_->slot->complete(std::move(response));
}

void Responder::stream(StreamHead head, ChunkSource source) const
{
    exchange_->slot->complete(StreamAnswer{std::move(head), std::move(source)});
}

bool Responder::answered() const
{
    return exchange_->slot->answered();
}

void Responder::onGone(std::function<void()> callback) const
{
    exchange_->slot->onGone(std::move(callback));
}

void Responder::onDraining(std::function<void()> callback) const
{
    exchange_->slot->onDraining(std::move(callback));
}

} // namespace holdfast::http

// Inside the server: the shared state between a connection and the Responders of its request.
#pragma once

#include "central/http/responder.h"

#include <atomic>
#include <mutex>
#include <variant>

namespace holdfast::http {

// The way back to an io thread, from any thread. Answers false once that thread has ended.
class Gate
{
public:
    virtual ~Gate() = default;
    virtual bool post(std::function<void()> work) = 0;
};

// A body that is pulled while it is written.
struct StreamAnswer
{
    StreamHead head;
    ChunkSource source;
};
using Answer = std::variant<Response, StreamAnswer>;

// Invariant: at most one answer ever; callbacks run outside the lock and at most once.
class AnswerSlot : public std::enable_shared_from_this<AnswerSlot>
{
public:
    AnswerSlot(std::shared_ptr<Gate> gate, std::function<void()> wake);

    void complete(Answer answer);
    [[nodiscard]] bool answered() const;
    void onGone(std::function<void()> callback);
    void onDraining(std::function<void()> callback);

    // For the connection, on its thread.
    [[nodiscard]] std::optional<Answer> take();
    void peerGone();
    void abandon(); // the connection ended: tells, and lets go of callbacks, which may hold the Responder itself
    void drain();
    [[nodiscard]] bool watchesGone() const;

private:
    void runOnIoThread(std::function<void()> callback);

    const std::shared_ptr<Gate> gate_;
    const std::function<void()> wake_;
    mutable std::mutex mutex_;
    bool answered_ = false;
    bool gone_ = false;
    bool draining_ = false;
    bool abandoned_ = false;
    std::optional<Answer> answer_;
    std::function<void()> goneCallback_;
    std::function<void()> drainingCallback_;
};

// What the copies of a Responder share; its end without an answer is the 500.
class Exchange
{
public:
    explicit Exchange(std::shared_ptr<AnswerSlot> answerSlot) : slot(std::move(answerSlot)) {}
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    const std::shared_ptr<AnswerSlot> slot;
};

struct PullResult
{
    enum class Kind { chunk, end, abort } kind = Kind::abort;
    QByteArray chunk;
};

// One pull of a stream; the first completion wins.
class PullSlot
{
public:
    PullSlot(std::shared_ptr<Gate> gate, std::function<void()> wake);

    void complete(PullResult result);
    [[nodiscard]] std::optional<PullResult> take();

private:
    const std::shared_ptr<Gate> gate_;
    const std::function<void()> wake_;
    std::mutex mutex_;
    bool completed_ = false;
    std::optional<PullResult> result_;
};

class Pull
{
public:
    explicit Pull(std::shared_ptr<PullSlot> pullSlot) : slot(std::move(pullSlot)) {}
    ~Pull() { slot->complete({}); }
    Pull(const Pull&) = delete;
    Pull& operator=(const Pull&) = delete;

    const std::shared_ptr<PullSlot> slot;
};

} // namespace holdfast::http

// The promise of one answer: handlers keep it as long as they need and complete it from any thread.
#pragma once

#include "central/http/message.h"

#include <functional>
#include <memory>

namespace holdfast::http {

class Exchange;
class Pull;

// One pull of a streamed body. Complete it exactly once, from any thread; dropped = abort().
class ChunkSink
{
public:
    explicit ChunkSink(std::shared_ptr<Pull> pull);

    void send(QByteArray chunk) const; // not empty; the next pull comes after this chunk was written
    void end() const;
    void abort() const; // cuts the connection, so that the peer does not take a part for the whole

private:
    std::shared_ptr<Pull> pull_;
};

struct StreamHead
{
    int status = 200;
    Fields headers;
    std::optional<qint64> size; // sends Content-Length and holds the source to it; else chunked
};

// Called on an io thread once per chunk, never twice at once: back-pressure is that it is not called. Must not block.
using ChunkSource = std::function<void(ChunkSink)>;

// Copies share one answer: the first of respond() and stream() wins, later ones are ignored. When the last copy goes
// without an answer, the peer gets 500. Everything here is thread-safe and harmless after the server is gone.
class Responder
{
public:
    explicit Responder(std::shared_ptr<Exchange> exchange);

    void respond(Response response) const;
    void stream(StreamHead head, ChunkSource source) const;
    [[nodiscard]] bool answered() const;

    // `callback` runs at most once, on an io thread, when the peer went away before it was answered; at once if it
    // already has. Not called after an answer. Must not block.
    void onGone(std::function<void()> callback) const;

    // `callback` runs at most once, on an io thread, when the server begins to stop and no answer was given; at once if
    // it already stops. It should answer now; what is unanswered when it returns gets 204 with `Connection: close`.
    void onDraining(std::function<void()> callback) const;

private:
    std::shared_ptr<Exchange> exchange_;
};

using Handler = std::function<void(Request, Responder)>; // on an io thread; must not block

} // namespace holdfast::http

// Export and verification of the whole log: the long-running part of AdminRoutes.
#include "central/api/admin_routes.h"
#include "central/api/answers.h"
#include "central/api/verify_report.h"

#include <condition_variable>
#include <deque>
#include <mutex>

namespace holdfast::api {
namespace {

constexpr qsizetype pipeBytes = 1024 * 1024;
constexpr qsizetype chunkBytes = 64 * 1024;

// Carries the export from the reader thread, which may wait, to the connection, which must not.
class ExportPipe
{
public:
    // Reader thread. Waits while the connection is behind; an error once it is gone.
    Status write(QByteArrayView line)
    {
        std::unique_lock lock(mutex_);
        space_.wait(lock, [this] { return closed_ || buffer_.size() < pipeBytes; });
        if (closed_)
            return fail(ErrorCode::cancelled, QStringLiteral("The export was given up by its reader."));
        buffer_.append(line);
        if (buffer_.size() >= chunkBytes)
            serve(lock);
        return {};
    }

    void finish(bool good)
    {
        std::unique_lock lock(mutex_);
        ended_ = true;
        good_ = good;
        serve(lock);
    }

    void pull(http::ChunkSink sink)
    {
        std::unique_lock lock(mutex_);
        sink_ = std::move(sink);
        if (ended_ || buffer_.size() >= chunkBytes)
            serve(lock);
    }

    void close()
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        space_.notify_all();
    }

private:
    void serve(std::unique_lock<std::mutex>& lock)
    {
        if (!sink_)
            return;
        const http::ChunkSink sink = *std::exchange(sink_, std::nullopt);
        QByteArray chunk = std::exchange(buffer_, {});
        const bool last = ended_ && chunk.isEmpty();
        const bool good = good_;
        space_.notify_all();
        lock.unlock();
        if (!last)
            return sink.send(std::move(chunk));
        if (good)
            sink.end();
        else
            sink.abort();
    }

    std::mutex mutex_;
    std::condition_variable space_;
    QByteArray buffer_;
    std::optional<http::ChunkSink> sink_;
    bool ended_ = false;
    bool good_ = false;
    bool closed_ = false;
};

// Closes the pipe when the connection lets go of its source, whatever ended it.
struct PipeReader
{
    explicit PipeReader(std::shared_ptr<ExportPipe> source) : pipe(std::move(source)) {}
    ~PipeReader() { pipe->close(); }
    PipeReader(const PipeReader&) = delete;
    PipeReader& operator=(const PipeReader&) = delete;
    std::shared_ptr<ExportPipe> pipe;
};

} // namespace

void AdminRoutes::exportLog(const http::Request& request, const http::Responder& responder)
{
    work_.allowed(request, responder, access::Act::exportLog, [this, responder](const Session& session) {
        store::AppendBatch batch;
        batch.entries = {
            work_.recorded(domain::Kind::exported, session, {{QStringLiteral("what"), QStringLiteral("log")}})};
        // Recorded before the first byte leaves.
        store_.append(std::move(batch), [this, responder](const Result<std::vector<store::AppendResult>>& recorded) {
            if (!recorded)
                return responder.respond(answer(recorded.error()));
            if (recorded->front().outcome != store::AppendResult::Outcome::accepted)
                return responder.respond(answer({ErrorCode::internal, recorded->front().refusal.text}));
            auto pipe = std::make_shared<ExportPipe>();
            auto reader = std::make_shared<PipeReader>(pipe);
            http::StreamHead head;
            head.headers.set("Content-Type", "application/x-ndjson");
            head.headers.set("Cache-Control", "no-store");
            responder.stream(std::move(head), [reader](http::ChunkSink sink) { reader->pipe->pull(std::move(sink)); });
            store_.exportAll([pipe](QByteArrayView line) { return pipe->write(line); },
                             [pipe](const Result<quint64>& count) { pipe->finish(count.has_value()); });
        });
    });
}

void AdminRoutes::verify(const http::Request& request, const http::Responder& responder)
{
    work_.allowed(request, responder, access::Act::exportLog, [this, responder](const Session&) {
        store_.verify([responder](const Result<store::VerifyReport>& report) {
            responder.respond(report ? answer(reportObject(*report)) : answer(report.error()));
        });
    });
}

} // namespace holdfast::api

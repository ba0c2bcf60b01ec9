// The one thread that writes: takes groups from the queue, commits them, and hands the answers over.
#pragma once

#include "central/store/anchor.h"
#include "central/store/answer_thread.h"
#include "central/store/append_queue.h"
#include "central/store/config.h"
#include "central/store/heads_keeper.h"
#include "central/store/incidents.h"
#include "central/store/organisation.h"
#include "central/store/tailer_thread.h"
#include "storage/sql/database.h"

#include <atomic>
#include <future>
#include <thread>

namespace holdfast::store {

class ErasureJournal;
class Keyring;
struct WriterSession;

// Everything that the appender works with; all outlive it.
struct AppenderParts
{
    const StoreConfig& config;
    const sql::Database& database;
    const Keyring& keys;
    const Organisation& organisation;
    const Anchor& anchor;
    ErasureJournal& journal;
    HeadsKeeper& heads;
    AnswerThread& answers;
    Clock& clock;
    RandomSource& random;
    TailerThread& tailer;
    Incidents& incidents;
};

class Appender
{
public:
    explicit Appender(AppenderParts parts);
    ~Appender();
    Appender(const Appender&) = delete;
    Appender& operator=(const Appender&) = delete;

    // Opens the writing connection and checks the anchor; waits for both.
    [[nodiscard]] Status start();
    // Thread-safe; a full queue answers at once, on the caller's thread.
    void submit(Work work);
    // Ends the work; the connection stays open until the destructor, because readers must be closed before it.
    void stop();
    [[nodiscard]] std::optional<QString> fault() const;
    void watchFault(std::function<void(const std::optional<QString>&)> watcher);

private:
    using Steady = std::chrono::steady_clock;
    void run(std::promise<Status>& started);
    [[nodiscard]] Status openSession();
    void loop();
    void runGroup(std::vector<Work> group);
    [[nodiscard]] Status tryGroup(const std::vector<Work>& group);
    void runCheckpoint(const CheckpointWork* asked);
    [[nodiscard]] Status clean();
    void noteMoved();
    void noteFault(const Status& status);
    void answerGroup(std::vector<Work> group, std::vector<std::function<void()>> calls);

    AppenderParts parts_;
    AppendQueue queue_;
    std::unique_ptr<WriterSession> session_;   // on the appender's thread
    std::vector<std::function<void()>> calls_; // answers of the group that was committed last
    quint64 committedSize_ = 0;
    std::optional<Steady::time_point> checkpointDue_;
    int groupsSinceSync_ = 0;
    mutable std::mutex faultMutex_;
    std::optional<QString> fault_;
    bool fenced_ = false; // on the appender's thread: until something is appended, what else succeeds proves nothing
    std::function<void(const std::optional<QString>&)> watcher_;
    std::promise<void> stopped_;
    std::promise<void> mayClose_;
    bool running_ = false;
    std::thread thread_;
};

} // namespace holdfast::store

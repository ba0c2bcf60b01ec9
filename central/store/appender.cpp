#include "central/store/appender.h"

#include "central/store/checkpointer.h"
#include "central/store/group_runner.h"
#include "central/store/keyring.h"
#include "central/store/log_keys.h"
#include "models/log/signing.h"

namespace holdfast::store {

namespace {

constexpr int attempts = 3; // of a group that lost a race
constexpr int cleanAttempts = 20;
constexpr int groupsPerSync = 64; // between two checkpoints of the write-ahead log

// Of the store itself; else something is wrong with one batch, and the next one may well be taken.
bool isStoreTrouble(ErrorCode code)
{
    return code != ErrorCode::conflict && code != ErrorCode::invalidInput && code != ErrorCode::tooLarge &&
           code != ErrorCode::denied && code != ErrorCode::notFound;
}

// For device entries only: central needs no receipt from itself.
void signReceipts(std::vector<AppendResult>& results, const OrgId& org, const log::SigningKey& key)
{
    for (AppendResult& result : results) {
        if (result.outcome == AppendResult::Outcome::refused)
            continue;
        const Result<log::Header> header = log::decodeHeader(result.header);
        if (!header || header->signature.isEmpty())
            continue;
        const Result<log::AuthorPart> author = log::decodeAuthorPart(header->authorPart);
        if (author)
            result.receipt = key.sign(
                log::receiptMessage(org, author->entryId, author->commit.toBytes(), header->pos, header->epoch));
    }
}

} // namespace

// The connection and all that lives on it; made anew when the connection is lost.
struct WriterSession
{
    WriterSession(std::unique_ptr<sql::WriteConnection> opened, const AppenderParts& parts)
        : connection(std::move(opened)),
          threadKeys(parts.keys, parts.random), context{*connection,  connection.get(),   parts.keys,
                                                        threadKeys,   parts.organisation, parts.clock,
                                                        parts.random, &parts.incidents,   &parts.journal},
          writer(context), groups(context, writer),
          checkpointer(context, writer, parts.heads, parts.anchor, DailyAnchor(parts.config.anchorDirectory))
    {}
    std::unique_ptr<sql::WriteConnection> connection;
    ThreadKeys threadKeys;
    Context context;
    LogWriter writer;
    GroupRunner groups;
    Checkpointer checkpointer;
};

Appender::Appender(AppenderParts parts)
    : parts_(std::move(parts)),
      queue_(size_t(parts_.config.queueLimit), parts_.config.groupWindow, size_t(parts_.config.groupSize))
{}

Appender::~Appender()
{
    stop();
    if (thread_.joinable()) {
        mayClose_.set_value();
        thread_.join();
    }
}

Status Appender::start()
{
    std::promise<Status> started;
    std::future<Status> answer = started.get_future();
    thread_ = std::thread([this, &started] { run(started); });
    Status status = answer.get();
    running_ = status.has_value();
    return status;
}

void Appender::submit(Work work)
{
    if (queue_.push(work))
        return;
    if (queue_.isClosed())
        answer(work, Error{ErrorCode::cancelled, QStringLiteral("The store is closing.")});
    else
        answer(work, Error{ErrorCode::unavailable, QStringLiteral("The store is busy. Try again in a moment.")});
}

void Appender::stop()
{
    if (!running_)
        return;
    running_ = false;
    for (const Work& work : queue_.close())
        answer(work, Error{ErrorCode::cancelled, QStringLiteral("The store is closing.")});
    stopped_.get_future().wait();
}

std::optional<QString> Appender::fault() const
{
    const std::lock_guard lock(faultMutex_);
    return fault_;
}

void Appender::noteFault(const Status& status)
{
    const std::lock_guard lock(faultMutex_);
    std::optional<QString> fault = status ? std::nullopt : std::optional(status.error().text);
    if (fault == fault_)
        return;
    fault_ = std::move(fault);
    if (watcher_)
        watcher_(fault_);
}

void Appender::watchFault(std::function<void(const std::optional<QString>&)> watcher)
{
    const std::lock_guard lock(faultMutex_);
    watcher_ = std::move(watcher);
    if (fault_ && watcher_)
        watcher_(fault_);
}

void Appender::run(std::promise<Status>& started)
{
    Status opened = openSession();
    const bool good = opened.has_value();
    started.set_value(std::move(opened)); // `started` may be gone from here on
    if (good)
        loop();
    stopped_.set_value();
    mayClose_.get_future().wait();
    session_.reset();
}

Status Appender::openSession()
{
    session_.reset();
    Result<std::unique_ptr<sql::WriteConnection>> connection = parts_.database.openWriter();
    if (!connection)
        return tl::unexpected<Error>(connection.error());
    if (const Status durable = (*connection)->setDurability(sql::Durability::full); !durable)
        return durable;
    const Result<std::vector<QByteArray>> logKeys = knownLogKeys(**connection, parts_.keys);
    if (!logKeys)
        return tl::unexpected<Error>(logKeys.error());
    if (const Status anchored = parts_.anchor.check(**connection, parts_.organisation.id, *logKeys); !anchored)
        return anchored;
    const Result<std::optional<CheckpointRow>> newest = newestCheckpoint(**connection);
    if (!newest)
        return tl::unexpected<Error>(newest.error());
    quint64 size = 0;
    {
        sql::Statement head = (*connection)->statement(QStringLiteral("SELECT size FROM log_head WHERE id = 1"));
        const Result<bool> found = head.first();
        if (!found)
            return tl::unexpected<Error>(found.error());
        size = quint64(head.int64(0));
    }
    session_ = std::make_unique<WriterSession>(std::move(*connection), parts_);
    committedSize_ = size;
    if (!*newest || (*newest)->size < size)
        checkpointDue_ = Steady::now() + parts_.config.checkpointInterval;
    return {};
}

void Appender::loop()
{
    while (!queue_.isClosed()) {
        std::vector<Work> group = queue_.take(checkpointDue_.value_or(Steady::now() + std::chrono::minutes(1)));
        if (!group.empty())
            runGroup(std::move(group));
        if (checkpointDue_ && Steady::now() >= *checkpointDue_)
            runCheckpoint(nullptr);
    }
    if (checkpointDue_ && session_)
        runCheckpoint(nullptr); // leaves nothing unsigned behind
}

void Appender::runGroup(std::vector<Work> group)
{
    // A checkpoint has a transaction of its own, after what was asked for before it.
    std::vector<Work> checkpoints;
    for (auto work = group.begin(); work != group.end();) {
        if (std::holds_alternative<CheckpointWork>(*work) || std::holds_alternative<CleanWork>(*work)) {
            checkpoints.push_back(std::move(*work));
            work = group.erase(work);
        } else {
            ++work;
        }
    }
    Status status = group.empty() ? Status() : tryGroup(group);
    if (!group.empty() && status) {
        answerGroup(std::move(group), std::move(calls_));
    } else if (!group.empty()) {
        // One of them may be the reason: alone, the others still get through.
        const bool alone = group.size() == 1 || status.error().code == ErrorCode::fenced;
        for (Work& work : group) {
            std::vector<Work> single;
            single.push_back(std::move(work));
            const Status tried = alone ? status : tryGroup(single);
            if (tried)
                answerGroup(std::move(single), std::move(calls_));
            else
                parts_.answers.post([work = std::make_shared<Work>(std::move(single.front())), error = tried.error()] {
                    answer(*work, error);
                });
        }
    }
    for (const Work& work : checkpoints) {
        if (const auto* cleaning = std::get_if<CleanWork>(&work))
            parts_.answers.post([done = cleaning->done, status = clean()] { done(status); });
        else
            runCheckpoint(&std::get<CheckpointWork>(work));
    }
}

// Everything out of the write-ahead log, and into pages that were zeroed when they were freed.
Status Appender::clean()
{
    if (!session_)
        return fail(ErrorCode::unavailable, QStringLiteral("The store cannot be reached now."));
    Status emptied;
    for (int attempt = 0; attempt < cleanAttempts; ++attempt) {
        emptied = session_->connection->checkpoint(sql::CheckpointMode::truncate);
        if (emptied || emptied.error().code != ErrorCode::busy)
            break;
        std::this_thread::sleep_for(std::chrono::milliseconds(50)); // readers end their snapshots within a request
    }
    return emptied;
}

Status Appender::tryGroup(const std::vector<Work>& group)
{
    Status status;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        if (!session_) {
            status = openSession();
            if (!status)
                break;
        }
        Result<std::vector<Outcome>> outcomes = session_->groups.run(group);
        if (outcomes) {
            const bool appended = std::any_of(
                group.begin(), group.end(), [](const Work& work) { return std::holds_alternative<AppendWork>(work); });
            fenced_ = fenced_ && !appended;
            if (!fenced_)
                noteFault({});
            noteMoved();
            if (std::any_of(group.begin(), group.end(),
                            [](const Work& work) { return std::holds_alternative<WriteWork>(work); }))
                parts_.tailer.wrote();
            calls_.clear();
            for (size_t i = 0; i < group.size(); ++i) {
                // Copied: the work itself dies with the group, after its answers were posted.
                auto outcome = std::make_shared<Outcome>(std::move((*outcomes)[i]));
                if (const auto* append = std::get_if<AppendWork>(&group[i])) {
                    calls_.push_back([this, outcome, done = append->done] {
                        auto& results = std::get<Result<std::vector<AppendResult>>>(*outcome);
                        if (results)
                            signReceipts(*results, parts_.organisation.id, parts_.keys.logKey());
                        if (done)
                            done(std::move(results));
                    });
                } else if (const auto* write = std::get_if<WriteWork>(&group[i])) {
                    calls_.push_back([outcome, done = write->done] { done(std::get<Status>(*outcome)); });
                } else if (const auto* raw = std::get_if<RawWork>(&group[i])) {
                    calls_.push_back([outcome, done = raw->done] { done(std::get<Result<qint64>>(*outcome)); });
                }
            }
            return {};
        }
        status = tl::unexpected<Error>(outcomes.error());
        if (status.error().code == ErrorCode::unavailable || status.error().code == ErrorCode::network)
            session_.reset(); // the server went away: the next attempt connects again
        else if (status.error().code != ErrorCode::busy)
            break;
    }
    fenced_ = fenced_ || status.error().code == ErrorCode::fenced;
    if (isStoreTrouble(status.error().code))
        noteFault(status);
    return status;
}

void Appender::noteMoved()
{
    const quint64 size = std::max(committedSize_, session_->writer.tree().size());
    if (size > committedSize_) {
        committedSize_ = size;
        if (!checkpointDue_)
            checkpointDue_ = Steady::now() + parts_.config.checkpointInterval;
        parts_.tailer.appended(session_->writer.takeTail());
    }
    if (++groupsSinceSync_ >= groupsPerSync) {
        groupsSinceSync_ = 0;
        // Busy readers only put this off.
        const Status synced = session_->connection->checkpoint(sql::CheckpointMode::passive);
        if (!synced && synced.error().code != ErrorCode::busy)
            noteFault(synced);
    }
}

void Appender::answerGroup(std::vector<Work> group, std::vector<std::function<void()>> calls)
{
    // The group goes along: its callables may own what the completions refer to.
    parts_.answers.post([group = std::make_shared<std::vector<Work>>(std::move(group)), calls = std::move(calls)] {
        for (const std::function<void()>& call : calls)
            call();
    });
}

void Appender::runCheckpoint(const CheckpointWork* asked)
{
    checkpointDue_.reset();
    Result<QByteArray> note = fail(ErrorCode::unavailable, QStringLiteral("The store cannot be reached now."));
    if (session_ || openSession())
        note = session_->checkpointer.run();
    const quint64 size = session_ ? session_->writer.tree().size() : 0;
    if (note && size > committedSize_) {
        committedSize_ = size;
        parts_.tailer.appended(session_->writer.takeTail());
    }
    fenced_ = !note && note.error().code == ErrorCode::fenced;
    noteFault(note ? Status() : tl::unexpected<Error>(note.error()));
    if (!note) {
        checkpointDue_ = Steady::now() + parts_.config.checkpointInterval;
        if (note.error().code == ErrorCode::unavailable || note.error().code == ErrorCode::network)
            session_.reset(); // the next one connects again
    }
    if (asked)
        parts_.answers.post([done = asked->done, note] { done(note); });
}

} // namespace holdfast::store

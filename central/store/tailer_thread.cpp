#include "central/store/tailer_thread.h"

#include "central/store/accounts.h"
#include "storage/sql/transaction.h"

namespace holdfast::store {

namespace {

constexpr std::chrono::milliseconds lookEvery{50};
constexpr size_t longestInbox = 256;  // batches; beyond it the listener reads the rows instead
constexpr quint64 longestRead = 2000; // entries of others read at once

} // namespace

TailerThread::TailerThread(const ReaderParts& parts) : parts_(parts), thread_([this] { run(); }) {}

void TailerThread::listen(TailListener& listener)
{
    const std::lock_guard lock(mutex_);
    listener_ = &listener;
    lookAsked_ = true;
    changed_.notify_one();
}

void TailerThread::watch(bool somebodyWaits)
{
    const std::lock_guard lock(mutex_);
    if (watched_ == somebodyWaits)
        return;
    watched_ = somebodyWaits;
    if (somebodyWaits)
        lookAsked_ = true;
    changed_.notify_one();
}

void TailerThread::appended(Tail tail)
{
    const std::lock_guard lock(mutex_);
    if (!listener_)
        return;
    if (appended_.size() >= longestInbox)
        appended_.clear();
    appended_.push_back(std::move(tail));
    changed_.notify_one();
}

void TailerThread::wrote()
{
    const std::lock_guard lock(mutex_);
    lookAsked_ = listener_ != nullptr;
    changed_.notify_one();
}

void TailerThread::stop()
{
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

std::optional<TailerThread::Work> TailerThread::next()
{
    // Only PostgreSQL has other writers than our own appender.
    const bool others = parts_.database.dialect() == sql::Dialect::postgres;
    std::unique_lock lock(mutex_);
    const auto due = [this] { return ending_ || lookAsked_ || !appended_.empty(); };
    if (watched_)
        changed_.wait_until(lock, nextLook_, due);
    else
        changed_.wait(lock, [this, due] { return due() || watched_; });
    if (ending_)
        return std::nullopt;
    Work work{std::exchange(appended_, {}), listener_, std::exchange(lookAsked_, false), watched_};
    const auto now = Steady::now();
    if (watched_ && now >= nextLook_) {
        work.look = work.look || others;
        nextLook_ = now + lookEvery;
    }
    return work;
}

void TailerThread::run()
{
    while (std::optional<Work> work = next()) {
        if (!work->listener)
            continue;
        for (Tail& tail : work->appended)
            take(*work->listener, std::move(tail), work->watched);
        if (work->look)
            look(*work->listener, work->watched);
        if (work->watched)
            work->listener->tick();
    }
    session_.reset();
}

void TailerThread::deliver(TailListener& listener, Tail tail)
{
    size_ = tail.to;
    begun_ = true;
    listener.grew(std::move(tail));
}

void TailerThread::take(TailListener& listener, Tail tail, bool watched)
{
    if (begun_ && tail.from > size_)
        readUpTo(listener, tail.from, watched);
    if (begun_ && tail.to <= size_)
        return; // the head row was quicker
    if (begun_ && tail.from < size_) {
        tail.entries.erase(tail.entries.begin(), tail.entries.begin() + qsizetype(size_ - tail.from));
        tail.from = size_;
    }
    deliver(listener, std::move(tail));
}

// Reads what other centrals appended; what is too much is left out, which the listener sees.
void TailerThread::readUpTo(TailListener& listener, quint64 size, bool watched)
{
    Tail tail{size, size, {}};
    if (watched && begun_ && size - size_ <= longestRead && session_) {
        // In one view: between reading a row and its key, an erasure may move both to the next generation.
        const Result<sql::Snapshot> snapshot = sql::Snapshot::begin(*session_->connection);
        Result<std::vector<FeedEntry>> entries =
            snapshot ? FeedReads(session_->context).everything(size_, size) : tl::unexpected<Error>(snapshot.error());
        if (entries && entries->size() == size - size_)
            tail = {size_, size, std::move(*entries)};
    }
    deliver(listener, std::move(tail));
}

Status TailerThread::lookAtHead(quint64& size, bool& signInsEnded)
{
    if (!session_) {
        Result<std::unique_ptr<ReaderSession>> opened = ReaderSession::open(parts_);
        if (!opened)
            return tl::unexpected<Error>(opened.error());
        session_ = std::move(*opened);
    }
    sql::Statement head = session_->connection->statement(
        QStringLiteral("SELECT h.size, s.value FROM log_head h LEFT JOIN setting s ON s.name = ? WHERE h.id = 1"));
    const Result<bool> found = head.first(endedSignInsSetting());
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return fail(ErrorCode::corrupt, QStringLiteral("The store has no head of the log. Restore it from a backup."));
    size = quint64(head.int64(0));
    const QByteArray marker = head.bytes(1);
    signInsEnded = marker_ && *marker_ != marker;
    marker_ = marker;
    return {};
}

void TailerThread::look(TailListener& listener, bool watched)
{
    quint64 size = 0;
    bool signInsEnded = false;
    if (!lookAtHead(size, signInsEnded)) {
        session_
            .reset(); // connects again at the next look; what waits runs out of time and is told by its next request
        return;
    }
    if (!begun_ || size > size_)
        readUpTo(listener, size, watched);
    if (signInsEnded)
        listener.signInsEnded();
}

} // namespace holdfast::store

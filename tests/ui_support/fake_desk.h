// A desk in memory for tests and pictures: answers reads from SampleData, applies acts to it, and can hold answers
// back.
#pragma once

#include "models/base/clock.h"
#include "models/views/desk.h"
#include "tests/ui_support/sample_data.h"

#include <QPromise>

#include <deque>
#include <functional>
#include <memory>

namespace holdfast::test {

// A clock that stands until it is set.
class HeldClock : public Clock
{
public:
    explicit HeldClock(Timestamp now) : now_(now) {}
    [[nodiscard]] Timestamp now() const override { return now_; }
    void set(Timestamp now) { now_ = now; }

private:
    Timestamp now_;
};

class FakeNews : public views::DeskNews
{
    Q_OBJECT
public:
    [[nodiscard]] views::SyncState syncState() const override { return state_; }
    void setSyncState(const views::SyncState& state)
    {
        state_ = state;
        Q_EMIT syncStateChanged(state_);
    }

private:
    views::SyncState state_;
};

class FakeDesk : public views::DeskReader, public views::DeskActs
{
public:
    FakeDesk(SampleData data, const Clock& clock);

    [[nodiscard]] views::Desk desk() { return {*this, *this, news_, data_.me}; }
    [[nodiscard]] FakeNews& news() { return news_; }
    [[nodiscard]] SampleData& data() { return data_; }

    // What was asked of it, in order: "reply", "note", "assign" ... with the text or word that came along.
    struct Act
    {
        QString name;
        ThreadId thread;
        QString text;
        std::optional<UserId> user;
        friend bool operator==(const Act&, const Act&) = default;
    };
    QList<Act> acts;
    ThreadSeq lastSeen; // of the newest reply
    QList<views::ThreadQuery> threadQueries;
    QList<views::SearchQuery> searches;

    // Brings the messages that were asked for; nothing happens without it.
    std::function<void(const ThreadId&, const views::Hole&)> bringHistory;
    QString failNextOf; // the act that fails next, once

    // While held, reads and acts stay unanswered until release() (oldest first, or any by index).
    void hold(bool held) { held_ = held; }
    [[nodiscard]] int heldCount() const { return static_cast<int>(waiting_.size()); }
    void release(int index = 0);
    void releaseAll();
    // The next call answers this error instead.
    void failNext(const Error& error) { nextError_ = error; }
    // A customer writes: appends, counts unread, tells the news.
    EntryId customerWrites(const ThreadId& thread, const QString& text);

    QFuture<Result<views::Navigation>> navigation() override;
    QFuture<Result<views::ThreadPage>> threads(const views::ThreadQuery& query) override;
    QFuture<Result<views::ThreadHeader>> thread(const ThreadId& id) override;
    QFuture<Result<views::MessagePage>> newestMessages(const ThreadId& id, int limit) override;
    QFuture<Result<views::MessagePage>> messagesBefore(const ThreadId& id, const views::MessageKey& key,
                                                       int limit) override;
    QFuture<Result<views::MessagePage>> messagesAfter(const ThreadId& id, const views::MessageKey& key,
                                                      int limit) override;
    QFuture<Result<views::MessagePage>> messagesAround(const ThreadId& id, const views::MessageKey& key,
                                                       int limit) override;
    QFuture<Result<views::Message>> message(const EntryId& id) override;
    QFuture<Result<QByteArray>> attachment(const BlobId& id) override;
    QFuture<Result<QList<views::LogLine>>> threadLog(const ThreadId& id, int limit) override;
    QFuture<Result<views::SearchPage>> search(const views::SearchQuery& query) override;
    QFuture<Result<QList<views::Staff>>> staff() override;
    QFuture<Result<QList<views::Team>>> teams() override;
    QFuture<Result<QList<views::NotSent>>> notSent() override;
    QFuture<Result<QString>> draft(const ThreadId& id, bool note) override;
    QFuture<Result<QList<views::KeptDraft>>> keptDrafts() override;

    QFuture<Result<EntryId>> reply(const ThreadId& id, const QString& text, const QList<views::OutgoingFile>& files,
                                   std::optional<EntryId> replyTo, ThreadSeq seen) override;
    QFuture<Result<EntryId>> note(const ThreadId& id, const QString& text, const QList<UserId>& mentions) override;
    QFuture<Result<EntryId>> roomMessage(const ThreadId& id, const QString& text,
                                         const QList<UserId>& mentions) override;
    QFuture<Result<EntryId>> assign(const ThreadId& id, std::optional<UserId> assignee) override;
    QFuture<Result<EntryId>> setState(const ThreadId& id, domain::ThreadStatus status, Timestamp until,
                                      const QString& reason) override;
    QFuture<Result<EntryId>> linkPolicy(const ThreadId& id, const PolicyId& policy, bool linked) override;
    QFuture<Result<void>> markRead(const ThreadId& id, ThreadSeq upTo) override;
    QFuture<Result<void>> saveDraft(const ThreadId& id, bool note, const QString& text) override;
    QFuture<Result<EntryId>> retry(const EntryId& id) override;
    QFuture<Result<void>> discard(const EntryId& id) override;
    QFuture<Result<void>> fetchHistory(const ThreadId& id, const views::Hole& hole) override;
    QFuture<Result<void>> saveCopy(const views::CopyOrder& order) override;
    QFuture<Result<EntryId>> moveThread(const ThreadId& id, const ScopeId& to) override;
    QFuture<Result<void>> dropKeptDraft(qint64 number) override;
    // The thread was moved to where this person sees nothing.
    void loseThread(const ThreadId& id);
    // A conversation was closed over this draft.
    void keepDraft(const QString& text);

private:
    template <typename T>
    QFuture<Result<T>> answer(std::function<Result<T>()> make);
    Result<views::MessagePage> page(const ThreadId& id, const std::function<qsizetype(qsizetype)>& firstOf, int limit);
    EntryId append(const ThreadId& id, views::Message message);

    SampleData data_;
    const Clock& clock_;
    FakeNews news_;
    bool held_ = false;
    std::optional<Error> nextError_;
    std::deque<std::function<void()>> waiting_;
    QHash<QString, QString> drafts_;
    QList<views::KeptDraft> keptDrafts_;
    int lastId_ = 0;
};

template <typename T>
QFuture<Result<T>> FakeDesk::answer(std::function<Result<T>()> make)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    QFuture<Result<T>> future = promise->future();
    if (nextError_) {
        promise->addResult(fail(nextError_->code, nextError_->text));
        nextError_.reset();
        promise->finish();
        return future;
    }
    // What is read is read now, as on a worker whose answer is late.
    auto result = std::make_shared<Result<T>>(make());
    const auto finish = [promise, result] {
        promise->addResult(*result);
        promise->finish();
    };
    if (held_)
        waiting_.push_back(finish);
    else
        finish();
    return future;
}

} // namespace holdfast::test

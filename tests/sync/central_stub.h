// Answers of a small central for sessions: one organisation, one person, a log that takes entries and shows the proofs
// that it was given.
#pragma once

#include "models/log/signing.h"
#include "tests/sync/small_log.h"
#include "tests/sync/tiny_server.h"

#include <QJsonArray>
#include <QMutex>

#include <atomic>

namespace holdfast::test {

class CentralStub
{
public:
    CentralStub();

    [[nodiscard]] TinyReply answer(const TinyRequest& request);
    [[nodiscard]] QList<EntryId> accepted() const;

    // From now on this log's checkpoint is offered and proved; its organisation becomes ours.
    void show(SmallLog log);
    // From now on the feed brings a case with this id.
    void open(const ThreadId& thread);

    std::atomic<bool> refusesTokens = false;
    std::atomic<bool> saysActs = true; // the thread of recorded acts, with each token
    std::atomic<bool> isBusy = false;  // 503 on everything after sign-in

private:
    [[nodiscard]] QByteArray tokens();
    [[nodiscard]] QByteArray changes() const;
    [[nodiscard]] TinyReply proofs(const QByteArray& body) const;
    [[nodiscard]] QByteArray push(const QByteArray& body);

    log::SigningKey key_;
    mutable QMutex mutex_;
    QList<EntryId> accepted_;
    std::optional<SmallLog> log_;
    QJsonArray entries_; // of the feed
    std::atomic<int> serial_ = 0;
};

} // namespace holdfast::test

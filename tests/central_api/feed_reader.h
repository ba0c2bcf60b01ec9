// A desk's memory of the feed, by the rules of docs/api.md: enough to tell what a desk would hold, and nothing else.
#pragma once

#include "models/log/checksum.h"
#include "tests/central_api/api_fixture.h"

#include <map>
#include <set>

namespace holdfast::test {

class FeedMemory
{
public:
    struct Thread
    {
        ScopeId scope;
        std::vector<EntryId> entries; // in the order of the thread
        Digest head;
        log::Checksum checksum;
    };

    // One request. Fails the test when a thread's chain does not hold.
    void poll(ApiFixture& fixture, const Desk& desk, int limit = 500);
    void catchUp(ApiFixture& fixture, const Desk& desk, int limit = 500);
    // The next answer is lost on its way: the desk asks again from the same place.
    void loseAnswer(ApiFixture& fixture, const Desk& desk, int limit) const;

    [[nodiscard]] const std::map<ThreadId, Thread>& threads() const { return threads_; }
    [[nodiscard]] bool more() const { return more_; }
    [[nodiscard]] const QString& cursor() const { return cursor_; }
    QStringList events;                    // "closed THREAD", "opened SCOPE" ..., since the test last cleared it
    std::map<ScopeId, log::Checksum> sums; // of the newest answer that had any
    QStringList differing;                 // scopes that were not, at some answer, what its sums said
    std::vector<ScopeId> again;            // asked for from their beginning
    void forgetScope(const ScopeId& scope);
    std::set<ThreadId> delivered; // threads of which the last answer brought something

private:
    [[nodiscard]] Answer ask(ApiFixture& fixture, const Desk& desk, int limit) const;
    void forget(const QJsonObject& body);
    std::map<ThreadId, Thread>::iterator drop(std::map<ThreadId, Thread>::iterator thread);
    void take(const QJsonObject& entry);
    void compare(const QJsonArray& told);

    std::map<ThreadId, Thread> threads_;
    std::set<EntryId> known_;
    QString cursor_;
    bool more_ = true;
};

} // namespace holdfast::test

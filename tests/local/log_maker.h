// A small central for tests: makes entries that every check of a desk accepts, in order.
#pragma once

#include "models/base/random.h"
#include "models/domain/content.h"
#include "models/log/signing.h"
#include "storage/local/feed.h"
#include "storage/local/outbox.h"

#include <map>
#include <random>

namespace holdfast::test {

class SeededRandom : public RandomSource
{
public:
    explicit SeededRandom(quint64 seed) : engine_(seed) {}
    void fill(std::span<uint8_t> bytes) override
    {
        for (uint8_t& byte : bytes)
            byte = static_cast<uint8_t>(engine_());
    }
    int below(int limit) { return static_cast<int>(engine_() % static_cast<unsigned>(limit)); }

private:
    std::mt19937_64 engine_;
};

class HeldClock : public Clock
{
public:
    [[nodiscard]] Timestamp now() const override { return {now_}; }
    void advance(qint64 microseconds) { now_ += microseconds; }

private:
    qint64 now_ = 1'791'000'000'000'000; // October 2026
};

struct Colleague
{
    UserId user;
    DeviceId device;
    log::SigningKey key;
};

class LogMaker
{
public:
    explicit LogMaker(quint64 seed = 1);

    // What central itself writes.
    local::FeedEntry central(const ThreadId& thread, domain::Kind kind, const QByteArray& content);
    // What a colleague's device signed.
    local::FeedEntry signedBy(const Colleague& colleague, const ThreadId& thread, domain::Kind kind,
                              const QByteArray& content);
    // Central's acceptance of what a desk under test has in its outbox.
    local::FeedEntry accept(const local::OutboxEntry& entry);

    Colleague colleague(const QString& name); // not enrolled yet
    local::FeedEntry profile(const Colleague& colleague, const QString& name);
    local::FeedEntry enrol(const Colleague& colleague);
    local::FeedEntry person(const PersonId& person, const QString& name, const QString& phone, qint64 asOf = 1);
    local::FeedEntry policy(const PolicyId& policy, const PersonId& holder, const QString& number, qint64 asOf = 1);
    local::FeedEntry openCase(const ThreadId& thread, const PersonId& person);
    void setScope(const ScopeId& scope) { scope_ = scope; } // of what comes next
    local::FeedEntry customer(const ThreadId& thread, const PersonId& person, const QString& text,
                              const QList<domain::Attachment>& files = {});
    // From then on the thread's headers name that scope.
    local::FeedEntry move(const Colleague& by, const ThreadId& thread, const ScopeId& to);
    void openIn(const ThreadId& thread, const ScopeId& scope) { scopes_[thread] = scope; }
    local::FeedEntry assign(const Colleague& by, const ThreadId& thread, std::optional<UserId> to);

    [[nodiscard]] OrgId org() const { return org_; }
    [[nodiscard]] ScopeId scope() const { return scope_; }
    SeededRandom& random() { return random_; }
    HeldClock& clock() { return clock_; }
    [[nodiscard]] EntryId lastId() const { return lastId_; }
    [[nodiscard]] ThreadSeq newestOf(const ThreadId& thread) const
    {
        const auto head = heads_.find(thread);
        return ThreadSeq{head == heads_.end() ? 0 : head->second.seq};
    }
    [[nodiscard]] Position nextPos() const { return Position{pos_}; }

private:
    struct Head
    {
        quint64 seq = 0;
        Digest leaf;
    };
    [[nodiscard]] ScopeId scopeOf(const ThreadId& thread) const;
    local::FeedEntry seal(const QByteArray& authorPart, const QByteArray& signature, const ThreadId& thread,
                          const QByteArray& salt, const QByteArray& content);

    SeededRandom random_;
    HeldClock clock_;
    OrgId org_;
    ScopeId scope_;
    quint64 pos_ = 0;
    quint64 deviceSeq_ = 0;
    EntryId lastId_;
    std::map<ThreadId, Head> heads_;
    std::map<ThreadId, ScopeId> scopes_; // where it is not scope_
};

} // namespace holdfast::test

// Durable queues: raw webhook bodies, messages to send, media to pull. Payloads are encrypted at rest.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <span>
#include <vector>

namespace holdfast::store {

struct Context;
struct ThreadKey;

enum class InboxState {
    waiting,
    done,
    failed,   // cannot be understood or stored: kept for replay after a fix
    unplaced, // the configuration has no place for a part of it: kept until it has
};

struct InboxItem
{
    qint64 id = 0;
    Timestamp receivedAt;
    QString channel;
    QByteArray bytes; // exactly as they came
    QString damage;   // words when the stored bytes do not open: `bytes` is empty then
};

// Raw webhook bodies, each under the key of its day. put() is Store::putRaw(), which groups commits.
class InboxReads
{
public:
    explicit InboxReads(Context& context) : context_(context) {}
    // Oldest first; `except` are ids that the caller wants to leave for later.
    [[nodiscard]] Result<std::vector<InboxItem>> waiting(int limit, std::span<const qint64> except = {});
    [[nodiscard]] Result<InboxItem> item(qint64 id);
    [[nodiscard]] Result<qint64> count(InboxState state);

protected:
    Context& context_;
};

class InboxWrites : public InboxReads
{
public:
    using InboxReads::InboxReads;
    [[nodiscard]] Status done(qint64 id);
    [[nodiscard]] Status failed(qint64 id, const QString& words);
    [[nodiscard]] Status unplaced(qint64 id, const QString& words);
    // Everything in `state` waits again; answers how many. Safe to repeat: reading a body twice adds nothing twice.
    [[nodiscard]] Result<int> waitAgain(InboxState state);
    // Destroys the keys and bodies of days whose items are all done, 14 days after the last one was; answers how many.
    [[nodiscard]] Result<int> destroyOldDays(Timestamp now);
};

// One piece of outside work. `state` is the owner's word ("waiting", "calling", "uncertain" ...); "done" leaves the
// queue.
struct Job
{
    EntryId entry;   // the message it is for
    QByteArray part; // which part of it: a blob id for media, empty for sends
    ThreadId thread;
    QString channel;
    QString state;
    QString callback; // opaque token that the provider hands back; unique; may be empty
    int attempts = 0;
    Timestamp dueAt;
    qint64 order = 0;   // insertion order, given by the store
    QString error;      // words, no personal data
    QByteArray payload; // encrypted at rest
};

enum class JobKind { send, media };

class JobReads
{
public:
    JobReads(Context& context, JobKind kind) : context_(context), kind_(kind) {}
    // Due at `now`, oldest first.
    [[nodiscard]] Result<std::vector<Job>> due(Timestamp now, int limit);
    [[nodiscard]] Result<std::optional<Job>> job(const EntryId& entry, const QByteArray& part = {});
    [[nodiscard]] Result<std::optional<Job>> byCallback(const QString& callback);
    [[nodiscard]] Result<std::vector<Job>> ofThread(const ThreadId& thread); // in insertion order
    [[nodiscard]] Result<std::optional<Timestamp>> nextDue();
    [[nodiscard]] Result<qint64> count();

protected:
    Context& context_;
    JobKind kind_;
};

class JobWrites : public JobReads
{
public:
    using JobReads::JobReads;
    [[nodiscard]] Status put(const Job& job); // conflict when (entry, part) is there already
    // State, attempts, dueAt, error, callback and payload, if the row still is as `found`: conflict when another
    // changed its state or attempts since.
    [[nodiscard]] Status update(const Job& job, const Job& found);
    // Takes a job only if it still is in state `from`: conflict when another took it.
    [[nodiscard]] Status claim(const EntryId& entry, const QByteArray& part, const QString& from, const QString& to,
                               Timestamp dueAt);
    [[nodiscard]] Status remove(const EntryId& entry, const QByteArray& part = {});
};

// Moves what a thread's jobs carry to the next generation of the thread's key.
[[nodiscard]] Status resealJobs(Context& context, const ThreadId& thread, const ThreadKey& next);

} // namespace holdfast::store

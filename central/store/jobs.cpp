#include "central/store/jobs.h"

#include "central/store/aead.h"
#include "central/store/context.h"
#include "central/store/raw_rows.h"

namespace holdfast::store {

namespace {

const QString jobColumns = QStringLiteral("entry_id, part, thread, channel, state, callback, attempts, due_at, ord, "
                                          "error, generation, sealed");

struct SealedJob
{
    Job job;
    qint64 generation = 0;
    QByteArray sealed;
};

SealedJob readSealed(sql::Statement& row)
{
    SealedJob read;
    read.job.entry = row.id<EntryId>(0);
    read.job.part = row.bytes(1);
    read.job.thread = row.id<ThreadId>(2);
    read.job.channel = row.text(3);
    read.job.state = row.text(4);
    read.job.callback = row.text(5);
    read.job.attempts = int(row.int64(6));
    read.job.dueAt = row.strong<Timestamp>(7);
    read.job.order = row.int64(8);
    read.job.error = row.text(9);
    read.generation = row.int64(10);
    read.sealed = row.bytes(11);
    return read;
}

QByteArray bindingOf(JobKind kind, const EntryId& entry, QByteArrayView part)
{
    return "holdfast/job/v1" + bigEndian32(quint32(kind)) + entry.toBytes() + part.toByteArray();
}

Result<Job> open(Context& context, JobKind kind, SealedJob read)
{
    const Result<QByteArray> key = context.threadKeys.ofGeneration(context.db, read.job.thread, read.generation);
    const bool erased = !key && key.error().code == ErrorCode::notFound;
    Result<QByteArray> payload = key ? unseal(*key, bindingOf(kind, read.job.entry, read.job.part), read.sealed)
                                     : tl::unexpected<Error>(key.error());
    if (payload)
        read.job.payload = std::move(*payload);
    else if (!erased && !context.passesOver(payload.error()))
        return tl::unexpected<Error>(payload.error());
    return std::move(read.job);
}

Result<std::vector<Job>> openAll(Context& context, JobKind kind, sql::Statement& query)
{
    std::vector<SealedJob> sealed;
    const Status read = query.forEach([&](sql::Statement& row) { sealed.push_back(readSealed(row)); });
    if (!read)
        return tl::unexpected<Error>(read.error());
    std::vector<Job> jobs;
    for (SealedJob& job : sealed) {
        Result<Job> opened = open(context, kind, std::move(job));
        if (!opened)
            return tl::unexpected<Error>(opened.error());
        jobs.push_back(std::move(*opened));
    }
    return jobs;
}

Result<std::optional<Job>> oneOf(Result<std::vector<Job>> jobs)
{
    if (!jobs)
        return tl::unexpected<Error>(jobs.error());
    if (jobs->empty())
        return std::nullopt;
    return std::move(jobs->front());
}

std::optional<QString> orNothing(const QString& text)
{
    return text.isEmpty() ? std::nullopt : std::optional(text);
}

Status gone()
{
    return fail(ErrorCode::conflict, QStringLiteral("The job is not in the queue, or another took it."));
}

} // namespace

Result<std::vector<Job>> JobReads::due(Timestamp now, int limit)
{
    sql::Statement query = context_.db.statement(
        QStringLiteral("SELECT %1 FROM job WHERE kind = ? AND due_at <= ? ORDER BY due_at, ord LIMIT ?")
            .arg(jobColumns));
    query.bind(0, kind_);
    query.bind(1, now);
    query.bind(2, std::clamp(limit, 1, 1000));
    return openAll(context_, kind_, query);
}

Result<std::optional<Job>> JobReads::job(const EntryId& entry, const QByteArray& part)
{
    sql::Statement query = context_.db.statement(
        QStringLiteral("SELECT %1 FROM job WHERE kind = ? AND entry_id = ? AND part = ?").arg(jobColumns));
    query.bind(0, kind_);
    query.bind(1, entry);
    query.bind(2, part);
    return oneOf(openAll(context_, kind_, query));
}

Result<std::optional<Job>> JobReads::byCallback(const QString& callback)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT %1 FROM job WHERE kind = ? AND callback = ?").arg(jobColumns));
    query.bind(0, kind_);
    query.bind(1, callback);
    return oneOf(openAll(context_, kind_, query));
}

Result<std::vector<Job>> JobReads::ofThread(const ThreadId& thread)
{
    sql::Statement query = context_.db.statement(
        QStringLiteral("SELECT %1 FROM job WHERE kind = ? AND thread = ? ORDER BY ord LIMIT 1000").arg(jobColumns));
    query.bind(0, kind_);
    query.bind(1, thread);
    return openAll(context_, kind_, query);
}

Result<std::optional<Timestamp>> JobReads::nextDue()
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT due_at FROM job WHERE kind = ? ORDER BY due_at, ord LIMIT 1"));
    const Result<bool> found = query.first(kind_);
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return std::nullopt;
    return query.strong<Timestamp>(0);
}

Result<qint64> JobReads::count()
{
    sql::Statement query = context_.db.statement(QStringLiteral("SELECT count(*) FROM job WHERE kind = ?"));
    const Result<bool> found = query.first(kind_);
    if (!found)
        return tl::unexpected<Error>(found.error());
    return query.int64(0);
}

Status JobWrites::put(const Job& job)
{
    const ThreadId threads[] = {job.thread};
    if (const Status prepared = context_.threadKeys.prepare(*context_.writer, threads); !prepared)
        return prepared;
    const Result<ThreadKey> key = context_.threadKeys.newest(context_.db, job.thread);
    if (!key)
        return tl::unexpected<Error>(key.error());
    qint64 last = 0;
    {
        sql::Statement newest = context_.db.statement(
            QStringLiteral("SELECT ord FROM job WHERE kind = ? AND thread = ? ORDER BY ord DESC LIMIT 1"));
        const Result<bool> found = newest.first(kind_, job.thread);
        if (!found)
            return tl::unexpected<Error>(found.error());
        last = *found ? newest.int64(0) : 0;
    }
    sql::Statement insert = context_.db.statement(
        QStringLiteral("INSERT INTO job (kind, %1) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                       "ON CONFLICT (kind, entry_id, part) DO NOTHING")
            .arg(jobColumns));
    const Status inserted =
        insert.exec(kind_, job.entry, job.part, job.thread, job.channel, job.state, orNothing(job.callback),
                    job.attempts, job.dueAt, nextRowId(context_.clock.now(), last), job.error, key->generation,
                    seal(key->key, bindingOf(kind_, job.entry, job.part), job.payload, context_.random));
    if (!inserted)
        return inserted;
    if (insert.affected() != 1)
        return fail(ErrorCode::conflict, QStringLiteral("The job is in the queue already."));
    return {};
}

Status JobWrites::update(const Job& job, const Job& found)
{
    const Result<ThreadKey> key = context_.threadKeys.newest(context_.db, job.thread);
    if (!key)
        return tl::unexpected<Error>(key.error());
    sql::Statement update = context_.db.statement(
        QStringLiteral("UPDATE job SET state = ?, callback = ?, attempts = ?, due_at = ?, error = ?, generation = ?, "
                       "sealed = ? WHERE kind = ? AND entry_id = ? AND part = ? AND state = ? AND attempts = ?"));
    const Status updated =
        update.exec(job.state, orNothing(job.callback), job.attempts, job.dueAt, job.error, key->generation,
                    seal(key->key, bindingOf(kind_, job.entry, job.part), job.payload, context_.random), kind_,
                    job.entry, job.part, found.state, found.attempts);
    if (!updated)
        return updated;
    return update.affected() == 1 ? Status() : gone();
}

Status JobWrites::claim(const EntryId& entry, const QByteArray& part, const QString& from, const QString& to,
                        Timestamp dueAt)
{
    sql::Statement update = context_.db.statement(QStringLiteral(
        "UPDATE job SET state = ?, due_at = ? WHERE kind = ? AND entry_id = ? AND part = ? AND state = ?"));
    const Status updated = update.exec(to, dueAt, kind_, entry, part, from);
    if (!updated)
        return updated;
    return update.affected() == 1 ? Status() : gone();
}

Status JobWrites::remove(const EntryId& entry, const QByteArray& part)
{
    return context_.db.statement(QStringLiteral("DELETE FROM job WHERE kind = ? AND entry_id = ? AND part = ?"))
        .exec(kind_, entry, part);
}

Status resealJobs(Context& context, const ThreadId& thread, const ThreadKey& next)
{
    for (const JobKind kind : {JobKind::send, JobKind::media}) {
        sql::Statement query = context.db.statement(
            QStringLiteral("SELECT %1 FROM job WHERE kind = ? AND thread = ? ORDER BY ord").arg(jobColumns));
        query.bind(0, kind);
        query.bind(1, thread);
        const Result<std::vector<Job>> jobs = openAll(context, kind, query);
        if (!jobs)
            return tl::unexpected<Error>(jobs.error());
        for (const Job& job : *jobs) {
            if (job.payload.isNull())
                continue; // does not open any more
            const Status stored =
                context.db
                    .statement(QStringLiteral("UPDATE job SET generation = ?, sealed = ? WHERE kind = ? AND "
                                              "entry_id = ? AND part = ?"))
                    .exec(next.generation,
                          seal(next.key, bindingOf(kind, job.entry, job.part), job.payload, context.random), kind,
                          job.entry, job.part);
            if (!stored)
                return stored;
        }
    }
    return {};
}

} // namespace holdfast::store

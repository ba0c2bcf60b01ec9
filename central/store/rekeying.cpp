#include "central/store/rekeying.h"

#include "central/store/blobs.h"
#include "central/store/content_seal.h"
#include "central/store/context.h"
#include "central/store/jobs.h"

namespace holdfast::store {

namespace {

constexpr int pieceRows = 200; // how many contents an append may have to wait for

struct Sealed
{
    Position pos;
    ThreadSeq seq;
    EntryId entry;
    qint64 generation = 0;
    QByteArray bytes;
};

Result<std::vector<Sealed>> sealedAfter(Context& context, const ThreadId& thread, ThreadSeq after, qint64 below)
{
    std::vector<Sealed> rows;
    sql::Statement query = context.db.statement(
        QStringLiteral("SELECT c.pos, h.tseq, h.entry_id, c.generation, c.sealed FROM entry_header h "
                       "JOIN content c ON c.pos = h.pos WHERE h.thread = ? AND h.tseq > ? AND c.generation < ? "
                       "ORDER BY h.tseq LIMIT ?"));
    query.bind(0, thread);
    query.bind(1, after);
    query.bind(2, below);
    query.bind(3, pieceRows);
    const Status read = query.forEach([&](sql::Statement& row) {
        rows.push_back(
            {row.strong<Position>(0), row.strong<ThreadSeq>(1), row.id<EntryId>(2), row.int64(3), row.bytes(4)});
    });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return rows;
}

// One that does not open any more cannot be saved: it is counted and left to its old key's end.
Status resealContent(Context& context, const ThreadId& thread, const Sealed& row, const ThreadKey& next)
{
    const Result<QByteArray> key = context.threadKeys.ofGeneration(context.db, thread, row.generation);
    const Result<OpenContent> open =
        key ? openContent(*key, row.generation, row.entry, row.bytes) : tl::unexpected<Error>(key.error());
    if (!open)
        return context.passesOver(open.error()) ? Status() : tl::unexpected<Error>(open.error());
    return context.db.statement(QStringLiteral("UPDATE content SET generation = ?, sealed = ? WHERE pos = ?"))
        .exec(next.generation, sealContent(next, row.entry, open->salt, open->content, context.random), row.pos);
}

Status finishThread(Context& context, const ThreadId& thread, const ThreadKey& next)
{
    if (const Status done = resealBlobs(context, thread, next); !done)
        return done;
    if (const Status done = resealJobs(context, thread, next); !done)
        return done;
    if (const Status done = context.threadKeys.destroyBelow(*context.writer, thread, next.generation); !done)
        return done;
    return context.db.statement(QStringLiteral("DELETE FROM rekeying WHERE thread = ?")).exec(thread);
}

} // namespace

Status RekeyingWrites::begin(const ThreadId& thread)
{
    if (const Result<ThreadKey> next = context_.threadKeys.beginGeneration(*context_.writer, thread); !next)
        return tl::unexpected<Error>(next.error());
    return context_.db
        .statement(QStringLiteral("INSERT INTO rekeying (thread, seq) VALUES (?, 0) "
                                  "ON CONFLICT (thread) DO UPDATE SET seq = 0"))
        .exec(thread);
}

Result<bool> RekeyingWrites::step()
{
    ThreadId thread;
    ThreadSeq after;
    {
        sql::Statement query =
            context_.db.statement(QStringLiteral("SELECT thread, seq FROM rekeying ORDER BY thread LIMIT 1"));
        const Result<bool> found = query.first();
        if (!found)
            return tl::unexpected<Error>(found.error());
        if (!*found)
            return false;
        thread = query.id<ThreadId>(0);
        after = query.strong<ThreadSeq>(1);
    }
    const Result<ThreadKey> next = context_.threadKeys.newest(context_.db, thread);
    if (!next)
        return tl::unexpected<Error>(next.error());
    const Result<std::vector<Sealed>> rows = sealedAfter(context_, thread, after, next->generation);
    if (!rows)
        return tl::unexpected<Error>(rows.error());
    Status done;
    for (const Sealed& row : *rows) {
        if (done)
            done = resealContent(context_, thread, row, *next);
    }
    if (done && rows->empty())
        done = finishThread(context_, thread, *next);
    else if (done)
        done = context_.db.statement(QStringLiteral("UPDATE rekeying SET seq = ? WHERE thread = ?"))
                   .exec(rows->back().seq, thread);
    if (!done)
        return tl::unexpected<Error>(done.error());
    return true;
}

} // namespace holdfast::store

#include "central/store/feed.h"

#include "central/store/checkpointer.h"
#include "central/store/entry_rows.h"

#include <algorithm>

namespace holdfast::store {

namespace {

// How far one call looks for entries of sparse scopes before it answers what it has: bounds the time of a call.
constexpr quint64 longestScan = 20000;

struct Collected
{
    std::vector<FeedRow> rows;
    quint64 scannedTo = 0;
    bool more = false;
};

// Reads matching rows in order until a limit; `upTo` is where the scan ends when no limit stops it.
Result<Collected> collect(sql::Statement& query, quint64 upTo, int limit, qsizetype maxBytes)
{
    Collected collected;
    collected.scannedTo = upTo;
    qsizetype bytes = 0;
    while (query.next()) {
        FeedRow row = readFeedRow(query);
        bytes += row.entry.header.size() + row.sealed.size();
        const bool full = int(collected.rows.size()) >= limit || (bytes > maxBytes && !collected.rows.empty());
        if (full) {
            collected.scannedTo = row.entry.pos.value;
            collected.more = true;
            break;
        }
        collected.rows.push_back(std::move(row));
    }
    if (const Status read = query.status(); !read)
        return tl::unexpected<Error>(read.error());
    return collected;
}

Result<FeedPage> pageOf(Context& context, Result<Collected> collected)
{
    if (!collected)
        return tl::unexpected<Error>(collected.error());
    Result<std::vector<FeedEntry>> entries = openRows(context, std::move(collected->rows));
    if (!entries)
        return tl::unexpected<Error>(entries.error());
    return FeedPage{std::move(*entries), collected->scannedTo, collected->more};
}

const QString joinThread = QStringLiteral(" JOIN thread_head t ON t.thread = h.thread ");

} // namespace

Result<LogHead> FeedReads::head()
{
    sql::Statement query = context_.db.statement(QStringLiteral("SELECT size, epoch FROM log_head WHERE id = 1"));
    const Result<bool> found = query.first();
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return fail(ErrorCode::corrupt, QStringLiteral("The store has no head of the log. Restore it from a backup."));
    return LogHead{quint64(query.int64(0)), query.strong<Epoch>(1)};
}

Result<FeedPage> FeedReads::entriesAfter(std::span<const ScopeId> scopes, quint64 from, quint64 upTo, int limit,
                                         qsizetype maxBytes, std::span<const ThreadId> apart)
{
    if (scopes.empty() || from >= upTo)
        return FeedPage{{}, std::max(from, upTo), false};
    const quint64 end = std::min(upTo, from + longestScan);
    sql::JsonRows wanted;
    for (const ScopeId& scope : scopes)
        wanted.row().add(scope);
    sql::JsonRows left;
    for (const ThreadId& thread : apart)
        left.row().add(thread);
    static const QString here =
        QStringLiteral("SELECT %1 FROM %2%3WHERE h.pos >= ? AND h.pos < ? AND t.scope IN "
                       "(SELECT unhex(r.value->>0) FROM json_each(?) AS r) AND h.thread NOT IN "
                       "(SELECT unhex(r.value->>0) FROM json_each(?) AS r) ORDER BY h.pos LIMIT 1001")
            .arg(feedColumns(), feedJoin(), joinThread);
    static const QString there =
        QStringLiteral("SELECT %1 FROM %2%3WHERE h.pos >= ? AND h.pos < ? AND t.scope IN "
                       "(SELECT decode(r.value->>0, 'hex') FROM jsonb_array_elements(?::jsonb) AS r(value)) "
                       "AND h.thread NOT IN "
                       "(SELECT decode(r.value->>0, 'hex') FROM jsonb_array_elements(?::jsonb) AS r(value)) "
                       "ORDER BY h.pos LIMIT 1001")
            .arg(feedColumns(), feedJoin(), joinThread);
    sql::Statement query = context_.db.statement(context_.db.choose(here, there));
    if (const Status executed = query.exec(from, end, wanted, left); !executed)
        return tl::unexpected<Error>(executed.error());
    Result<FeedPage> page = pageOf(context_, collect(query, end, std::clamp(limit, 1, 1000), maxBytes));
    if (page && end < upTo)
        page->more = true;
    return page;
}

Result<FeedPage> FeedReads::entriesOfScope(const ScopeId& scope, quint64 from, quint64 upTo, int limit,
                                           qsizetype maxBytes)
{
    static const QString text =
        QStringLiteral("SELECT %1 FROM %2%3WHERE h.scope = ? AND h.pos >= ? AND h.pos < ? AND t.moved_at IS NULL "
                       "ORDER BY h.pos LIMIT 1001")
            .arg(feedColumns(), feedJoin(), joinThread);
    sql::Statement query = context_.db.statement(text);
    if (const Status executed = query.exec(scope, from, upTo); !executed)
        return tl::unexpected<Error>(executed.error());
    return pageOf(context_, collect(query, std::max(from, upTo), std::clamp(limit, 1, 1000), maxBytes));
}

Result<std::vector<FeedEntry>> FeedReads::everything(quint64 from, quint64 upTo)
{
    static const QString text = QStringLiteral("SELECT %1 FROM %2 WHERE h.pos >= ? AND h.pos < ? ORDER BY h.pos")
                                    .arg(feedColumns(), feedJoin());
    std::vector<FeedRow> rows;
    {
        sql::Statement query = context_.db.statement(text);
        if (const Status executed = query.exec(from, upTo); !executed)
            return tl::unexpected<Error>(executed.error());
        while (query.next())
            rows.push_back(readFeedRow(query));
        if (const Status read = query.status(); !read)
            return tl::unexpected<Error>(read.error());
    }
    return openRows(context_, std::move(rows));
}

Result<std::vector<ThreadId>> FeedReads::threadsMovedInto(const ScopeId& scope, const ThreadId& after, int limit)
{
    std::vector<ThreadId> threads;
    sql::Statement query = context_.db.statement(
        QStringLiteral("SELECT thread FROM thread_head WHERE scope = ? AND moved_at IS NOT NULL AND thread > ? "
                       "ORDER BY thread LIMIT ?"));
    query.bind(0, scope);
    query.bind(1, after);
    query.bind(2, limit);
    const Status read = query.forEach([&](sql::Statement& row) { threads.push_back(row.id<ThreadId>(0)); });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return threads;
}

Result<std::vector<ThreadMove>> FeedReads::moves(quint64 from, quint64 upTo, int limit)
{
    std::vector<ThreadMove> moves;
    if (from >= upTo)
        return moves;
    sql::Statement query = context_.db.statement(
        QStringLiteral("SELECT m.pos, m.thread, m.from_scope, m.to_scope, t.scope FROM thread_move m "
                       "JOIN thread_head t ON t.thread = m.thread WHERE m.pos >= ? AND m.pos < ? "
                       "ORDER BY m.pos LIMIT ?"));
    query.bind(0, from);
    query.bind(1, upTo);
    query.bind(2, limit);
    const Status read = query.forEach([&](sql::Statement& row) {
        moves.push_back(
            {row.strong<Position>(0), row.id<ThreadId>(1), row.id<ScopeId>(2), row.id<ScopeId>(3), row.id<ScopeId>(4)});
    });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return moves;
}

Result<FeedPage> FeedReads::pageOfThread(const ThreadId& thread, ThreadSeq from, int limit, qsizetype maxBytes)
{
    static const QString text =
        QStringLiteral("SELECT %1 FROM %2 WHERE h.thread = ? AND h.tseq >= ? ORDER BY h.tseq LIMIT 1001")
            .arg(feedColumns(), feedJoin());
    sql::Statement query = context_.db.statement(text);
    if (const Status executed = query.exec(thread, from); !executed)
        return tl::unexpected<Error>(executed.error());
    Result<FeedPage> page = pageOf(context_, collect(query, 0, std::clamp(limit, 1, 1000), maxBytes));
    if (page)
        page->scannedTo = page->entries.empty() ? from.value : page->entries.back().threadSeq.value + 1;
    return page;
}

Result<std::vector<FeedEntry>> FeedReads::entriesOfThread(const ThreadId& thread, ThreadSeq from, int limit)
{
    static const QString text =
        QStringLiteral("SELECT %1 FROM %2 WHERE h.thread = ? AND h.tseq >= ? ORDER BY h.tseq LIMIT ?")
            .arg(feedColumns(), feedJoin());
    std::vector<FeedRow> rows;
    sql::Statement query = context_.db.statement(text);
    query.bind(0, thread);
    query.bind(1, from);
    query.bind(2, std::clamp(limit, 1, 1000));
    if (const Status read = query.forEach([&](sql::Statement& row) { rows.push_back(readFeedRow(row)); }); !read)
        return tl::unexpected<Error>(read.error());
    return openRows(context_, std::move(rows));
}

Result<FeedEntry> FeedReads::entry(const EntryId& entry)
{
    sql::Statement query = context_.db.statement(QStringLiteral("SELECT pos FROM entry_position WHERE entry_id = ?"));
    const Result<bool> found = query.first(entry);
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return fail(ErrorCode::notFound, QStringLiteral("There is no such entry."));
    return entryAt(query.strong<Position>(0));
}

Result<FeedEntry> FeedReads::entryAt(Position pos)
{
    static const QString text = QStringLiteral("SELECT %1 FROM %2 WHERE h.pos = ?").arg(feedColumns(), feedJoin());
    std::optional<FeedRow> row;
    {
        sql::Statement query = context_.db.statement(text);
        const Result<bool> found = query.first(pos);
        if (!found)
            return tl::unexpected<Error>(found.error());
        if (!*found)
            return fail(ErrorCode::notFound, QStringLiteral("There is no such entry."));
        row = readFeedRow(query);
    }
    return openRow(context_, std::move(*row));
}

Result<log::Checksum> FeedReads::checksum(const ScopeId& scope)
{
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT entries, high, low FROM scope_sum WHERE scope = ?"));
    const Result<bool> found = query.first(scope);
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return log::Checksum();
    return log::Checksum{quint64(query.int64(0)), (quint64(query.int64(1)) << 32) + quint64(query.int64(2))};
}

Result<QByteArray> FeedReads::newestCheckpoint()
{
    Result<std::optional<CheckpointRow>> row = store::newestCheckpoint(context_.db);
    if (!row)
        return tl::unexpected<Error>(row.error());
    if (!*row)
        return fail(ErrorCode::notFound, QStringLiteral("There is no checkpoint yet."));
    return (*row)->note;
}

Result<domain::Entry> toDomain(const FeedEntry& entry)
{
    const Result<log::Header> header = log::decodeHeader(entry.header);
    if (!header)
        return tl::unexpected<Error>(header.error());
    const Result<log::AuthorPart> author = log::decodeAuthorPart(header->authorPart);
    if (!author)
        return tl::unexpected<Error>(author.error());
    domain::Entry out;
    out.author = *author;
    out.pos = header->pos;
    out.scope = header->scope;
    out.threadSeq = header->threadSeq;
    out.centralAt = header->centralAt;
    out.content = entry.content;
    return out;
}

} // namespace holdfast::store

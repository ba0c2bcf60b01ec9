#include "central/store/entry_rows.h"

#include "central/store/content_seal.h"

namespace holdfast::store {

QString feedColumns()
{
    return QStringLiteral("h.pos, h.scope, h.thread, h.tseq, h.entry_id, h.kind, h.bytes, c.generation, c.sealed");
}

QString feedJoin()
{
    return QStringLiteral("entry_header h LEFT JOIN content c ON c.pos = h.pos");
}

FeedRow readFeedRow(sql::Statement& row)
{
    FeedRow read;
    read.entry.pos = row.strong<Position>(0);
    read.entry.scope = row.id<ScopeId>(1);
    read.entry.thread = row.id<ThreadId>(2);
    read.entry.threadSeq = row.strong<ThreadSeq>(3);
    read.entry.entry = row.id<EntryId>(4);
    read.entry.kind = log::KindNumber(row.int64(5));
    read.entry.header = row.bytes(6);
    if (!row.isNull(7)) {
        read.generation = row.int64(7);
        read.sealed = row.bytes(8);
    }
    return read;
}

Result<FeedEntry> openRow(Context& context, FeedRow row)
{
    if (!row.generation)
        return std::move(row.entry);
    const Result<QByteArray> key = context.threadKeys.ofGeneration(context.db, row.entry.thread, *row.generation);
    if (!key && key.error().code == ErrorCode::notFound)
        return std::move(row.entry);
    Result<OpenContent> opened =
        key ? openContent(*key, *row.generation, row.entry.entry, row.sealed) : tl::unexpected<Error>(key.error());
    if (!opened && context.passesOver(opened.error())) {
        row.entry.damaged = true;
        return std::move(row.entry);
    }
    if (!opened)
        return tl::unexpected<Error>(opened.error());
    row.entry.salt = std::move(opened->salt);
    row.entry.content = std::move(opened->content);
    return std::move(row.entry);
}

Result<std::vector<FeedEntry>> openRows(Context& context, std::vector<FeedRow> rows)
{
    std::vector<FeedEntry> entries;
    entries.reserve(rows.size());
    for (FeedRow& row : rows) {
        Result<FeedEntry> entry = openRow(context, std::move(row));
        if (!entry)
            return tl::unexpected<Error>(entry.error());
        entries.push_back(std::move(*entry));
    }
    return entries;
}

} // namespace holdfast::store

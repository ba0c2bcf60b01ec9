#include "central/store/history.h"

#include "central/store/entry_rows.h"
#include "central/store/tree_reader.h"

#include <algorithm>

namespace holdfast::store {
namespace {

using domain::Kind;

constexpr int mostListed = 2000;
constexpr int mostEntries = 500;
constexpr int mostLinks = 100;

QString listSql(bool here, ThreadGroup group)
{
    const QString scopes = here ? QStringLiteral("SELECT unhex(r.value->>0) FROM json_each(?) AS r")
                                : QStringLiteral("SELECT decode(r.value->>0, 'hex') "
                                                 "FROM jsonb_array_elements(?::jsonb) AS r(value)");
    const QString word = group == ThreadGroup::conversations ? QStringLiteral("IN") : QStringLiteral("NOT IN");
    return QStringLiteral("SELECT thread, scope, tseq, pos FROM thread_head WHERE scope IN (%1) AND type %2 (?, ?, ?) "
                          "AND pos < ? ORDER BY pos DESC LIMIT ?")
        .arg(scopes, word);
}

Result<std::vector<ThreadSeq>> seqsOf(sql::Statement& query)
{
    std::vector<ThreadSeq> seqs;
    const Status read = query.forEach([&seqs](sql::Statement& row) { seqs.push_back(row.strong<ThreadSeq>(0)); });
    return read ? Result<std::vector<ThreadSeq>>(std::move(seqs)) : tl::unexpected<Error>(read.error());
}

} // namespace

Result<std::vector<ListedThread>> HistoryReads::threads(std::span<const ScopeId> scopes, ThreadGroup group,
                                                        Position below, int limit)
{
    sql::JsonRows wanted;
    for (const ScopeId& scope : scopes)
        wanted.row().add(scope);
    std::vector<ListedThread> threads;
    if (wanted.isEmpty())
        return threads;
    sql::Statement query = context_.db.statement(context_.db.choose(listSql(true, group), listSql(false, group)));
    query.bind(0, wanted);
    query.bind(1, wordOf(domain::ThreadType::customerCase));
    query.bind(2, wordOf(domain::ThreadType::room));
    query.bind(3, wordOf(domain::ThreadType::direct));
    query.bind(4, below);
    query.bind(5, std::clamp(limit, 1, mostListed));
    const Status read = query.forEach([&threads](sql::Statement& row) {
        threads.push_back({row.id<ThreadId>(0), row.id<ScopeId>(1), row.strong<ThreadSeq>(2), row.strong<Position>(3)});
    });
    return read ? Result<std::vector<ListedThread>>(std::move(threads)) : tl::unexpected<Error>(read.error());
}

Result<std::vector<FeedEntry>> HistoryReads::entriesBelow(const ThreadId& thread, ThreadSeq below, int limit,
                                                          qsizetype maxBytes)
{
    static const QString text =
        QStringLiteral("SELECT %1 FROM %2 WHERE h.thread = ? AND h.tseq < ? ORDER BY h.tseq DESC LIMIT ?")
            .arg(feedColumns(), feedJoin());
    std::vector<FeedRow> rows;
    {
        sql::Statement query = context_.db.statement(text);
        if (const Status executed = query.exec(thread, below, std::clamp(limit, 1, mostEntries)); !executed)
            return tl::unexpected<Error>(executed.error());
        for (qsizetype bytes = 0; query.next();) {
            FeedRow row = readFeedRow(query);
            bytes += row.entry.header.size() + row.sealed.size();
            if (bytes > maxBytes && !rows.empty())
                break;
            rows.push_back(std::move(row));
        }
        if (const Status read = query.status(); !read)
            return tl::unexpected<Error>(read.error());
    }
    return openRows(context_, std::move(rows));
}

// The partial index entry_header_deciding serves both statements: schema.cpp.
Result<std::vector<ThreadSeq>> HistoryReads::decisiveSeqs(const ThreadFacts& thread, ThreadSeq below,
                                                          const UserId& reader)
{
    std::vector<ThreadSeq> seqs{ThreadSeq{1}, thread.newestCustomer, thread.newestMove};
    const auto add = [&](sql::Statement& query) -> Status {
        const Result<std::vector<ThreadSeq>> found = seqsOf(query);
        if (!found)
            return tl::unexpected<Error>(found.error());
        seqs.insert(seqs.end(), found->begin(), found->end());
        return {};
    };
    const QString byKind = QStringLiteral("SELECT tseq FROM entry_header WHERE thread = ? AND kind = %1 AND tseq < ?");
    const QString newestFirst = QStringLiteral(" ORDER BY tseq DESC LIMIT %1");
    for (const auto& [kind, most] : {std::pair(Kind::threadState, 1), std::pair(Kind::threadLinked, mostLinks)}) {
        sql::Statement query = context_.db.statement(byKind.arg(domain::number(kind)) + newestFirst.arg(most));
        query.bind(0, thread.thread);
        query.bind(1, below);
        if (const Status added = add(query); !added)
            return tl::unexpected<Error>(added.error());
    }
    sql::Statement readBy = context_.db.statement(byKind.arg(domain::number(Kind::threadRead)) +
                                                  QStringLiteral(" AND author = ?") + newestFirst.arg(1));
    readBy.bind(0, thread.thread);
    readBy.bind(1, below);
    readBy.bind(2, reader);
    if (const Status added = add(readBy); !added)
        return tl::unexpected<Error>(added.error());
    std::erase_if(seqs, [below](ThreadSeq seq) { return seq.value == 0 || seq >= below; });
    std::sort(seqs.begin(), seqs.end(), std::greater<>());
    seqs.erase(std::unique(seqs.begin(), seqs.end()), seqs.end());
    return seqs;
}

Result<std::vector<FeedEntry>> HistoryReads::decisive(const ThreadFacts& thread, ThreadSeq below, const UserId& reader)
{
    const Result<std::vector<ThreadSeq>> seqs = decisiveSeqs(thread, below, reader);
    if (!seqs)
        return tl::unexpected<Error>(seqs.error());
    std::vector<FeedEntry> entries;
    for (const ThreadSeq seq : *seqs) {
        Result<std::vector<FeedEntry>> one = FeedReads(context_).entriesOfThread(thread.thread, seq, 1);
        if (!one)
            return one;
        entries.insert(entries.end(), std::make_move_iterator(one->begin()), std::make_move_iterator(one->end()));
    }
    return entries;
}

Result<std::optional<ThreadSeq>> HistoryReads::firstAt(const ThreadFacts& thread, Timestamp at)
{
    ThreadSeq low{1};
    ThreadSeq high{thread.newest.value + 1}; // the answer is in low..high; high: none
    while (low < high) {
        const ThreadSeq middle{low.value + (high.value - low.value) / 2};
        sql::Statement query =
            context_.db.statement(QStringLiteral("SELECT bytes FROM entry_header WHERE thread = ? AND tseq = ?"));
        const Result<bool> found = query.first(thread.thread, middle);
        if (!found)
            return tl::unexpected<Error>(found.error());
        const auto header = *found ? log::decodeHeader(query.bytes(0)) : fail(ErrorCode::notFound, {});
        if (!header)
            return fail(ErrorCode::corrupt, QStringLiteral("A header of the log does not read. Run a verification of "
                                                           "the store."));
        if (header->centralAt < at)
            low = ThreadSeq{middle.value + 1};
        else
            high = middle;
    }
    return low > thread.newest ? std::nullopt : std::optional(low);
}

Result<log::Proof> HistoryReads::inclusion(Position pos, quint64 size)
{
    return log::inclusionProof(pos.value, size, subtreeReader(context_.db));
}

} // namespace holdfast::store

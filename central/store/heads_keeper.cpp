#include "central/store/heads_keeper.h"

namespace holdfast::store {

Result<std::optional<log::ThreadHead>> headBelow(sql::Connection& db, const ThreadId& thread, Position below)
{
    sql::Statement query = db.statement(
        QStringLiteral("SELECT tseq, leaf FROM entry_header WHERE thread = ? AND pos < ? ORDER BY tseq DESC LIMIT 1"));
    const Result<bool> found = query.first(thread, below);
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return std::nullopt;
    return log::ThreadHead{thread, query.strong<ThreadSeq>(0), query.digest(1)};
}

Result<Digest> HeadsKeeper::rootAt(sql::Connection& db, Position headsPos)
{
    const Status ready = loaded_ && covers_ <= headsPos ? advance(db, headsPos) : load(db, headsPos);
    if (!ready) {
        loaded_ = false;
        return tl::unexpected<Error>(ready.error());
    }
    loaded_ = true;
    covers_ = headsPos;
    return map_.root();
}

Status HeadsKeeper::load(sql::Connection& db, Position headsPos)
{
    map_ = log::HeadsMap();
    std::vector<ThreadId> newer;
    {
        sql::Statement query = db.statement(QStringLiteral("SELECT thread, tseq, leaf, pos FROM thread_head"));
        const Status read = query.forEach([&](sql::Statement& row) {
            const auto thread = row.id<ThreadId>(0);
            if (thread == logThread_)
                return;
            if (row.strong<Position>(3) < headsPos)
                map_.set({thread, row.strong<ThreadSeq>(1), row.digest(2)});
            else
                newer.push_back(thread);
        });
        if (!read)
            return read;
    }
    for (const ThreadId& thread : newer) {
        const Result<std::optional<log::ThreadHead>> head = headBelow(db, thread, headsPos);
        if (!head)
            return tl::unexpected<Error>(head.error());
        if (*head)
            map_.set(**head);
    }
    return {};
}

Status HeadsKeeper::advance(sql::Connection& db, Position headsPos)
{
    if (covers_ == headsPos)
        return {};
    sql::Statement query = db.statement(
        QStringLiteral("SELECT thread, tseq, leaf FROM entry_header WHERE pos >= ? AND pos < ? ORDER BY pos"));
    query.bind(0, covers_);
    query.bind(1, headsPos);
    return query.forEach([this](sql::Statement& row) {
        const auto thread = row.id<ThreadId>(0);
        if (thread != logThread_)
            map_.set({thread, row.strong<ThreadSeq>(1), row.digest(2)});
    });
}

} // namespace holdfast::store

#include "storage/local/hole_book.h"

#include <algorithm>

namespace holdfast::local {
namespace {

sql::JsonRows rowsOf(const QSet<ThreadId>& threads)
{
    sql::JsonRows rows;
    for (const ThreadId& thread : threads)
        rows.row().add(thread);
    return rows;
}

const QString holesSql = QStringLiteral("SELECT h.thread, h.first, h.last, h.pos FROM json_each(?) AS j CROSS JOIN hole"
                                        " AS h ON h.thread = unhex(j.value->>0) ORDER BY h.thread, h.first");
const QString listedSql =
    QStringLiteral("SELECT l.thread FROM json_each(?) AS j CROSS JOIN listed AS l ON l.thread = unhex(j.value->>0)");
const QString forgetSql =
    QStringLiteral("DELETE FROM hole WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))");
const QString storeSql =
    QStringLiteral("INSERT INTO hole (thread, first, last, pos) SELECT unhex(value->>0), value->>1,"
                   " value->>2, value->>3 FROM json_each(?)");
const QString listSql = QStringLiteral("INSERT OR IGNORE INTO listed (thread, scope, pos) SELECT unhex(value->>0),"
                                       " unhex(value->>1), value->>2 FROM json_each(?)");
const QString arrivedSql =
    QStringLiteral("DELETE FROM listed WHERE thread IN (SELECT unhex(value->>0) FROM json_each(?))");

} // namespace

bool HoleList::covers(ThreadSeq seq) const
{
    return std::any_of(holes_.begin(), holes_.end(),
                       [seq](const Hole& hole) { return hole.first <= seq && seq <= hole.last; });
}

void HoleList::open(const Hole& hole)
{
    if (hole.last < hole.first)
        return;
    const auto after = std::find_if(holes_.begin(), holes_.end(), [&](const Hole& h) { return h.first > hole.last; });
    const auto at = holes_.insert(after, hole);
    const auto next = at + 1;
    if (next != holes_.end() && next->first.value == at->last.value + 1) {
        at->last = next->last;
        at->below = next->below;
        holes_.erase(next);
    }
    if (at != holes_.begin() && (at - 1)->last.value + 1 == at->first.value) {
        (at - 1)->last = at->last;
        (at - 1)->below = at->below;
        holes_.erase(at);
    }
}

void HoleList::fill(ThreadSeq seq, Position pos)
{
    const auto found = std::find_if(holes_.begin(), holes_.end(),
                                    [seq](const Hole& hole) { return hole.first <= seq && seq <= hole.last; });
    if (found == holes_.end())
        return;
    const Hole below{found->first, ThreadSeq{seq.value - 1}, pos};
    const Hole above{ThreadSeq{seq.value + 1}, found->last, found->below};
    const auto at = holes_.erase(found);
    const auto place = above.first <= above.last ? holes_.insert(at, above) : at;
    if (below.first <= below.last)
        holes_.insert(place, below);
}

Status HoleBook::load(const QSet<ThreadId>& threads)
{
    const sql::JsonRows wanted = rowsOf(threads);
    sql::Statement scopes = connection_.statement(QStringLiteral("SELECT scope FROM window_scope"));
    Status read = scopes.forEach([this](sql::Statement& row) { windowScopes_.insert(row.id<ScopeId>(0)); });
    if (!read || wanted.isEmpty())
        return read;
    sql::Statement holes = connection_.statement(holesSql);
    holes.bind(0, wanted);
    read = holes.forEach([this](sql::Statement& row) {
        holes_[row.id<ThreadId>(0)].open({row.strong<ThreadSeq>(1), row.strong<ThreadSeq>(2), row.strong<Position>(3)});
    });
    if (!read)
        return read;
    sql::Statement listed = connection_.statement(listedSql);
    listed.bind(0, wanted);
    return listed.forEach([this](sql::Statement& row) { listed_.insert(row.id<ThreadId>(0)); });
}

bool HoleBook::awaits(const ThreadId& thread) const
{
    const auto found = holes_.constFind(thread);
    return listed_.contains(thread) || (found != holes_.cend() && !found->all().empty());
}

bool HoleBook::covers(const ThreadId& thread, ThreadSeq seq) const
{
    const auto found = holes_.constFind(thread);
    return found != holes_.cend() && found->covers(seq);
}

void HoleBook::open(const ThreadId& thread, const Hole& hole)
{
    holes_[thread].open(hole);
    changed_.insert(thread);
}

void HoleBook::fill(const ThreadId& thread, ThreadSeq seq, Position pos)
{
    holes_[thread].fill(seq, pos);
    changed_.insert(thread);
}

void HoleBook::list(const ThreadId& thread, const ScopeId& scope, Position newest)
{
    if (!listed_.contains(thread))
        newlyListed_.row().add(thread).add(scope).add(newest);
    listed_.insert(thread);
}

Status HoleBook::flush(const QSet<ThreadId>& windows)
{
    if (!newlyListed_.isEmpty()) {
        if (const Status done = connection_.statement(listSql).exec(newlyListed_); !done)
            return done;
    }
    if (!windows.isEmpty()) {
        if (const Status done = connection_.statement(arrivedSql).exec(rowsOf(windows)); !done)
            return done;
    }
    if (changed_.isEmpty())
        return {};
    if (const Status done = connection_.statement(forgetSql).exec(rowsOf(changed_)); !done)
        return done;
    sql::JsonRows rows;
    for (const ThreadId& thread : std::as_const(changed_)) {
        for (const Hole& hole : holes_[thread].all())
            rows.row().add(thread).add(hole.first).add(hole.last).add(hole.below);
    }
    return rows.isEmpty() ? Status() : connection_.statement(storeSql).exec(rows);
}

} // namespace holdfast::local

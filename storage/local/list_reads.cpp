#include "storage/local/list_reads.h"

#include "storage/local/thread_rows.h"
#include "storage/sql/transaction.h"

#include <limits>

namespace holdfast::local {
namespace {

constexpr int mostRows = 500;

// A snoozed thread is back in its list when its time has come, whether or not anybody woke it.
const QString openNow = QStringLiteral("t.type = 'case' AND t.status <> 'done' AND t.assignee = ?"
                                       " AND (t.status = 'open' OR t.until <= ?)");
const QString keyset = QStringLiteral(" AND (t.newest_at, t.id) < (?, ?)");
const QString onlyUnread = QStringLiteral(" AND t.unread > 0");
const QString newestFirst = QStringLiteral(" ORDER BY t.newest_at DESC, t.id DESC LIMIT ?");

QString listSql(bool all, bool unreadOnly)
{
    const QString source = all ? QStringLiteral(" FROM thread AS t INDEXED BY thread_all")
                               : QStringLiteral(" FROM thread AS t INDEXED BY thread_queue");
    return QStringLiteral("SELECT ") + threadColumns + source + threadJoins + QStringLiteral(" WHERE ") +
           (all ? QStringLiteral("t.type = 'case'") : openNow) + keyset + (unreadOnly ? onlyUnread : QString()) +
           newestFirst;
}

QString countSql(bool all)
{
    const QString columns = QStringLiteral("SELECT count(*), coalesce(sum(t.unread > 0), 0)");
    return all ? columns + QStringLiteral(" FROM thread AS t INDEXED BY thread_all WHERE t.type = 'case'")
               : columns + QStringLiteral(" FROM thread AS t INDEXED BY thread_queue WHERE ") + openNow;
}

const QString teamSql = QStringLiteral(
    "SELECT t.id, t.scope, CASE t.type WHEN 'direct' THEN (SELECT group_concat(s.name, ', ') FROM thread_member AS tm"
    " JOIN staff AS s ON s.id = tm.user WHERE tm.thread = t.id AND tm.user <> ?) ELSE t.title END, t.unread, t.mentions"
    " FROM thread AS t INDEXED BY thread_team WHERE t.type IN ('room', 'direct') AND t.type = ? ORDER BY t.title");

struct Counts
{
    int total = 0;
    int unread = 0;
};

Result<Counts> count(sql::Connection& connection, const ReadContext& context, views::View view)
{
    const bool all = view == views::View::all;
    sql::Statement select = connection.statement(countSql(all));
    if (!all) {
        select.bind(0, view == views::View::myQueue ? context.me : UserId());
        select.bind(1, context.now);
    }
    Counts counts;
    const Status read = select.forEach([&counts](sql::Statement& row) {
        counts = {static_cast<int>(row.int64(0)), static_cast<int>(row.int64(1))};
    });
    return read ? Result<Counts>(counts) : tl::unexpected(read.error());
}

Result<QList<views::RoomRow>> readRooms(sql::Connection& connection, const ReadContext& context,
                                        domain::ThreadType type)
{
    QList<views::RoomRow> rooms;
    sql::Statement select = connection.statement(teamSql);
    select.bind(0, context.me);
    select.bind(1, domain::wordOf(type));
    const Status read = select.forEach([&rooms, type](sql::Statement& row) {
        rooms.append({row.id<ThreadId>(0), row.id<ScopeId>(1), row.text(2), type, static_cast<int>(row.int64(3)),
                      static_cast<int>(row.int64(4))});
    });
    return read ? Result<QList<views::RoomRow>>(std::move(rooms)) : tl::unexpected(read.error());
}

Result<views::Staff> readMe(sql::Connection& connection, const UserId& me)
{
    sql::Statement select = connection.statement(QStringLiteral("SELECT name, role, team FROM staff WHERE id = ?"));
    const Result<bool> found = select.first(me);
    if (!found)
        return tl::unexpected(found.error());
    return *found ? views::Staff{me, select.text(0), select.text(1), select.text(2)} : views::Staff{me, {}, {}, {}};
}

Status addPolicies(sql::Connection& connection, views::ThreadHeader& header)
{
    sql::Statement select = connection.statement(
        QStringLiteral("SELECT p.id, p.facts FROM thread_policy AS tp JOIN policy AS p ON p.id = tp.policy"
                       " WHERE tp.thread = ? AND coalesce(tp.pending, tp.linked) = 1"
                       " ORDER BY tp.seq = 0, tp.seq, tp.policy"));
    select.bind(0, header.row.id);
    return select.forEach([&header](sql::Statement& row) {
        const domain::Content facts = domain::parseContent(domain::number(domain::Kind::policyFacts), row.bytes(1));
        if (const auto* policy = std::get_if<domain::PolicyFacts>(&facts)) {
            header.policyIds.append(row.id<PolicyId>(0));
            header.policies.append(*policy);
        }
    });
}

Status addPerson(sql::Connection& connection, views::ThreadHeader& header, const PersonId& person)
{
    sql::Statement select = connection.statement(QStringLiteral("SELECT phone, facts FROM person WHERE id = ?"));
    const Result<bool> found = select.first(person);
    if (!found)
        return tl::unexpected(found.error());
    if (!*found)
        return {};
    header.phone = spacedPhone(select.text(0));
    const domain::Content facts = domain::parseContent(domain::number(domain::Kind::personFacts), select.bytes(1));
    if (const auto* known = std::get_if<domain::PersonFacts>(&facts))
        header.person = *known;
    for (QString& phone : header.person.phones)
        phone = spacedPhone(phone);
    return {};
}

Status addMembers(sql::Connection& connection, views::ThreadHeader& header, const ScopeId& scope)
{
    sql::Statement select =
        connection.statement(header.row.type == domain::ThreadType::room
                                 ? QStringLiteral("SELECT count(*) FROM scope_grant WHERE scope = ? AND given = 1")
                                 : QStringLiteral("SELECT count(*) FROM thread_member WHERE thread = ?"));
    const Result<bool> found =
        header.row.type == domain::ThreadType::room ? select.first(scope) : select.first(header.row.id);
    if (!found)
        return tl::unexpected(found.error());
    header.members = static_cast<int>(select.int64(0));
    return {};
}

QString subtitleOf(const views::ThreadHeader& header)
{
    if (header.row.type == domain::ThreadType::room)
        return header.members == 1 ? QStringLiteral("1 member") : QStringLiteral("%1 members").arg(header.members);
    QStringList parts{header.row.policyNumber, header.phone};
    parts.removeAll(QString());
    return parts.join(QStringLiteral(" \u00b7 "));
}

} // namespace

Result<views::Navigation> readNavigation(sql::Connection& connection, const ReadContext& context)
{
    const Result<sql::Snapshot> snapshot = sql::Snapshot::begin(connection);
    if (!snapshot)
        return tl::unexpected(snapshot.error());
    views::Navigation navigation;
    navigation.organisation = context.organisation;
    Result<views::Staff> me = readMe(connection, context.me);
    if (!me)
        return tl::unexpected(me.error());
    navigation.me = *me;
    const std::initializer_list<std::pair<views::View, int*>> counted{{views::View::myQueue, &navigation.myQueue},
                                                                      {views::View::unassigned, &navigation.unassigned},
                                                                      {views::View::all, &navigation.all}};
    for (const auto& [view, number] : counted) {
        const Result<Counts> counts = count(connection, context, view);
        if (!counts)
            return tl::unexpected(counts.error());
        *number = counts->total;
    }
    Result<QList<views::RoomRow>> rooms = readRooms(connection, context, domain::ThreadType::room);
    if (!rooms)
        return tl::unexpected(rooms.error());
    navigation.rooms = std::move(*rooms);
    Result<QList<views::RoomRow>> directs = readRooms(connection, context, domain::ThreadType::direct);
    if (!directs)
        return tl::unexpected(directs.error());
    navigation.directs = std::move(*directs);
    return navigation;
}

Result<views::ThreadPage> readThreads(sql::Connection& connection, const ReadContext& context,
                                      const views::ThreadQuery& query)
{
    const Result<sql::Snapshot> snapshot = sql::Snapshot::begin(connection);
    if (!snapshot)
        return tl::unexpected(snapshot.error());
    const Result<Counts> counts = count(connection, context, query.view);
    if (!counts)
        return tl::unexpected(counts.error());
    const bool all = query.view == views::View::all;
    const int limit = qBound(1, query.limit, mostRows);
    sql::Statement select = connection.statement(listSql(all, query.unreadOnly));
    int index = 0;
    select.bind(index++, context.me);
    if (!all) {
        select.bind(index++, query.view == views::View::myQueue ? context.me : UserId());
        select.bind(index++, context.now);
    }
    select.bind(index++, query.before ? query.before->value : std::numeric_limits<qint64>::max());
    select.bind(index++, query.beforeId);
    select.bind(index++, limit + 1);
    views::ThreadPage page;
    page.total = counts->total;
    page.unread = counts->unread;
    const Status read = select.forEach([&](sql::Statement& row) {
        page.more = page.rows.size() == limit;
        if (!page.more)
            page.rows.append(rowOf(row, context.me));
    });
    return read ? Result<views::ThreadPage>(std::move(page)) : tl::unexpected(read.error());
}

Result<views::ThreadHeader> readHeader(sql::Connection& connection, const ReadContext& context, const ThreadId& id)
{
    const Result<sql::Snapshot> snapshot = sql::Snapshot::begin(connection);
    if (!snapshot)
        return tl::unexpected(snapshot.error());
    views::ThreadHeader header;
    PersonId person;
    ScopeId scope;
    {
        sql::Statement select =
            connection.statement(QStringLiteral("SELECT ") + threadColumns +
                                 QStringLiteral(", t.head_seq, t.person, t.scope FROM thread AS t") + threadJoins +
                                 QStringLiteral(" WHERE t.id = ? AND t.type <> ''"));
        const Result<bool> found = select.first(context.me, id);
        if (!found)
            return tl::unexpected(found.error());
        if (!*found)
            return fail(ErrorCode::notFound, QStringLiteral("This conversation is not on this desk."));
        header.row = rowOf(select, context.me);
        constexpr int extra = 24; // after threadColumns
        header.newest = select.strong<ThreadSeq>(extra);
        person = select.id<PersonId>(extra + 1);
        scope = select.id<ScopeId>(extra + 2);
    }
    if (const Status done = addPolicies(connection, header); !done)
        return tl::unexpected(done.error());
    if (const Status done = addPerson(connection, header, person); !done)
        return tl::unexpected(done.error());
    if (const Status done = addMembers(connection, header, scope); !done)
        return tl::unexpected(done.error());
    header.subtitle = subtitleOf(header);
    return header;
}

Result<QList<views::Staff>> readStaff(sql::Connection& connection)
{
    QList<views::Staff> staff;
    sql::Statement select = connection.statement(
        QStringLiteral("SELECT id, name, role, team FROM staff WHERE active = 1 ORDER BY name, id"));
    const Status read = select.forEach([&staff](sql::Statement& row) {
        staff.append({row.id<UserId>(0), row.text(1), row.text(2), row.text(3)});
    });
    return read ? Result<QList<views::Staff>>(std::move(staff)) : tl::unexpected(read.error());
}

QStringList listStatements()
{
    return {listSql(true, false), listSql(true, true), listSql(false, false),
            listSql(false, true), countSql(true),      countSql(false)};
}

QString spacedPhone(const QString& phone)
{
    constexpr qsizetype southAfrican = 12; // "+27" and nine digits
    if (!phone.startsWith(QLatin1String("+27")) || phone.size() != southAfrican)
        return phone;
    return phone.left(3) + u' ' + phone.mid(3, 2) + u' ' + phone.mid(5, 3) + u' ' + phone.mid(8);
}

Result<QList<views::Team>> readTeams(sql::Connection& connection)
{
    QList<views::Team> teams;
    sql::Statement select =
        connection.statement(QStringLiteral("SELECT id, name FROM scope WHERE type = ? ORDER BY name, id"));
    select.bind(0, domain::wordOf(domain::ScopeType::team));
    const Status read = select.forEach([&teams](sql::Statement& row) {
        teams.append({row.id<ScopeId>(0), row.text(1)});
    });
    return read ? Result<QList<views::Team>>(std::move(teams)) : tl::unexpected(read.error());
}

} // namespace holdfast::local

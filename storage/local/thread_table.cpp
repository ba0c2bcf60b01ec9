#include "storage/local/thread_table.h"

namespace holdfast::local {
namespace {

const QString loadSql = QStringLiteral(
    "SELECT t.id, t.type, scope, title, person, channel, status, until, reason, state_seq, assignee, "
    "assign_seq, head_seq,"
    " head_leaf, newest_ord, newest_at, customer_at, read_seq, unread, mentions, base, place_seq, held, checksum"
    " FROM json_each(?) AS wanted CROSS JOIN thread AS t ON t.id = unhex(wanted.value->>0)");

const QString windowsSql =
    QStringLiteral("SELECT w.thread, w.first FROM json_each(?) AS wanted CROSS JOIN thread_window AS w"
                   " ON w.thread = unhex(wanted.value->>0)");

const QString storeSql = QStringLiteral(
    "INSERT INTO thread (id, type, scope, title, person, channel, status, until, reason, state_seq, assignee,"
    " assign_seq, head_seq, head_leaf, newest_ord, newest_at, customer_at, read_seq, unread, mentions, base,"
    " place_seq, held, checksum)"
    " SELECT unhex(value->>0), value->>1, unhex(value->>2), value->>3, unhex(value->>4), value->>5, value->>6,"
    " value->>7, value->>8, value->>9, unhex(value->>10), value->>11, value->>12, unhex(value->>13), value->>14,"
    " value->>15, value->>16, value->>17, value->>18, value->>19, unhex(value->>20),"
    " value->>21, value->>22, value->>23 FROM json_each(?) WHERE true"
    " ON CONFLICT (id) DO UPDATE SET type = excluded.type, scope = excluded.scope, title = excluded.title,"
    " person = excluded.person, channel = excluded.channel, status = excluded.status, until = excluded.until,"
    " reason = excluded.reason, state_seq = excluded.state_seq, assignee = excluded.assignee,"
    " assign_seq = excluded.assign_seq, head_seq = excluded.head_seq, head_leaf = excluded.head_leaf,"
    " newest_ord = excluded.newest_ord, newest_at = excluded.newest_at, customer_at = excluded.customer_at,"
    " read_seq = excluded.read_seq, unread = excluded.unread, mentions = excluded.mentions, base = excluded.base,"
    " place_seq = excluded.place_seq, held = excluded.held, checksum = excluded.checksum");

ThreadState acceptedState(sql::Statement& row)
{
    if (!row.isNull(20)) {
        if (const std::optional<ThreadState> base = ThreadState::fromBytes(row.bytes(20)))
            return *base;
    }
    ThreadState state;
    state.id = row.id<ThreadId>(0);
    state.type = row.text(1);
    state.scope = row.id<ScopeId>(2);
    state.title = row.text(3);
    state.person = row.id<PersonId>(4);
    state.channel = row.text(5);
    state.status = row.text(6);
    state.until = row.strong<Timestamp>(7);
    state.reason = row.text(8);
    state.stateSeq = row.strong<ThreadSeq>(9);
    state.assignee = row.id<UserId>(10);
    state.assignSeq = row.strong<ThreadSeq>(11);
    state.headSeq = row.strong<ThreadSeq>(12);
    state.headLeaf = row.digest(13);
    state.newestOrd = row.int64(14);
    state.newestAt = row.strong<Timestamp>(15);
    state.customerAt = row.strong<Timestamp>(16);
    state.readSeq = row.strong<ThreadSeq>(17);
    state.unread = static_cast<int>(row.int64(18));
    state.mentions = static_cast<int>(row.int64(19));
    return state;
}

ThreadState stateOf(sql::Statement& row)
{
    ThreadState state = acceptedState(row);
    state.placeSeq = row.strong<ThreadSeq>(21);
    state.checksum = {static_cast<quint64>(row.int64(22)), static_cast<quint64>(row.int64(23))};
    return state;
}

void addRow(sql::JsonRows& rows, const ThreadState& shown, const std::optional<QByteArray>& base)
{
    rows.row().add(shown.id).add(shown.type).add(shown.scope).add(shown.title).add(shown.person).add(shown.channel);
    rows.add(shown.status).add(shown.until).add(shown.reason).add(shown.stateSeq).add(shown.assignee);
    rows.add(shown.assignSeq).add(shown.headSeq).add(shown.headLeaf).add(shown.newestOrd).add(shown.newestAt);
    rows.add(shown.customerAt).add(shown.readSeq).add(qint64(shown.unread)).add(qint64(shown.mentions)).add(base);
    rows.add(shown.placeSeq).add(static_cast<qint64>(shown.checksum.entries));
    rows.add(static_cast<qint64>(shown.checksum.sum));
}

} // namespace

ThreadTable::ThreadTable(sql::WriteConnection& connection) : connection_(connection) {}

Status ThreadTable::load(const QSet<ThreadId>& threads)
{
    sql::JsonRows wanted;
    for (const ThreadId& thread : threads) {
        if (states_.contains(thread))
            continue;
        wanted.row().add(thread);
        states_[thread].id = thread;
        unknown_.insert(thread);
    }
    if (wanted.isEmpty())
        return {};
    sql::Statement select = connection_.statement(loadSql);
    select.bind(0, wanted);
    const Status read = select.forEach([this](sql::Statement& row) {
        const ThreadState state = stateOf(row);
        states_[state.id] = state;
        unknown_.remove(state.id);
    });
    if (!read)
        return read;
    sql::Statement windows = connection_.statement(windowsSql);
    windows.bind(0, wanted);
    return windows.forEach(
        [this](sql::Statement& row) { states_[row.id<ThreadId>(0)].since = row.strong<ThreadSeq>(1); });
}

ThreadState& ThreadTable::at(const ThreadId& thread)
{
    ThreadState& state = states_[thread];
    state.id = thread;
    return state;
}

Status ThreadTable::store(const QHash<ThreadId, ThreadState>& shown)
{
    sql::JsonRows rows;
    for (const ThreadState& accepted : std::as_const(states_)) {
        const auto found = shown.constFind(accepted.id);
        // What is only in the outbox does not bring a closed thread back.
        if (accepted.headSeq.value == 0 && (found == shown.cend() ? accepted : *found).type.isEmpty())
            continue;
        if (found == shown.cend())
            addRow(rows, accepted, std::nullopt);
        else
            addRow(rows, *found, accepted.toBytes());
    }
    if (rows.isEmpty())
        return {};
    return connection_.statement(storeSql).exec(rows);
}

} // namespace holdfast::local

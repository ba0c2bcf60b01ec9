#include "central/store/thread_table.h"

#include "central/store/bulk.h"

namespace holdfast::store {

namespace {

constexpr size_t heldThreads = 50000;

const BulkInsert& upsert()
{
    static const BulkInsert insert(
        QStringLiteral("thread_head"),
        {{"thread", Cell::bytes},
         {"tseq", Cell::number},
         {"pos", Cell::number},
         {"leaf", Cell::bytes},
         {"scope", Cell::bytes},
         {"type", Cell::text},
         {"status", Cell::text},
         {"person", Cell::bytes},
         {"channel", Cell::text},
         {"assignee", Cell::bytes},
         {"newest_customer", Cell::number},
         {"newest_reply", Cell::number},
         {"newest_move", Cell::number},
         {"customer_at", Cell::number},
         {"reply_at", Cell::number},
         {"reply_by", Cell::bytes},
         {"move_by", Cell::bytes},
         {"moved_at", Cell::number},
         {"checksum", Cell::number}},
        QStringLiteral("ON CONFLICT (thread) DO UPDATE SET tseq = excluded.tseq, pos = excluded.pos, "
                       "leaf = excluded.leaf, scope = excluded.scope, type = excluded.type, status = excluded.status, "
                       "person = excluded.person, channel = excluded.channel, assignee = excluded.assignee, "
                       "newest_customer = excluded.newest_customer, newest_reply = excluded.newest_reply, "
                       "newest_move = excluded.newest_move, customer_at = excluded.customer_at, "
                       "reply_at = excluded.reply_at, reply_by = excluded.reply_by, move_by = excluded.move_by, "
                       "moved_at = excluded.moved_at, checksum = excluded.checksum"));
    return insert;
}

void addRow(BulkRows& rows, const HeldThread& thread)
{
    const ThreadFacts& facts = thread.facts;
    rows.row().add(facts.thread).add(facts.newest).add(thread.pos).add(facts.leaf).add(facts.scope);
    rows.add(wordOf(facts.type)).add(wordOf(facts.status));
    if (facts.person.isNull())
        rows.addNull();
    else
        rows.add(facts.person);
    rows.add(facts.channel).add(facts.assignee);
    rows.add(facts.newestCustomer).add(facts.newestReply).add(facts.newestMove);
    rows.add(facts.lastCustomerAt).add(facts.lastReplyAt);
    for (const UserId& by : {facts.newestReplyBy, facts.newestMoveBy}) {
        if (by.isNull())
            rows.addNull();
        else
            rows.add(by);
    }
    rows.add(facts.movedAt).add(qint64(thread.checksum.sum));
}

} // namespace

QString threadColumns(const QString& alias)
{
    QStringList columns;
    for (const char* name : {"thread", "tseq", "pos", "leaf", "scope", "type", "status", "person", "channel",
                             "assignee", "newest_customer", "newest_reply", "newest_move", "customer_at", "reply_at",
                             "reply_by", "move_by", "moved_at", "checksum"})
        columns.append(alias + u'.' + QString::fromLatin1(name));
    return columns.join(QStringLiteral(", "));
}

HeldThread readThread(sql::Statement& row)
{
    HeldThread thread;
    ThreadFacts& facts = thread.facts;
    facts.thread = row.id<ThreadId>(0);
    facts.newest = row.strong<ThreadSeq>(1);
    thread.pos = row.strong<Position>(2);
    facts.leaf = row.digest(3);
    facts.scope = row.id<ScopeId>(4);
    facts.type = domain::threadTypeOf(row.text(5)).value_or(domain::ThreadType::organisation);
    facts.status = domain::threadStatusOf(row.text(6)).value_or(domain::ThreadStatus::open);
    facts.person = row.id<PersonId>(7);
    facts.channel = row.text(8);
    if (!row.isNull(9))
        facts.assignee = row.id<UserId>(9);
    facts.newestCustomer = row.strong<ThreadSeq>(10);
    facts.newestReply = row.strong<ThreadSeq>(11);
    facts.newestMove = row.strong<ThreadSeq>(12);
    facts.lastCustomerAt = row.strong<Timestamp>(13);
    facts.lastReplyAt = row.strong<Timestamp>(14);
    if (!row.isNull(15))
        facts.newestReplyBy = row.id<UserId>(15);
    if (!row.isNull(16))
        facts.newestMoveBy = row.id<UserId>(16);
    if (!row.isNull(17))
        facts.movedAt = row.strong<Position>(17);
    thread.checksum = {facts.newest.value, quint64(row.int64(18))};
    return thread;
}

Status ThreadTable::load(sql::Connection& db, std::span<const ThreadId> threads)
{
    sql::JsonRows wanted;
    for (const ThreadId& thread : threads) {
        if (!held_.contains(thread))
            wanted.row().add(thread);
    }
    if (wanted.isEmpty())
        return {};
    static const QString columns = threadColumns(QStringLiteral("t"));
    static const QString here = QStringLiteral("SELECT %1 FROM json_each(?) AS r JOIN thread_head t "
                                               "ON t.thread = unhex(r.value->>0)")
                                    .arg(columns);
    static const QString there = QStringLiteral("SELECT %1 FROM jsonb_array_elements(?::jsonb) AS r(value) "
                                                "JOIN thread_head t ON t.thread = decode(r.value->>0, 'hex')")
                                     .arg(columns);
    sql::Statement query = db.statement(db.choose(here, there));
    query.bind(0, wanted);
    return query.forEach([this](sql::Statement& row) {
        HeldThread thread = readThread(row);
        const ThreadId id = thread.facts.thread;
        held_.insert_or_assign(id, std::move(thread));
    });
}

HeldThread* ThreadTable::find(const ThreadId& thread)
{
    const auto found = held_.find(thread);
    return found == held_.end() ? nullptr : &found->second;
}

HeldThread& ThreadTable::open(const ThreadId& thread)
{
    HeldThread& held = held_[thread];
    held.facts.thread = thread;
    return held;
}

Status ThreadTable::flush(sql::Connection& db)
{
    if (dirty_.empty())
        return {};
    BulkRows rows;
    for (const ThreadId& thread : dirty_)
        addRow(rows, held_.at(thread));
    dirty_.clear();
    return upsert().run(db, rows);
}

void ThreadTable::forget()
{
    held_.clear();
    dirty_.clear();
}

void ThreadTable::trim()
{
    if (held_.size() > heldThreads && dirty_.empty())
        held_.clear();
}

} // namespace holdfast::store

#include "central/store/erasures.h"

#include "central/store/aead.h"
#include "central/store/blobs.h"
#include "central/store/content_seal.h"
#include "central/store/context.h"
#include "central/store/entry_rows.h"
#include "central/store/jobs.h"
#include "central/store/raw_rows.h"

#include <QSet>

#include <limits>
#include <map>

namespace holdfast::store {

namespace {

constexpr size_t idsPerEntry = 1500; // of 64 KiB
constexpr int pageRows = 500;

bool isErasable(log::KindNumber kind)
{
    const std::optional<domain::Kind> known = domain::kindOf(kind);
    return !known || !domain::isStructural(*known);
}

struct Candidate
{
    EntryId entry;
    ThreadId thread;
    log::KindNumber kind = 0;
    bool hasContent = false;
};

Candidate readCandidate(sql::Statement& row)
{
    return {row.id<EntryId>(0), row.id<ThreadId>(1), log::KindNumber(row.int64(2)), !row.isNull(3)};
}

const QString candidateColumns = QStringLiteral("SELECT h.entry_id, h.thread, h.kind, c.pos FROM entry_header h "
                                                "LEFT JOIN content c ON c.pos = h.pos ");

Result<std::vector<Candidate>> candidates(sql::Statement& query)
{
    std::vector<Candidate> found;
    const Status read = query.forEach([&](sql::Statement& row) { found.push_back(readCandidate(row)); });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return found;
}

// Threads of the organisation and of the audit hold what an erasure itself is judged by.
Status checkThread(Context& context, const ThreadId& thread)
{
    sql::Statement query = context.db.statement(QStringLiteral("SELECT type FROM thread_head WHERE thread = ?"));
    const Result<bool> found = query.first(thread);
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return fail(ErrorCode::notFound, QStringLiteral("There is no such conversation, person or entry."));
    const auto type = domain::threadTypeOf(query.text(0)).value_or(domain::ThreadType::organisation);
    if (type == domain::ThreadType::organisation || type == domain::ThreadType::audit)
        return fail(ErrorCode::denied, QStringLiteral("What the organisation and its audit record cannot be erased."));
    return {};
}

Result<std::optional<ThreadErasure>> wholeThread(Context& context, const ThreadId& thread)
{
    if (const Status may = checkThread(context, thread); !may)
        return tl::unexpected<Error>(may.error());
    sql::Statement query =
        context.db.statement(candidateColumns + QStringLiteral("WHERE h.thread = ? ORDER BY h.tseq"));
    query.bind(0, thread);
    const Result<std::vector<Candidate>> all = candidates(query);
    if (!all)
        return tl::unexpected<Error>(all.error());
    ThreadErasure erasure;
    erasure.thread = thread;
    erasure.whole = true;
    // The opening stays: without it no desk would know what the thread is. Its title goes as an entry of its own.
    for (const Candidate& one : *all) {
        const bool opens = one.kind == domain::number(domain::Kind::threadOpened);
        if (one.hasContent && isErasable(one.kind) && !opens)
            erasure.entries.push_back(one.entry);
    }
    return erasure.entries.empty() ? std::nullopt : std::optional(std::move(erasure));
}

// The steps of a message's files name them: they go with it.
Result<std::vector<Candidate>> filesOf(Context& context, const EntryId& message)
{
    sql::Statement query = context.db.statement(
        candidateColumns + QStringLiteral("JOIN custody u ON u.pos = h.pos WHERE u.entry_id = ? ORDER BY h.pos"));
    query.bind(0, message);
    return candidates(query);
}

Status addEntry(Context& context, const EntryId& entry, std::map<ThreadId, ThreadErasure>& threads)
{
    sql::Statement query =
        context.db.statement(candidateColumns + QStringLiteral("WHERE h.pos = (SELECT p.pos FROM "
                                                               "entry_position p WHERE p.entry_id = ?)"));
    query.bind(0, entry);
    const Result<std::vector<Candidate>> found = candidates(query);
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (found->empty())
        return fail(ErrorCode::notFound, QStringLiteral("There is no such conversation, person or entry."));
    const Candidate& one = found->front();
    if (!isErasable(one.kind))
        return fail(ErrorCode::denied, QStringLiteral("This entry is part of the log's structure, which holds no "
                                                      "personal text and cannot be erased."));
    if (const Status may = checkThread(context, one.thread); !may)
        return may;
    const Result<std::vector<Candidate>> files = filesOf(context, entry);
    if (!files)
        return tl::unexpected<Error>(files.error());
    ThreadErasure& erasure = threads[one.thread];
    erasure.thread = one.thread;
    std::vector<Candidate> all{one};
    all.insert(all.end(), files->begin(), files->end());
    for (const Candidate& each : all) {
        const bool known =
            std::find(erasure.entries.begin(), erasure.entries.end(), each.entry) != erasure.entries.end();
        if (each.hasContent && !known)
            erasure.entries.push_back(each.entry);
    }
    return {};
}

Result<std::vector<ThreadId>> casesOf(Context& context, const PersonId& person)
{
    std::vector<ThreadId> threads;
    sql::Statement query =
        context.db.statement(QStringLiteral("SELECT thread FROM thread_head WHERE person = ? ORDER BY thread"));
    query.bind(0, person);
    const Status read = query.forEach([&](sql::Statement& row) { threads.push_back(row.id<ThreadId>(0)); });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return threads;
}

sql::JsonRows rowsOf(const std::vector<EntryId>& entries)
{
    sql::JsonRows rows;
    for (const EntryId& entry : entries)
        rows.row().add(entry);
    return rows;
}

// `%1` of the texts below: the entries of one JSON parameter.
QString among(sql::Connection& db)
{
    return db.choose(
        QStringLiteral("(SELECT unhex(r.value->>0) FROM json_each(?) AS r)"),
        QStringLiteral("(SELECT decode(r.value->>0, 'hex') FROM jsonb_array_elements(?::jsonb) AS r(value))"));
}

} // namespace

Result<std::vector<ThreadErasure>> ErasureReads::plan(const ErasureRequest& request)
{
    std::map<ThreadId, ThreadErasure> threads;
    for (const EntryId& entry : request.entries) {
        if (const Status added = addEntry(context_, entry, threads); !added)
            return tl::unexpected<Error>(added.error());
    }
    std::vector<ThreadId> whole;
    if (request.thread)
        whole.push_back(*request.thread);
    if (request.person) {
        Result<std::vector<ThreadId>> cases = casesOf(context_, *request.person);
        if (!cases)
            return tl::unexpected<Error>(cases.error());
        whole = std::move(*cases);
        whole.push_back(*request.person);
    }
    for (const ThreadId& thread : whole) {
        Result<std::optional<ThreadErasure>> erasure = wholeThread(context_, thread);
        if (!erasure)
            return tl::unexpected<Error>(erasure.error());
        if (*erasure) {
            (*erasure)->person = request.person && *request.person == thread;
            threads.insert_or_assign(thread, std::move(**erasure));
        }
    }
    std::vector<ThreadErasure> plan;
    for (auto& [thread, erasure] : threads) {
        if (!erasure.entries.empty())
            plan.push_back(std::move(erasure));
    }
    return plan;
}

Result<std::vector<EntryId>> ErasureReads::withContent(const std::vector<EntryId>& entries)
{
    std::vector<EntryId> present;
    sql::Statement query = context_.db.statement(
        QStringLiteral("SELECT p.entry_id FROM entry_position p JOIN content c ON c.pos = p.pos WHERE p.entry_id IN %1")
            .arg(among(context_.db)));
    query.bind(0, rowsOf(entries));
    const Status read = query.forEach([&](sql::Statement& row) { present.push_back(row.id<EntryId>(0)); });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return present;
}

Result<domain::EraseContents> ErasureReads::erasure(const EntryId& erasure)
{
    const Result<FeedEntry> entry = FeedReads(context_).entry(erasure);
    if (!entry)
        return tl::unexpected<Error>(entry.error());
    const Result<domain::Entry> projected = toDomain(*entry);
    if (!projected)
        return tl::unexpected<Error>(projected.error());
    for (const domain::RowChange& change : domain::project(*projected)) {
        if (const auto* found = std::get_if<domain::EraseContents>(&change))
            return *found;
    }
    return fail(ErrorCode::notFound, QStringLiteral("There is no such erasure."));
}

std::vector<EntryToAppend> ErasureWrites::entriesOf(const ThreadErasure& erasure, const QString& reason)
{
    std::vector<EntryToAppend> entries;
    const auto add = [&](const domain::ContentErased& content) {
        entries.push_back(centralEntry(context_.clock, context_.random, erasure.thread, domain::Kind::contentErased,
                                       domain::toJson(content)));
    };
    if (erasure.whole) {
        add({{}, true, reason});
        return entries;
    }
    for (size_t at = 0; at < erasure.entries.size(); at += idsPerEntry) {
        const size_t end = std::min(erasure.entries.size(), at + idsPerEntry);
        add({QList<EntryId>(erasure.entries.begin() + qsizetype(at), erasure.entries.begin() + qsizetype(end)), false,
             reason});
    }
    return entries;
}

Result<ErasureReport> ErasureWrites::perform(const ThreadErasure& erasure)
{
    ErasureJournal& journal = *context_.journal;
    const bool known = std::all_of(erasure.entries.begin(), erasure.entries.end(),
                                   [&journal](const EntryId& entry) { return journal.holds(entry); });
    if (!known) {
        if (const Status kept = journal.add({erasure.thread, erasure.entries, erasure.person}); !kept)
            return tl::unexpected<Error>(kept.error());
    }
    if (const Status done = forgetRawBodies(erasure); !done)
        return tl::unexpected<Error>(done.error());
    const Result<qint64> blobs = deleteBlobs(erasure);
    if (!blobs)
        return tl::unexpected<Error>(blobs.error());
    if (const Status done = deleteContents(erasure); !done)
        return tl::unexpected<Error>(done.error());
    if (const Status done = forgetPerson(erasure); !done)
        return tl::unexpected<Error>(done.error());
    if (const Status done = rotateKey(erasure.thread); !done)
        return tl::unexpected<Error>(done.error());
    return ErasureReport{1, qint64(erasure.entries.size()), *blobs};
}

Status ErasureWrites::deleteContents(const ThreadErasure& erasure)
{
    const sql::JsonRows rows = rowsOf(erasure.entries);
    const QString ids = among(context_.db);
    for (const QString& text :
         {QStringLiteral(
              "DELETE FROM content WHERE pos IN (SELECT p.pos FROM entry_position p WHERE p.entry_id IN %1)"),
          QStringLiteral("DELETE FROM job WHERE entry_id IN %1")}) {
        if (const Status deleted = context_.db.statement(text.arg(ids)).exec(rows); !deleted)
            return deleted;
    }
    return {};
}

Result<qint64> ErasureWrites::deleteBlobs(const ThreadErasure& erasure)
{
    std::vector<BlobId> blobs;
    {
        const QString ofEntries = QStringLiteral(" AND referenced_by IN %1").arg(among(context_.db));
        sql::Statement query = context_.db.statement(QStringLiteral("SELECT blob FROM blob WHERE thread = ?") +
                                                     (erasure.whole ? QString() : ofEntries));
        query.bind(0, erasure.thread);
        if (!erasure.whole)
            query.bind(1, rowsOf(erasure.entries));
        const Status read = query.forEach([&](sql::Statement& row) { blobs.push_back(row.id<BlobId>(0)); });
        if (!read)
            return tl::unexpected<Error>(read.error());
    }
    for (const BlobId& blob : blobs) {
        for (const QString& text : {QStringLiteral("DELETE FROM blob_chunk WHERE blob = ?"),
                                    QStringLiteral("DELETE FROM blob WHERE blob = ?")}) {
            if (const Status deleted = context_.db.statement(text).exec(blob); !deleted)
                return tl::unexpected<Error>(deleted.error());
        }
    }
    return qint64(blobs.size());
}

// A message that comes afterwards from the same number is from somebody new.
Status ErasureWrites::forgetPerson(const ThreadErasure& erasure)
{
    if (!erasure.person)
        return {};
    for (const QString& text : {QStringLiteral("DELETE FROM identity WHERE person = ?"),
                                QStringLiteral("DELETE FROM newest_facts WHERE thread = ?"),
                                QStringLiteral("DELETE FROM outside_reference WHERE thread = ?")}) {
        if (const Status deleted = context_.db.statement(text).exec(erasure.thread); !deleted)
            return deleted;
    }
    return {};
}

namespace {

struct Sealed
{
    Position pos;
    ThreadSeq seq;
    EntryId entry;
    qint64 generation = 0;
    QByteArray bytes;
};

Result<std::vector<Sealed>> sealedAfter(Context& context, const ThreadId& thread, ThreadSeq after)
{
    std::vector<Sealed> rows;
    sql::Statement query = context.db.statement(
        QStringLiteral("SELECT c.pos, h.tseq, h.entry_id, c.generation, c.sealed FROM entry_header h "
                       "JOIN content c ON c.pos = h.pos WHERE h.thread = ? AND h.tseq > ? ORDER BY h.tseq LIMIT ?"));
    query.bind(0, thread);
    query.bind(1, after);
    query.bind(2, pageRows);
    const Status read = query.forEach([&](sql::Statement& row) {
        rows.push_back(
            {row.strong<Position>(0), row.strong<ThreadSeq>(1), row.id<EntryId>(2), row.int64(3), row.bytes(4)});
    });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return rows;
}

Status resealContents(Context& context, const ThreadId& thread, const ThreadKey& next)
{
    for (ThreadSeq after;;) {
        const Result<std::vector<Sealed>> rows = sealedAfter(context, thread, after);
        if (!rows)
            return tl::unexpected<Error>(rows.error());
        if (rows->empty())
            return {};
        sql::Statement update =
            context.db.statement(QStringLiteral("UPDATE content SET generation = ?, sealed = ? WHERE pos = ?"));
        for (const Sealed& row : *rows) {
            after = row.seq;
            const Result<QByteArray> key = context.threadKeys.ofGeneration(context.db, thread, row.generation);
            if (!key)
                return tl::unexpected<Error>(key.error());
            const Result<OpenContent> open = openContent(*key, row.generation, row.entry, row.bytes);
            if (!open)
                return tl::unexpected<Error>(open.error());
            const Status stored = update.exec(
                next.generation, sealContent(next, row.entry, open->salt, open->content, context.random), row.pos);
            if (!stored)
                return stored;
        }
    }
}

} // namespace

Status ErasureWrites::rotateKey(const ThreadId& thread)
{
    const Result<ThreadKey> next = context_.threadKeys.beginGeneration(*context_.writer, thread);
    if (!next)
        return tl::unexpected<Error>(next.error());
    if (const Status done = resealContents(context_, thread, *next); !done)
        return done;
    if (const Status done = resealBlobs(context_, thread, *next); !done)
        return done;
    if (const Status done = resealJobs(context_, thread, *next); !done)
        return done;
    return context_.threadKeys.destroyBelow(*context_.writer, thread, next->generation);
}

namespace {

// The provider's ids under which raw bodies brought these entries, and the days on which they may have come.
struct RawTrace
{
    QSet<QByteArray> ids;
    qint64 firstDay = std::numeric_limits<qint64>::max();
    qint64 lastDay = 0;
};

void trace(const FeedEntry& entry, RawTrace& found)
{
    const domain::Content content = domain::parseContent(entry.kind, entry.content.value_or(QByteArray()));
    QString id;
    if (const auto* message = std::get_if<domain::CustomerMessage>(&content))
        id = message->providerId;
    else if (const auto* accepted = std::get_if<domain::ProviderAccepted>(&content))
        id = accepted->providerId;
    const Result<log::Header> header = log::decodeHeader(entry.header);
    if (id.isEmpty() || !header)
        return;
    found.ids.insert(id.toUtf8());
    const qint64 day = dayOf(header->centralAt);
    found.firstDay = std::min(found.firstDay, day - 7); // it may have waited in the inbox
    found.lastDay = std::max(found.lastDay, day + 30);  // and be named by later statuses
}

// True if one of the body's "id" fields is among `ids`.
bool names(const QByteArray& body, const QSet<QByteArray>& ids)
{
    static const QByteArray field = "\"id\":";
    for (qsizetype at = body.indexOf(field); at >= 0; at = body.indexOf(field, at + 1)) {
        const qsizetype open = body.indexOf('"', at + field.size());
        const qsizetype close = body.indexOf('"', open + 1);
        if (open < 0 || close < 0)
            return false;
        if (ids.contains(body.mid(open + 1, close - open - 1).replace("\\/", "/")))
            return true;
    }
    return false;
}

Result<std::map<qint64, QByteArray>> keysOf(Context& context, const RawTrace& wanted)
{
    std::vector<qint64> days;
    sql::Statement query =
        context.db.statement(QStringLiteral("SELECT day FROM inbox_day WHERE day >= ? AND day <= ?"));
    query.bind(0, wanted.firstDay);
    query.bind(1, wanted.lastDay);
    const Status read = query.forEach([&days](sql::Statement& row) { days.push_back(row.int64(0)); });
    if (!read)
        return tl::unexpected<Error>(read.error());
    std::map<qint64, QByteArray> keys;
    for (const qint64 day : days) {
        Result<QByteArray> key = DayKeys(context).key(day);
        if (!key)
            return tl::unexpected<Error>(key.error());
        keys.emplace(day, std::move(*key));
    }
    return keys;
}

Result<std::vector<qint64>> bodiesNaming(Context& context, const RawTrace& wanted)
{
    const Result<std::map<qint64, QByteArray>> keys = keysOf(context, wanted);
    if (!keys)
        return tl::unexpected<Error>(keys.error());
    std::vector<qint64> bodies;
    sql::Statement query = context.db.statement(
        QStringLiteral("SELECT id, day, sealed FROM raw_inbox WHERE day >= ? AND day <= ? AND state = 1"));
    query.bind(0, wanted.firstDay);
    query.bind(1, wanted.lastDay);
    const Status read = query.forEach([&](sql::Statement& row) {
        const auto key = keys->find(row.int64(1));
        if (key == keys->end())
            return;
        const Result<QByteArray> body = unseal(key->second, rawBinding(row.int64(0), row.int64(1)), row.bytes(2));
        if (body && names(*body, wanted.ids))
            bodies.push_back(row.int64(0));
    });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return bodies;
}

} // namespace

// Bodies that are projected: what they said is in the log. One that still waits is not of an entry that exists.
Status ErasureWrites::forgetRawBodies(const ThreadErasure& erasure)
{
    RawTrace wanted;
    for (const EntryId& id : erasure.entries) {
        const Result<FeedEntry> entry = FeedReads(context_).entry(id);
        if (!entry)
            return tl::unexpected<Error>(entry.error());
        trace(*entry, wanted);
    }
    if (wanted.ids.isEmpty())
        return {};
    const Result<std::vector<qint64>> bodies = bodiesNaming(context_, wanted);
    if (!bodies)
        return tl::unexpected<Error>(bodies.error());
    sql::Statement remove = context_.db.statement(QStringLiteral("DELETE FROM raw_inbox WHERE id = ?"));
    for (const qint64 body : *bodies) {
        if (const Status deleted = remove.exec(body); !deleted)
            return deleted;
    }
    return {};
}

Status noteErasure(sql::Connection& db, const domain::EraseContents& erasure, Position pos, const ScopeId& scope,
                   bool everyone)
{
    const Status kept =
        db.statement(QStringLiteral("INSERT INTO erasure (pos, entry_id, thread, below) VALUES (?, ?, ?, ?)"))
            .exec(pos, erasure.erasure, erasure.thread, erasure.below);
    if (!kept)
        return kept;
    const QString who = everyone ? QStringLiteral(" WHERE e.pos = ? AND d.revoked = 0")
                                 : QStringLiteral(" JOIN access_grant g ON g.user_id = d.user_id WHERE e.pos = ? AND "
                                                  "d.revoked = 0 AND g.scope = ?");
    sql::Statement ask =
        db.statement(QStringLiteral("INSERT INTO removal (device, what, id, pos) SELECT d.device, 2, e.entry_id, e.pos "
                                    "FROM erasure e JOIN device d ON 1 = 1") +
                     who);
    return everyone ? ask.exec(pos) : ask.exec(pos, scope);
}

} // namespace holdfast::store

#include "central/store/erasures.h"

#include "central/store/context.h"
#include "central/store/entry_rows.h"
#include "central/store/raw_traces.h"
#include "central/store/rekeying.h"

#include <map>

namespace holdfast::store {

namespace {

constexpr size_t idsPerEntry = 1500; // of 64 KiB

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

Result<std::vector<qint64>> ErasureReads::rawBodies(const std::vector<ThreadErasure>& plan)
{
    return rawBodiesOf(context_, plan);
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
    const Result<qint64> blobs = deleteBlobs(erasure);
    if (!blobs)
        return tl::unexpected<Error>(blobs.error());
    if (const Status done = deleteContents(erasure); !done)
        return tl::unexpected<Error>(done.error());
    if (const Status done = forgetPerson(erasure); !done)
        return tl::unexpected<Error>(done.error());
    if (const Status done = RekeyingWrites(context_).begin(erasure.thread); !done)
        return tl::unexpected<Error>(done.error());
    return ErasureReport{1, qint64(erasure.entries.size()), *blobs};
}

Status ErasureWrites::forgetRawBodies(const std::vector<qint64>& bodies)
{
    sql::Statement remove = context_.db.statement(QStringLiteral("DELETE FROM raw_inbox WHERE id = ?"));
    for (const qint64 body : bodies) {
        if (const Status deleted = remove.exec(body); !deleted)
            return deleted;
    }
    return {};
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

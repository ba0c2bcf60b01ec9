#include "central/store/log_writer.h"

#include "central/store/bulk.h"
#include "central/store/content_seal.h"
#include "central/store/fence.h"

namespace holdfast::store {

namespace {

Refusal refusal(const char* code, const QString& text)
{
    return {QString::fromLatin1(code), text};
}

// The thread type of a thread whose first entry is central's own and no thread.opened.
domain::ThreadType typeOfRecords(log::KindNumber kind)
{
    if (kind == domain::number(domain::Kind::personFacts))
        return domain::ThreadType::person;
    if (kind == domain::number(domain::Kind::policyFacts))
        return domain::ThreadType::policy;
    return domain::ThreadType::organisation;
}

} // namespace

Status LogWriter::lockHead()
{
    if (headLocked_)
        return {};
    sql::Statement query = context_.db.statement(
        context_.db.choose(QStringLiteral("SELECT epoch, size, edge, (SELECT count(*) FROM setting WHERE name = ?) "
                                          "FROM log_head WHERE id = 1"),
                           QStringLiteral("SELECT epoch, size, edge, (SELECT count(*) FROM setting WHERE name = ?) "
                                          "FROM log_head WHERE id = 1 FOR UPDATE")));
    const Result<bool> found = query.first(fenceSetting());
    if (!found)
        return tl::unexpected<Error>(found.error());
    if (!*found)
        return fail(ErrorCode::corrupt, QStringLiteral("The store has no head of the log. Restore it from a backup."));
    const Epoch epoch = query.strong<Epoch>(0);
    const auto size = quint64(query.int64(1));
    if (!headKnown_ || epoch != epoch_ || size != baseSize_) {
        Result<TileTree> tree = TileTree::fromEdge(size, query.bytes(2));
        if (!tree)
            return tl::unexpected<Error>(tree.error());
        tree_ = std::move(*tree);
        epoch_ = epoch;
        baseSize_ = size;
        headKnown_ = true;
        threads_.forget();
        context_.threadKeys.forget(); // the other central may have begun a new generation
    }
    if (epoch_ != context_.organisation.epoch) {
        return fail(ErrorCode::fenced, QStringLiteral("The log began a new epoch elsewhere. This central must be "
                                                      "started again before it may append."));
    }
    if (query.int64(3) != 0)
        return tl::unexpected<Error>(fencedError());
    headLocked_ = true;
    return {};
}

Status LogWriter::loadKnown(std::span<const EntryToAppend* const> entries)
{
    sql::JsonRows ids;
    std::vector<ThreadId> threads;
    for (const EntryToAppend* entry : entries) {
        ids.row().add(entry->author.entryId);
        threads.push_back(entry->author.thread);
    }
    sql::Statement query = context_.db.statement(context_.db.choose(
        QStringLiteral("SELECT p.entry_id, p.pos, h.bytes FROM json_each(?) AS r "
                       "JOIN entry_position p ON p.entry_id = unhex(r.value->>0) JOIN entry_header h ON h.pos = p.pos"),
        QStringLiteral("SELECT p.entry_id, p.pos, h.bytes FROM jsonb_array_elements(?::jsonb) AS r(value) "
                       "JOIN entry_position p ON p.entry_id = decode(r.value->>0, 'hex') "
                       "JOIN entry_header h ON h.pos = p.pos")));
    query.bind(0, ids);
    const Status known = query.forEach([this](sql::Statement& row) {
        const auto entry = row.id<EntryId>(0);
        known_.insert_or_assign(entry, Accepted{entry, row.strong<Position>(1), row.bytes(2)});
    });
    if (!known)
        return known;
    if (const Status loaded = numbers_.load(context_.db, entries); !loaded)
        return loaded;
    if (const Status loaded = threads_.load(context_.db, threads); !loaded)
        return loaded;
    return context_.threadKeys.prepare(*context_.writer, threads);
}

Result<std::vector<AppendResult>> LogWriter::stage(std::span<const EntryToAppend* const> entries)
{
    std::vector<AppendResult> results;
    if (entries.empty())
        return results;
    if (const Status loaded = loadKnown(entries); !loaded)
        return tl::unexpected<Error>(loaded.error());
    results.reserve(entries.size());
    for (const EntryToAppend* entry : entries) {
        Result<AppendResult> result = stageOne(*entry);
        if (!result)
            return tl::unexpected<Error>(result.error());
        results.push_back(std::move(*result));
    }
    return results;
}

std::optional<AppendResult> LogWriter::knownAlready(const EntryToAppend& entry) const
{
    const auto found = known_.find(entry.author.entryId);
    if (found == known_.end())
        return std::nullopt;
    AppendResult result;
    result.entry = entry.author.entryId;
    const Result<log::Header> header = log::decodeHeader(found->second.header);
    if (header && header->authorPart == entry.authorPart) {
        result.outcome = AppendResult::Outcome::duplicate;
        result.pos = found->second.pos;
        result.threadSeq = header->threadSeq;
        result.header = found->second.header;
    } else {
        result.refusal =
            refusal("same_id_other_bytes",
                    QStringLiteral("Another entry with this id is in the log already. Nothing was changed."));
    }
    return result;
}

tl::expected<HeldThread, Refusal> LogWriter::threadFor(const EntryToAppend& entry)
{
    const bool opens = entry.author.kind == domain::number(domain::Kind::threadOpened);
    if (const HeldThread* held = threads_.find(entry.author.thread)) {
        if (opens)
            return tl::unexpected(refusal("bad_content", QStringLiteral("The thread is open already.")));
        return *held;
    }
    HeldThread fresh;
    fresh.facts.thread = entry.author.thread;
    if (opens) {
        const domain::Content content = domain::parseContent(entry.author.kind, entry.content);
        const auto* opened = std::get_if<domain::ThreadOpened>(&content);
        if (!opened || opened->scope.isNull())
            return tl::unexpected(refusal("bad_content", QStringLiteral("The entry opens a thread without a scope.")));
        fresh.facts.scope = opened->scope;
        fresh.facts.type = opened->type;
        fresh.facts.person = opened->person;
        fresh.facts.channel = opened->channel;
        return fresh;
    }
    if (!entry.newThreadScope || !entry.signature.isEmpty())
        return tl::unexpected(refusal("unknown_thread", QStringLiteral("The thread is not known here.")));
    fresh.facts.scope = *entry.newThreadScope;
    fresh.facts.type = typeOfRecords(entry.author.kind);
    return fresh;
}

Result<AppendResult> LogWriter::stageOne(const EntryToAppend& entry)
{
    if (std::optional<AppendResult> known = knownAlready(entry))
        return std::move(*known);
    AppendResult result;
    result.entry = entry.author.entryId;
    if (entry.content.size() > log::maxContentBytes) {
        result.refusal = refusal("bad_content", QStringLiteral("The content is larger than an entry may be."));
        return result;
    }
    if (!entry.signature.isEmpty() && !entry.givenBack && numbers_.isTaken(entry.author)) {
        result.refusal = refusal("number_used", QStringLiteral("Another entry of this device has this number. The desk "
                                                               "numbers it anew and sends it again."));
        return result;
    }
    const tl::expected<HeldThread, Refusal> thread = threadFor(entry);
    if (!thread) {
        result.refusal = thread.error();
        return result;
    }
    if (entry.precondition) {
        if (std::optional<Refusal> refused = entry.precondition(thread->facts)) {
            result.refusal = std::move(*refused);
            return result;
        }
    }
    const Result<ThreadKey> key = context_.threadKeys.newest(context_.db, entry.author.thread);
    if (!key)
        return tl::unexpected<Error>(key.error());

    log::Header header;
    header.authorPart = entry.authorPart;
    header.signature = entry.signature;
    header.epoch = epoch_;
    header.pos = Position{tree_.size()};
    header.scope = thread->facts.scope;
    header.threadSeq = ThreadSeq{thread->facts.newest.value + 1};
    header.centralAt = entry.centralAt.value_or(context_.clock.now());
    header.prev = thread->facts.newest.value == 0 ? Digest() : thread->facts.leaf;
    const QByteArray bytes = log::encode(header);

    HeldThread& held = threads_.open(entry.author.thread);
    held = *thread;
    accept(entry, header, bytes, log::leafHash(bytes), *key);
    result.outcome = AppendResult::Outcome::accepted;
    result.pos = header.pos;
    result.threadSeq = header.threadSeq;
    result.header = bytes;
    return result;
}

void LogWriter::accept(const EntryToAppend& entry, const log::Header& header, const QByteArray& bytes,
                       const Digest& leaf, const ThreadKey& key)
{
    const log::AuthorPart& author = entry.author;
    tree_.append(leaf, tiles_);
    headers_.row().add(header.pos).add(author.entryId).add(author.thread).add(header.threadSeq).add(header.scope);
    headers_.add(qint64(author.kind)).add(author.author).add(leaf).addBytes(bytes);
    positions_.row().add(author.entryId).add(header.pos);
    if (!entry.signature.isEmpty())
        numbers_.take(author);
    contents_.row().add(header.pos).add(key.generation);
    contents_.addBytes(sealContent(key, author.entryId, entry.salt, entry.content, context_.random));

    HeldThread& thread = threads_.open(author.thread);
    thread.pos = header.pos;
    thread.facts.newest = header.threadSeq;
    thread.facts.leaf = leaf;
    threads_.touch(author.thread);
    domain::Entry projected;
    projected.author = author;
    projected.pos = header.pos;
    projected.scope = header.scope;
    projected.threadSeq = header.threadSeq;
    projected.centralAt = header.centralAt;
    projected.content = entry.content;
    decisions_.apply(projected, domain::project(projected), thread.facts);
    sum(thread, header.scope, leaf);

    known_.insert_or_assign(author.entryId, Accepted{author.entryId, header.pos, bytes});
    accepted_.push_back(author.entryId);
    written_.push_back({header.pos, header.scope, author.thread, header.threadSeq, author.entryId, author.kind, bytes,
                        entry.salt, entry.content});
}

// A thread that moves takes along all that it is.
void LogWriter::sum(HeldThread& thread, const ScopeId& before, const Digest& leaf)
{
    if (thread.facts.scope != before) {
        scopeChanges_[before].take(thread.checksum);
        scopeChanges_[thread.facts.scope].add(thread.checksum);
    }
    thread.checksum.add(leaf);
    log::Checksum one;
    one.add(leaf);
    scopeChanges_[thread.facts.scope].add(one);
}

// In halves: added up by SQL, whole sums would overflow.
BulkRows LogWriter::takeScopeChanges()
{
    BulkRows rows;
    for (const auto& [scope, change] : scopeChanges_) {
        rows.row().add(scope).add(qint64(change.entries));
        rows.add(qint64(change.sum >> 32)).add(qint64(change.sum & 0xffffffffU));
    }
    scopeChanges_.clear();
    return rows;
}

Status LogWriter::flush()
{
    static const BulkInsert headers(QStringLiteral("entry_header"), {{"pos", Cell::number},
                                                                     {"entry_id", Cell::bytes},
                                                                     {"thread", Cell::bytes},
                                                                     {"tseq", Cell::number},
                                                                     {"scope", Cell::bytes},
                                                                     {"kind", Cell::number},
                                                                     {"author", Cell::bytes},
                                                                     {"leaf", Cell::bytes},
                                                                     {"bytes", Cell::bytes}});
    static const BulkInsert positions(QStringLiteral("entry_position"),
                                      {{"entry_id", Cell::bytes}, {"pos", Cell::number}});
    static const BulkInsert contents(QStringLiteral("content"),
                                     {{"pos", Cell::number}, {"generation", Cell::number}, {"sealed", Cell::bytes}});
    static const BulkInsert tiles(QStringLiteral("tile_root"),
                                  {{"level", Cell::number}, {"idx", Cell::number}, {"root", Cell::bytes}});
    static const BulkInsert scopes(
        QStringLiteral("scope_sum"),
        {{"scope", Cell::bytes}, {"entries", Cell::number}, {"high", Cell::number}, {"low", Cell::number}},
        QStringLiteral("ON CONFLICT (scope) DO UPDATE SET entries = scope_sum.entries + excluded.entries, "
                       "high = scope_sum.high + excluded.high, low = scope_sum.low + excluded.low"));
    if (headers_.isEmpty())
        return {};
    BulkRows tileRows;
    for (const TileRoot& tile : tiles_)
        tileRows.row().add(qint64(tile.level)).add(qint64(tile.index)).add(tile.root);
    tiles_.clear();

    sql::Connection& db = context_.db;
    Status status = headers.run(db, headers_);
    if (status)
        status = positions.run(db, positions_);
    if (status)
        status = numbers_.flush(db);
    if (status)
        status = contents.run(db, contents_);
    if (status)
        status = tiles.run(db, tileRows);
    if (status)
        status = scopes.run(db, takeScopeChanges());
    if (status)
        status = threads_.flush(db);
    if (status)
        status = decisions_.flush();
    headers_.clear();
    positions_.clear();
    contents_.clear();
    return status;
}

Status LogWriter::finish()
{
    if (tree_.size() == baseSize_ || !headLocked_)
        return {};
    sql::Statement update = context_.db.statement(
        QStringLiteral("UPDATE log_head SET size = ?, edge = ? WHERE id = 1 AND epoch = ? AND size = ?"));
    if (const Status updated = update.exec(tree_.size(), tree_.edge(), epoch_, baseSize_); !updated)
        return updated;
    if (update.affected() != 1)
        return fail(ErrorCode::busy,
                    QStringLiteral("Another central moved the log's head. The entries are tried again."));
    return {};
}

void LogWriter::committed()
{
    if (headLocked_) {
        tail_ = {baseSize_, tree_.size(), std::move(written_)};
        baseSize_ = tree_.size();
    }
    headLocked_ = false;
    known_.clear();
    numbers_.clear();
    accepted_.clear();
    written_.clear();
    threads_.trim();
}

void LogWriter::rolledBack()
{
    headKnown_ = false;
    headLocked_ = false;
    known_.clear();
    numbers_.clear();
    accepted_.clear();
    written_.clear();
    tiles_.clear();
    headers_.clear();
    positions_.clear();
    contents_.clear();
    decisions_.clear();
    scopeChanges_.clear();
    threads_.forget();
    context_.threadKeys.forget();
}

void LogWriter::restore(Mark mark)
{
    tree_ = std::move(mark.tree);
    for (size_t i = mark.entries; i < accepted_.size(); ++i)
        known_.erase(accepted_[i]);
    numbers_.giveUp(std::span(accepted_).subspan(mark.entries));
    accepted_.resize(mark.entries);
    written_.resize(mark.entries);
    tiles_.clear();
    headers_.clear();
    positions_.clear();
    contents_.clear();
    decisions_.clear();
    scopeChanges_.clear();
    threads_.forget();
    context_.threadKeys.forget();
}

} // namespace holdfast::store

#include "central/store/verifier.h"

#include "central/store/content_seal.h"
#include "models/log/signing.h"

namespace holdfast::store {

namespace {

constexpr int pageRows = 500;
constexpr size_t keptFindings = 1000;

StoredEntry readStored(sql::Statement& row)
{
    StoredEntry read;
    read.pos = row.strong<Position>(0);
    read.entry = EntryId::fromBytes(row.bytes(1)).value_or(EntryId());
    read.thread = ThreadId::fromBytes(row.bytes(2)).value_or(ThreadId());
    read.threadSeq = row.strong<ThreadSeq>(3);
    read.scope = ScopeId::fromBytes(row.bytes(4)).value_or(ScopeId());
    read.kind = log::KindNumber(row.int64(5));
    read.author = UserId::fromBytes(row.bytes(6)).value_or(UserId());
    read.leaf = Digest::fromBytes(row.bytes(7)).value_or(Digest());
    read.header = row.bytes(8);
    if (!row.isNull(9))
        read.noted = row.strong<Position>(9);
    if (!row.isNull(10)) {
        read.generation = row.int64(10);
        read.sealed = row.bytes(11);
    }
    return read;
}

} // namespace

Result<VerifyReport> verifyStore(Context& context, const QString& anchors)
{
    return Verifier(context, anchors).run();
}

void Verifier::found(const StoredEntry& entry, const char* what)
{
    ++report_.findingCount;
    if (foundAt_.size() < keptFindings)
        foundAt_.insert(entry.pos.value);
    if (report_.findings.size() < keptFindings)
        report_.findings.push_back({entry.pos, entry.entry, QString::fromLatin1(what)});
}

void Verifier::found(const QString& what)
{
    ++report_.findingCount;
    if (report_.findings.size() < keptFindings)
        report_.findings.push_back({std::nullopt, std::nullopt, what});
}

Result<VerifyReport> Verifier::run()
{
    for (const auto step :
         {&Verifier::checkPages, &Verifier::loadFirstLogKey, &Verifier::walkEntries, &Verifier::checkHead,
          &Verifier::checkLogKey, &Verifier::checkAnchors, &Verifier::checkThreads, &Verifier::checkBlobs}) {
        if (const Status done = (this->*step)(); !done)
            return tl::unexpected<Error>(done.error());
    }
    checkErased();
    return std::move(report_);
}

// What the log does not cover, decisions, indexes, accounts, can be damaged too. Every page of the embedded store has a
// checksum; PostgreSQL's are its own (data_checksums).
Status Verifier::checkPages()
{
    if (context_.db.dialect() != sql::Dialect::sqlCipher)
        return {};
    quint64 damaged = 0;
    sql::Statement query = context_.db.statement(QStringLiteral("PRAGMA cipher_integrity_check"));
    const Status read = query.forEach([&damaged](sql::Statement&) { ++damaged; });
    if (!read)
        return read;
    if (damaged > 0)
        found(QStringLiteral("Pages of the database file whose checksum does not fit: %1. The file is damaged; use a "
                             "backup.")
                  .arg(damaged));
    return {};
}

Result<std::vector<StoredEntry>> Verifier::page(qint64 from)
{
    std::vector<StoredEntry> rows;
    sql::Statement query = context_.db.statement(QStringLiteral(
        "SELECT h.pos, h.entry_id, h.thread, h.tseq, h.scope, h.kind, h.author, h.leaf, h.bytes, p.pos, "
        "c.generation, c.sealed FROM entry_header h LEFT JOIN entry_position p ON p.entry_id = h.entry_id "
        "LEFT JOIN content c ON c.pos = h.pos WHERE h.pos >= ? ORDER BY h.pos LIMIT ?"));
    query.bind(0, from);
    query.bind(1, pageRows);
    const Status read = query.forEach([&](sql::Statement& row) { rows.push_back(readStored(row)); });
    if (!read)
        return tl::unexpected<Error>(read.error());
    return rows;
}

Status Verifier::walkEntries()
{
    for (qint64 next = 0;;) {
        const Result<std::vector<StoredEntry>> rows = page(next);
        if (!rows)
            return tl::unexpected<Error>(rows.error());
        if (rows->empty())
            return {};
        for (const StoredEntry& entry : *rows) {
            for (; quint64(next) < entry.pos.value && report_.findingCount < keptFindings; ++next)
                found(QStringLiteral("Position %1 is missing.").arg(next));
            next = qint64(entry.pos.value) + 1;
            if (const Status checked = check(entry); !checked)
                return checked;
        }
    }
}

Status Verifier::check(const StoredEntry& entry)
{
    ++report_.entries;
    bool headerChanged = false;
    const Result<Digest> leaf = leafOf(entry, headerChanged);
    if (!leaf)
        return tl::unexpected<Error>(leaf.error());
    const std::optional<Decoded> decoded = decode(entry);
    if (headerChanged)
        found(entry, "the header was changed: it is not what was hashed into the log");
    else if (!decoded)
        found(entry, "the header is not in the form of the log");
    else
        checkColumns(entry, *decoded);
    if (!entry.noted || *entry.noted != entry.pos)
        found(entry, "the index of entry ids does not lead to this position");
    checkChain(entry, headerChanged ? std::nullopt : decoded, *leaf);
    if (decoded && !headerChanged) {
        if (decoded->header.epoch < epoch_)
            found(entry, "the epoch goes back");
        epoch_ = std::max(epoch_, decoded->header.epoch);
        if (const Status checked = checkAuthor(entry, *decoded); !checked)
            return checked;
        const Result<std::optional<QByteArray>> content = checkContent(entry, *decoded);
        if (!content)
            return tl::unexpected<Error>(content.error());
        if (*content)
            learn(entry, *decoded, **content);
    }
    if (entry.thread != context_.organisation.logThread)
        heads_.set({entry.thread, entry.threadSeq, *leaf});
    return checkTree(*leaf);
}

// Bytes and stored leaf differ: whichever the next entry of the thread (or the thread's row) was chained to is the true
// one. So a changed header is named, and only it.
Result<Digest> Verifier::leafOf(const StoredEntry& entry, bool& headerChanged)
{
    const Digest computed = log::leafHash(entry.header);
    if (computed == entry.leaf)
        return computed;
    std::optional<Digest> chained;
    {
        sql::Statement next =
            context_.db.statement(QStringLiteral("SELECT bytes FROM entry_header WHERE thread = ? AND tseq = ?"));
        const Result<bool> hasNext = next.first(entry.thread, entry.threadSeq.value + 1);
        if (!hasNext)
            return tl::unexpected<Error>(hasNext.error());
        if (*hasNext) {
            if (const Result<log::Header> header = log::decodeHeader(next.bytes(0)))
                chained = header->prev;
        }
    }
    if (!chained) {
        sql::Statement head = context_.db.statement(QStringLiteral("SELECT leaf FROM thread_head WHERE thread = ?"));
        const Result<bool> hasHead = head.first(entry.thread);
        if (!hasHead)
            return tl::unexpected<Error>(hasHead.error());
        if (*hasHead)
            chained = Digest::fromBytes(head.bytes(0));
    }
    if (chained == computed) {
        found(entry, "the stored leaf is not the hash of the header");
        return computed;
    }
    headerChanged = true;
    return entry.leaf;
}

std::optional<Verifier::Decoded> Verifier::decode(const StoredEntry& entry)
{
    Result<log::Header> header = log::decodeHeader(entry.header);
    if (!header)
        return std::nullopt;
    Result<log::AuthorPart> author = log::decodeAuthorPart(header->authorPart);
    if (!author)
        return std::nullopt;
    return Decoded{std::move(*header), *author};
}

void Verifier::checkColumns(const StoredEntry& entry, const Decoded& decoded)
{
    const bool same = decoded.header.pos == entry.pos && decoded.header.scope == entry.scope &&
                      decoded.header.threadSeq == entry.threadSeq && decoded.author.entryId == entry.entry &&
                      decoded.author.thread == entry.thread && decoded.author.kind == entry.kind &&
                      decoded.author.author == entry.author;
    if (!same)
        found(entry, "the columns beside the header do not say what the header says");
    if (decoded.header.epoch > context_.organisation.epoch)
        found(entry, "the header is of an epoch that has not begun");
}

void Verifier::checkChain(const StoredEntry& entry, const std::optional<Decoded>& decoded, const Digest& leaf)
{
    // The header's own word counts where it is whole: a changed column must not break another thread's chain.
    const ThreadId thread = decoded ? decoded->author.thread : entry.thread;
    const ThreadSeq threadSeq = decoded ? decoded->header.threadSeq : entry.threadSeq;
    const auto known = chains_.find(thread);
    const quint64 before = known == chains_.end() ? 0 : known->second.newest.value;
    if (threadSeq.value != before + 1)
        found(entry, "the thread's numbering has a hole before this entry");
    const Digest expected = known == chains_.end() ? Digest() : known->second.leaf;
    if (decoded && decoded->header.prev != expected)
        found(entry, "the entry is not chained to the one before it in its thread");
    chains_.insert_or_assign(thread, Chain{threadSeq, entry.pos, leaf});
}

Result<std::optional<QByteArray>> Verifier::checkContent(const StoredEntry& entry, const Decoded& decoded)
{
    if (!entry.generation) {
        ++report_.erased;
        StoredEntry missing = entry;
        missing.header.clear();
        missing_.push_back(std::move(missing));
        return std::nullopt;
    }
    ++report_.contents;
    const Result<QByteArray> key =
        context_.threadKeys.ofGeneration(context_.db, decoded.author.thread, *entry.generation);
    const bool keyWrong = !key && (key.error().code == ErrorCode::notFound || key.error().code == ErrorCode::corrupt);
    if (!key && !keyWrong)
        return tl::unexpected<Error>(key.error());
    if (keyWrong) {
        found(entry, "the content's key is missing or was changed");
        return std::nullopt;
    }
    Result<OpenContent> open = openContent(*key, *entry.generation, decoded.author.entryId, entry.sealed);
    if (!open) {
        found(entry, "the content was changed: it does not open");
        return std::nullopt;
    }
    if (log::commitment(open->salt, decoded.author.kind, open->content) != decoded.author.commit) {
        found(entry, "the content is not the one that the header commits to");
        return std::nullopt;
    }
    return std::move(open->content);
}

Status Verifier::checkAuthor(const StoredEntry& entry, const Decoded& decoded)
{
    const log::AuthorPart& author = decoded.author;
    if (author.author.isNull() || author.device.isNull() || decoded.header.signature.isEmpty()) {
        if (!author.author.isNull() || !author.device.isNull() || !decoded.header.signature.isEmpty())
            found(entry, "the entry is neither central's nor a desk's: author, device and signature come together");
        return {};
    }
    ++report_.signatures;
    const std::optional<domain::Kind> kind = domain::kindOf(author.kind);
    if (kind && domain::isStructural(*kind))
        found(entry, "a desk wrote an entry that only central may write");
    const Result<std::optional<domain::DeviceEnrolled>> device = enrolled(author.device);
    if (!device)
        return tl::unexpected<Error>(device.error());
    if (!*device) {
        found(entry, "the entry is signed by a device that was not enrolled before it");
        return {};
    }
    if ((*device)->user != author.author)
        found(entry, "the entry names another author than the one to whom its device was enrolled");
    const QByteArray message = log::entryMessage(context_.organisation.id, decoded.header.authorPart);
    if (!log::verifySignature((*device)->publicKey, message, decoded.header.signature))
        found(entry, "the device's signature does not fit the entry");
    return {};
}

// Where the enrolling entry itself was changed, and named, the device's row serves: a device's id is the hash of its
// key, so a wrong key cannot pass for it.
Result<std::optional<domain::DeviceEnrolled>> Verifier::enrolled(const DeviceId& device)
{
    if (const auto known = devices_.find(device); known != devices_.end())
        return known->second;
    sql::Statement query =
        context_.db.statement(QStringLiteral("SELECT public_key, pos, user_id FROM device WHERE device = ?"));
    const Result<bool> row = query.first(device);
    if (!row)
        return tl::unexpected<Error>(row.error());
    if (!*row || !foundAt_.contains(quint64(query.int64(1))) || log::deviceOf(query.bytes(0)) != device)
        return std::nullopt;
    return domain::DeviceEnrolled{device, UserId::fromBytes(query.bytes(2)).value_or(UserId()), query.bytes(0), {}};
}

void Verifier::learn(const StoredEntry& entry, const Decoded& decoded, const QByteArray& content)
{
    const bool enrols = decoded.author.kind == domain::number(domain::Kind::deviceEnrolled);
    const bool heads = decoded.author.kind == domain::number(domain::Kind::logHeads);
    const bool changesKey = decoded.author.kind == domain::number(domain::Kind::logKey);
    const bool erases = decoded.author.kind == domain::number(domain::Kind::contentErased);
    if ((!enrols && !heads && !changesKey && !erases) || !decoded.author.device.isNull())
        return;
    const domain::Content parsed = domain::parseContent(decoded.author.kind, content);
    if (const auto* enrolled = std::get_if<domain::DeviceEnrolled>(&parsed)) {
        if (log::deviceOf(enrolled->publicKey) == enrolled->device)
            devices_.emplace(enrolled->device, *enrolled);
        else
            found(entry, "the enrolled device's id is not that of its key");
    } else if (const auto* map = std::get_if<domain::LogHeads>(&parsed)) {
        ++report_.headsEntries;
        if (map->covers != entry.pos || map->headsRoot != heads_.root())
            found(entry, "the map of thread heads is not that of the log before it");
    } else if (const auto* key = std::get_if<domain::LogKey>(&parsed)) {
        followKey(entry, *key);
    } else if (const auto* erasure = std::get_if<domain::ContentErased>(&parsed)) {
        erased_.insert(erasure->entries.begin(), erasure->entries.end());
        if (erasure->whole)
            erasedBelow_[decoded.author.thread] = decoded.header.threadSeq;
    } else {
        found(entry, "the content does not fit the entry's kind");
    }
}

void Verifier::followKey(const StoredEntry& entry, const domain::LogKey& key)
{
    const bool follows = key.previous == logKeys_.back().key &&
                         log::verifyHandover(context_.organisation.id, {key.previous, key.publicKey, key.signature});
    if (follows)
        logKeys_.push_back({entry.pos.value + 1, key.publicKey});
    else
        found(entry, "the log's new key is not signed by the one before it");
}

// Known only at the end: the entry that erases stands after what it erased.
void Verifier::checkErased()
{
    for (const StoredEntry& entry : missing_) {
        const std::optional<domain::Kind> kind = domain::kindOf(entry.kind);
        const auto below = erasedBelow_.find(entry.thread);
        const bool named =
            erased_.contains(entry.entry) || (below != erasedBelow_.end() && entry.threadSeq < below->second);
        if (!named)
            found(entry, "the content is missing, and nothing in the log erased it");
        else if (kind && domain::isStructural(*kind))
            found(entry, "the content is missing, and its kind is never erased");
    }
}

Status Verifier::checkTree(const Digest& leaf)
{
    std::vector<TileRoot> full;
    tree_.append(leaf, full);
    if (const Status checked = checkCheckpoint(); !checked)
        return checked;
    for (const TileRoot& tile : full) {
        ++tiles_;
        sql::Statement query =
            context_.db.statement(QStringLiteral("SELECT root FROM tile_root WHERE level = ? AND idx = ?"));
        const Result<bool> stored = query.first(tile.level, tile.index);
        if (!stored)
            return tl::unexpected<Error>(stored.error());
        if (!*stored || Digest::fromBytes(query.bytes(0)) != tile.root)
            found(QStringLiteral("Tile %1 of level %2 does not hold the root of its entries.")
                      .arg(tile.index)
                      .arg(tile.level));
    }
    return {};
}

} // namespace holdfast::store

#include "storage/local/feed_transaction.h"

#include "storage/local/attachment_state.h"
#include "storage/local/content_eraser.h"
#include "storage/local/message_eraser.h"
#include "storage/local/rebuild.h"
#include "storage/local/scope_eraser.h"
#include "storage/local/scope_sums.h"
#include "storage/sql/transaction.h"

#include <algorithm>

namespace holdfast::local {
namespace {

const QString knownSql = QStringLiteral(
    "SELECT e.pos, e.header, e.content IS NULL FROM json_each(?) AS j CROSS JOIN entry AS e ON e.pos = j.value->>0");
const QString sameIdSql =
    QStringLiteral("SELECT e.entry FROM json_each(?) AS j CROSS JOIN entry AS e ON e.entry = unhex(j.value->>1)"
                   " WHERE e.pos <> j.value->>0"
                   " UNION ALL SELECT unhex(j.value->>1) FROM json_each(?) AS j CROSS JOIN entry AS e"
                   " ON e.thread = unhex(j.value->>2) AND e.seq = j.value->>3 WHERE e.pos <> j.value->>0");
const QString storeSql = QStringLiteral(
    "INSERT INTO entry (pos, entry, thread, scope, seq, kind, author, device, device_seq, claimed_at, central_at, "
    "header,"
    " leaf, salt, content, checked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
const QString faultSql = QStringLiteral(
    "INSERT INTO fault (pos, what, evidence) SELECT value->>0, value->>1, unhex(value->>2) FROM json_each(?)");
const QString voucherSql = QStringLiteral("INSERT OR IGNORE INTO voucher (entry, bytes)"
                                          " SELECT unhex(value->>0), unhex(value->>1) FROM json_each(?)");
const QString settledSql =
    QStringLiteral("DELETE FROM outbox WHERE entry IN (SELECT unhex(value->>1) FROM json_each(?)) RETURNING entry");
const QString windowSql = QStringLiteral(
    "INSERT INTO thread_window (thread, first) SELECT unhex(value->>0), value->>1 FROM json_each(?) WHERE true"
    " ON CONFLICT (thread) DO UPDATE SET first = excluded.first WHERE excluded.first < first");
const QString openWindowSql = QStringLiteral("INSERT INTO window_scope (scope, conversations, records)"
                                             " VALUES (?, %1, %1) ON CONFLICT (scope) DO UPDATE SET"
                                             " conversations = excluded.conversations, records = excluded.records")
                                  .arg(pendingBase);
const QString wantedSql =
    QStringLiteral("SELECT a.blob FROM json_each(?) AS j CROSS JOIN attachment AS a ON a.message = unhex(j.value->>0)"
                   " LEFT JOIN held AS h ON h.blob = a.blob WHERE a.state = %1 AND h.blob IS NULL")
        .arg(static_cast<int>(StoredState::good));

sql::JsonRows placesOf(const std::vector<DecodedEntry>& entries)
{
    sql::JsonRows rows;
    for (const DecodedEntry& entry : entries) {
        rows.row().add(entry.header.pos).add(entry.part.entryId).add(entry.part.thread);
        rows.add(entry.header.threadSeq);
    }
    return rows;
}

bool changesLists(const domain::RowChange& change)
{
    return !std::holds_alternative<domain::AdvanceThread>(change) && !std::holds_alternative<domain::NoteHeads>(change);
}

} // namespace

FeedTransaction::FeedTransaction(sql::WriteConnection& connection, DeviceKeys& keys, const UserId& me)
    : connection_(connection), keys_(keys), me_(me), projection_(connection, me), holes_(connection)
{}

Result<Applied> FeedTransaction::run(std::vector<PreparedEntry> entries, const Closings& closings,
                                     const QByteArray& cursor, const QList<ScopeSum>& sums)
{
    // Central is told that what was closed is destroyed here, so it must stay so over a power cut.
    return inTransaction(closings.isEmpty() ? sql::Durability::normal : sql::Durability::full, [&]() -> Status {
        if (const Status done = close(closings); !done)
            return done;
        if (const Status done = noteOpened(closings); !done)
            return done;
        if (const Status done = applyEntries(std::move(entries), Arrival::feed, {}, false); !done)
            return done;
        if (const Status done = compare(sums); !done)
            return done;
        if (const Status done = storeFaults(); !done)
            return done;
        if (cursor.isEmpty())
            return {};
        return connection_
            .statement(QStringLiteral("INSERT INTO setting (name, value) VALUES ('cursor', ?)"
                                      " ON CONFLICT (name) DO UPDATE SET value = excluded.value"))
            .exec(cursor);
    });
}

Result<Applied> FeedTransaction::runHistory(std::vector<PreparedEntry> entries, const QList<NewestWindow>& windows,
                                            bool isLast)
{
    return inTransaction(sql::Durability::normal, [&] {
        const Status done = applyEntries(std::move(entries), Arrival::history, windows, isLast);
        return done ? storeFaults() : done;
    });
}

Result<Applied> FeedTransaction::inTransaction(sql::Durability durability, const std::function<Status()>& body)
{
    if (const Status set = connection_.setDurability(durability); !set)
        return tl::unexpected(set.error());
    Result<sql::Transaction> transaction = sql::Transaction::begin(connection_);
    if (!transaction)
        return tl::unexpected(transaction.error());
    Status done = keys_.load(connection_);
    if (done)
        done = body();
    if (done)
        done = transaction->commit();
    if (!done) {
        keys_.forget();
        return tl::unexpected(done.error());
    }
    return std::move(applied_);
}

Status FeedTransaction::applyEntries(std::vector<PreparedEntry> entries, Arrival arrival,
                                     const QList<NewestWindow>& windows, bool windowsComplete)
{
    QSet<ThreadId> threads;
    for (const PreparedEntry& prepared : entries) {
        if (prepared.entry)
            threads.insert(prepared.entry->part.thread);
    }
    for (const NewestWindow& window : windows)
        threads.insert(window.thread);
    if (const Status done = holes_.load(threads); !done)
        return done;
    if (arrival == Arrival::history) {
        std::erase_if(entries, [this](const PreparedEntry& prepared) {
            return prepared.entry && !holes_.awaits(prepared.entry->part.thread);
        });
        if (const Status done = noteWindows(windows); !done)
            return done;
    }
    if (const Status done = sift(std::move(entries)); !done)
        return done;
    threads.clear();
    for (const DecodedEntry& entry : entries_)
        threads.insert(entry.part.thread);
    if (const Status done = projection_.load(threads); !done)
        return done;
    if (const Status done = settleOutbox(); !done)
        return done;
    ChainLinks links(connection_, projection_, holes_);
    for (DecodedEntry& entry : entries_) {
        if (const Status done = take(entry, links, arrival); !done)
            return done;
    }
    QSet<ThreadId> arrived;
    for (qsizetype i = 0; windowsComplete && i < windows.size(); ++i)
        arrived.insert(windows[i].thread);
    if (const Status done = holes_.flush(arrived); !done)
        return done;
    if (const Status done = storeEntries(); !done)
        return done;
    if (const Status done = projection_.finish(); !done)
        return done;
    if (const Status done = recheckDevices(); !done)
        return done;
    return collectWanted();
}

// Before the threads are loaded: what is older than a window is not counted as unread.
Status FeedTransaction::noteWindows(const QList<NewestWindow>& windows)
{
    sql::JsonRows rows;
    for (const NewestWindow& window : windows) {
        if (holes_.awaits(window.thread))
            rows.row().add(window.thread).add(window.first);
    }
    return rows.isEmpty() ? Status() : connection_.statement(windowSql).exec(rows);
}

Status FeedTransaction::close(const Closings& closings)
{
    ScopeEraser eraser(connection_);
    QSet<ThreadId> threads(closings.threads.begin(), closings.threads.end());
    for (const ScopeId& scope : closings.scopes) {
        if (const Status forgotten = eraser.forgetWindow(scope); !forgotten)
            return forgotten;
        const Result<QSet<ThreadId>> inScope = eraser.threadsOf(scope);
        if (!inScope)
            return tl::unexpected(inScope.error());
        threads += *inScope;
    }
    Result<QList<BlobId>> blobs = eraser.destroy(threads);
    if (!blobs)
        return tl::unexpected(blobs.error());
    if (const Status erased = erase(closings.erased, *blobs); !erased)
        return erased;
    applied_.erased += *blobs;
    applied_.closed += threads;
    applied_.threads += threads;
    applied_.destroyed = applied_.destroyed || !closings.isEmpty();
    Result<QList<qint64>> noted = noteClosings(connection_, closings);
    if (!noted)
        return tl::unexpected(noted.error());
    applied_.closings = std::move(*noted);
    applied_.listsChanged = applied_.listsChanged || !threads.isEmpty();
    return {};
}

Status FeedTransaction::noteOpened(const Closings& closings)
{
    for (const ScopeId& scope : closings.opened) {
        if (const Status noted = noteReopened(connection_, scope); !noted)
            return noted;
    }
    for (const ScopeId& scope : closings.windows) {
        if (const Status noted = connection_.statement(openWindowSql).exec(scope); !noted)
            return noted;
    }
    return forgetClosings(connection_, closings);
}

Status FeedTransaction::erase(const QList<domain::EraseContents>& erasures, QList<BlobId>& unneeded)
{
    if (erasures.isEmpty())
        return {};
    ContentEraser eraser(connection_, me_);
    for (const domain::EraseContents& erasure : erasures) {
        Result<QList<BlobId>> blobs = eraser.erase(erasure);
        if (!blobs)
            return tl::unexpected(blobs.error());
        unneeded += *blobs;
        applied_.threads.insert(erasure.thread);
    }
    applied_.destroyed = true;
    applied_.listsChanged = true;
    return {};
}

Status FeedTransaction::sift(std::vector<PreparedEntry> entries)
{
    QSet<Position> positions;
    QSet<EntryId> ids;
    QSet<std::pair<ThreadId, ThreadSeq>> places;
    for (PreparedEntry& prepared : entries) {
        const QByteArray& header = prepared.header;
        Result<DecodedEntry>& entry = prepared.entry;
        if (!entry) {
            addFault(Position(), QStringLiteral("The log check failed: an entry is not of the format."), header);
            continue;
        }
        const Position pos = entry->header.pos;
        const bool isRepeat = positions.contains(pos);
        const std::pair place(entry->part.thread, entry->header.threadSeq);
        if (!isRepeat && (ids.contains(entry->part.entryId) || places.contains(place))) {
            addFault(pos, QStringLiteral("The log check failed: one entry came at two places."), header);
            continue;
        }
        positions.insert(pos);
        ids.insert(entry->part.entryId);
        places.insert(place);
        if (!isRepeat)
            entries_.push_back(std::move(*entry));
    }
    return dropKnown();
}

// What is here already is left out; the same place with other bytes is evidence.
Status FeedTransaction::dropKnown()
{
    if (entries_.empty())
        return {};
    const sql::JsonRows places = placesOf(entries_);
    QHash<Position, std::pair<QByteArray, bool>> known;
    sql::Statement select = connection_.statement(knownSql);
    select.bind(0, places);
    Status read = select.forEach([&known](sql::Statement& row) {
        known.insert(row.strong<Position>(0), {row.bytes(1), row.int64(2) != 0});
    });
    if (!read)
        return read;
    QSet<EntryId> elsewhere;
    sql::Statement sameId = connection_.statement(sameIdSql);
    sameId.bind(0, places);
    sameId.bind(1, places);
    read = sameId.forEach([&elsewhere](sql::Statement& row) { elsewhere.insert(row.id<EntryId>(0)); });
    if (!read)
        return read;
    QHash<ThreadId, domain::EraseContents> erased;
    std::erase_if(entries_, [&](const DecodedEntry& entry) {
        const auto same = known.constFind(entry.header.pos);
        if (same == known.cend()) {
            const bool isElsewhere = elsewhere.contains(entry.part.entryId);
            if (isElsewhere)
                addFault(entry.header.pos, QStringLiteral("The log check failed: one entry came at two places."),
                         entry.raw.header);
            return isElsewhere;
        }
        if (same->first != entry.raw.header)
            addFault(entry.header.pos, QStringLiteral("The log check failed: another entry came at a known place."),
                     entry.raw.header);
        else if (!same->second && !entry.raw.content)
            erased[entry.part.thread].entries.append(entry.part.entryId);
        return true;
    });
    QList<domain::EraseContents> erasures;
    for (auto it = erased.begin(); it != erased.end(); ++it) {
        it->thread = it.key();
        erasures.append(*it);
    }
    QList<BlobId> blobs;
    if (const Status done = erase(erasures, blobs); !done)
        return done;
    applied_.erased += blobs;
    return {};
}

// Pending rows make room for the accepted ones of the same id.
Status FeedTransaction::settleOutbox()
{
    if (entries_.empty())
        return {};
    sql::Statement settled = connection_.statement(settledSql);
    settled.bind(0, placesOf(entries_));
    const Status read = settled.forEach([this](sql::Statement& row) { applied_.settled.insert(row.id<EntryId>(0)); });
    if (!read || applied_.settled.isEmpty())
        return read;
    return MessageEraser(connection_).removePending(applied_.settled);
}

Status FeedTransaction::take(DecodedEntry& entry, ChainLinks& links, Arrival arrival)
{
    const Position pos = entry.header.pos;
    const Result<ChainLinks::Link> link = links.take(entry, arrival);
    if (!link)
        return tl::unexpected(link.error());
    if (link->broken)
        addFault(pos, *link->broken);
    projection_.thread(entry.part.thread).checksum.add(entry.leaf);
    if (link->isNewest)
        applied_.advanced.insert(entry.part.thread, pos);
    // Known by now perhaps, if the device was enrolled within this piece.
    if (entry.checked == Checked::unknownDevice) {
        entry.checked = keys_.check(entry);
        entry.changes = changesOf(entry);
    }
    if (entry.checked == Checked::bad)
        addFault(pos, QStringLiteral("The log check failed: an entry is not signed by its author."));
    if (!entry.contentFits) {
        addFault(pos, QStringLiteral("The log check failed: an entry's content is not what its author wrote."));
        entry.checked = Checked::bad;
    }
    ++applied_.stored;
    applied_.threads.insert(entry.part.thread);
    for (const domain::RowChange& change : entry.changes)
        note(change);
    projection_.foldChanges(entry.changes, pos);
    return {};
}

void FeedTransaction::note(const domain::RowChange& change)
{
    applied_.listsChanged = applied_.listsChanged || changesLists(change);
    if (const auto* device = std::get_if<domain::PutDevice>(&change)) {
        keys_.add(device->device);
        newDevices_.append(device->device.device);
    } else if (const auto* custody = std::get_if<domain::SetAttachment>(&change)) {
        touched_.insert(custody->message);
        applied_.blobs.insert(custody->attachment.id);
    } else if (const auto* message = std::get_if<domain::PutMessage>(&change)) {
        if (!message->attachments.isEmpty())
            touched_.insert(message->entry);
    }
}

// Entries that came before their author's device was known are checked now.
Status FeedTransaction::recheckDevices()
{
    for (const DeviceId& device : std::as_const(newDevices_)) {
        if (const Status done = recheck(device); !done)
            return done;
    }
    if (!turnedBad_)
        return {};
    // What it said is in any of the derived tables. It is rare and an incident: all of them are folded again.
    applied_.listsChanged = true;
    return foldAnew(connection_, me_);
}

Status FeedTransaction::recheck(const DeviceId& device)
{
    sql::JsonRows results;
    sql::Statement select =
        connection_.statement(QStringLiteral("SELECT header FROM entry WHERE device = ? AND checked = 0"));
    select.bind(0, device);
    const Status read = select.forEach([&](sql::Statement& row) {
        const Result<DecodedEntry> entry = decodeEntry({row.bytes(0), std::nullopt, std::nullopt});
        if (!entry)
            return;
        const Checked checked = keys_.check(*entry);
        results.row().add(entry->header.pos).add(qint64(checked));
        if (checked == Checked::bad) {
            addFault(entry->header.pos, QStringLiteral("The log check failed: an entry is not signed by its author."));
            applied_.threads.insert(entry->part.thread);
            turnedBad_ = true;
        }
    });
    if (!read || results.isEmpty())
        return read;
    return connection_
        .statement(QStringLiteral("UPDATE entry SET checked = j.value->>1 FROM json_each(?) AS j"
                                  " WHERE entry.pos = j.value->>0"))
        .exec(results);
}

// Row by row: of all rows these carry the most bytes, and as hex within JSON they took three times as long.
Status FeedTransaction::storeEntries()
{
    sql::JsonRows vouchers;
    sql::Statement insert = connection_.statement(storeSql);
    for (const DecodedEntry& entry : entries_) {
        const log::AuthorPart& part = entry.part;
        const log::Header& header = entry.header;
        const Status stored =
            insert.exec(header.pos, part.entryId, part.thread, header.scope, header.threadSeq, part.kind, part.author,
                        part.device, part.deviceSeq, part.claimedAt, header.centralAt, entry.raw.header, entry.leaf,
                        entry.raw.salt, entry.raw.content, entry.checked);
        if (!stored)
            return stored;
        if (!entry.raw.voucher.isEmpty())
            vouchers.row().add(part.entryId).addBytes(entry.raw.voucher);
    }
    return vouchers.isEmpty() ? Status() : connection_.statement(voucherSql).exec(vouchers);
}

// A scope that is not what central counts is a bug or tampering, never noise: it is fetched anew, once, and said.
Status FeedTransaction::compare(const QList<ScopeSum>& sums)
{
    const Result<QList<ScopeId>> scopes = differing(connection_, sums);
    if (!scopes)
        return tl::unexpected(scopes.error());
    for (const ScopeId& scope : *scopes) {
        const Result<bool> fresh = noteDiffering(connection_, scope);
        if (!fresh)
            return tl::unexpected(fresh.error());
        if (!*fresh)
            continue;
        addFault(Position(), QStringLiteral("What this desk held of a team was not what central's log holds. It was "
                                            "dropped and is fetched again."));
        ScopeEraser eraser(connection_);
        const Result<QSet<ThreadId>> threads = eraser.threadsOf(scope);
        if (!threads)
            return tl::unexpected(threads.error());
        if (const Status dropped = eraser.drop(*threads); !dropped)
            return dropped;
        applied_.threads += *threads;
        applied_.listsChanged = true;
    }
    return {};
}

Status FeedTransaction::storeFaults()
{
    return faultRows_.isEmpty() ? Status() : connection_.statement(faultSql).exec(faultRows_);
}

Status FeedTransaction::collectWanted()
{
    if (touched_.isEmpty())
        return {};
    sql::JsonRows rows;
    for (const EntryId& message : std::as_const(touched_))
        rows.row().add(message);
    sql::Statement select = connection_.statement(wantedSql);
    select.bind(0, rows);
    return select.forEach([this](sql::Statement& row) { applied_.wanted.append(row.id<BlobId>(0)); });
}

void FeedTransaction::addFault(Position pos, const QString& what, const QByteArray& evidence)
{
    faultRows_.row().add(pos).add(what).add(evidence);
    if (!applied_.fault)
        applied_.fault = Fault{pos, what};
}

} // namespace holdfast::local
